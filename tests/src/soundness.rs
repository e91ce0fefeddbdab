//! The invariants of a step, checked from outside. They hold for every network that decodes and for every input.
//!
//! The property tests and the fuzzers share this file, so it may use only `shared` and `runtime`.

use metaplastic_runtime::{Artifact, Freeze, Network, NetworkStorage};
use metaplastic_shared::artifact::Manifest;
use metaplastic_shared::network::PopulationKind;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// The random input of a run.
#[derive(Clone, Copy, Debug)]
pub struct Drive {
    /// Number of steps.
    pub steps: usize,
    /// Probability that an input byte is all ones and an analog value the smallest possible, rather than random.
    pub all: f64,
    /// Seed of all random numbers.
    pub seed: u64,
}

/// Steps a network, checks it after every step, and accumulates its class scores; returns the state's hash.
pub fn run(network: &mut Network<'_>, drive: Drive) -> u64 {
    let manifest = network.artifact().manifest();
    let mut random = Pcg32::seed_from_u64(drive.seed);
    let mut inputs = vec![0; network.input_bytes()];
    let mut analog = vec![0; network.analog_values()];
    let mut class_scores = vec![0; network.classes()];
    for _ in 0..drive.steps {
        inputs.fill_with(|| if random.random_bool(drive.all) { 0xff } else { random.random() });
        analog.fill_with(|| if random.random_bool(drive.all) { i16::MIN } else { random.random() });
        network.step(&inputs, &analog);
        network.accumulate_class_scores(&mut class_scores);
        assert_sound(network, &manifest);
    }
    network.state_hash()
}

/// Runs an episode in a network, and again with each ablation. The last run is without ablation and must equal the
/// first.
///
/// # Panics
/// If it differs, or if an invariant does not hold after a step.
pub fn assert_runs_soundly(artifact: Artifact<'_>, drive: Drive) {
    let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
    let mut network = Network::new(artifact, &mut storage).expect("the memory is as large as asked for");
    let first = run(&mut network, drive);
    for freeze in [Freeze::ThirdFactor, Freeze::Plasticity, Freeze::Nothing] {
        network.reset(freeze);
        let again = run(&mut network, drive);
        assert!(freeze != Freeze::Nothing || again == first, "reset leaves state of the last episode");
        let mut plastic = (0..network.projections()).flat_map(|it| network.plastic_rows(it)).flatten();
        assert!(freeze != Freeze::Plasticity || plastic.all(|weight| *weight == 0), "P changed although frozen");
    }
}

/// Checks a network between two steps: sizes, spikes, traces, limits of P, padding. `manifest` is that of its
/// artifact.
///
/// # Panics
/// If an invariant does not hold; names the population or projection.
pub fn assert_sound(network: &Network<'_>, manifest: &Manifest<'_>) {
    for (index, population) in manifest.network.populations.iter().enumerate() {
        let (size, spikes) = (usize::from(population.size), network.spikes(index).collect::<Vec<_>>());
        assert!(spikes.is_sorted_by(|a, b| a < b), "population {index}: {spikes:?} do not ascend");
        assert!(spikes.last().is_none_or(|last| usize::from(*last) < size), "population {index}: {spikes:?}");
        let potentials = if population.kind == PopulationKind::Input || population.is_analog() { 0 } else { size };
        assert_eq!(network.potentials(index).len(), potentials, "population {index}: potentials");
        let values = if population.is_modulator() { size } else { 0 };
        assert_eq!(network.modulation(index).len(), values, "population {index}: values");
    }
    for (index, (projection, format)) in manifest.network.projections.iter().zip(&manifest.projections).enumerate()
    {
        let (pre, post) = manifest.network.shape(projection);
        match format.plastic {
            Some(plastic) => PlasticShape { index, pre, post, limit: plastic.plastic_limit }.assert_sound(network),
            None => assert_eq!(network.plastic_rows(index).count(), 0, "projection {index} is not plastic"),
        }
    }
}

/// A plastic projection as its manifest describes it.
struct PlasticShape {
    index: usize,
    pre: usize,
    post: usize,
    limit: i16,
}

impl PlasticShape {
    fn assert_sound(&self, network: &Network<'_>) {
        let Self { index, pre, post, limit } = *self;
        let rows = [network.plastic_rows(index).count(), network.eligibility_rows(index).count()];
        assert_eq!(rows, [pre, pre], "projection {index}: rows of P and E");
        let mut rows = network.plastic_rows(index).chain(network.eligibility_rows(index));
        assert!(rows.all(|row| row.len() == post), "projection {index}: columns of P and E");
        let mut weights = network.plastic_rows(index).flatten();
        let beyond = weights.find(|weight| weight.unsigned_abs() > limit.unsigned_abs());
        assert_eq!(beyond, None, "projection {index}: P beyond {limit}");
        let negative = network.traces(index).flatten().find(|trace| **trace < 0);
        assert_eq!(negative, None, "projection {index}: a trace outside 0..1");
        assert!(network.row_padding(index).flatten().all(|padding| *padding == 0), "projection {index}: padding");
        assert_eq!(network.third_factor(index).len(), post, "projection {index}: third factor");
    }
}
