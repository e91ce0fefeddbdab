//! `--seeds FIRST..LAST`, both included.

use std::str::FromStr;

/// Seeds of several trainings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seeds {
    first: u64,
    last: u64,
}

/// Seeds of one sweep, at most.
const MOST: u64 = 1000;

impl Seeds {
    /// Each of them.
    pub(super) fn iter(self) -> impl Iterator<Item = u64> {
        self.first..=self.last
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ends = text.split_once("..").map(|(first, last)| (first, last.trim_start_matches('=')));
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let ends = ends.and_then(|(first, last)| Some((number(first)?, number(last)?)));
        match ends {
            Some((first, last)) if first <= last && last - first < MOST => Ok(Self { first, last }),
            _ => Err(format!("not the first and the last of at most {MOST} seeds, for example 1..5")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_included() {
        let seeds = |text: &str| text.parse::<Seeds>().map(|seeds| seeds.iter().collect::<Vec<_>>());
        assert_eq!(seeds("1..3").unwrap(), [1, 2, 3]);
        assert_eq!(seeds("7..=7").unwrap(), [7]);
        for wrong in ["3..1", "1", "1..", "a..b", "0..1000", "-1..2"] {
            assert!(seeds(wrong).is_err(), "{wrong}");
        }
    }
}
