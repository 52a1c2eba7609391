#!/usr/bin/env bash
# Starts a temporary PostgreSQL cluster of its own, runs a command with
# OPENFLEGT_TEST_POSTGRES set to its address, and takes the cluster away again.
#   scripts/postgres.sh go test ./...
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
dir=$(mktemp -d /tmp/openflegt-pg.XXXXXX)
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
  chown postgres "$dir"
  as() { runuser -u postgres -- "$@"; }
fi
stop() {
  as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
}
trap stop EXIT
as "$bin/initdb" -D "$dir/data" -U openflegt --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
# One address, no TCP: the socket lies in the folder.
as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
  -o "-k $dir -c listen_addresses= -c fsync=on -c max_connections=200" start >/dev/null
export OPENFLEGT_TEST_POSTGRES="postgres://openflegt@/postgres?host=$dir"
"$@"
