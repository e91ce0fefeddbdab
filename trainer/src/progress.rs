//! The progress bar of a training: meta-steps, loss, accuracy, time left.

use std::io::{IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use metaplastic_learn::meta::{Diagnosis, Metrics, Observer};

const TEMPLATE: &str = "{bar:30} {pos}/{len} meta-steps  {msg}  {eta} left";

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
    use super::*;

    #[test]
    fn the_bar_stands_where_the_training_does() {
        let mut progress = Progress::new(true);
        progress.begin(10, 20);
        let metrics = Metrics {
            meta_step: 11,
            loss: 0.5,
            accuracy: 0.75,
            gradient_norm: 1.0,
            learning_rate: 1e-3,
            wall_seconds: 0.1,
        };
        progress.meta_step(&metrics);
        assert_eq!((progress.bar.position(), progress.bar.length()), (11, Some(20)));
        assert_eq!(progress.bar.message(), "loss 0.500  accuracy  75.0 %");
        progress.end();
        assert!(progress.bar.is_finished());
    }
}
