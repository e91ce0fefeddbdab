//! The jobs that need no board: format, lint, docs, build, host.

use std::process::Command;

use anyhow::Result;

use crate::process::{cargo, repository, run};

/// Packages that are hardly optimised in debug form.
const UNOPTIMISED: [&str; 4] = ["metaplastic-files", "metaplastic-host", "metaplastic-task", "metaplastic-tests"];
/// The chip's packages, which have overflow checks and assertions in debug form.
const CHECKED: [&str; 2] = ["metaplastic-shared", "metaplastic-runtime"];

pub(crate) fn format() -> Result<()> {
    cargo(["fmt", "--all", "--check"])
}

/// In the profile of the tests, so that clippy, rustdoc and the tests share compiled dependencies.
pub(crate) fn lint() -> Result<()> {
    let left_out = ["--exclude", "metaplastic-firmware", "--exclude", "metaplastic-fuzz"];
    let everything = ["clippy", "--release", "--workspace", "--all-targets"].into_iter().chain(left_out);
    cargo(everything.chain(["--", "-D", "warnings"]))?;
    let mut fuzzers = Command::new("cargo");
    fuzzers.args(["clippy", "--release", "-p", "metaplastic-fuzz", "--", "-D", "warnings"]);
    // Nothing is linked: with a path to a library, libFuzzer is not compiled.
    run(fuzzers.env("CUSTOM_LIBFUZZER_PATH", repository().join("libnone.a")))
}

pub(crate) fn docs() -> Result<()> {
    run(Command::new("cargo").args(["doc", "--release", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

pub(crate) fn build() -> Result<()> {
    cargo(["test", "--quiet", "--release", "--no-run"])
}

pub(crate) fn test() -> Result<()> {
    cargo(["test", "--release"])?;
    cargo(["test", "--release", "-p", "xtask"])?;
    test_debug_form(&["--test", "artifact", "--test", "golden"])
}

/// The release profile with this repository's packages in debug form: hardly optimised, and the chip's arithmetic
/// with overflow checks and assertions, because nothing that the decoder accepts may wrap. Dependencies stay as
/// `build` compiled them: a whole development build would take minutes.
fn test_debug_form(arguments: &[&str]) -> Result<()> {
    let configuration = |package: &str, key: &str| format!("profile.release.package.{package}.{key}");
    let unoptimised = UNOPTIMISED.map(|package| vec![configuration(package, "opt-level=0")]);
    let checked = CHECKED.map(|package| {
        ["opt-level=1", "overflow-checks=true", "debug-assertions=true"]
            .map(|key| configuration(package, key))
            .to_vec()
    });
    let mut command = Command::new("cargo");
    command.args(["test", "--release"]);
    for configuration in unoptimised.into_iter().chain(checked).flatten() {
        command.args(["--config", &configuration]);
    }
    run(command.args(arguments))
}
