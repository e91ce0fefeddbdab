//! Which steps of a recording are kept. It knows nothing of what is kept of them.

use std::str::FromStr;

/// Some steps, counted over all episodes of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedSteps {
    /// The first.
    pub first: u64,
    /// One past the last; none for all.
    pub end: Option<u64>,
    /// Of so many consecutive steps, the first is kept; at least 1.
    pub every: u64,
}

impl Default for RecordedSteps {
    fn default() -> Self {
        Self { first: 0, end: None, every: 1 }
    }
}

impl RecordedSteps {
    /// Whether a step is kept.
    #[must_use]
    pub fn contains(self, step: u64) -> bool {
        let is_within = step >= self.first && self.end.is_none_or(|end| step < end);
        is_within && (step - self.first).is_multiple_of(self.every.max(1))
    }

    /// How many of the first `all` steps are kept.
    #[must_use]
    pub fn count(self, all: u64) -> u64 {
        let end = self.end.map_or(all, |end| end.min(all));
        end.saturating_sub(self.first).div_ceil(self.every.max(1))
    }
}

/// `A..B`, `A..` or `..B`, all of them kept.
impl FromStr for RecordedSteps {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("not steps as A..B, A.. or ..B, with integers in 0..={}", u64::MAX);
        let (first, end) = text.split_once("..").ok_or_else(bad)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| bad());
        let first = if first.is_empty() { 0 } else { number(first)? };
        let end = if end.is_empty() { None } else { Some(number(end)?) };
        if end.is_some_and(|end| end <= first) {
            return Err("has no step: B must be above A, and is not among the steps".into());
        }
        Ok(Self { first, end, every: 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_steps_are_kept_as_are_counted() {
        for text in ["..", "3..", "..7", "3..7", "6..7", "40.."] {
            for every in [1, 2, 5, 100] {
                let steps = RecordedSteps { every, ..text.parse().unwrap() };
                for all in [0, 1, 4, 7, 30] {
                    let kept = (0..all).filter(|step| steps.contains(*step)).count() as u64;
                    assert_eq!(steps.count(all), kept, "{text} every {every} of {all}");
                }
            }
        }
        assert!((RecordedSteps { every: 3, ..RecordedSteps::default() }).contains(3));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for (text, part) in
            [("7", "A..B"), ("a..b", "A..B"), ("-1..3", "A..B"), ("3..3", "no step"), ("4..3", "no step")]
        {
            assert!(text.parse::<RecordedSteps>().unwrap_err().contains(part), "{text}");
        }
    }
}
