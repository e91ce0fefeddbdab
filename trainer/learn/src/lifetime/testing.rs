//! Random small cases for comparing engines with one another and with finite differences.
//!
//! A case is a network of any wiring that the description allows, meta-parameters that keep it active, and episodes
//! alike in length, state resets and decision windows. It knows no engine, and compares any loss with its gradient. Over a few dozen seeds every feature of
//! a network and every factor of a rule occurs.

use std::collections::BTreeSet;
use std::ops::Range;

use metaplastic_shared::network::{
    Analog, Command, Connectivity, Convolution, DecayScope, Leak, Lif, Modulator, Name, NetworkDescription,
    Plasticity, Population, PopulationKind, Projection, Readout, ReadoutKind, ThirdFactor,
};
use metaplastic_shared::rule::{
    CoefficientScope, MAX_TERMS, Postsynaptic, Preset, Presynaptic, Rule, Synaptic, Term,
};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64;

use super::carried::{CarriedNeurons, CarriedState};
use super::carried_part::CarriedPart;
use crate::model::{Family, Model, ParameterSlot, logit};
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::phase::{Phase, PhaseKind};

/// A network with a layout, its meta-parameters, and what to run it on.
#[derive(Clone, Debug)]
pub struct Case {
    /// The network and its layout.
    pub model: Model,
    /// The meta-parameters.
    pub flat: Vec<f32>,
    /// What to run it on.
    pub episodes: Vec<Episode>,
}

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

/// Channels of maps: fewer and more than a vector of 8, and whole vectors.
const CHANNELS: [u16; 6] = [2, 3, 5, 8, 9, 16];

/// A case of 2 to 9 populations of 2 to 6 neurons, or more in maps, 1 to 10 episodes of 8 to 24 steps and up to 3
/// decisions; a seed always makes the same one. Coefficients, rates and the plastic limit are such that the clamp
/// of P acts in some cases and not in others.
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
    Case { model, flat, episodes }
}

/// What the episodes of a case begin with, in two of three lanes: plastic weights within their limit, some at it, and, where
/// all carries over, spikes, potentials, traces and all else in their own ranges.
#[must_use]
pub fn random_starts(case: &Case, part: CarriedPart, seed: u64) -> Vec<Option<CarriedState>> {
    let mut random = Pcg64::seed_from_u64(seed);
    let start = |_| random.random_bool(0.67).then(|| random_start(&case.model, part, &mut random));
    case.episodes.iter().map(start).collect()
}

fn random_start(model: &Model, part: CarriedPart, random: &mut Pcg64) -> CarriedState {
    let mut start = CarriedState::zeros(model, part);
    let limit = model.plastic_limit;
    let mut fill = |list: &mut Vec<f32>, draw: &mut dyn FnMut(f32, f32) -> f32| {
        list.fill_with(|| draw(random.random(), random.sample(StandardNormal)));
    };
    start
        .plastic
        .iter_mut()
        .for_each(|list| fill(list, &mut |_, normal| (0.5 * limit * normal).clamp(-limit, limit)));
    let Some(transient) = &mut start.transient else { return start };
    for (neurons, population) in transient.neurons.iter_mut().zip(&model.network.populations) {
        let CarriedNeurons { spikes, potential, synapse, adaptation, refractory } = neurons;
        let period = if let PopulationKind::Lif(lif) = population.kind { f32::from(lif.refractory) } else { 0.0 };
        fill(spikes, &mut |uniform, _| f32::from(u8::from(uniform < 0.3)));
        fill(potential, &mut |_, normal| 0.5 * normal);
        fill(synapse, &mut |_, normal| 0.3 * normal);
        fill(adaptation, &mut |uniform, _| uniform);
        fill(refractory, &mut |uniform, _| (uniform * (period + 1.0)).floor().min(period));
    }
    for synapses in &mut transient.synapses {
        synapses.traces.iter_mut().for_each(|trace| fill(trace, &mut |uniform, _| uniform));
        fill(&mut synapses.eligibility, &mut |_, normal| 0.2 * normal);
    }
    start
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

fn draw(slot: &ParameterSlot, random: &mut Pcg64) -> f32 {
    let normal: f32 = random.sample(StandardNormal);
    let per_source = (slot.shape.0 as f32).sqrt().recip();
    match slot.family {
        Family::Weights => 1.5 * per_source * normal,
        Family::Bias => 0.1 + 0.1 * normal,
        Family::ModulatorWeights | Family::Coefficients => 0.6 * normal,
        Family::ThirdFactorWeights => per_source * normal,
        Family::AdaptationStrength | Family::ReadoutGain => random.random_range(0.1_f32..1.0).ln(),
        Family::Rate => random.random_range(0.05_f32..0.4).ln(),
        // Some reach the bound of one half with a large third factor.
        Family::Leak => random.random_range(0.01_f32..0.4).ln(),
        Family::SynapseDecay => logit(random.random_range(0.2..0.5)),
        Family::MembraneDecay
        | Family::AdaptationDecay
        | Family::ModulatorDecay
        | Family::TraceDecay
        | Family::EligibilityDecay => logit(random.random_range(0.5..0.95)),
    }
}

fn random_network(random: &mut Pcg64) -> NetworkDescription {
    let mut populations = random_populations(random);
    let maps = random_maps(&mut populations, random);
    let readout = random_readout(&populations, random);
    let mut network = NetworkDescription {
        populations,
        projections: heapless::Vec::new(),
        surrogate_slope: random.random_range(1..=10),
        readout,
    };
    connect(&mut network, &maps, random);
    convolve(&mut network, maps);
    network.check().expect("every wiring drawn here is allowed");
    network
}

fn random_populations<const N: usize>(random: &mut Pcg64) -> heapless::Vec<Population, N> {
    let mut kinds = vec![PopulationKind::Input; random.random_range(1..=2)];
    (0..random.random_range(1..=3)).for_each(|_| kinds.push(PopulationKind::Lif(random_lif(random))));
    (0..random.random_range(0..=2)).for_each(|_| kinds.push(PopulationKind::Modulator(random_modulator(random))));
    (0..random.random_range(0..=2)).for_each(|_| kinds.push(PopulationKind::Analog(random_analog(random))));
    kinds.shuffle(random);
    let mut population = |kind| Population { name: Name::new(), size: random.random_range(2..=6), kind };
    let mut populations: heapless::Vec<_, N> = kinds.into_iter().map(&mut population).collect();
    for population in &mut populations {
        if random.random_bool(0.7) {
            continue;
        }
        let channels = (1..=population.size).filter(|channels| population.size.is_multiple_of(*channels));
        share_bias(population, pick(&channels.collect::<Vec<_>>(), random));
    }
    populations
}

/// With room for the values that episodes have here.
fn random_analog(random: &mut Pcg64) -> Analog {
    Analog { exponent: random.random_range(8..=13) }
}

/// A quarter of them graded, a third with a synaptic current, and a third with decays per neuron.
fn random_lif(random: &mut Pcg64) -> Lif {
    let spiking = match random.random_bool(0.25) {
        true => Lif { graded: true, ..Lif::default() },
        false => Lif { refractory: random.random_range(0..=3), adaptive: random.random(), ..Lif::default() },
    };
    let decay_scope = if random.random_bool(0.33) { DecayScope::Neuron } else { DecayScope::Population };
    Lif { synaptic: random.random_bool(0.33), decay_scope, ..spiking }
}

fn share_bias(population: &mut Population, count: u16) {
    if let PopulationKind::Lif(lif) = &mut population.kind {
        lif.channels = count;
    }
}

/// In half of the networks up to two convolutions, one after the other, whose populations get the sizes of their
/// maps.
fn random_maps(populations: &mut [Population], random: &mut Pcg64) -> Vec<(u8, u8, Convolution)> {
    let mut maps = Vec::new();
    if random.random() {
        return maps;
    }
    let mut side = || random.random_range(1..=4);
    let (mut height, mut width) = (side(), side());
    let mut channels = pick(&CHANNELS, random);
    let mut pre = pick(&spiking(populations), random);
    populations[usize::from(pre)].size = u16::from(height) * u16::from(width) * channels;
    share_bias(&mut populations[usize::from(pre)], channels);
    let mut free = indices(populations, |kind| matches!(kind, PopulationKind::Lif(_)));
    for _ in 0..2 {
        free.retain(|population| *population != pre);
        let (true, false) = (populations[usize::from(pre)].spikes(), free.is_empty()) else { break };
        let (post, convolution) = (pick(&free, random), random_convolution((height, width, channels), random));
        let (map_height, map_width) = convolution.post_map();
        (height, width) = (map_height as u8, map_width as u8);
        channels = pick(&CHANNELS, random);
        let target = &mut populations[usize::from(post)];
        target.size = convolution.positions() as u16 * channels;
        share_bias(target, if random.random() { channels } else { 0 });
        maps.push((pre, post, convolution));
        pre = post;
    }
    maps
}

fn random_convolution(map: (u8, u8, u16), random: &mut Pcg64) -> Convolution {
    let (height, width, channels) = map;
    let kernel: u8 = random.random_range(1..=3);
    let least_padding = kernel.saturating_sub(height.min(width)).div_ceil(2);
    let padding = random.random_range(least_padding..kernel);
    Convolution { height, width, channels, kernel, stride: random.random_range(1..=kernel), padding }
}

fn convolve(network: &mut NetworkDescription, maps: Vec<(u8, u8, Convolution)>) {
    for (pre, post, convolution) in maps {
        let connectivity = Connectivity::Convolution(convolution);
        let projection = Projection { pre, post, connectivity, plasticity: None };
        network.projections.push(projection).expect("a random network has few projections");
    }
}

/// The position, in the weights of a projection, of the weight of the synapse between two neurons, if there is one.
#[must_use]
pub fn weight_of(network: &NetworkDescription, projection: usize, pre: usize, post: usize) -> Option<usize> {
    let projection = &network.projections[projection];
    let (_, columns) = network.weight_shape(projection);
    let Connectivity::Convolution(convolution) = projection.connectivity else { return Some(pre * columns + post) };
    let Convolution { width, channels, kernel, stride, padding, .. } = convolution;
    let position = |neuron: usize, width: usize, channels: usize| {
        let position = neuron / channels;
        ((position / width) as isize, (position % width) as isize, neuron % channels)
    };
    let (y, x, c) = position(pre, width.into(), channels.into());
    let (post_y, post_x, d) = position(post, convolution.post_map().1, columns);
    let offset = |before: isize, after: isize| before + padding as isize - stride as isize * after;
    let (u, v) = (offset(y, post_y), offset(x, post_x));
    let window = 0..kernel as isize;
    let row = (u * kernel as isize + v) * channels as isize + c as isize;
    (window.contains(&u) && window.contains(&v)).then(|| row as usize * columns + d)
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
    let is_commands = populations[usize::from(population)].is_graded() && random.random();
    let command = Command { exponent: random.random_range(6..=10) };
    let kind = if is_commands { ReadoutKind::Commands(command) } else { ReadoutKind::Classes };
    Readout { population, classes, neurons_per_class: random.random_range(1..=size / classes), kind }
}

/// Every LIF population receives an input, every analog population sends its values somewhere, and up to five more
/// projections go anywhere allowed; onto maps only convolutions.
fn connect(network: &mut NetworkDescription, maps: &[(u8, u8, Convolution)], random: &mut Pcg64) {
    let inputs = indices(&network.populations, |kind| kind == PopulationKind::Input);
    let analog = indices(&network.populations, |kind| matches!(kind, PopulationKind::Analog(_)));
    let sources = [spiking(&network.populations), analog.clone()].concat();
    let receives = |kind| matches!(kind, PopulationKind::Lif(_) | PopulationKind::Modulator(_));
    let targets = indices(&network.populations, receives);
    let lifs = indices(&network.populations, |kind| matches!(kind, PopulationKind::Lif(_)));
    let received = lifs.into_iter().map(|post| (pick(&inputs, random), post)).collect::<Vec<_>>();
    let sent = analog.into_iter().map(|pre| (pre, pick(&targets, random))).collect::<Vec<_>>();
    let more = (0..random.random_range(0..=5)).map(|_| (pick(&sources, random), pick(&targets, random)));
    let pairs = received.into_iter().chain(sent).chain(more.collect::<Vec<_>>());
    let is_map = |population: u8| maps.iter().any(|(_, post, _)| *post == population);
    network.projections = pairs
        .filter(|(_, post)| !is_map(*post))
        .map(|(pre, post)| Projection {
            pre,
            post,
            connectivity: Connectivity::Dense,
            plasticity: random_plasticity(network, pre, post, random),
        })
        .collect();
}

/// None from analog values, and none between large maps: the reference keeps every synapse of every step.
fn random_plasticity(network: &NetworkDescription, pre: u8, post: u8, random: &mut Pcg64) -> Option<Plasticity> {
    let size = |population: u8| usize::from(network.populations[usize::from(population)].size);
    let modulators = indices(&network.populations, |kind| matches!(kind, PopulationKind::Modulator(_)));
    let is_analog = network.populations[usize::from(pre)].is_analog();
    if is_analog || modulators.contains(&post) || size(pre) * size(post) > 300 || random.random_bool(0.25) {
        return None;
    }
    let alone = modulators.is_empty() || random.random_bool(0.25);
    let third_factor = if alone { ThirdFactor::One } else { ThirdFactor::Modulators(pick(&modulators, random)) };
    let leak = pick(&[None, Some(Leak::Modulated), Some(Leak::Always)], random);
    Some(Plasticity { rule: random_rule(random), third_factor, leak })
}

fn random_rule(random: &mut Pcg64) -> Rule {
    let preset = if random.random() { Preset::Custom } else { pick(&Preset::NAMED, random) };
    let mut rule = preset.rule();
    if preset == Preset::Custom {
        rule.terms = (0..random.random_range(1..=MAX_TERMS)).map(|_| random_term(random)).collect();
    }
    rule.scope = pick(&[CoefficientScope::Projection, CoefficientScope::Postsynaptic], random);
    rule
}

fn random_term(random: &mut Pcg64) -> Term {
    Term { pre: pick(&PRE, random), post: pick(&POST, random), synapse: pick(&SYNAPTIC, random) }
}

fn random_episodes(network: &NetworkDescription, random: &mut Pcg64) -> Vec<Episode> {
    let steps = random.random_range(8..=24);
    let windows = random_windows(steps, random);
    let resets = random_state_resets(steps, random);
    let episode = |random: &mut Pcg64| Episode {
        state_resets: resets.clone(),
        ..random_episode(network, steps, &windows, random)
    };
    (0..random.random_range(1..=10)).map(|_| episode(random)).collect()
}

/// In half of the cases one to four.
fn random_state_resets(steps: usize, random: &mut Pcg64) -> Vec<usize> {
    let count = if random.random() { random.random_range(1..=4) } else { 0 };
    BTreeSet::from_iter((0..count).map(|_| random.random_range(0..steps))).into_iter().collect()
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

fn random_episode(
    network: &NetworkDescription,
    steps: usize,
    windows: &[(usize, usize)],
    random: &mut Pcg64,
) -> Episode {
    let mut episode = Episode::silent(network, steps);
    let all = (0..steps).flat_map(|step| (0..network.input_size()).map(move |neuron| (step, neuron)));
    for (step, neuron) in all.filter(|_| random.random_bool(0.3)).collect::<Vec<_>>() {
        episode.spike(step, neuron);
    }
    let value = |random: &mut Pcg64| if random.random_bool(0.3) { 0.0 } else { random.random_range(-2.0..2.0) };
    episode.analog.iter_mut().for_each(|analog| *analog = value(random));
    let classes = usize::from(network.readout.classes);
    let label_end = random.random_range(0..steps);
    episode.phases = vec![Phase { steps: label_end / 2..label_end, kind: PhaseKind::Label { class: 0 } }];
    let decision =
        |&(start, end): &_| Decision { start, end, target: random.random_range(0..classes), among: classes };
    episode.decisions = windows.iter().map(decision).collect();
    episode
}

/// A direction along which no two neighbours move alike.
fn direction(position: usize) -> f32 {
    if position.is_multiple_of(3) { 1.0 } else { -0.7 }
}

/// How far a gradient, along a direction in the values at some positions, is from the nearest of five finite differences
/// of a loss, in units of what rounding allows.
pub fn difference_error(
    positions: &Range<usize>,
    values: &[f32],
    gradient: &[f32],
    loss: impl Fn(&[f32]) -> f64,
) -> f64 {
    let at = |step: f32| {
        let mut moved = values.to_vec();
        positions.clone().for_each(|position| moved[position] += step * direction(position));
        loss(&moved)
    };
    let expected =
        positions.clone().map(|position| f64::from(gradient[position] * direction(position))).sum::<f64>();
    let differences = [1e-2_f32, 3e-3, 1e-3, 3e-4, 1e-4].map(|step| (at(step) - at(-step)) / f64::from(2.0 * step));
    let errors = differences.map(|difference| (difference - expected).abs());
    errors.into_iter().fold(f64::MAX, f64::min) / (0.003 * expected.abs() + 1e-4)
}

fn spiking(populations: &[Population]) -> Vec<u8> {
    (0..).zip(populations).filter(|(_, population)| population.spikes()).map(|(index, _)| index).collect()
}

fn indices(populations: &[Population], wanted: impl Fn(PopulationKind) -> bool) -> Vec<u8> {
    (0..).zip(populations).filter(|(_, population)| wanted(population.kind)).map(|(index, _)| index).collect()
}

/// One of `choices`, which are never empty here.
fn pick<T: Copy>(choices: &[T], random: &mut Pcg64) -> T {
    choices[random.random_range(0..choices.len())]
}
