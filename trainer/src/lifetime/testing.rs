//! Random small cases for comparing engines with one another and with finite differences.
//!
//! A case is a network of any wiring that the description allows, meta-parameters that keep it active, and
//! episodes alike in length and decision windows. It knows no engine. Over a few dozen seeds every feature of a
//! network and every factor of a rule comes up.

use metaplastic_shared::arithmetic::Signal;
use metaplastic_shared::network::{
    Connectivity, Lif, Modulator, Name, Network, Plasticity, Population, PopulationKind, Projection, Readout,
    ThirdFactor,
};
use metaplastic_shared::rule::{
    CoefficientScope, MAX_TERMS, Postsynaptic, Preset, Presynaptic, Rule, Synaptic, Term,
};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64;

use crate::episode::{Decision, Episode, Mark};
use crate::model::{Family, Model, Slot, logit};

/// A network with a layout, its meta-parameters, and what to run it on.
pub type Case = (Model, Vec<f32>, Vec<Episode>);

const PRE: [Presynaptic; 4] = [Presynaptic::One, Presynaptic::Spike, Presynaptic::Trace, Presynaptic::SlowTrace];
const POST: [Postsynaptic; 7] = [
    Postsynaptic::One,
    Postsynaptic::Spike,
    Postsynaptic::Trace,
    Postsynaptic::SlowTrace,
    Postsynaptic::TraceSquared,
    Postsynaptic::TraceTimesThreshold,
    Postsynaptic::Surrogate,
];
const SYNAPTIC: [Synaptic; 2] = [Synaptic::One, Synaptic::Plastic];

/// A case of 3 to 7 populations of 2 to 6 neurons, 1 to 10 episodes of 8 to 24 steps and up to 3 decisions; a
/// seed always makes the same one. Coefficients, rates and the plastic limit are such that the clamp of P acts
/// in some cases and not in others.
#[must_use]
pub fn random_case(seed: u64) -> Case {
    let mut random = Pcg64::seed_from_u64(seed);
    let network = random_network(&mut random);
    let plastic_limit = *[0.05, 0.3, 1.0].choose(&mut random).unwrap_or(&1.0);
    let cost = *[0.0, 0.5].choose(&mut random).unwrap_or(&0.0);
    let spike_cost = *[0.0, 3.0].choose(&mut random).unwrap_or(&0.0);
    let model = Model::new(network, plastic_limit).with_modulation_cost(cost).with_spike_cost(spike_cost);
    let flat = random_parameters(&model, &mut random);
    let episodes = random_episodes(&model.network, &mut random);
    (model, flat, episodes)
}

/// Meta-parameters under which a network stays active: weights of the order of the threshold, decays 0.5 to 0.95.
#[must_use]
pub fn random_parameters(model: &Model, random: &mut Pcg64) -> Vec<f32> {
    model
        .slots()
        .iter()
        .flat_map(|slot| slot.range.clone().map(move |_| slot))
        .map(|slot| draw(slot, random))
        .collect()
}

fn draw(slot: &Slot, random: &mut Pcg64) -> f32 {
    let normal: f32 = random.sample(StandardNormal);
    let per_source = (slot.shape.0 as f32).sqrt().recip();
    match slot.family {
        Family::Weights => 1.5 * per_source * normal,
        Family::Bias => 0.1 + 0.1 * normal,
        Family::ModulatorWeights | Family::SignalWeights | Family::Coefficients => 0.6 * normal,
        Family::ThirdFactorWeights => per_source * normal,
        Family::AdaptationStrength | Family::ReadoutGain => random.random_range(0.1_f32..1.0).ln(),
        Family::Rate => random.random_range(0.05_f32..0.4).ln(),
        Family::MembraneDecay
        | Family::AdaptationDecay
        | Family::ModulatorDecay
        | Family::TraceDecay
        | Family::EligibilityDecay => logit(random.random_range(0.5..0.95)),
    }
}

fn random_network(random: &mut Pcg64) -> Network {
    let populations = random_populations(random);
    let signals = if populations.iter().any(Population::is_modulator) { random.random_range(0..=2) } else { 0 };
    let readout = random_readout(&populations, random);
    let mut network = Network {
        populations,
        projections: heapless::Vec::new(),
        signals,
        surrogate_slope: random.random_range(1..=10),
        readout,
    };
    connect(&mut network, random);
    network.check().expect("every wiring drawn here is allowed");
    network
}

fn random_populations<const N: usize>(random: &mut Pcg64) -> heapless::Vec<Population, N> {
    let lif = |random: &mut Pcg64| Lif {
        refractory: random.random_range(0..=3),
        adaptive: random.random(),
        ..Lif::default()
    };
    let mut kinds = vec![PopulationKind::Input; random.random_range(1..=2)];
    (0..random.random_range(1..=3)).for_each(|_| kinds.push(PopulationKind::Lif(lif(random))));
    (0..random.random_range(0..=2)).for_each(|_| kinds.push(PopulationKind::Modulator(random_modulator(random))));
    kinds.shuffle(random);
    let population = |kind| Population { name: Name::new(), size: random.random_range(2..=6), kind };
    kinds.into_iter().map(population).collect()
}

/// Half of them have a dead zone, of the order of the values that the parameters here make.
fn random_modulator(random: &mut Pcg64) -> Modulator {
    Modulator { dead_zone: if random.random() { random.random_range(1000..16_000) } else { 0 } }
}

fn random_readout(populations: &[Population], random: &mut Pcg64) -> Readout {
    let lifs = indices(populations, |kind| matches!(kind, PopulationKind::Lif(_)));
    let population = pick(&lifs, random);
    let size = populations[usize::from(population)].size;
    let classes = random.random_range(2..=size.min(3));
    Readout { population, classes, neurons_per_class: random.random_range(1..=size / classes) }
}

/// Every LIF population hears an input, and up to five more projections go anywhere allowed.
fn connect(network: &mut Network, random: &mut Pcg64) {
    let inputs = indices(&network.populations, |kind| kind == PopulationKind::Input);
    let spiking = indices(&network.populations, |kind| !matches!(kind, PopulationKind::Modulator(_)));
    let targets = indices(&network.populations, |kind| kind != PopulationKind::Input);
    let lifs = indices(&network.populations, |kind| matches!(kind, PopulationKind::Lif(_)));
    let heard = lifs.into_iter().map(|post| (pick(&inputs, random), post)).collect::<Vec<_>>();
    let more = (0..random.random_range(0..=5)).map(|_| (pick(&spiking, random), pick(&targets, random)));
    let pairs = heard.into_iter().chain(more.collect::<Vec<_>>());
    network.projections = pairs
        .map(|(pre, post)| Projection {
            pre,
            post,
            connectivity: Connectivity::Dense,
            plasticity: random_plasticity(network, post, random),
        })
        .collect();
}

fn random_plasticity(network: &Network, post: u8, random: &mut Pcg64) -> Option<Plasticity> {
    let modulators = indices(&network.populations, |kind| matches!(kind, PopulationKind::Modulator(_)));
    if modulators.contains(&post) || random.random_bool(0.25) {
        return None;
    }
    let alone = modulators.is_empty() || random.random_bool(0.25);
    let third_factor = if alone { ThirdFactor::One } else { ThirdFactor::Modulators(pick(&modulators, random)) };
    Some(Plasticity { rule: random_rule(random), third_factor })
}

fn random_rule(random: &mut Pcg64) -> Rule {
    let mut rule = if random.random() { Preset::Custom } else { pick(&Preset::NAMED, random) }.rule();
    if rule.preset == Preset::Custom {
        rule.terms = (0..random.random_range(1..=MAX_TERMS)).map(|_| random_term(random)).collect();
    }
    rule.scope = pick(&[CoefficientScope::Projection, CoefficientScope::Postsynaptic], random);
    rule
}

fn random_term(random: &mut Pcg64) -> Term {
    Term { pre: pick(&PRE, random), post: pick(&POST, random), synapse: pick(&SYNAPTIC, random) }
}

fn random_episodes(network: &Network, random: &mut Pcg64) -> Vec<Episode> {
    let steps = random.random_range(8..=24);
    let windows = random_windows(steps, random);
    (0..random.random_range(1..=10)).map(|_| random_episode(network, steps, &windows, random)).collect()
}

fn random_windows(steps: usize, random: &mut Pcg64) -> Vec<(usize, usize)> {
    let mut windows = Vec::new();
    let mut start = random.random_range(0..steps / 2);
    while start < steps && windows.len() < 3 {
        let end = (start + random.random_range(1..=6)).min(steps);
        windows.push((start, end));
        start = end + random.random_range(0..=4);
    }
    windows
}

fn random_episode(network: &Network, steps: usize, windows: &[(usize, usize)], random: &mut Pcg64) -> Episode {
    let mut episode = Episode::silent(network, steps);
    let places = (0..steps).flat_map(|step| (0..network.input_size()).map(move |neuron| (step, neuron)));
    for (step, neuron) in places.filter(|_| random.random_bool(0.3)).collect::<Vec<_>>() {
        episode.spike(step, neuron);
    }
    episode.signals.iter_mut().for_each(|signal| *signal = Signal::from_num(random.random_range(-2.0_f32..2.0)));
    let classes = usize::from(network.readout.classes);
    let told = random.random_range(0..steps);
    episode.marks = vec![Mark { start: told / 2, end: told, label: "label".into(), teaches: true }];
    let decision = |&(start, end): &_| Decision { start, end, target: random.random_range(0..classes) };
    episode.decisions = windows.iter().map(decision).collect();
    episode
}

fn indices(populations: &[Population], wanted: impl Fn(PopulationKind) -> bool) -> Vec<u8> {
    (0..).zip(populations).filter(|(_, population)| wanted(population.kind)).map(|(index, _)| index).collect()
}

/// One of `choices`, which are never empty here.
fn pick<T: Copy>(choices: &[T], random: &mut Pcg64) -> T {
    choices[random.random_range(0..choices.len())]
}
