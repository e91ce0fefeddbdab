//! Signals that ask a training to stop: the first one stops it after its current meta-step, every other one ends the
//! program at once.
//!
//! The handlers themselves do that, without a thread and without writing, so that nothing can block them. A message is
//! written by a thread of its own, and dropped if nobody reads it. A signal that is ignored when the program starts, as
//! SIGHUP under `nohup`, stays ignored.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Exit status of a program that an interrupt ended, as shells have it.
const INTERRUPTED: i32 = 130;
const MESSAGE: &str = "stopping after this meta-step; interrupt again to end at once";

/// A flag that the first signal sets. While it is set, a signal ends the program.
pub(super) fn stop_flag() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let signals = handled();
    for signal in &signals {
        // In this order: the signal that sets the flag does not see it set.
        flag::register_conditional_shutdown(*signal, INTERRUPTED, Arc::clone(&stop)).context("signal handler")?;
        flag::register(*signal, Arc::clone(&stop)).context("signal handler")?;
    }
    write_message_of(signals);
    Ok(stop)
}

#[cfg(unix)]
fn write_message_of(signals: Vec<i32>) {
    let Ok(mut signals) = signal_hook::iterator::Signals::new(signals) else { return };
    let write = move || {
        if signals.forever().next().is_some() {
            let _ = writeln!(io::stderr(), "{MESSAGE}");
        }
    };
    // Where the system has no more threads, the training stops without a message.
    let _ = std::thread::Builder::new().spawn(write);
}

#[cfg(not(unix))]
fn write_message_of(_: Vec<i32>) {}

/// The signals that ask to stop and are not ignored.
fn handled() -> Vec<i32> {
    let status = std::fs::read_to_string("/proc/self/status");
    match status.ok().and_then(|status| ignored(&status)) {
        Some(ignored) => stop_signals().into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect(),
        // It cannot be known whether SIGHUP is ignored; without a handler it ends the program, or is ignored.
        None => vec![SIGINT, SIGTERM],
    }
}

#[cfg(unix)]
fn stop_signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM, signal_hook::consts::SIGHUP]
}

#[cfg(not(unix))]
fn stop_signals() -> Vec<i32> {
    vec![SIGINT, SIGTERM]
}

/// The set of ignored signals in `/proc/self/status`, one bit each, from signal 1.
fn ignored(status: &str) -> Option<u64> {
    let set = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(set.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ignored_signals_are_read() {
        assert_eq!(ignored("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0\n"), Some(0x1001));
        assert_eq!((ignored("Name:\tx\n"), ignored("SigIgn:\tnone\n")), (None, None));
    }
}
