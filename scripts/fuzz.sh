#!/usr/bin/env bash
# Fuzzes the bodies of the interface, guided by coverage: each group of operations for a while.
#   scripts/fuzz.sh [2m [FuzzCustomsBodies …]]
# "go test -fuzz" watches every library, the embedded database too, and is too slow for it. Here
# the test program is built first, with our own rooms and the reader of bodies under watch alone.
# What is found goes into internal/api/testdata/fuzz.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-2m}
groups=("${@:2}")
[ ${#groups[@]} -gt 0 ] || groups=(FuzzCustomsBodies FuzzLicenceBodies FuzzDeskBodies FuzzOtherBodies)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
CGO_ENABLED=0 go test -c -o "$dir/api.test" \
  -gcflags=github.com/openflegt/openflegt/...=-d=libfuzzer \
  -gcflags=github.com/danielgtaylor/huma/...=-d=libfuzzer ./internal/api
cache=${FUZZ_CACHE:-$(go env GOCACHE)/fuzz/openflegt}
mkdir -p "$cache"
cd internal/api
for group in "${groups[@]}"; do
  "$dir/api.test" -test.run '^$' -test.fuzz "^$group\$" -test.fuzztime "$time" -test.fuzzcachedir "$cache" -test.timeout 0
done
