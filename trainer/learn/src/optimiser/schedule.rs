//! The one-cycle learning rate (Smith & Topin 2018), with PyTorch's `OneCycleLR` as its reference:
//!
//! ```text
//! from peak / initial_divisor up to peak over warm_up * total - 1 meta-steps,
//! then down to peak / initial_divisor / final_divisor; both halves are a half cosine
//! ```

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// A learning rate that rises once and falls once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OneCycle {
    /// The largest rate (`max_lr`).
    pub peak_rate: f64,
    /// Fraction of all meta-steps until the peak, 0 to 1 (`pct_start`).
    pub warm_up: f64,
    /// The peak over the first rate, at least 1 (`div_factor`).
    pub initial_divisor: f64,
    /// The first rate over the last, at least 1 (`final_div_factor`).
    pub final_divisor: f64,
}

impl Default for OneCycle {
    fn default() -> Self {
        Self { peak_rate: 3e-3, warm_up: 0.3, initial_divisor: 25.0, final_divisor: 1e4 }
    }
}

impl OneCycle {
    /// The learning rate of meta-step `step`, `0..total`.
    #[must_use]
    pub fn rate(&self, step: u32, total: u32) -> f64 {
        let step = f64::from(step);
        let last = f64::from(total) - 1.0;
        let peak_at = (self.warm_up * f64::from(total) - 1.0).max(0.0);
        let first_rate = self.peak_rate / self.initial_divisor;
        if step < peak_at {
            return half_cosine(first_rate, self.peak_rate, step / peak_at);
        }
        let falling = (last - peak_at).max(f64::MIN_POSITIVE);
        half_cosine(self.peak_rate, first_rate / self.final_divisor, (step - peak_at) / falling)
    }
}

/// From `start` at 0 to `end` at 1.
fn half_cosine(start: f64, end: f64, fraction: f64) -> f64 {
    end + (start - end) / 2.0 * (1.0 + (PI * fraction).cos())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_steps_are_those_of_the_reference_by_hand() {
        let schedule = OneCycle { peak_rate: 1.0, ..OneCycle::default() };
        // Up over steps 0, 1, 2; down over steps 2 to 9, so step 9 ends at 1 / 25 / 10000.
        let last = 1.0 / 25.0 / 1e4;
        let sixth = last + (1.0 - last) / 2.0 * (1.0 + (PI * 4.0 / 7.0).cos());
        for (step, expected) in [(0, 0.04), (1, 0.52), (2, 1.0), (6, sixth), (9, last)] {
            let rate = schedule.rate(step, 10);
            assert!((rate - expected).abs() < 1e-12, "step {step}: {rate} instead of {expected}");
        }
    }

    #[test]
    fn the_shortest_trainings_and_extreme_warm_ups_have_a_rate_within_the_limits() {
        for warm_up in [0.0, 0.1, 0.3, 0.5, 1.0] {
            for total in 1..12 {
                let schedule = OneCycle { warm_up, ..OneCycle::default() };
                let rates = (0..total).map(|step| schedule.rate(step, total));
                assert!(rates.into_iter().all(|rate| rate > 0.0 && rate <= 3e-3), "{warm_up}, {total}");
            }
        }
    }
}
