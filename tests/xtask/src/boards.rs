//! The jobs of boards: firmware, emulator, chip, bench-chip.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use metaplastic_host::firmware::{Firmware, Toolchain};
use metaplastic_shared::board::Board;

use crate::process::{cargo, repository, run};
use crate::setup::setup;

/// Boards whose firmware is checked, and its binaries: an emulated one with the DSP extension, whose kernels no
/// other check compiles, and a real one. The job emulator builds the others.
const CHECKED: [(&str, &[&str]); 2] = [("mps2-an386", &["emulated"]), ("pico", &["pico", "pico-pins"])];
const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

/// clippy works only with rustup's own compiler; the distribution's compiler runs with denied warnings instead.
pub(crate) fn firmware() -> Result<()> {
    let artifact = first_artifact()?;
    for (name, binaries) in CHECKED {
        let board = Board::named(name).context(name)?;
        let firmware = Firmware::of(board, &artifact);
        if Toolchain::find(board.target, repository())? == Toolchain::Default {
            run(firmware.cargo("clippy")?.args(DENY_WARNINGS))?;
        } else {
            run(firmware.cargo("rustc")?.arg("--lib").args(DENY_WARNINGS))?;
            for binary in binaries {
                run(firmware.cargo("rustc")?.args(["--bin", binary]).args(DENY_WARNINGS))?;
            }
        }
    }
    Ok(())
}

pub(crate) fn emulator() -> Result<()> {
    setup()?;
    ignored_tests("command_line", "carried::")?;
    ["emulator", "conversations", "worlds", "boards"].iter().try_for_each(|test| ignored_tests(test, ""))
}

pub(crate) fn chip() -> Result<()> {
    setup()?;
    ignored_tests("chip", "")
}

/// Measures, and prints as a table or as one JSON object.
pub(crate) fn bench_chip(json: bool) -> Result<()> {
    setup()?;
    let example = ["run", "--quiet", "--release", "-p", "metaplastic-tests", "--example", "chip", "--", "bench"];
    cargo(example.into_iter().chain(json.then_some("--json")))
}

/// Those of the test `test` whose names have `filter` in them. Of no single package: all are compiled as the job build compiles
/// them.
pub(crate) fn ignored_tests(test: &str, filter: &str) -> Result<()> {
    cargo(["test", "--release", "--test", test, filter, "--", "--ignored", "--nocapture"])
}

fn first_artifact() -> Result<PathBuf> {
    let entries = fs::read_dir("tests/artifacts").context("tests/artifacts")?;
    let paths = entries.flatten().map(|entry| entry.path());
    let artifacts = paths.filter(|path| path.extension().is_some_and(|extension| extension == "plastic"));
    artifacts.min().context("no artifact in tests/artifacts to build the firmware around")
}
