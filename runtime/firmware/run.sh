#!/usr/bin/env bash
# Runs firmware on its board; `cargo run` calls it for every Arm binary (.cargo/config.toml): `run.sh FIRMWARE.elf`.
# METAPLASTIC_BOARD, which the build read too, says which board: one that QEMU emulates is emulated, a real one is
# flashed over its debug probe.
set -euo pipefail
# shellcheck source=SCRIPTDIR/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/toolchain.sh"

[[ $# -ge 1 ]] || fail "usage: METAPLASTIC_BOARD=BOARD run.sh FIRMWARE.elf"
# shellcheck disable=SC2031 # it is the caller's; toolchain.sh sets its own only for cargo
elf=$1 board=${METAPLASTIC_BOARD:-}
[[ -n $board ]] || fail "METAPLASTIC_BOARD is not set; the boards are: $(board_names | paste -sd' ' -)"
machine=$(board_value "$board" machine) chip=$(board_value "$board" chip)

if [[ -n $machine ]]; then
    command -v qemu-system-arm >/dev/null || fail "qemu-system-arm is not installed; 'tests/run.sh setup' installs it"
    exec qemu-system-arm -M "$machine" -cpu "$(board_value "$board" cpu)" -display none -monitor none -serial none \
        -semihosting-config enable=on,target=native -kernel "$elf"
fi
[[ -n $chip ]] || fail "unknown board '$board'; the boards are: $(board_names | paste -sd' ' -)"
command -v probe-rs >/dev/null || fail "probe-rs is not installed: see https://probe.rs"
exec probe-rs run --chip "$chip" "$elf"
