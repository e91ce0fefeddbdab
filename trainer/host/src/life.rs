//! Scores over the episodes of a life: the decisions of many lives, summed by the number of the episode within its life, or
//! what was measured of each, together by that number.
//!
//! It may not know where the decisions come from.
//!
//! ```
//! use metaplastic_host::life::{blocks, by_number, lowest};
//! use metaplastic_task::score::DecisionCount;
//!
//! // Two lives of three episodes with four decisions each.
//! let count = |correct| DecisionCount { correct, decisions: 4 };
//! let episodes = [4, 3, 2, 4, 3, 0].map(count);
//! let over_life = by_number(&episodes, 3);
//! assert_eq!(over_life[2], DecisionCount { correct: 2, decisions: 8 });
//!
//! let blocks = blocks(&over_life, 2);
//! assert_eq!(blocks.iter().map(|block| (block.first, block.last())).collect::<Vec<_>>(), [(1, 2), (3, 3)]);
//! assert_eq!(lowest(&blocks).unwrap().count.accuracy(), 0.25);
//! ```

use metaplastic_task::measure::Estimate;
use metaplastic_task::score::DecisionCount;

/// Consecutive episodes of a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LifeBlock {
    /// The number of the first, from 1.
    pub first: u64,
    /// Number of episodes.
    pub episodes: u64,
    /// Their decisions, in all lives.
    pub count: DecisionCount,
}

impl LifeBlock {
    fn new(first: u64, counts: &[DecisionCount]) -> Self {
        let count = counts.iter().copied().fold(DecisionCount::default(), DecisionCount::plus);
        Self { first, episodes: counts.len() as u64, count }
    }

    /// The number of the last episode.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.first + self.episodes - 1
    }
}

/// What was measured of consecutive episodes, in all lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasuredBlock {
    /// The number of the first, from 1.
    pub first: u64,
    /// Number of episodes.
    pub episodes: u64,
    /// The estimate of their mean.
    pub estimate: Estimate,
}

impl MeasuredBlock {
    /// The number of the last episode.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.first + self.episodes - 1
    }
}

/// Blocks of `each` episodes, of what was measured of each episode of lives of `life` episodes, one life after another.
#[must_use]
pub fn measured_blocks(by_episode: &[f64], life: u64, each: u64) -> Vec<MeasuredBlock> {
    let each = each.max(1);
    let block = |number: u64| {
        let episodes = each.min(life - number * each);
        let of_block = by_episode.iter().zip((0..life).cycle()).filter(|(_, at)| at / each == number);
        let values: Vec<_> = of_block.map(|(value, _)| *value).collect();
        MeasuredBlock { first: number * each + 1, episodes, estimate: Estimate::of(&values) }
    };
    (0..life.div_ceil(each)).map(block).collect()
}

/// Decisions by the number of the episode within its life, of lives of `life` episodes, one life after another.
#[must_use]
pub fn by_number(by_episode: &[DecisionCount], life: u64) -> Vec<DecisionCount> {
    let mut sums = vec![DecisionCount::default(); life as usize];
    for one in by_episode.chunks(sums.len().max(1)) {
        sums.iter_mut().zip(one).for_each(|(sum, count)| *sum = sum.plus(*count));
    }
    sums
}

/// Blocks of `each` episodes; the last may have fewer.
#[must_use]
pub fn blocks(by_number: &[DecisionCount], each: u64) -> Vec<LifeBlock> {
    let block = |(index, counts): (usize, &[DecisionCount])| LifeBlock::new(index as u64 * each + 1, counts);
    by_number.chunks(each as usize).enumerate().map(block).collect()
}

/// Blocks that grow with the number of their first episode: single episodes first, and then of about an eighth of it each,
/// for a logarithmic axis.
#[must_use]
pub fn growing_blocks(by_number: &[DecisionCount]) -> Vec<LifeBlock> {
    let mut blocks = Vec::new();
    let (mut rest, mut first) = (by_number, 1);
    while !rest.is_empty() {
        let (counts, others) = rest.split_at(rest.len().min((first / 8).max(1)));
        blocks.push(LifeBlock::new(first as u64, counts));
        (rest, first) = (others, first + counts.len());
    }
    blocks
}

/// The length of blocks of which a life has at most `most`: 1, 2, 5, 10, 20, 50 and so on.
#[must_use]
pub fn block_length(life: u64, most: u64) -> u64 {
    let powers = (0..18).map(|power| 10_u64.pow(power));
    let mut lengths = powers.flat_map(|power| [power, 2 * power, 5 * power]);
    lengths.find(|length| life.div_ceil(*length) <= most).unwrap_or(life)
}

/// The block with the lowest accuracy, the first of several.
#[must_use]
pub fn lowest(blocks: &[LifeBlock]) -> Option<LifeBlock> {
    let lower = |one: &&LifeBlock, other: &&LifeBlock| one.count.accuracy().total_cmp(&other.count.accuracy());
    blocks.iter().min_by(lower).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(correct: u64) -> DecisionCount {
        DecisionCount { correct, decisions: 4 }
    }

    #[test]
    fn lives_are_summed_by_the_number_of_the_episode() {
        let lives = [4, 3, 2, 4, 1, 0].map(count);
        let sums = by_number(&lives, 3);
        assert_eq!(sums, [8, 4, 2].map(|correct| DecisionCount { correct, decisions: 8 }));
        let blocks = blocks(&sums, 2);
        assert_eq!(blocks.iter().map(|block| (block.first, block.last())).collect::<Vec<_>>(), [(1, 2), (3, 3)]);
        assert_eq!(blocks[0].count, DecisionCount { correct: 12, decisions: 16 });
        assert_eq!(lowest(&blocks), Some(blocks[1]));
        assert_eq!((by_number(&[], 0), lowest(&[])), (vec![], None));
    }

    #[test]
    fn what_is_measured_is_taken_together_by_the_number_of_the_episode() {
        let lives = [1.0, 2.0, 6.0, 3.0, 4.0, 8.0];
        let blocks = measured_blocks(&lives, 3, 2);
        let figures = |block: &MeasuredBlock| (block.first, block.last(), block.estimate.mean);
        assert_eq!(blocks.iter().map(figures).collect::<Vec<_>>(), [(1, 2, 2.5), (3, 3, 7.0)]);
        assert!(measured_blocks(&[], 0, 2).is_empty());
    }

    #[test]
    fn growing_blocks_are_single_episodes_first_and_leave_none_out() {
        let counts = vec![count(3); 100];
        let blocks = growing_blocks(&counts);
        assert!(blocks[..15].iter().all(|block| block.episodes == 1) && blocks[15].episodes == 2);
        assert!(blocks.windows(2).all(|pair| pair[0].last() + 1 == pair[1].first));
        assert_eq!(blocks.last().unwrap().last(), 100);
        assert!(blocks.iter().all(|block| block.count.decisions == 4 * block.episodes));
    }

    #[test]
    fn a_life_has_few_blocks_of_round_lengths() {
        let lengths = [1, 20, 21, 50, 200, 201, 1000, 10_000].map(|life| block_length(life, 20));
        assert_eq!(lengths, [1, 1, 2, 5, 10, 20, 50, 500]);
    }
}
