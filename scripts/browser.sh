#!/usr/bin/env bash
# The tests that drive the built program with a real browser, a real mail program and two
# databases. Three at most that fail are run once more, each on its own: what fails twice is
# broken, what fails once is named at the end and wants a steadier test.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if scripts/postgres.sh go test -vet=off -timeout 25m ./e2e 2>&1 | tee "$log"; then exit 0; fi
failed=$(sed -n 's/^--- FAIL: \(Test[A-Za-z0-9_]*\) .*/\1/p' "$log" | sort -u)
if [ -z "$failed" ] || grep -q '^panic: ' "$log" || [ "$(wc -l <<<"$failed")" -gt 3 ]; then exit 1; fi
for test in $failed; do
  scripts/postgres.sh go test -vet=off -count=1 -timeout 25m -run "^$test\$" ./e2e
done
echo "passed at the second attempt only: "$failed
