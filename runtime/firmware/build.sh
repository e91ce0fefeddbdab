#!/usr/bin/env bash
# Builds the firmware of one board around one artifact: `build.sh BOARD ARTIFACT OUT_ELF [BINARY]`. BINARY is one of
# `src/bin/`; without it, the one that `boards.toml` names for the board.
#
# The one place that chooses how to build for a board (see toolchain.sh). With the dependencies built, another
# artifact or another board of the same target takes seconds. Exits with 3 where the core library is missing.
set -euo pipefail
# shellcheck source=SCRIPTDIR/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/toolchain.sh"

[[ $# -eq 3 || $# -eq 4 ]] || fail "usage: build.sh BOARD ARTIFACT OUT_ELF [BINARY]; the boards are: $(board_names | paste -sd' ' -)"
board=$1 artifact=$2 out=$3 binary=${4:-$(board_value "$1" binary)}

# Every build leaves its ELF in the same place: hold the lock until ours is copied.
mkdir -p "$firmware_target_dir"
if command -v flock >/dev/null; then
    exec {lock}>"$firmware_target_dir/build.lock"
    flock "$lock"
fi
firmware_cargo "$board" "$artifact" build --bin "$binary"

mkdir -p "$(dirname "$out")"
partial=$out.$$
trap 'rm -f "$partial"' EXIT
cp "$firmware_target_dir/$(board_value "$board" target)/firmware/$binary" "$partial"
mv -f "$partial" "$out"
