//! Statistics of what steps cost: the median and the worst, of single steps and of segments of several.
//!
//! ```
//! use metaplastic_host::costs::Spread;
//!
//! // As it stands in `runtime/firmware/measurements.toml`.
//! let Spread { steps, median, worst } = toml::from_str("steps = 180\nmedian = 11920\nworst = 18400").unwrap();
//! assert_eq!((steps, median, worst), (180, 11_920, 18_400));
//! ```

use serde::{Deserialize, Serialize};

/// What some steps cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// How many steps.
    pub steps: u64,
    /// Cost of the median step.
    pub median: u32,
    /// Cost of the worst step.
    pub worst: u32,
}

impl Spread {
    /// Of the costs of single steps; all zero without any.
    pub(crate) fn of(mut costs: Vec<u32>) -> Self {
        costs.sort_unstable();
        let at = |index: usize| costs.get(index).copied().unwrap_or_default();
        Self { steps: costs.len() as u64, median: at(costs.len() / 2), worst: at(costs.len().saturating_sub(1)) }
    }
}

/// What segments of several steps cost, each whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segments {
    /// How many.
    pub count: u64,
    /// Steps of the longest.
    pub steps: u64,
    /// Cost of the median one.
    pub median: u64,
    /// Cost of the worst.
    pub worst: u64,
}

impl Segments {
    /// Of segments, each given as the costs of its steps; all zero without any.
    pub(crate) fn of(segments: &[Vec<u32>]) -> Self {
        let mut sums: Vec<u64> = segments.iter().map(|costs| costs.iter().copied().map(u64::from).sum()).collect();
        sums.sort_unstable();
        let steps = segments.iter().map(Vec::len).max().unwrap_or_default() as u64;
        let at = |index: usize| sums.get(index).copied().unwrap_or_default();
        let (median, worst) = (at(sums.len() / 2), at(sums.len().saturating_sub(1)));
        Self { count: sums.len() as u64, steps, median, worst }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_names_the_middle_and_the_worst() {
        assert_eq!(Spread::of(vec![5, 1, 9]), Spread { steps: 3, median: 5, worst: 9 });
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }

    #[test]
    fn a_segment_costs_what_its_steps_do() {
        let three = [vec![u32::MAX, 1], vec![5], vec![2, 2, 2]];
        let worst = u64::from(u32::MAX) + 1;
        assert_eq!(Segments::of(&three), Segments { count: 3, steps: 3, median: 6, worst });
        assert_eq!(Segments::of(&[]), Segments::default());
    }
}
