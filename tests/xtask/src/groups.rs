//! Programs that run as process groups of their own, so that each can be ended with all it has started.

use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Mutex, PoisonError};
use std::{io, thread};

use anyhow::{Context, Result};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// The groups whose leader runs.
static RUNNING: Mutex<Vec<Group>> = Mutex::new(Vec::new());
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// A process group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Group(Pid);

impl Group {
    /// Starts a program as the leader of a new group. How it ended is sent to `ended`.
    pub(crate) fn start(command: &mut Command, ended: Sender<io::Result<ExitStatus>>) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut leader = command.process_group(0).spawn().with_context(|| program.clone())?;
        let group = Self(Pid::from_raw(i32::try_from(leader.id()).context(program)?));
        running(|groups| groups.push(group));
        thread::spawn(move || {
            let status = leader.wait();
            running(|groups| groups.retain(|other| *other != group));
            // The receiver is dropped after the limit.
            let _ = ended.send(status);
        });
        Ok(group)
    }

    /// Asks every process of the group to end. That a process has already ended is no error.
    pub(crate) fn end(self) {
        let _ = killpg(self.0, Signal::SIGTERM);
    }
}

/// Ends every group when this process is interrupted or asked to end; then `and_then` runs.
pub(crate) fn end_when_interrupted(and_then: impl Fn() + Send + 'static) -> Result<()> {
    let handler = move || {
        INTERRUPTED.store(true, Ordering::Relaxed);
        running(|groups| groups.iter().for_each(|group| group.end()));
        and_then();
    };
    ctrlc::set_handler(handler).context("signals")
}

/// Whether this process was interrupted.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

fn running(change: impl FnOnce(&mut Vec<Group>)) {
    change(&mut RUNNING.lock().unwrap_or_else(PoisonError::into_inner));
}
