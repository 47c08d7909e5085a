#!/bin/sh
# POST /api/prompt/ beside a bare poem handler with the same SQL, on the same server, in one run; then how long the
# server takes to start and what it holds in memory when idle. Needs a PostgreSQL server: DATABASE_URL, or the programs
# of an installed one, from which it starts a server of its own.
#   ROUNDS, ROUND_MS, CLIENTS  change the load
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
stop() {
    [ -z "${askline_pid:-}" ] || kill "$askline_pid" 2>/dev/null || true
    [ -z "$server" ] || $as_user "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null || true
    rm -rf "$work"
}
trap stop EXIT INT TERM

if [ -z "${DATABASE_URL:-}" ]; then
    bin=${ASKLINE_PG_BIN:-$(dirname "$(ls /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | sort -V | tail -n 1)")}
    as_user=
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$work"
        as_user="runuser -u postgres --"
    fi
    $as_user "$bin/initdb" -D "$work/data" -A trust -U askline >/dev/null
    # A unix socket only, and no waiting for the disk: reading is measured.
    $as_user "$bin/pg_ctl" -D "$work/data" -w -l "$work/log" \
        -o "-c listen_addresses=127.0.0.1 -p 55497 -c unix_socket_directories=$work -c fsync=off" start >/dev/null
    server=1
    DATABASE_URL=postgres://askline@127.0.0.1:55497/postgres
fi
export DATABASE_URL

cargo bench --bench throughput "$@"

cargo build --release "$@"
target=${CARGO_TARGET_DIR:-target}
port=${PORT:-18088}
for start in 1 2 3; do
    began=$(date +%s%N)
    "$target/release/askline" serve --port "$port" --log warn >/dev/null &
    askline_pid=$!
    until curl -sf "http://127.0.0.1:$port/api/ready/" >/dev/null; do sleep 0.005; done
    echo "start $start: ready after $((($(date +%s%N) - began) / 1000000)) ms"
    sleep 2
    echo "start $start: idle at $(awk '/VmRSS/ {printf "%.1f MB", $2 / 1024}' "/proc/$askline_pid/status")"
    kill "$askline_pid"
    wait "$askline_pid" || true
    askline_pid=
done
