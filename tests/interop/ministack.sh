#!/usr/bin/env bash
# Our client of Bedrock against ministack, which somebody else wrote: models, streams, knowledge bases, lists.
#
#   tests/interop/ministack.sh      (ASKLINE_CARGO_FLAGS: such as --no-default-features)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
install ministack==1.5.33 boto3==1.43.106
start_ministack
ASKLINE_INTEROP_URL=$ministack run_tests ministack
