//! `runtime/firmware/run.sh`, which `cargo run` calls for boards, with fake tools.

use std::process::Command;

use crate::sandbox::Sandbox;

fn runner(sandbox: &Sandbox, board: &str) -> Command {
    // The sandbox's way to build a command knows where its tools are; only the program is another.
    let tools = sandbox.command("");
    let path = tools.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path).unwrap();
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/firmware/run.sh"));
    command.arg("firmware.elf").current_dir(sandbox.path("")).env("PATH", path).env("METAPLASTIC_BOARD", board);
    command
}

#[test]
fn real_boards_are_flashed_and_emulated_ones_emulated() {
    let sandbox = Sandbox::new();
    sandbox.tool("probe-rs", "echo probe-rs $*");
    sandbox.tool("qemu-system-arm", "echo qemu $*");
    let printed = |board: &str| sandbox.command_succeeds(&mut runner(&sandbox, board)).text().to_owned();
    assert_eq!(printed("pico"), "probe-rs run --chip RP2040 firmware.elf\n");
    assert!(printed("mps2-an386").starts_with("qemu -M mps2-an386 -cpu cortex-m4 "));
}

#[test]
fn what_is_missing_is_named() {
    let sandbox = Sandbox::new();
    sandbox.command_refuses(&mut runner(&sandbox, "abacus"), &["unknown board 'abacus'", "pico"]);
    sandbox.command_refuses(&mut runner(&sandbox, ""), &["METAPLASTIC_BOARD is not set", "pico"]);
    sandbox.command_refuses(&mut runner(&sandbox, "pico"), &["probe-rs is not installed", "https://probe.rs"]);
}
