#!/usr/bin/env bash
# What CI runs, here as there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v rustup >/dev/null && [ "${RUSTUP_AUTO_INSTALL:-1}" != 0 ] &&
    rustup target add thumbv7em-none-eabihf thumbv6m-none-eabi
cargo test -- --nocapture
