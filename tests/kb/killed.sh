#!/usr/bin/env bash
# `askline kb sync` killed fifty times (or ASKLINE_KILLS times) at random moments, against the stand-in.
#
#   ASKLINE_TEST_DATABASE_URL=postgres://… tests/kb/killed.sh      (ASKLINE_CARGO_FLAGS: such as --no-default-features)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${ASKLINE_TEST_DATABASE_URL:?a server on which databases may be made}"
# shellcheck disable=SC2086
ASKLINE_KILLS=${ASKLINE_KILLS:-50} exec cargo test --locked ${ASKLINE_CARGO_FLAGS:-} --test kb -- --nocapture killed::
