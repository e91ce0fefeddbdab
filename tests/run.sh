#!/usr/bin/env bash
# Sets up and runs every check of the project, see `tests/run.sh help`: the jobs are in tests/xtask.
cd "$(dirname "${BASH_SOURCE[0]}")/.." && exec cargo run --quiet --release -p xtask -- "$@"
