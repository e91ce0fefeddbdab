//! Random streams: one PCG stream for every episode, for every life and for every tensor that is initialised.
//!
//! The number of a stream consists of seed, purpose, index and whether it is a life's, without loss. Training, validation
//! and test can therefore never share a stream, nor can a life and an episode, and item `k` is the same however many items
//! are drawn and however threads split the work. This file may not know what the random numbers are for.
//!
//! ```
//! use metaplastic_task::seed::{EpisodeDraw, Purpose, rng};
//! use rand::Rng;
//!
//! let first = |purpose, index| rng(1, purpose, index).random::<u64>();
//! assert_eq!(first(Purpose::Test, 5), first(Purpose::Test, 5));
//! assert_ne!(first(Purpose::Test, 5), first(Purpose::Training, 5));
//!
//! // Episodes 20 and 21 of one life share what is drawn from the life's stream, and nothing else.
//! let [mut one, mut next] = [20, 21].map(|episode| EpisodeDraw::new(1, Purpose::Test, 20, episode));
//! assert_eq!(one.life.random::<u64>(), next.life.random::<u64>());
//! assert_ne!(one.episode.random::<u64>(), next.episode.random::<u64>());
//! ```

use rand_pcg::Pcg64;

/// The generator of a task's episodes.
pub type TaskRng = Pcg64;

/// Bits of an item's index; indices of the same seed and purpose repeat after `2^60`.
const INDEX_BITS: u32 = 60;
/// The bit above them, which the streams of lives have, and those of [`fresh_starts`].
const LIFE: u64 = 1 << INDEX_BITS;

/// What random numbers are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Start values of meta-parameters; the index counts tensors.
    Initialisation,
    /// Episodes of gradient descent; the index counts over all meta-steps.
    Training,
    /// Episodes by which choices are made, such as number formats.
    Validation,
    /// Episodes for measurement alone.
    Test,
}

/// The generators that an episode is drawn from.
#[derive(Clone, Debug)]
pub struct EpisodeDraw {
    /// The life's. It begins anew in every episode of the life: what is drawn from it in all of them in the same order is
    /// the same in all of them.
    pub life: TaskRng,
    /// The episode's own.
    pub episode: TaskRng,
}

impl EpisodeDraw {
    /// Of an episode in a life, which is named by the index of its first episode.
    #[must_use]
    pub fn new(seed: u64, purpose: Purpose, life: u64, episode: u64) -> Self {
        Self { life: generator(seed, purpose, item(life) | LIFE), episode: rng(seed, purpose, episode) }
    }
}

/// The generator of item `index` of a purpose.
#[must_use]
pub fn rng(seed: u64, purpose: Purpose, index: u64) -> Pcg64 {
    generator(seed, purpose, item(index))
}

/// The generator that says whether the lane of training episode `index` starts anew with it. Tensors that are
/// initialised, and so the indices of this purpose, are few.
#[must_use]
pub fn fresh_starts(seed: u64, index: u64) -> Pcg64 {
    generator(seed, Purpose::Initialisation, item(index) | LIFE)
}

fn item(index: u64) -> u64 {
    index & (LIFE - 1)
}

fn generator(seed: u64, purpose: Purpose, number: u64) -> Pcg64 {
    Pcg64::new(initial_state(seed, purpose, number), stream(seed, purpose, number))
}

/// Seed (64 bits), purpose (2), whether it is a life's (1) and index (60) side by side: the 127 bits of a PCG stream's
/// number.
fn stream(seed: u64, purpose: Purpose, number: u64) -> u128 {
    let purpose = (purpose as u128) << (INDEX_BITS + 1);
    u128::from(seed) << (INDEX_BITS + 3) | purpose | u128::from(number)
}

/// A hashed initial state: PCG streams that begin with the same state are correlated.
fn initial_state(seed: u64, purpose: Purpose, number: u64) -> u128 {
    let low = mix(mix(mix(seed) ^ purpose as u64) ^ number);
    u128::from(mix(low)) << 64 | u128::from(low)
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014), a bijection.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;
    use rand::RngCore;

    use super::*;

    const PURPOSES: [Purpose; 4] = [Purpose::Initialisation, Purpose::Training, Purpose::Validation, Purpose::Test];

    fn purpose() -> impl Strategy<Value = Purpose> {
        prop::sample::select(PURPOSES.to_vec())
    }

    proptest! {
        #[test]
        fn a_stream_says_what_it_was_made_of(seed: u64, purpose in purpose(), index in 0..LIFE, is_life: bool) {
            let stream = stream(seed, purpose, index | u64::from(is_life) << INDEX_BITS);
            prop_assert_eq!((stream >> (INDEX_BITS + 3)) as u64, seed);
            prop_assert_eq!((stream >> (INDEX_BITS + 1)) as u64 & 3, purpose as u64);
            prop_assert_eq!((stream >> INDEX_BITS) as u64 & 1, u64::from(is_life));
            prop_assert_eq!(stream as u64 & (LIFE - 1), index);
            prop_assert_eq!(stream >> 127, 0, "PCG ignores the highest bit");
        }

        #[test]
        fn a_life_never_draws_what_an_episode_does(seed: u64, purpose in purpose(), life: u64, episode: u64) {
            let draw = EpisodeDraw::new(seed, purpose, life, episode);
            prop_assert_eq!(&draw.episode, &rng(seed, purpose, episode));
            prop_assert_ne!(&draw.life, &draw.episode);
            prop_assert_ne!(&EpisodeDraw::new(seed, purpose, life, life).life, &rng(seed, purpose, life));
        }
    }

    /// What is measured and trained depends on these numbers; no build may draw others.
    #[test]
    fn the_numbers_of_an_episode_stay_what_they_are() {
        let first = |purpose, index| rng(1, purpose, index).next_u64();
        let drawn = [first(Purpose::Training, 0), first(Purpose::Test, 7), first(Purpose::Test, 1 << 40)];
        assert_eq!(drawn, [5_762_159_458_667_692_489, 11_884_831_339_454_596_739, 13_443_894_135_064_495_917]);
    }

    #[test]
    fn neighbouring_streams_draw_different_numbers() {
        let first = |seed, purpose, index| {
            let mut rng = rng(seed, purpose, index);
            (rng.next_u64(), rng.next_u64())
        };
        let seeds = 0..10_u64;
        let all = seeds.flat_map(|seed| {
            PURPOSES.into_iter().flat_map(move |purpose| (0..100).map(move |index| (seed, purpose, index)))
        });
        let drawn: HashSet<_> = all.map(|(seed, purpose, index)| first(seed, purpose, index)).collect();
        assert_eq!(drawn.len(), 4000);
    }

    #[test]
    fn the_same_item_draws_the_same_numbers() {
        let draw = || rng(7, Purpose::Test, 3).next_u64();
        assert_eq!(draw(), draw());
    }

    #[test]
    fn bits_of_neighbouring_streams_agree_half_the_time() {
        let agreement = |index| {
            let (mut one, mut next) = (rng(1, Purpose::Training, index), rng(1, Purpose::Training, index + 1));
            (0..100).map(|_| (one.next_u64() ^ next.next_u64()).count_zeros()).sum::<u32>()
        };
        let total: u32 = (0..100).map(agreement).sum();
        let (mean, deviation) = (320_000.0, 400.0);
        assert!((f64::from(total) - mean).abs() < 5.0 * deviation, "{total} of 640000 bits agree");
    }
}
