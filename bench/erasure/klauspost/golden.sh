#!/usr/bin/env bash
# golden.sh: does klauspost/reedsolomon still write tests/fixtures/erasure/klauspost.txt? Exit 77 (skipped) where Go or
# its modules are not here; `./dev bench erasure` once fetches them.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")"
golden=../../../tests/fixtures/erasure/klauspost.txt

skip() { echo "skipped: $*"; exit 77; }

command -v go >/dev/null || skip "Go is not installed"
export GOFLAGS=-mod=readonly GOPROXY=off GOTOOLCHAIN=local CGO_ENABLED=0
version=$(go env GOVERSION)
[ "$(printf 'go1.24\n%s\n' "$version" | sort -V | head -n 1)" = go1.24 ] || skip "it needs Go from 1.24, here is $version"
go list -deps . >/dev/null 2>&1 || skip "the modules of klauspost/reedsolomon are not here"
go run . -golden | diff - "$golden" && echo "the same"
