# Shared by the scripts beside it: an environment of their own, counterparts on free ports, all of them stopped at the end.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${CARGO_TARGET_DIR:-$here/../../target}
venv=${ASKLINE_INTEROP_VENV:-$target/interop-venv}
work=$(mktemp -d)
started=()

finish() {
    local status=$?
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    [ "$status" = 0 ] || tail -n 40 "$work"/*.log >&2 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# Packages of PyPI, with their versions: what a run was judged by is not to change by itself.
install() {
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/python" - "$@" <<'PY' || "$venv/bin/pip" install --quiet "$@"
import importlib.metadata, sys
there = {one.metadata["Name"]: one.version for one in importlib.metadata.distributions()}
sys.exit(any(there.get(name) != version for name, version in (one.split("==") for one in sys.argv[1:])))
PY
}

free_port() {
    "$venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_for URL: until it answers at all.
wait_for() {
    local attempt
    for attempt in $(seq 100); do
        if curl --silent --output /dev/null --max-time 2 "$1"; then return; fi
        sleep 0.2
    done
    echo "$1 does not answer" >&2
    return 1
}

# Sets `ministack` to the address of one, with a knowledge base in it, whose id becomes ASKLINE_INTEROP_BASE.
start_ministack() {
    local port
    port=$(free_port)
    GATEWAY_PORT=$port BIND_HOST=127.0.0.1 S3_DATA_DIR=$work/s3 "$venv/bin/ministack" >"$work/ministack.log" 2>&1 &
    started+=($!)
    ministack=http://127.0.0.1:$port
    wait_for "$ministack/_ministack/health"
    ASKLINE_INTEROP_BASE=$("$venv/bin/python" "$here/knowledge_base.py" "$ministack")
    export ASKLINE_INTEROP_BASE
}

# The ignored tests of this name, of our client, against ASKLINE_INTEROP_URL.
run_tests() {
    # shellcheck disable=SC2086
    (cd "$here/../.." && cargo test --locked ${ASKLINE_CARGO_FLAGS:-} --test bedrock -- --ignored --exact "interop::$1")
}

# What the machine may have set is not what is tested.
unset "${!AWS_@}"
