//! The job fuzz: every fuzz target for a while, from its seeds and from what earlier runs found.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::instrument::instrument;
use crate::process::{run, seconds, target_folder};

const TARGETS: [&str; 8] = ["decode", "wire", "step", "zips", "windows", "experiments", "checkpoints", "answers"];
/// Targets of which every input is a whole training or conversation: more time would add few inputs, so each has half.
const SLOW_TARGETS: [&str; 2] = ["checkpoints", "answers"];
const ARTIFACTS: &str = "tests/fuzz/artifacts";
/// Texts in the log of a failed run that give the reason.
const REASONS: [&str; 3] = ["panicked at", "ERROR", "SUMMARY"];

pub(crate) fn fuzz() -> Result<()> {
    let folder = target_folder().join("fuzz");
    let seconds = seconds("FUZZ_SECONDS", 10)?;
    let mut build = Command::new("cargo");
    build.args(["build", "--quiet", "--release", "-p", "metaplastic-fuzz", "--all-features", "--bins"]);
    instrument(&mut build)?;
    run(&mut build)?;
    TARGETS.iter().try_for_each(|target| fuzz_target(target, &folder, seconds))
}

/// New inputs that it finds stay in the folder, from which the next run continues.
fn fuzz_target(target: &str, folder: &Path, seconds: u64) -> Result<()> {
    let (corpus, log) = (folder.join("corpus").join(target), folder.join(format!("{target}.log")));
    let found = Path::new(ARTIFACTS).join(target);
    for folder in [&corpus, &found] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let output = File::create(&log).with_context(|| log.display().to_string())?;
    let mut command = fuzzer(target, seconds, &corpus);
    let status = command.stdout(output.try_clone()?).stderr(output).status().context(target.to_owned())?;
    let text = String::from_utf8_lossy(&fs::read(&log).with_context(|| log.display().to_string())?).into_owned();
    if !status.success() {
        eprintln!("{}", reasons(&text));
        let (log, found) = (log.display(), found.display());
        bail!("{target}: see {log}; if an input did it, it is in {found}: target/release/{target} INPUT");
    }
    let done = text.lines().find(|line| is_done(line)).with_context(|| format!("{target}: no end in the log"))?;
    println!("{target}: {done}");
    Ok(())
}

fn fuzzer(target: &str, seconds: u64, corpus: &Path) -> Command {
    let mut command = Command::new(target_folder().join("release").join(target));
    let seconds = if SLOW_TARGETS.contains(&target) { seconds.div_ceil(2) } else { seconds };
    command.arg(corpus).arg(format!("tests/fuzz/seeds/{target}")).arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={ARTIFACTS}/{target}/"));
    command.args(["-len_control=0", "-max_len=4096", "-timeout=300", "-print_final_stats=1"]);
    // The search for leaks needs ptrace, which containers often refuse.
    command.env("ASAN_OPTIONS", "detect_leaks=0");
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
