#!/usr/bin/env bash
# Everything that must hold, fast things first.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(gofmt -l $(git ls-files '*.go'))
if [ -n "$unformatted" ]; then echo "gofmt would change: $unformatted"; exit 1; fi
# As the binary is built, without C: everything is then compiled once, and not once more for
# each way of building.
export CGO_ENABLED=0
go vet ./... # whole, once: not once more in part by each go test
go build -o /dev/null ./...
scripts/postgres.sh go test -vet=off -timeout 14m $(go list ./... | grep -v '/e2e$')
scripts/browser.sh
echo ok
