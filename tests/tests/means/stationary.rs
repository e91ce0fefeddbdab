//! A network that lives on for a million steps and more: without a third factor its plastic weights stay as they are, to
//! the bit; with one, and a leak, their distribution is stationary.
//!
//! `METAPLASTIC_STEPS` says for how many steps, 2,000,000 otherwise. Inputs are random and the third factor's sign is too.

use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::format::LeakFormat;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::Leak;
use metaplastic_tests::benchmark::{self, BenchmarkNetwork};
use rand::{RngCore, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::relay::{mean, mean_and_error};

/// Blocks of which each is far longer than the time constant of the leak.
const BLOCKS: usize = 20;
/// Samples of a block.
const SAMPLES: u64 = 50;

fn steps() -> u64 {
    std::env::var("METAPLASTIC_STEPS").map_or(2_000_000, |text| text.parse().expect("a number of steps"))
}

/// 64 inputs onto 32 neurons, 2048 plastic synapses.
fn size() -> BenchmarkNetwork {
    let leak = Some((Leak::Modulated, LeakFormat { rate: 20_972, exponent: 20 }));
    BenchmarkNetwork { inputs: 64, neurons: 32, leak }
}

/// One, of exponent 12.
const ONE: i16 = 1 << 12;

/// What drives the network: each input spikes in an eighth of the steps; the analog value changes at random every 32 steps.
struct Drive {
    random: Pcg64Mcg,
    value: i16,
    step: u64,
}

impl Drive {
    fn new() -> Self {
        Self { random: Pcg64Mcg::seed_from_u64(18), value: 0, step: 0 }
    }

    fn step(&mut self, network: &mut Network<'_>, modulated: bool) {
        if self.step.is_multiple_of(32) {
            self.value = if self.random.next_u32() & 1 == 0 { ONE } else { -ONE };
        }
        self.step += 1;
        let inputs = (0..3).fold(u64::MAX, |spikes, _| spikes & self.random.next_u64());
        network.step(&inputs.to_le_bytes(), &[if modulated { self.value } else { 0 }]);
    }
}

fn plastic(network: &Network<'_>) -> Vec<f64> {
    network.plastic_rows(0).flatten().map(|weight| f64::from(*weight)).collect()
}

/// Calls `run` with the network and its drive, after a hundred thousand modulated steps.
fn run_on(run: impl FnOnce(&mut Network<'_>, &mut Drive)) {
    let file = benchmark::artifact(size());
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
    let mut network = Network::new(file.artifact(), &mut storage).expect("the storage fits");
    network.reset(Freeze::Nothing);
    let mut drive = Drive::new();
    (0..100_000).for_each(|_| drive.step(&mut network, true));
    run(&mut network, &mut drive);
}

#[test]
fn without_a_third_factor_plastic_weights_stay_to_the_bit() {
    run_on(|network, drive| {
        let silent = (0..10_000).find(|_| {
            drive.step(network, false);
            !network.is_modulated()
        });
        assert!(silent.is_some(), "the modulators reach zero");
        let before = plastic(network);
        (0..steps()).for_each(|_| drive.step(network, false));
        assert!(before.iter().any(|weight| weight.abs() > 10.0), "there is something to lose");
        assert_eq!(plastic(network), before);
    });
}

#[test]
fn with_a_third_factor_the_distribution_of_plastic_weights_is_stationary() {
    run_on(|network, drive| {
        let apart = (steps() / (BLOCKS as u64 * SAMPLES)).max(1);
        let mut sample = || {
            (0..apart).for_each(|_| drive.step(network, true));
            let weights = plastic(network);
            [mean(weights.iter().copied()), mean(weights.iter().map(|weight| weight.abs()))]
        };
        let blocks: Vec<[f64; 2]> = (0..BLOCKS).map(|_| block_mean(&mut sample)).collect();
        for (quantity, name) in ["mean P", "mean |P|"].into_iter().enumerate() {
            let values: Vec<_> = blocks.iter().map(|block| block[quantity]).collect();
            let (drift, error) = drift(&values);
            let (average, _) = mean_and_error(&values);
            println!("{name} {average:.3} LSB, drift {drift:+.3} +- {error:.3} in {} steps", steps());
            assert!(drift.abs() < 3.0 * error, "{name} drifts by {drift} +- {error} LSB: {values:?}");
        }
    });
}

fn block_mean(sample: &mut impl FnMut() -> [f64; 2]) -> [f64; 2] {
    let samples: Vec<_> = (0..SAMPLES).map(|_| sample()).collect();
    [0, 1].map(|quantity| mean(samples.iter().map(|sample| sample[quantity])))
}

/// The slope of a line through the blocks, times their number, and its standard error.
fn drift(blocks: &[f64]) -> (f64, f64) {
    let count = blocks.len() as f64;
    let centred = |index: usize| (index as f64 + 0.5) / count - 0.5;
    let average = mean(blocks.iter().copied());
    let spread: f64 = (0..blocks.len()).map(|index| centred(index).powi(2)).sum();
    let slope = blocks.iter().enumerate().map(|(index, value)| centred(index) * value).sum::<f64>() / spread;
    let rest = blocks.iter().enumerate().map(|(index, value)| (value - average - slope * centred(index)).powi(2));
    (slope, (rest.sum::<f64>() / (count - 2.0) / spread).sqrt())
}
