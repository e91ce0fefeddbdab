//! `[meta.carry_over]` of an experiment: a training for a whole life, not for one episode.
//!
//! ```text
//! p(k) = 1                                       during the first fresh_until of the meta-steps
//! p(k) = fresh_at_end^((k - first + 1) / n)      after that: n meta-steps from `first` on, fresh_at_end in the last
//! ```
//!
//! `p(k)` is the probability that a lane of meta-step k starts anew. It falls by the same factor in every meta-step, so that
//! episodes in a row become more by the same factor too.

use metaplastic_files::limit::{OutOfRange, within};
use serde::{Deserialize, Serialize};

use crate::lifetime::carried_part::CarriedPart;

/// What a lane carries from one meta-step to the next, and how often it starts anew.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CarryOver {
    /// Fraction of the meta-steps during which every episode starts anew, 0 to 1.
    pub fresh_until: f64,
    /// Probability of starting anew in the last meta-step, 0.0001 to 1.
    pub fresh_at_end: f64,
    /// What carries over.
    pub state: CarriedPart,
}

impl Default for CarryOver {
    fn default() -> Self {
        Self { fresh_until: 0.2, fresh_at_end: 0.02, state: CarriedPart::PlasticWeights }
    }
}

impl CarryOver {
    /// Checks every value.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        within("meta.carry_over.fresh_until", self.fresh_until, 0.0..=1.0)?;
        within("meta.carry_over.fresh_at_end", self.fresh_at_end, 1e-4..=1.0)
    }

    /// The probability that a lane of meta-step `step`, `0..total`, starts anew.
    #[must_use]
    pub fn fresh_probability(&self, step: u32, total: u32) -> f64 {
        let first = (self.fresh_until * f64::from(total)).ceil();
        let step = f64::from(step.min(total.saturating_sub(1)));
        if step < first {
            return 1.0;
        }
        self.fresh_at_end.powf((step - first + 1.0) / (f64::from(total) - first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_probabilities_by_hand() {
        let carry_over = CarryOver { fresh_until: 0.55, fresh_at_end: 1.0 / 256.0, ..CarryOver::default() };
        let probabilities = (0..10).map(|step| carry_over.fresh_probability(step, 10));
        let expected = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.25, 0.0625, 1.0 / 64.0, 1.0 / 256.0];
        for (step, (probability, expected)) in probabilities.zip(expected).enumerate() {
            assert!((probability - expected).abs() < 1e-12, "step {step}: {probability} instead of {expected}");
        }
    }

    #[test]
    fn every_probability_is_one_in_the_shortest_trainings_and_at_the_limits_too() {
        for (fresh_until, fresh_at_end) in [(0.0, 1e-4), (0.0, 1.0), (0.2, 0.02), (1.0, 1e-4), (0.999, 0.5)] {
            let carry_over = CarryOver { fresh_until, fresh_at_end, ..CarryOver::default() };
            for total in 1..12 {
                let all = (0..=total).map(|step| carry_over.fresh_probability(step, total)).collect::<Vec<_>>();
                assert!(all.is_sorted_by(|a, b| a >= b), "it never rises: {all:?}");
                assert!(all.iter().all(|it| (fresh_at_end - 1e-12..=1.0).contains(it)), "{all:?}");
            }
        }
        let always = CarryOver { fresh_until: 1.0, ..CarryOver::default() };
        assert!((0..=7).all(|step| always.fresh_probability(step, 7) == 1.0));
    }

    #[test]
    fn each_value_has_its_limits() {
        let fault = |text: &str| toml::from_str::<CarryOver>(text).unwrap().check().map_err(|why| why.to_string());
        assert_eq!(fault("fresh_until = 1.5"), Err("meta.carry_over.fresh_until = 1.5 is not in 0..=1".into()));
        assert_eq!(
            fault("fresh_at_end = 0.0"),
            Err("meta.carry_over.fresh_at_end = 0 is not in 0.0001..=1".into())
        );
        assert_eq!((fault(""), fault("state = 'all'")), (Ok(()), Ok(())));
        for text in ["state = 'weights'", "fresh = 0.1"] {
            assert!(toml::from_str::<CarryOver>(text).is_err(), "{text}");
        }
    }
}
