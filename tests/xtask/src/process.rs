//! Running programs: one that fails is an error that names it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};

use crate::groups::Group;

/// The repository's root.
pub(crate) fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Cargo's target directory.
pub(crate) fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}

/// Runs cargo to its end.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Result<()> {
    run(Command::new("cargo").args(arguments))
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| words(command))?;
    ensure!(status.success(), "`{}` failed ({status})", words(command));
    Ok(())
}

/// A tool that cargo installs, in one version.
#[derive(Clone, Copy)]
pub(crate) struct CargoTool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

impl CargoTool {
    /// Installs it, unless `printed`, what it prints of its version, is this one. `options` are those of `cargo install`, and
    /// `folder` is where it is compiled.
    pub(crate) fn install(self, printed: Option<String>, options: &[&str], folder: &Path) -> Result<()> {
        let Self { name, version } = self;
        let has =
            |printed: &str| printed.split_whitespace().last().map(|word| word.trim_start_matches('v') == version);
        if printed.as_deref().and_then(has) == Some(true) {
            return Ok(());
        }
        let mut install = Command::new("cargo");
        // Nobody debugs them: without it they compile in two thirds of the time.
        install.env("CARGO_PROFILE_DEV_DEBUG", "0");
        install.args(["install", "--quiet", "--locked", "--target-dir"]).arg(folder).args(options);
        run(install.args([name, "--version", version]))
    }
}

/// Runs a program as a process group, which is ended when it takes too long.
pub(crate) fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    let (sender, ended) = channel();
    let group = Group::start(command, sender)?;
    let Ok(status) = ended.recv_timeout(limit) else {
        group.end();
        let _ = ended.recv();
        bail!("`{}` took longer than {} seconds", words(command), limit.as_secs());
    };
    let status = status.with_context(|| words(command))?;
    ensure!(status.success(), "`{}` failed ({status})", words(command));
    Ok(())
}

/// What a program prints on standard output; none if it is missing or fails.
pub(crate) fn printed(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program is found.
pub(crate) fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| is_executable(&folder.join(program)))
}

/// Whether a file can be run.
pub(crate) fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// Seconds that an environment variable sets.
pub(crate) fn seconds(variable: &str, default: u64) -> Result<u64> {
    let Some(value) = env::var_os(variable) else { return Ok(default) };
    let number = value.to_str().and_then(|text| text.parse().ok());
    number.with_context(|| format!("{variable} = {value:?} is not a whole number of seconds"))
}

fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_program_that_takes_too_long_is_ended_with_what_it_started() {
        let started = Instant::now();
        let error = run_within(Duration::from_millis(100), Command::new("sh").args(["-c", "sleep 60 | sleep 60"]));
        assert!(error.expect_err("it takes a minute").to_string().contains("took longer than"));
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_program_that_fails_is_named() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).expect_err("it fails").to_string();
        assert!(error.contains("`sh -c exit 3` failed") && error.contains('3'), "{error}");
        assert!(run_within(Duration::from_secs(60), &mut Command::new("true")).is_ok());
        assert!(is_installed("sh") && !is_installed("no-such-program"));
    }
}
