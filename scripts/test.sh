#!/usr/bin/env bash
# Everything that must hold, fast things first.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(gofmt -l $(git ls-files '*.go'))
if [ -n "$unformatted" ]; then echo "gofmt would change: $unformatted"; exit 1; fi
go vet ./...
CGO_ENABLED=0 go build -o /dev/null ./...
scripts/postgres.sh go test -timeout 14m ./...
echo ok
