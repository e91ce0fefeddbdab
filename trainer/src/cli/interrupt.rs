//! Signals that ask a command to end. Other commands than a training are ended by the first one, as they would be
//! without this module, and leave no temporary files.
//!
//! Of a training, the first one stops it after its current meta-step, every other one ends the program at once. Behind
//! the last meta-step, the first one ends the program too, and a message says what was kept.
//!
//! The handlers themselves set a flag or end the program, without a thread and without writing, so that nothing can
//! block them. A message is written by a thread of its own, and dropped if nobody reads it. A signal that is ignored
//! when the program starts, as SIGHUP under `nohup`, stays ignored.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use metaplastic_files::temporary;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::emulate_default_handler;

/// Exit status of a program that an interrupt ended, as shells have it.
const INTERRUPTED: i32 = 130;
const MESSAGE: &str = "stopping after this meta-step; interrupt again to end at once";

/// The signals during a training.
pub(super) struct StopSignals {
    /// The first signal sets it. While it is set, a signal ends the program.
    stop: Arc<AtomicBool>,
    last_words: Arc<OnceLock<String>>,
    /// Whether there is a thread that writes messages.
    has_writer: bool,
}

impl StopSignals {
    /// Takes the signals over.
    pub(super) fn take() -> Result<Self> {
        let (stop, last_words) = (Arc::new(AtomicBool::new(false)), Arc::new(OnceLock::new()));
        let signals = handled();
        for signal in &signals {
            // In this order: the signal that sets the flag does not see it set.
            flag::register_conditional_shutdown(*signal, INTERRUPTED, Arc::clone(&stop))
                .context("signal handler")?;
            flag::register(*signal, Arc::clone(&stop)).context("signal handler")?;
        }
        let has_writer = starts_writer(signals, Arc::clone(&last_words));
        Ok(Self { stop, last_words, has_writer })
    }

    /// A flag that the first signal sets.
    pub(super) fn stop(&self) -> &AtomicBool {
        &self.stop
    }

    /// Whether a signal has come.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// From now on, a signal ends the program, with these words.
    pub(super) fn end_with(&self, last_words: String) {
        // Where the system has no more threads, it ends without words.
        if !self.has_writer {
            self.stop.store(true, Ordering::Relaxed);
        }
        let _ = self.last_words.set(last_words);
    }
}

/// From now on, a signal that ends the program removes its temporary files first.
pub(super) fn remove_temporary_files() {
    let signals = handled();
    let end = move |signal| temporary::remove_all(|| drop(emulate_default_handler(signal)));
    // Where there can be no thread, signals end the program at once.
    let _ = starts_waiting(signals, end);
}

/// Starts a thread that does something at each of these signals. It takes them over itself: without it, they would be
/// lost.
#[cfg(unix)]
fn starts_waiting(signals: Vec<i32>, act: impl FnMut(i32) + Send + 'static) -> bool {
    let waits = move || {
        if let Ok(mut signals) = signal_hook::iterator::Signals::new(signals) {
            signals.forever().for_each(act);
        }
    };
    std::thread::Builder::new().spawn(waits).is_ok()
}

#[cfg(not(unix))]
fn starts_waiting(_: Vec<i32>, _: impl FnMut(i32) + Send + 'static) -> bool {
    false
}

/// Starts the thread that writes messages; false if there is none.
fn starts_writer(signals: Vec<i32>, last_words: Arc<OnceLock<String>>) -> bool {
    starts_waiting(signals, move |_| {
        let words = last_words.get();
        let _ = writeln!(io::stderr(), "{}", words.map_or(MESSAGE, String::as_str));
        if words.is_some() {
            temporary::remove_all(|| std::process::exit(INTERRUPTED));
        }
    })
}

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
