#!/usr/bin/env bash
# Our client of Bedrock against ministack through microburst, which makes errors, resets and broken streams of its own.
#
#   tests/interop/microburst.sh     (ASKLINE_CARGO_FLAGS: such as --no-default-features)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
install ministack==1.5.33 microburst==0.10.0 boto3==1.43.106
start_ministack
port=$(free_port)
"$venv/bin/microburst" --upstream "$ministack" --port "$port" >"$work/microburst.log" 2>&1 &
started+=($!)
wait_for "http://127.0.0.1:$port/_microburst/health"
ASKLINE_INTEROP_URL=http://127.0.0.1:$port run_tests microburst
