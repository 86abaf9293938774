#!/usr/bin/env bash
# Runs a command with a private PostgreSQL of its own: tests/postgres.sh pytest tests/people
#
# SHOSHIN_DATABASE names the server to the command. The server lives in a temporary folder on a free port and stops
# when the command ends, however it ends. It syncs as a real one does, because Shoshin refuses to start on one that does
# not. Only the folder is quick: it lies in memory where there is room, and on disk with DURABLE=1 (for measurements).
set -euo pipefail

[ $# -gt 0 ] || { echo "Say what to run: tests/postgres.sh pytest tests/people" >&2; exit 2; }

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
[ -x "$bin/initdb" ] || { echo "No PostgreSQL server here. On Debian and Ubuntu: apt-get install postgresql" >&2; exit 1; }

room=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1 || echo 0)
place=${TMPDIR:-/tmp}
[ "${DURABLE:-0}" = 1 ] || [ "${room:-0}" -lt 2000000 ] || place=/dev/shm
folder=$(mktemp -d -p "$place")
# A sweeper that looks into a test's database while it is dropped would be the server's own process: nobody may end it.
sweeping=off
[ "${DURABLE:-0}" = 1 ] && sweeping=on
owner=()
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root; its own user does.
    owner=(runuser -u postgres --)
    chown postgres "$folder"
fi

stop() {
    "${owner[@]}" "$bin/pg_ctl" -D "$folder/rows" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

cd "$folder"
"${owner[@]}" "$bin/initdb" -D "$folder/rows" -U shoshin -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 ||
    { cat "$folder/initdb.log" >&2; exit 1; }
"${owner[@]}" "$bin/pg_ctl" -D "$folder/rows" -w -t 60 -l "$folder/server.log" \
    -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=300 -c autovacuum=$sweeping" start >/dev/null ||
    { cat "$folder/server.log" >&2; exit 1; }
# Shoshin works with a role that is no superuser: the walls between clinics hold for it, also as the tables' owner.
"${owner[@]}" "$bin/psql" -q -h 127.0.0.1 -p "$port" -U shoshin -d postgres \
    -c "CREATE ROLE clinic LOGIN CREATEDB CREATEROLE"
"${owner[@]}" "$bin/createdb" -h 127.0.0.1 -p "$port" -U shoshin -O clinic shoshin
cd "$OLDPWD"

export SHOSHIN_TEST_CLUSTER="$folder/rows"  # for tests that restart the server itself
export SHOSHIN_DATABASE="postgres://clinic@127.0.0.1:$port/shoshin"
"$@"
