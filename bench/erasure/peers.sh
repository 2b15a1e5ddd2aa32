#!/usr/bin/env bash
# peers.sh DIR: builds into DIR the codecs that ./dev bench erasure compares with, each once.
#
#   DIR/libisal-2.32.so   ISA-L 2.32.1 (GFNI), from the source package of the Python module isal
#   DIR/klauspost         klauspost/reedsolomon; needs Go from 1.24
#   DIR/simd              reed-solomon-simd; needs Rust from 1.82
# ISA-L and Jerasure of the distribution are packages (tools/packages.txt). One that cannot be had is told
# in DIR/NAME.missing, one line, and harms no other.
set -uo pipefail
here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
mkdir -p "$1"
dir=$(cd "$1" && pwd)

isal_sdist=isal==1.9.1
isal_sha256=d210dca02a689ef2af709d2c62d2daac2e36b5d2fa06e6dc0d023c83fee77e91

# at_least WANTED VERSION: is VERSION that new?
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

build_isal() {
  local work=$dir/isal
  command -v nasm make python3 >/dev/null || { echo "nasm, make or python3 is not installed"; return 1; }
  rm -rf "$work" && mkdir -p "$work" || return 1
  echo "$isal_sdist --hash=sha256:$isal_sha256" >"$work/requirements.txt"
  python3 -m pip download -q --no-deps --no-binary isal --require-hashes -d "$work" -r "$work/requirements.txt" \
    >"$dir/isal.log" 2>&1 || { echo "its source package could not be fetched (isal.log)"; return 1; }
  tar xzf "$work"/isal-*.tar.gz -C "$work" --strip-components 1 || { echo "unpacking failed"; return 1; }
  make -s -C "$work/src/isal/isa-l" -f Makefile.unx CC="${CC:-clang-19}" host_cpu=x86_64 units="erasure_code crc" slib \
    >>"$dir/isal.log" 2>&1 || { echo "building failed (isal.log)"; return 1; }
  mv "$work/src/isal/isa-l/bin/libisal.so" "$dir/libisal-2.32.so" && rm -rf "$work"
}

build_klauspost() {
  command -v go >/dev/null || { echo "Go is not installed"; return 1; }
  local version
  version=$(go env GOVERSION)
  at_least 1.24 "${version#go}" || { echo "it needs Go from 1.24, here is ${version#go}"; return 1; }
  (cd "$here/klauspost" && CGO_ENABLED=0 go build -o "$dir/klauspost" .) >"$dir/klauspost.log" 2>&1 ||
    { echo "building failed (klauspost.log)"; return 1; }
}

build_simd() {
  command -v cargo rustc >/dev/null || { echo "Rust is not installed"; return 1; }
  local version
  version=$(rustc --version | cut -d' ' -f2)
  at_least 1.82 "$version" || { echo "it needs Rust from 1.82, here is $version"; return 1; }
  mkdir -p "$dir/simd.build" && cp -r "$here/simd/." "$dir/simd.build/" || return 1
  (cd "$dir/simd.build" && cargo build -q --release) >"$dir/simd.log" 2>&1 ||
    { echo "building failed (simd.log)"; return 1; }
  cp "$dir/simd.build/target/release/simd" "$dir/simd"
}

# build NAME RESULT SOURCES…: unless RESULT is newer than its sources.
build() {
  local name=$1 result=$2 why
  shift 2
  if [ -e "$result" ] && [ -z "$(find "$@" -newer "$result" -print -quit)" ]; then return; fi
  echo "peers: building $name" >&2
  if why=$("build_$name"); then
    rm -f "$dir/$name.missing"
  else
    rm -f "$result"
    echo "${why:-building failed}" >"$dir/$name.missing"
  fi
}

build isal "$dir/libisal-2.32.so" "$here/peers.sh"
build klauspost "$dir/klauspost" "$here/klauspost"
build simd "$dir/simd" "$here/simd"
