#!/usr/bin/env bash
# boto3 against `askline bedrock-sim`. Installs boto3 in an environment of its own, under cargo's target directory.
#
#   tests/interop/run.sh path/to/askline
set -euo pipefail
program=$(realpath "${1:?usage: tests/interop/run.sh path/to/askline}")
cd "$(dirname "${BASH_SOURCE[0]}")"
venv=${ASKLINE_INTEROP_VENV:-$(dirname "$program")/interop-venv}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -c 'import boto3' 2>/dev/null || "$venv/bin/pip" install --quiet 'boto3>=1.43,<2'
# What the machine may have set is not what is tested.
unset "${!AWS_@}"
exec "$venv/bin/python" boto3_sim.py "$program"
