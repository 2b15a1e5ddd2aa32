#!/usr/bin/env bash
# install.sh SECTION…: install what is missing of these sections of tools/packages.txt.
#
# Asks apt only when something is missing, so a second call costs a few milliseconds and needs no
# network. Needs root (or sudo) in that case.
set -euo pipefail
list="$(dirname "$(readlink -f "$0")")/packages.txt"

wanted() {  # section: its lines
  awk -v want="[$1]" '/^\[/ { on = ($0 == want); next } on && NF && $1 !~ /^#/' "$list"
}

installed="$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | awk '$1 == "installed" { print $2 }')"
missing=()
for section in "$@"; do
  while read -r package command; do
    if [ -n "$command" ] && command -v "$command" >/dev/null; then continue; fi
    if ! grep -qxF "$package" <<<"$installed"; then missing+=("$package"); fi
  done < <(wanted "$section")
done
[ ${#missing[@]} -gt 0 ] || exit 0

[ -r /etc/debian_version ] || { echo "DisGraFS builds on Debian 12; install these by hand: ${missing[*]}" >&2; exit 1; }
as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "These packages are missing; run this again as root: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "installing ${#missing[@]} packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
# Daemons that come with packages must not start by themselves: this policy answers "no" meanwhile.
policy=/usr/sbin/policy-rc.d
made_policy=no
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod +x "$policy"
  made_policy=yes
fi
finish() { if [ "$made_policy" = yes ]; then "${as_root[@]}" rm -f "$policy"; fi; }
trap finish EXIT
"${as_root[@]}" apt-get update -qq
# dpkg's own syncs, one per file, only matter to a machine that dies while it installs.
"${as_root[@]}" apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \
  "${missing[@]}" >/dev/null
