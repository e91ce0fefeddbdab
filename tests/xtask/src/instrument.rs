//! The compiler of the fuzzers: rustc, with libFuzzer's coverage and AddressSanitizer for the packages of this repository.
//!
//! Cargo calls this program in place of rustc for them alone, as `RUSTC_WORKSPACE_WRAPPER`, so that the dependencies are those that
//! the tests have compiled. The flags are cargo-fuzz's.

use std::process::{Command, ExitCode};
use std::{env, ffi::OsString};

use anyhow::{Context, Result};

/// Set where this program is called as the compiler.
const VARIABLE: &str = "METAPLASTIC_INSTRUMENT";
const FLAGS: [&str; 11] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Zsanitizer=address",
    "-Cdebug-assertions=yes",
    "-Coverflow-checks=yes",
    // Packages take minutes to compile with a sanitizer, and a run is bounded by time.
    "-Copt-level=1",
    "--cfg=fuzzing",
];

/// Lets cargo call this program as the compiler of the repository's packages.
pub(crate) fn instrument(cargo: &mut Command) -> Result<()> {
    let program = env::current_exe().context("this program")?;
    cargo.env("RUSTC_WORKSPACE_WRAPPER", program).env(VARIABLE, "1");
    Ok(())
}

/// The arguments of the compiler, if this program is called as one: its path and its arguments.
pub(crate) fn compiler() -> Option<Vec<OsString>> {
    env::var_os(VARIABLE).map(|_| env::args_os().skip(1).collect())
}

/// Compiles.
pub(crate) fn compile(arguments: &[OsString]) -> Result<ExitCode> {
    let (rustc, arguments) = arguments.split_first().context("no compiler")?;
    let mut command = Command::new(rustc);
    command.args(arguments);
    if runs_in_the_fuzzer(arguments) {
        // A sanitizer is an unstable option: here, and nowhere else, a stable compiler is told to take it.
        command.args(FLAGS).env("RUSTC_BOOTSTRAP", "1");
    }
    let status = command.status().with_context(|| rustc.display().to_string())?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What cargo or the compiler itself runs is linked without libFuzzer.
fn runs_in_the_fuzzer(arguments: &[OsString]) -> bool {
    let follows = |flag: &str, wanted: fn(&str) -> bool| {
        let pairs = arguments.iter().zip(arguments.iter().skip(1));
        let mut values = pairs.filter(|(name, _)| *name == flag).filter_map(|(_, value)| value.to_str());
        values.any(wanted)
    };
    let is_crate = follows("--crate-name", |name| !name.starts_with("build_script") && name != "___");
    is_crate && !follows("--crate-type", |kind| kind == "proc-macro")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_are_instrumented_and_what_cargo_runs_is_not() {
        let is = |line: &str| runs_in_the_fuzzer(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert!(is("--crate-name metaplastic_shared --crate-type lib"));
        assert!(!is("--crate-name build_script_build --crate-type bin"));
        assert!(!is("--crate-name metaplastic_source --crate-type proc-macro"));
        assert!(!is("-vV") && !is("- --crate-name ___ --print=file-names"));
    }
}
