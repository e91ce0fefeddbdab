//! The job fuzz: every fuzz target for a while, from its seeds and from what earlier runs found.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{CargoTool, printed, seconds, target_folder};

const TARGETS: [&str; 3] = ["decode", "wire", "step"];
/// Targets of what a host computer reads, behind the feature of that name.
const HOST_TARGETS: [&str; 5] = ["zips", "windows", "experiments", "checkpoints", "answers"];
/// Targets of which every input is a whole training or conversation: more time would add few inputs, so each has half.
const SLOW_TARGETS: [&str; 2] = ["checkpoints", "answers"];
const HOST: &str = "host";
const CARGO_FUZZ: CargoTool = CargoTool { name: "cargo-fuzz", version: "0.13.2" };
/// Texts in the log of a failed run that give the reason.
const REASONS: [&str; 3] = ["panicked at", "ERROR", "SUMMARY"];

pub(crate) fn fuzz() -> Result<()> {
    let folder = target_folder().join("fuzz");
    let seconds = seconds("FUZZ_SECONDS", 10)?;
    install_cargo_fuzz(&folder.join("install"))?;
    TARGETS.iter().chain(&HOST_TARGETS).try_for_each(|target| fuzz_target(target, &folder, seconds))
}

/// Not optimised: it only calls cargo.
fn install_cargo_fuzz(folder: &Path) -> Result<()> {
    let version = printed(Command::new("cargo").args(["fuzz", "--version"]));
    CARGO_FUZZ.install(version, &["--debug"], folder)
}

/// New inputs that it finds stay in the folder, from which the next run continues.
fn fuzz_target(target: &str, folder: &Path, seconds: u64) -> Result<()> {
    let (corpus, log) = (folder.join("corpus").join(target), folder.join(format!("{target}.log")));
    fs::create_dir_all(&corpus).with_context(|| corpus.display().to_string())?;
    let output = File::create(&log).with_context(|| log.display().to_string())?;
    let mut command = cargo_fuzz(target, folder, seconds, &corpus);
    let status = command.stdout(output.try_clone()?).stderr(output).status().context("cargo fuzz")?;
    let text = String::from_utf8_lossy(&fs::read(&log).with_context(|| log.display().to_string())?).into_owned();
    if !status.success() {
        eprintln!("{}", reasons(&text));
        let (log, found) = (log.display(), format!("tests/fuzz/artifacts/{target}"));
        bail!(
            "{target}: see {log}; if an input did it, it is in {found}: cargo fuzz run --fuzz-dir tests/fuzz {target} INPUT"
        );
    }
    let done = text.lines().find(|line| is_done(line)).with_context(|| format!("{target}: no end in the log"))?;
    println!("{target}: {done}");
    Ok(())
}

fn cargo_fuzz(target: &str, folder: &Path, seconds: u64, corpus: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.args(["fuzz", "run", "--fuzz-dir", "tests/fuzz", "--target-dir"]).arg(folder);
    if HOST_TARGETS.contains(&target) {
        command.args(["--features", HOST]);
    }
    command.arg(target).arg(corpus);
    let seconds = if SLOW_TARGETS.contains(&target) { seconds.div_ceil(2) } else { seconds };
    command.arg(format!("tests/fuzz/seeds/{target}")).args(["--", &format!("-max_total_time={seconds}")]);
    command.args(["-len_control=0", "-max_len=4096", "-timeout=300", "-print_final_stats=1"]);
    // Packages take minutes to compile with a sanitizer, and a run is bounded by time.
    command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    // A sanitizer is an unstable option: here, and nowhere else, a stable compiler is told to take it. The search
    // for leaks needs ptrace, which containers often refuse.
    command.env("RUSTC_BOOTSTRAP", "1").env("ASAN_OPTIONS", "detect_leaks=0");
    command
}

/// The number of runs in libFuzzer's last report: `#1234 DONE cov: ...`, with a tab after the number.
fn is_done(line: &str) -> bool {
    let rest = line.strip_prefix('#').map(|rest| rest.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    rest.is_some_and(|rest| rest.trim_start().starts_with("DONE"))
}

/// The lines that give the reason, each with the two lines after it; the last twenty lines if there are none.
fn reasons(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    let is_reason = |line: &str| line.starts_with("error") || REASONS.iter().any(|reason| line.contains(reason));
    let is_shown = |index: usize| lines[index.saturating_sub(2)..=index].iter().any(|line| is_reason(line));
    let mut shown: Vec<_> = (0..lines.len()).filter(|index| is_shown(*index)).map(|index| lines[index]).collect();
    if shown.is_empty() {
        shown = lines[lines.len().saturating_sub(20)..].to_vec();
    }
    shown.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_run_is_found_in_its_log() {
        assert!(is_done("#8192\tDONE   cov: 310 ft: 1200"));
        assert!(!is_done("#8192\tREDUCE cov: 310") && !is_done("DONE"));
    }

    #[test]
    fn a_failed_run_says_why() {
        assert_eq!(reasons("a\nthread panicked at x\nb\nc\nd"), "thread panicked at x\nb\nc");
        assert_eq!(reasons("a\nb"), "a\nb");
    }
}
