//! The progress bar of a training: meta-steps, loss, accuracy, time left. It fits terminals of 60 columns and more.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use metaplastic_learn::meta::{Diagnosis, Metrics, Observer};

const TEMPLATE: &str = "{wide_bar} {pos}/{len}  {msg}  {eta} left";

/// A progress bar on standard error.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar that shows itself only on a terminal, and never if `quiet`.
    #[must_use]
    pub(crate) fn new(quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self::on(target)
    }

    fn on(target: ProgressDrawTarget) -> Self {
        let style = ProgressStyle::with_template(TEMPLATE).expect("the template is a constant and well formed");
        Self { bar: ProgressBar::with_draw_target(None, target).with_style(style) }
    }
}

impl Observer for Progress {
    fn begin(&mut self, done: u32, total: u32) {
        self.bar.set_length(total.into());
        self.bar.set_position(done.into());
        self.bar.reset_eta();
    }

    fn meta_step(&mut self, metrics: &Metrics) {
        let Metrics { loss, accuracy, .. } = metrics;
        self.bar.set_message(format!("loss {loss:.3}  accuracy {:5.1} %", 100.0 * accuracy));
        self.bar.set_position(metrics.meta_step.into());
    }

    /// A message that cannot be written is dropped: the training goes on.
    fn diagnosis(&mut self, meta_step: u32, diagnosis: &Diagnosis) {
        self.bar.suspend(|| {
            let mut error = std::io::stderr().lock();
            let _ = writeln!(error, "warning: meta-step {meta_step}: {diagnosis}; {}", diagnosis.remedy());
        });
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;
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
        Metrics { meta_step, loss: 0.5, accuracy: 0.75, gradient_norm: 1.0, learning_rate: 1e-3, wall_seconds: 0.1 }
    }

    #[test]
    fn the_longest_training_fits_60_columns() {
        let terminal = Narrow::default();
        let mut progress = Progress::on(ProgressDrawTarget::term_like(Box::new(terminal.clone())));
        progress.begin(999_990, 1_000_000);
        progress.meta_step(&Metrics { loss: 12.5, accuracy: 1.0, ..metrics(999_999) });
        progress.bar.tick();
        let longest = *terminal.0.lock().unwrap();
        assert!((40..=60).contains(&longest), "{longest}");
    }

    #[test]
    fn the_bar_stands_where_the_training_does() {
        let mut progress = Progress::new(true);
        progress.begin(10, 20);
        progress.meta_step(&metrics(11));
        assert_eq!((progress.bar.position(), progress.bar.length()), (11, Some(20)));
        assert_eq!(progress.bar.message(), "loss 0.500  accuracy  75.0 %");
        progress.end();
        assert!(progress.bar.is_finished());
    }
}
