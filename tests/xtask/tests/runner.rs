//! `run-firmware`, which `cargo run` calls for boards, with fake tools.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

/// A folder of tools that print their name and arguments.
fn tools(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::write(&path, format!("#!/bin/sh\necho {name} $*\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

/// What runs the firmware of a board on a machine that has only these tools.
fn run(names: &[&str], board: &str) -> Output {
    let tools = tools(names);
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["run-firmware", "firmware.elf"]).env("PATH", tools.path()).env("METAPLASTIC_BOARD", board);
    command.output().unwrap()
}

fn printed(board: &str) -> String {
    let Output { status, stdout, stderr } = run(&["probe-rs", "qemu-system-arm"], board);
    assert!(status.success(), "{board}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

fn refused(names: &[&str], board: &str, parts: &[&str]) {
    let Output { status, stderr, .. } = run(names, board);
    let error = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{error}");
    parts.iter().for_each(|part| assert!(error.contains(part), "{part:?} is not in: {error}"));
}

#[test]
fn real_boards_are_flashed_and_emulated_ones_emulated() {
    assert_eq!(printed("pico"), "probe-rs run --chip RP2040 firmware.elf\n");
    let emulated = printed("mps2-an386");
    assert!(emulated.starts_with("qemu-system-arm -M mps2-an386 -cpu cortex-m4 "), "{emulated}");
    assert!(emulated.ends_with("-kernel firmware.elf\n"), "{emulated}");
}

#[test]
fn what_is_missing_is_named() {
    refused(&[], "abacus", &["unknown board 'abacus'", "pico"]);
    refused(&[], "", &["METAPLASTIC_BOARD is not set", "pico"]);
    refused(&[], "pico", &["probe-rs is not installed", "https://probe.rs"]);
    refused(&[], "mps2-an386", &["qemu-system-arm is not installed", "tests/run.sh setup"]);
}
