//! Lanes of jobs side by side. Each lane is this program again, as a process group, so that a lane that fails can
//! end the others with all they have started.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::channel;
use std::time::Instant;
use std::{env, process};

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};

use crate::groups::{self, Group};
use crate::job::Job;

/// The exit status that shells give a program that was interrupted.
const INTERRUPTED: u8 = 130;

/// Runs all lanes at once and prints a summary. The output of the first lane is shown at once, that of the
/// others when all are done.
pub(crate) fn run_lanes(lanes: &[&[Job]]) -> Result<ExitCode> {
    let folder = tempfile::tempdir().context("temporary folder")?;
    groups::end_when_interrupted(|| ())?;
    let logs: Vec<_> = (1..lanes.len()).map(|lane| folder.path().join(format!("lane-{lane}.log"))).collect();
    let summary = run_beside(lanes, &logs, &folder.path().join("summary"))?;
    if groups::interrupted() {
        return Ok(ExitCode::from(INTERRUPTED));
    }
    let mut out = std::io::stdout().lock();
    for log in &logs {
        out.write_all(&fs::read(log).with_context(|| log.display().to_string())?)?;
    }
    write!(out, "\n{}", summary.text)?;
    let count = |word| summary.text.lines().filter(|line| line.starts_with(word)).count();
    writeln!(out, "{} passed, {} failed", count(PASSED), count(FAILED))?;
    Ok(if summary.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

const PASSED: &str = "ok";
const FAILED: &str = "FAILED";

/// How the jobs ended.
struct Summary {
    /// A line for each job.
    text: String,
    failed: bool,
}

fn run_beside(lanes: &[&[Job]], logs: &[PathBuf], summary: &Path) -> Result<Summary> {
    File::create(summary).with_context(|| summary.display().to_string())?;
    let read = || fs::read_to_string(summary).with_context(|| summary.display().to_string());
    let (sender, ended) = channel();
    let logs = std::iter::once(None).chain(logs.iter().map(Some));
    let started =
        lanes.iter().zip(logs).map(|(jobs, log)| Group::start(&mut lane(jobs, summary, log)?, sender.clone()));
    let groups: Vec<_> = started.collect::<Result<_>>()?;
    let mut at_failure = None;
    for status in ended.iter().take(groups.len()) {
        if at_failure.is_none() && !status.is_ok_and(|status| status.success()) {
            // Jobs that end because this program stopped them have not failed.
            at_failure = Some(read()?);
            groups.iter().for_each(|group| group.end());
        }
    }
    let failed = at_failure.is_some();
    Ok(Summary { text: at_failure.map_or_else(read, Ok)?, failed })
}

fn lane(jobs: &[Job], summary: &Path, log: Option<&PathBuf>) -> Result<Command> {
    let mut command = Command::new(env::current_exe().context("this program")?);
    command.arg("lane").arg(summary).args(jobs.iter().map(Job::to_string)).stdin(Stdio::null());
    if let Some(log) = log {
        let file = File::create(log).with_context(|| log.display().to_string())?;
        command.stdout(file.try_clone()?).stderr(file);
    }
    Ok(command)
}

/// What the programs that have ended here took of a processor, seconds: what a lane takes depends on the others too.
fn processor_seconds() -> i64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN);
    usage.map_or(0, |usage| usage.user_time().tv_sec() + usage.system_time().tv_sec())
}

/// Runs jobs one after the other, up to the first that fails; a line for each is added to the summary.
pub(crate) fn run_lane(summary: &Path, jobs: &[Job]) -> Result<ExitCode> {
    groups::end_when_interrupted(|| process::exit(INTERRUPTED.into()))?;
    let mut summary =
        OpenOptions::new().append(true).open(summary).with_context(|| summary.display().to_string())?;
    for job in jobs {
        println!("\n=== {job}");
        let (started, before) = (Instant::now(), processor_seconds());
        let result = job.run();
        let word = if result.is_ok() { PASSED } else { FAILED };
        let (elapsed, busy) = (started.elapsed().as_secs(), processor_seconds() - before);
        // In one write: other lanes write to the same file.
        summary.write_all(format!("{word} {job} {elapsed}s, {busy}s of a processor\n").as_bytes())?;
        if let Err(error) = result {
            eprintln!("error: {error:#}");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
