//! The progress of a training: meta-steps, loss, score, time left. On a terminal it is a bar, which fits 60 columns
//! and more; in a file or a log it is a line now and then.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use metaplastic_learn::meta::{Diagnosis, Metrics, Observer};
use metaplastic_task::measure::Measure;

const TEMPLATE: &str = "{wide_bar} {pos}/{len}  {msg}  {eta} left";
/// Between two lines in a log: a training of an hour has 120.
const INTERVAL: Duration = Duration::from_secs(30);

/// Where a bar is drawn: standard error if that is a terminal, and nowhere if `quiet`.
pub(crate) fn target(quiet: bool) -> ProgressDrawTarget {
    let shown = !quiet && io::stderr().is_terminal();
    if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

/// The progress of a training on standard error.
pub(crate) struct Progress {
    bar: ProgressBar,
    log: Option<Log>,
    /// What is measured first, in a world.
    measure: Option<Measure>,
}

/// Lines, an interval apart at least.
struct Log {
    out: Box<dyn Write>,
    interval: Duration,
    last: Instant,
}

impl Log {
    fn new(out: Box<dyn Write>, interval: Duration) -> Self {
        Self { out, interval, last: Instant::now() }
    }

    /// Writes the state of a bar, unless the last line is too new.
    fn write(&mut self, bar: &ProgressBar) {
        if self.last.elapsed() < self.interval {
            return;
        }
        self.last = Instant::now();
        let (done, all, left) = (bar.position(), bar.length().unwrap_or(0), HumanDuration(bar.eta()));
        // If nobody reads it, the training goes on all the same.
        let _ = writeln!(self.out, "meta-step {done}/{all}  {}  about {left} left", bar.message());
    }
}

impl Progress {
    /// On a terminal a bar, elsewhere a line now and then, and nothing if `quiet`; of a task that measures these.
    #[must_use]
    pub(crate) fn new(quiet: bool, measures: &[Measure]) -> Self {
        let is_log = !quiet && !io::stderr().is_terminal();
        let log = is_log.then(|| Log::new(Box::new(io::stderr()), INTERVAL));
        Self { log, measure: measures.first().copied(), ..Self::on(target(quiet)) }
    }

    fn on(target: ProgressDrawTarget) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE).expect("the template is a constant and well formed");
        Self { bar: ProgressBar::with_draw_target(None, target).with_style(style), log: None, measure: None }
    }

    fn score(&self, score: f64) -> String {
        match self.measure {
            Some(Measure { name, .. }) => format!("{name} {score:.4}"),
            None => format!("accuracy {:5.1} %", 100.0 * score),
        }
    }
}

impl Observer for Progress {
    fn begin(&mut self, done: u32, total: u32) {
        self.bar.set_length(total.into());
        self.bar.set_position(done.into());
        self.bar.reset_eta();
    }

    fn meta_step(&mut self, metrics: &Metrics) {
        let Metrics { loss, score, .. } = *metrics;
        self.bar.set_message(format!("loss {loss:.3}  {}", self.score(score)));
        self.bar.set_position(metrics.meta_step.into());
        self.log.iter_mut().for_each(|log| log.write(&self.bar));
    }

    /// A message that cannot be written is dropped: the training goes on.
    fn diagnosis(&mut self, meta_step: u32, diagnosis: &Diagnosis) {
        self.bar.suspend(|| {
            let mut error = io::stderr().lock();
            let _ = writeln!(error, "warning: meta-step {meta_step}: {}", diagnosis.with_remedy());
        });
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;

    /// A terminal of 60 columns: the longest line that is written to it.
    #[derive(Clone, Debug, Default)]
    struct Narrow(Arc<Mutex<usize>>);

    impl TermLike for Narrow {
        fn width(&self) -> u16 {
            60
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            let mut longest = self.0.lock().unwrap();
            *longest = (*longest).max(text.trim_end().chars().count());
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn metrics(meta_step: u32) -> Metrics {
        Metrics { meta_step, loss: 0.5, score: 0.75, gradient_norm: 1.0, learning_rate: 1e-3, wall_seconds: 0.1 }
    }

    #[test]
    fn the_longest_training_fits_60_columns() {
        let terminal = Narrow::default();
        let mut progress = Progress::on(ProgressDrawTarget::term_like(Box::new(terminal.clone())));
        progress.begin(999_990, 1_000_000);
        progress.meta_step(&Metrics { loss: 12.5, score: 1.0, ..metrics(999_999) });
        progress.bar.tick();
        let longest = *terminal.0.lock().unwrap();
        assert!((40..=60).contains(&longest), "{longest}");
    }

    /// A file that can be read.
    #[derive(Clone, Default)]
    struct LogFile(Arc<Mutex<Vec<u8>>>);

    impl Write for LogFile {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_log_has_a_line_now_and_then() {
        let lines = |interval: Duration| {
            let file = LogFile::default();
            let log = Some(Log::new(Box::new(file.clone()), interval));
            let mut progress = Progress { log, ..Progress::new(true, &[]) };
            progress.begin(10, 40);
            (11..31).for_each(|meta_step| progress.meta_step(&metrics(meta_step)));
            progress.end();
            let written = file.0.lock().unwrap().clone();
            String::from_utf8(written).unwrap()
        };
        assert_eq!(lines(Duration::from_secs(3600)), "");
        let all = lines(Duration::ZERO);
        assert_eq!(all.lines().count(), 20, "{all}");
        assert!(all.starts_with("meta-step 11/40  loss 0.500  accuracy  75.0 %  about "), "{all}");
        assert!(all.lines().all(|line| line.ends_with(" left")), "{all}");
    }

    #[test]
    fn in_a_world_what_is_measured_has_its_name() {
        let mut progress = Progress::new(true, &[Measure::lower("rmse", ""), Measure::lower("aligned_rmse", "")]);
        progress.meta_step(&Metrics { score: 0.0541, ..metrics(11) });
        assert_eq!(progress.bar.message(), "loss 0.500  rmse 0.0541");
    }

    #[test]
    fn the_bar_stands_where_the_training_does() {
        let mut progress = Progress::new(true, &[]);
        progress.begin(10, 20);
        progress.meta_step(&metrics(11));
        assert_eq!((progress.bar.position(), progress.bar.length()), (11, Some(20)));
        assert_eq!(progress.bar.message(), "loss 0.500  accuracy  75.0 %");
        progress.end();
        assert!(progress.bar.is_finished());
    }
}
