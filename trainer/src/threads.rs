//! The threads of the program: as many as the machine has processors, or fewer if `RAYON_NUM_THREADS` or the system
//! wants it so. No result depends on their number.

use std::io::{self, Write};
use std::num::NonZeroUsize;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

const VARIABLE: &str = "RAYON_NUM_THREADS";
/// As much as a program's first thread has.
const STACK_BYTES: usize = 8 << 20;

/// Runs work that may be parallel. Where the system allows no more threads, everything runs on the one there is, and a
/// note says so.
///
/// # Errors
/// Those of the work; and if this thread already belongs to others.
pub(crate) fn run<T: Send>(work: impl FnOnce() -> anyhow::Result<T> + Send) -> anyhow::Result<T> {
    pool()?.install(work)
}

fn pool() -> Result<ThreadPool, ThreadPoolBuildError> {
    let available = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let wanted = std::env::var(VARIABLE).ok().and_then(|text| text.trim().parse().ok());
    let threads = bounded(wanted, available);
    pool_of(threads).or_else(|refusal| {
        let _ = writeln!(io::stderr(), "note: {threads} threads cannot be started ({refusal}); going on with one");
        ThreadPoolBuilder::new().num_threads(1).use_current_thread().build()
    })
}

/// A pool of so many threads.
///
/// # Errors
/// If the system allows no more.
pub(crate) fn pool_of(threads: usize) -> Result<ThreadPool, ThreadPoolBuildError> {
    ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK_BYTES).build()
}

/// What is wanted, within what the machine has; all of it if nothing is wanted.
fn bounded(wanted: Option<usize>, available: usize) -> usize {
    wanted.filter(|wanted| *wanted > 0).map_or(available, |wanted| wanted.min(available))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_bounds_the_threads() {
        assert_eq!(
            [None, Some(0), Some(1), Some(4), Some(100_000)].map(|wanted| bounded(wanted, 4)),
            [4, 4, 1, 4, 4]
        );
    }
}
