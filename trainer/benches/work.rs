//! The work that is timed: the network of the cue association (72 inputs, 64 or more hidden, 8 output, 8
//! modulators) on random episodes of its spike rates.

use std::hint::black_box;

use metaplastic_learn::lifetime::carried::LaneBatch;
use metaplastic_learn::lifetime::fused::FusedLifetime;
use metaplastic_learn::lifetime::simulate::simulate;
use metaplastic_learn::lifetime::{Lifetime, OuterGradient};
use metaplastic_learn::model::{Family, Model, logit};
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::{
    Connectivity, Lif, Modulator, Name, NetworkDescription, Plasticity, Population, PopulationKind, Projection,
    Readout, ReadoutKind,
};
use metaplastic_shared::rule::Preset;
use metaplastic_task::episode::{Decision, Episode};
use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64;

/// A batch to train on.
pub struct Work {
    /// The network.
    pub model: Model,
    /// Its meta-parameters.
    pub flat: Vec<f32>,
    /// The lifetimes.
    pub episodes: Vec<Episode>,
    /// The loss's gradient with respect to the counts, `[episodes, decisions, classes]`.
    count_gradient: Vec<f32>,
}

impl Work {
    /// Work on a network with `hidden` hidden neurons, in lifetimes of `steps` steps.
    #[must_use]
    pub fn new(hidden: u16, steps: usize, batch: usize, preset: Preset) -> Self {
        let mut random = Pcg64::seed_from_u64(1);
        let model = Model::new(network(hidden, preset), 1.0);
        let flat = parameters(&model, preset, &mut random);
        let episodes = (0..batch).map(|_| episode(&model.network, steps, &mut random)).collect::<Vec<_>>();
        let count_gradient = [0.01, -0.01].repeat(4 * batch);
        Self { model, flat, episodes, count_gradient }
    }

    /// Plastic synapses times steps of all lifetimes.
    #[must_use]
    pub fn synapse_steps(&self) -> u64 {
        let steps = self.episodes.iter().map(|episode| episode.steps).sum::<usize>();
        (steps * self.model.network.plastic_synapses()) as u64
    }

    /// Forward and backward; returns the gradient.
    #[must_use]
    pub fn train(&self) -> Vec<f32> {
        let fused = FusedLifetime::default();
        let saved = fused.forward(&self.model, &self.flat, LaneBatch::fresh(black_box(&self.episodes))).saved;
        fused.backward(saved, OuterGradient { counts: &self.count_gradient, costs: &[] })
    }

    /// Forward alone, in float; returns the number of decisions.
    #[must_use]
    pub fn evaluate(&self) -> usize {
        let run = |episode| simulate(&self.model, &self.flat, episode, Freeze::Nothing, &mut ()).len();
        self.episodes.iter().map(run).sum()
    }
}

fn network(hidden: u16, preset: Preset) -> NetworkDescription {
    let population = |name, size, kind| Population { name: Name::try_from(name).unwrap_or_default(), size, kind };
    let lif = PopulationKind::Lif(Lif::default());
    let plastic = |pre, post| Projection {
        pre,
        post,
        connectivity: Connectivity::Dense,
        plasticity: Some(Plasticity::preset(preset, 3)),
    };
    NetworkDescription {
        populations: heapless::Vec::from_array([
            population("input", 72, PopulationKind::Input),
            population("hidden", hidden, lif),
            population("output", 8, lif),
            population("modulator", 8, PopulationKind::Modulator(Modulator::default())),
        ]),
        projections: heapless::Vec::from_array([
            plastic(0, 1),
            plastic(1, 2),
            Projection { pre: 0, post: 3, connectivity: Connectivity::Dense, plasticity: None },
        ]),
        surrogate_slope: 5,
        readout: Readout { population: 2, classes: 2, neurons_per_class: 4, kind: ReadoutKind::Classes },
    }
}

fn parameters(model: &Model, preset: Preset, random: &mut Pcg64) -> Vec<f32> {
    let mut flat = vec![0.0; model.parameter_count()];
    for slot in model.slots() {
        let values = &mut flat[slot.range.clone()];
        let spread = 1.2 / (slot.shape.0 as f32).sqrt();
        match slot.family {
            Family::Weights | Family::ThirdFactorWeights => {
                values.fill_with(|| spread * random.sample::<f32, _>(StandardNormal));
            }
            Family::ModulatorWeights => values.fill_with(|| 0.1 * random.sample::<f32, _>(StandardNormal)),
            Family::Coefficients => {
                let starts = preset.start_coefficients_thousandths();
                values.iter_mut().zip(starts).for_each(|(to, thousandths)| *to = f32::from(thousandths) / 1000.0);
            }
            Family::Rate | Family::ReadoutGain => values.fill(0.1_f32.ln()),
            Family::Leak => values.fill(0.003_f32.ln()),
            Family::Bias | Family::AdaptationStrength => {}
            _ => values.fill(logit(0.85)),
        }
    }
    flat
}

fn episode(network: &NetworkDescription, steps: usize, random: &mut Pcg64) -> Episode {
    let mut episode = Episode::silent(network, steps);
    for step in 0..steps {
        (0..72).filter(|_| random.random_bool(0.08)).for_each(|neuron| episode.spike(step, neuron));
    }
    let decision = |index: usize| Decision {
        start: steps - 15 * (4 - index),
        end: steps - 15 * (3 - index),
        target: 0,
        among: 2,
    };
    episode.decisions = (0..4).map(decision).collect();
    episode
}
