//! Threads for trainings side by side. No result depends on how many there are.

use std::sync::Mutex;

use anyhow::Result;

use crate::threads;

/// How many trainings run at once, and the threads of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Workers {
    count: usize,
    threads: usize,
}

impl Workers {
    /// For some trainings, on some threads, where one training takes so many bytes of those that may be taken.
    ///
    /// A training alone leaves threads idle at the ends of its meta-steps; trainings side by side do not.
    pub(crate) fn new(trainings: usize, threads: usize, each: u64, limit: u64) -> Self {
        let fitting = usize::try_from(limit / each.max(1)).unwrap_or(usize::MAX);
        let count = trainings.min(threads).min(fitting).max(1);
        Self { count, threads: (threads / count).max(1) }
    }

    /// Does work for each item; the results in the order of the items. After a failure no work begins.
    ///
    /// # Errors
    /// The first failure in that order; and if threads cannot be started.
    pub(crate) fn run<I: Sync, R: Send>(
        self,
        items: &[I],
        work: impl Fn(&I) -> Result<R> + Sync,
    ) -> Result<Vec<R>> {
        let next = Mutex::new(items.iter().enumerate());
        let results = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            let worker = || -> Result<()> {
                let pool = threads::pool_of(self.threads)?;
                while let Some((index, item)) = take(&next) {
                    let result = pool.install(|| work(item));
                    let has_failed = result.is_err();
                    lock(&results).push((index, result));
                    if has_failed {
                        // Nothing is left for the others.
                        while take(&next).is_some() {}
                    }
                }
                Ok(())
            };
            let workers: Vec<_> = (0..self.count).map(|_| scope.spawn(worker)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic"))
        })?;
        let mut results = results.into_inner().expect("no worker panicked");
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }
}

fn take<T>(next: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    lock(next).next()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().expect("no worker panicked")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_and_memory_bound_the_workers() {
        let workers = |trainings, each| {
            let Workers { count, threads } = Workers::new(trainings, 8, each, 1000);
            (count, threads)
        };
        assert_eq!(
            [workers(3, 1), workers(100, 1), workers(100, 400), workers(5, 5000)],
            [(3, 2), (8, 1), (2, 4), (1, 8)]
        );
    }

    #[test]
    fn results_have_the_order_of_the_items() {
        let workers = Workers { count: 3, threads: 1 };
        let squares = workers.run(&[1, 2, 3, 4, 5], |item| Ok(item * item)).unwrap();
        assert_eq!(squares, [1, 4, 9, 16, 25]);
    }

    #[test]
    fn a_failure_is_the_result() {
        let workers = Workers { count: 1, threads: 1 };
        let begun = Mutex::new(0);
        let fault = workers.run(&[1, 2, 3], |item| {
            *lock(&begun) += 1;
            anyhow::ensure!(*item < 2, "item {item}");
            Ok(())
        });
        assert_eq!((fault.unwrap_err().to_string(), *lock(&begun)), ("item 2".into(), 2));
    }
}
