#!/usr/bin/env bash
# What CI runs, here as there: all tests. The network lives in an emulated board, and the firmware is linked for %board%.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ "${RUSTUP_AUTO_INSTALL:-1}" != 0 ]; then
    rustup target add %target% || echo "ci.sh: no target from rustup; the tests look for another compiler"
fi
CI=true cargo test --workspace -- --nocapture
