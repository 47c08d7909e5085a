#!/bin/sh
# How fast events are indexed, beside the rate at which the same finished vectors are copied into the same table; then
# searches within a video, beside the same SQL alone; then `kill -9` at random moments.
#
#   benches/index.sh ADMIN_URL [EVENTS] [KILLS] [ROUNDS]
#
# ADMIN_URL is of a PostgreSQL with pgvector on which databases may be made; askline is $ASKLINE, or target/release/askline.
# The engine is held to one core (taskset) while it indexes. $RUN stands before what is measured: on a machine that is busy
# with other things, RUN="chrt -r 5", with the server's processes at a higher one. Needs psql, python3 and taskset.
set -eu
admin=$1 events=${2:-1000000} kills=${3:-50} rounds=${4:-3} run=${RUN:-}
here=$(cd "$(dirname "$0")" && pwd)
askline=${ASKLINE:-$here/../target/release/askline}
name=askline_bench_index
base=${admin%/*}
url=$base/$name
dir=$(mktemp -d)
trap 'rm -rf "$dir"; psql -qX "$admin" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)"' EXIT
psql -qX "$admin" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" -c "CREATE DATABASE $name"
export DATABASE_URL=$url ASKLINE_LOG=error
cd "$dir"

echo "== $events events of $((events / 1000)) videos"
python3 "$here/events.py" "$events" > events.csv
python3 - "$events" > videos.csv <<'PY'
import sys
print("video_id,name,duration,timezone")
for n in range(1, int(sys.argv[1]) // 1000 + 1):
    print(f"{n},video {n},7200,Asia/Seoul")
PY
"$askline" load videos.csv events.csv

sql() { psql -qtAX "$url" -c "$1"; }
now() { date +%s.%N; }
rate() { python3 -c "print(f'{$1 / ($3 - $2):,.0f} a second ({$3 - $2:.1f} s)')"; }

columns="event_id, video_id, seen, hash, embedding"
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    echo "== indexing, the engine on one core; then copying the same"
    for id in $(sql "SELECT id FROM askline_index"); do sql "DROP TABLE askline_vectors_$id; DELETE FROM askline_index"; done
    sql "CHECKPOINT"
    from=$(now)
    $run taskset -c 0 /usr/bin/env time -f "peak memory of the engine: %M kB; its processor time: %U + %S s" "$askline" index
    to=$(now)
    index=$(python3 -c "print($to - $from)")
    echo "indexed: $(rate "$events" "$from" "$to")"
    id=$(sql "SELECT id FROM askline_index WHERE served")
    sql "COPY (SELECT $columns FROM askline_vectors_$id ORDER BY video_id, event_id) TO STDOUT (FORMAT BINARY)" > vectors.bin
    sql "CREATE TABLE again (LIKE askline_vectors_$id INCLUDING ALL)"
    sql "CHECKPOINT"
    from=$(now)
    $run psql -qX "$url" -c "\copy again FROM vectors.bin (FORMAT BINARY)"
    to=$(now)
    echo "copied:  $(rate "$events" "$from" "$to")"
    python3 -c "print(f'indexing is at {100 * ($to - $from) / $index:.0f}% of the rate of copying')"
    sql "DROP TABLE again"
    rm vectors.bin
done

echo "== indexing again, nothing being new"
from=$(now); "$askline" index; to=$(now)
python3 -c "print(f'{$to - $from:.1f} s')"

echo "== killed $kills times on the way"
sql "SELECT md5(string_agg(md5(event_id::text || encode(hash, 'hex') || embedding::text), '' ORDER BY event_id)) FROM (SELECT * FROM askline_vectors_$id WHERE video_id <= 100) AS x" > undisturbed
sql "DELETE FROM askline_vectors_$id WHERE video_id <= 100"
n=0
while [ "$n" -lt "$kills" ]; do
    "$askline" index --videos "$(seq -s, 1 100)" > out 2>&1 &
    pid=$!
    sleep "$(python3 -c 'import random; print(random.uniform(0.05, 0.9))')"
    if kill -9 "$pid" 2> /dev/null; then n=$((n + 1)); fi
    wait "$pid" 2> /dev/null || true
    # The vectors of a part of the events go, so that there is work left.
    sql "DELETE FROM askline_vectors_$id WHERE video_id <= 100 AND random() < 0.05"
done
"$askline" index --videos "$(seq -s, 1 100)"
sql "SELECT md5(string_agg(md5(event_id::text || encode(hash, 'hex') || embedding::text), '' ORDER BY event_id)) FROM (SELECT * FROM askline_vectors_$id WHERE video_id <= 100) AS x" > disturbed
cmp undisturbed disturbed && echo "the same index as without"
sql "SELECT count(*) || ' vectors, ' || count(DISTINCT (video_id, event_id)) || ' events' FROM askline_vectors_$id"
