//! What is measured of an episode in a world: its name, its unit and which way is better; and the mean of many with its
//! confidence interval. A decision that is right or wrong is counted instead, see [`score`](crate::score).
//!
//! ```
//! use metaplastic_task::measure::{Estimate, Measure};
//!
//! const ERROR: Measure = Measure::lower("rmse", "rad");
//! assert_eq!(ERROR.with_unit(), "rmse rad");
//!
//! let many = Estimate::of(&[0.1, 0.2, 0.3, 0.8]);
//! assert!((many.mean - 0.35).abs() < 1e-9 && (many.median - 0.25).abs() < 1e-9);
//! assert!(many.low < many.mean && many.mean < many.high);
//! // Four trainings say less than four of many lives.
//! assert!(Estimate::of_few(&[0.1, 0.2, 0.3, 0.8]).high > many.high);
//! ```

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

/// Something that is measured of every episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Its name in JSON.
    pub name: &'static str,
    /// Its unit; empty where it has none.
    pub unit: &'static str,
    /// Whether a larger value is better.
    pub larger_is_better: bool,
}

impl Measure {
    /// One of which a smaller value is better, as of an error.
    #[must_use]
    pub const fn lower(name: &'static str, unit: &'static str) -> Self {
        Self { name, unit, larger_is_better: false }
    }

    /// One of which a larger value is better, as of a reward.
    #[must_use]
    pub const fn higher(name: &'static str, unit: &'static str) -> Self {
        Self { name, unit, larger_is_better: true }
    }

    /// Its name with its unit.
    #[must_use]
    pub fn with_unit(&self) -> String {
        format!("{} {}", self.name, self.unit).trim_end().to_owned()
    }
}

/// The mean of some values, its 95 % confidence interval, and their median.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The lower end of the interval of the mean.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The median.
    pub median: f64,
}

/// The half width of the interval, in standard errors.
const Z: f64 = 1.959_963_984_540_054;

impl Estimate {
    /// Of independent values: the mean plus or minus 1.96 standard errors. Of one value the interval is the value, of none
    /// all is zero.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let count = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        let half = Z * (squares / (count - 1.0).max(1.0) / count).sqrt();
        Self { mean, low: mean - half, high: mean + half, median: median(values) }
    }
}

impl Estimate {
    /// Of a few independent values, such as those of trainings: as [`of`](Self::of), with Student's t in place of 1.96.
    #[must_use]
    pub fn of_few(values: &[f64]) -> Self {
        let normal = Self::of(values);
        let freedom = values.len().saturating_sub(1) as f64;
        let Ok(student) = StudentsT::new(0.0, 1.0, freedom) else { return normal };
        let half = (normal.high - normal.mean) / Z * student.inverse_cdf(0.975);
        Self { low: normal.mean - half, high: normal.mean + half, ..normal }
    }
}

/// The middle value, or the mean of the two middle ones; 0 of no value.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.len() / 2, sorted.len() % 2) {
        (0, 0) => 0.0,
        (half, 0) => f64::midpoint(sorted[half - 1], sorted[half]),
        (half, _) => sorted[half],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_has_mean_interval_and_median() {
        let estimate = Estimate::of(&[1.0, 2.0, 3.0, 10.0]);
        // Variance 50 / 3; standard error sqrt(50 / 12).
        let half = Z * (50.0_f64 / 12.0).sqrt();
        assert_eq!((estimate.mean, estimate.median), (4.0, 2.5));
        assert!((estimate.high - 4.0 - half).abs() < 1e-12 && (4.0 - estimate.low - half).abs() < 1e-12);
        assert_eq!(Estimate::of(&[3.0]), Estimate { mean: 3.0, low: 3.0, high: 3.0, median: 3.0 });
        assert_eq!(Estimate::of(&[]), Estimate::default());
    }

    /// Student's table: 12.706 for one degree of freedom, 2.776 for four.
    #[test]
    fn few_values_have_a_wider_interval() {
        let in_errors =
            |values: &[f64], error: f64| (Estimate::of_few(values).high - Estimate::of(values).mean) / error;
        assert!((in_errors(&[0.0, 2.0], 1.0) - 12.706).abs() < 1e-3);
        assert!((in_errors(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5_f64.sqrt()) - 2.776).abs() < 1e-3);
        assert_eq!(Estimate::of_few(&[3.0]), Estimate::of(&[3.0]));
    }
}
