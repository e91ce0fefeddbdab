//! The figures of every meta-step, in memory, in the checkpoint and in `metrics.csv`.

use std::io;

use serde::{Deserialize, Serialize};

/// One meta-step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Which one, from 1.
    pub meta_step: u32,
    /// Mean cross entropy over the batch's decisions, nats; or what a world costs, or the loss of its rewards.
    pub loss: f64,
    /// The fraction of the batch's decisions that were right, 0 to 1; in a world the mean of the first thing that the task
    /// measures.
    pub score: f64,
    /// Norm of the gradient before clipping, without frozen families; NaN if the step was skipped.
    pub gradient_norm: f64,
    /// The scheduled learning rate.
    pub learning_rate: f64,
    /// Time it took, episodes included, seconds.
    pub wall_seconds: f64,
}

impl Metrics {
    /// The columns of `metrics.csv`. The first is the fingerprint of the training, by which the file is told from that
    /// of another training.
    pub const COLUMNS: [&str; 7] =
        ["training", "meta_step", "loss", "score", "gradient_norm", "learning_rate", "wall_seconds"];

    /// Whether the step was skipped because loss or gradient was not finite.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.gradient_norm.is_nan()
    }
}

/// Writes lines of `metrics.csv`.
#[derive(Debug)]
pub struct MetricsWriter<W: io::Write> {
    training: String,
    csv: csv::Writer<W>,
}

impl<W: io::Write> MetricsWriter<W> {
    /// Continues the file of the training with a fingerprint, which already has its header.
    pub fn new(training: &str, file: W) -> Self {
        Self { training: training.into(), csv: csv::WriterBuilder::new().has_headers(false).from_writer(file) }
    }

    /// Writes the line of a meta-step and flushes it to the file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&mut self, metrics: &Metrics) -> io::Result<()> {
        let Metrics { meta_step, loss, score, gradient_norm, learning_rate, wall_seconds } = metrics;
        let values = [loss, score, gradient_norm, learning_rate, wall_seconds].map(f64::to_string);
        self.csv.write_field(&self.training)?;
        self.csv.write_field(meta_step.to_string())?;
        self.csv.write_record(values)?;
        self.csv.flush()
    }
}
/// A whole `metrics.csv` of the training with a fingerprint.
///
/// # Errors
/// If the text cannot be written to memory.
pub fn to_csv(training: &str, metrics: &[Metrics]) -> io::Result<Vec<u8>> {
    let mut header = csv::Writer::from_writer(Vec::new());
    header.write_record(Metrics::COLUMNS)?;
    let mut writer = MetricsWriter { training: training.into(), csv: header };
    metrics.iter().try_for_each(|metrics| writer.write(metrics))?;
    writer.csv.into_inner().map_err(|error| error.into_error())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_value_for_every_column() {
        let metrics = Metrics {
            meta_step: 3,
            loss: 0.25,
            score: 0.5,
            gradient_norm: f64::NAN,
            learning_rate: 0.003,
            wall_seconds: 1.5,
        };
        let expected = format!("{}\n0123abcd,3,0.25,0.5,NaN,0.003,1.5\n", Metrics::COLUMNS.join(","));
        assert_eq!(String::from_utf8(to_csv("0123abcd", &[metrics]).unwrap()).unwrap(), expected);
        assert!(metrics.is_skipped());
    }
}
