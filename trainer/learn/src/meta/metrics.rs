//! What is kept of every meta-step, in memory, in the checkpoint and in `metrics.csv`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One meta-step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Which one, from 1.
    pub meta_step: u32,
    /// Mean cross entropy over the batch's decisions, nats.
    pub loss: f64,
    /// Fraction of the batch's decisions that were right, 0 to 1.
    pub accuracy: f64,
    /// Norm of the gradient before clipping, without held families; NaN if the step was skipped.
    pub gradient_norm: f64,
    /// The scheduled learning rate.
    pub learning_rate: f64,
    /// Time it took, episodes included, seconds.
    pub wall_seconds: f64,
}

impl Metrics {
    /// The first line of `metrics.csv`; [`Display`](fmt::Display) writes the others.
    pub const HEADER: &str = "meta_step,loss,accuracy,gradient_norm,learning_rate,wall_seconds";

    /// Whether the step was skipped because loss or gradient was not finite.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.gradient_norm.is_nan()
    }
}

impl fmt::Display for Metrics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { meta_step, loss, accuracy, gradient_norm, learning_rate, wall_seconds } = self;
        write!(formatter, "{meta_step},{loss},{accuracy},{gradient_norm},{learning_rate},{wall_seconds}")
    }
}

/// A whole `metrics.csv`.
#[must_use]
pub fn to_csv(metrics: &[Metrics]) -> String {
    let lines = metrics.iter().map(|metrics| format!("{metrics}\n"));
    [format!("{}\n", Metrics::HEADER)].into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_value_for_every_column() {
        let metrics = Metrics {
            meta_step: 3,
            loss: 0.25,
            accuracy: 0.5,
            gradient_norm: f64::NAN,
            learning_rate: 0.003,
            wall_seconds: 1.5,
        };
        assert_eq!(to_csv(&[metrics]), format!("{}\n3,0.25,0.5,NaN,0.003,1.5\n", Metrics::HEADER));
        assert!(metrics.is_skipped());
    }
}
