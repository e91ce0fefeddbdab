//! The reference engine's gradients against central finite differences and against derivations by hand.
#![allow(clippy::unwrap_used, reason = "a test says by panicking what is wrong")]

use std::collections::{BTreeMap, BTreeSet};

use metaplastic_learn::autodiff::Reference;
use metaplastic_learn::lifetime::carried::LaneBatch;
use metaplastic_learn::lifetime::testing::{Case, random_case};
use metaplastic_learn::lifetime::{Engine, EngineError, Spiking};
use metaplastic_learn::model::{Family, Model, Parameter, Trace};
use metaplastic_shared::network::{
    Analog, Connectivity, DecayScope, Lif, Modulator, Name, NetworkDescription, Plasticity, Population,
    PopulationKind, Projection, Readout, ReadoutKind, ThirdFactor,
};
use metaplastic_shared::rule::{CoefficientScope, Postsynaptic, Presynaptic, Rule, Synaptic, Term};
use metaplastic_task::episode::{Decision, Episode};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;

const SMOOTH: Reference = Reference { spiking: Spiking::Smooth };
const HARD: Reference = Reference { spiking: Spiking::Heaviside };

/// Cases whose smooth gradients are compared with differences; together they have every feature.
const SEEDS: std::ops::Range<u64> = 0..48;

fn in_f64(flat: &[f32]) -> Vec<f64> {
    flat.iter().copied().map(f64::from).collect()
}

/// In `f64` with a step of 1e-6 a central difference of a loss near 1 errs by about 1e-16/1e-6 from rounding and by
/// 1e-12/6 times its third derivative, which is below 1e4 here: 1e-8 in all. A neuron at its threshold
/// within the step, where refractoriness jumps, would show as a gross error.
#[test]
fn smooth_gradients_are_the_derivatives_of_the_loss() {
    let step = 1e-6;
    let mut largest = BTreeMap::<Family, f64>::new();
    for seed in SEEDS {
        let Case { model, flat, episodes } = random_case(seed);
        let flat = in_f64(&flat);
        let gradient = SMOOTH.exact_gradient(&model, &flat, LaneBatch::fresh(&episodes)).unwrap().values;
        let mut random = Pcg64::seed_from_u64(seed);
        for slot in model.slots() {
            let direction: Vec<f64> = slot.range.clone().map(|_| random.random_range(-1.0..1.0)).collect();
            let at = |step: f64| {
                let mut flat = flat.clone();
                flat[slot.range.clone()].iter_mut().zip(&direction).for_each(|(w, d)| *w += step * d);
                SMOOTH.exact_gradient(&model, &flat, LaneBatch::fresh(&episodes)).unwrap().loss
            };
            let difference = (at(step) - at(-step)) / (2.0 * step);
            let computed: f64 = gradient[slot.range.clone()].iter().zip(&direction).map(|(g, d)| g * d).sum();
            let name = model.name(slot.parameter);
            let error = (computed - difference).abs();
            assert!(error < 1e-7 + 1e-6 * computed.abs(), "seed {seed} {name}: {computed} {difference}");
            let largest = largest.entry(slot.family).or_default();
            *largest = largest.max(computed.abs());
        }
    }
    assert_eq!(largest.len(), 15, "a family is missing: {largest:?}");
    assert!(largest.values().all(|gradient| *gradient > 1e-3), "a family is hardly tested: {largest:?}");
}

#[test]
fn the_cases_have_every_feature() {
    let cases: Vec<_> = SEEDS.map(random_case).collect();
    let missing: Vec<_> = every_feature().difference(&cases.iter().flat_map(features).collect()).cloned().collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn every_feature() -> BTreeSet<String> {
    let mut all: Vec<_> = [
        "self",
        "backward",
        "input late",
        "refractory",
        "adaptive",
        "synaptic",
        "decays per neuron",
        "analog onto LIF",
        "analog onto graded",
        "analog onto modulators",
        "analog late",
        "commands",
        "clamp acts",
    ]
    .iter()
    .chain(&[
        "several chunks",
        "free of modulators",
        "modulated",
        "third factor later",
        "twice the same",
        "dead zone acts",
        "leak Modulated",
        "leak Always",
        "leak at its bound",
    ])
    .map(ToString::to_string)
    .collect();
    use Postsynaptic::{Surrogate, TraceSquared, TraceTimesThreshold};
    let pre = [Presynaptic::One, Presynaptic::Spike, Presynaptic::Trace, Presynaptic::SlowTrace];
    let post = [Postsynaptic::One, Postsynaptic::Spike, Postsynaptic::Trace, Postsynaptic::SlowTrace];
    all.extend(pre.map(|factor| format!("{factor:?}")));
    all.extend(post.map(|factor| format!("post {factor:?}")));
    all.extend([TraceSquared, TraceTimesThreshold, Surrogate].map(|factor| format!("post {factor:?}")));
    all.extend([Synaptic::One, Synaptic::Plastic].map(|factor| format!("synapse {factor:?}")));
    all.extend(
        [CoefficientScope::Projection, CoefficientScope::Postsynaptic].map(|scope| format!("scope {scope:?}")),
    );
    all.into_iter().collect()
}

fn features(case: &Case) -> Vec<String> {
    let Case { model, episodes, .. } = case;
    let network = &model.network;
    let mut found = Vec::new();
    let mut note = |condition: bool, what: &str| found.extend(condition.then(|| what.to_owned()));
    note(network.command().is_some(), "commands");
    note(episodes.len() > 8, "several chunks");
    note(clamp_acts(case), "clamp acts");
    note(dead_zone_acts(case), "dead zone acts");
    for population in &network.populations {
        if let PopulationKind::Lif(lif) = population.kind {
            note(lif.refractory > 0, "refractory");
            note(lif.adaptive, "adaptive");
            note(lif.synaptic, "synaptic");
            note(lif.decay_scope == DecayScope::Neuron, "decays per neuron");
        }
    }
    for (index, projection) in network.projections.iter().enumerate() {
        let same = |other: &Projection| (other.pre, other.post) == (projection.pre, projection.post);
        let pre = network.populations[usize::from(projection.pre)].kind;
        note(projection.pre == projection.post, "self");
        let post = &network.populations[usize::from(projection.post)];
        let is_analog = matches!(pre, PopulationKind::Analog(_));
        note(is_analog && post.spikes(), "analog onto LIF");
        note(is_analog && post.is_graded(), "analog onto graded");
        note(is_analog && post.is_modulator(), "analog onto modulators");
        note(is_analog && projection.pre > projection.post, "analog late");
        note(projection.pre > projection.post && matches!(pre, PopulationKind::Lif(_)), "backward");
        note(projection.pre > projection.post && pre == PopulationKind::Input, "input late");
        note(network.projections[..index].iter().any(same), "twice the same");
        let Some(plasticity) = &projection.plasticity else { continue };
        note(plasticity.third_factor == ThirdFactor::One, "free of modulators");
        if let ThirdFactor::Modulators(population) = plasticity.third_factor {
            note(true, "modulated");
            note(population > projection.post, "third factor later");
        }
        note(true, &format!("scope {:?}", plasticity.rule.scope));
        if let Some(leak) = plasticity.leak {
            note(true, &format!("leak {leak:?}"));
            note(leak_is_bounded(case, index), "leak at its bound");
        }
        for term in &plasticity.rule.terms {
            note(true, &format!("{:?}", term.pre));
            note(true, &format!("post {:?}", term.post));
            note(true, &format!("synapse {:?}", term.synapse));
        }
    }
    found
}

/// Whether the smooth loss is another one without a limit on P.
fn clamp_acts(case: &Case) -> bool {
    let Case { model, flat, episodes } = case;
    let mut free = model.clone();
    free.plastic_limit = 1e6;
    let loss = |model| SMOOTH.exact_gradient(model, &in_f64(flat), LaneBatch::fresh(episodes)).unwrap().loss;
    loss(model) != loss(&free)
}

/// Whether the smooth loss does not depend on the leak's rate, tripled, although it depends on the leak.
fn leak_is_bounded(case: &Case, projection: usize) -> bool {
    let Case { model, flat, episodes } = case;
    let loss = |factor: f64| {
        let mut flat = in_f64(flat);
        let slot = model.slots().iter().find(|slot| slot.parameter == Parameter::Leak(projection)).unwrap();
        flat[slot.range.clone()][0] += factor.ln();
        SMOOTH.exact_gradient(model, &flat, LaneBatch::fresh(episodes)).unwrap().loss
    };
    loss(1e3) == loss(3e3) && loss(1e3) != loss(1e-9)
}

/// Whether the smooth loss is another one without dead zones.
fn dead_zone_acts(case: &Case) -> bool {
    let Case { model, flat, episodes } = case;
    let mut without = model.clone();
    for population in &mut without.network.populations {
        if let PopulationKind::Modulator(modulator) = &mut population.kind {
            modulator.dead_zone = 0;
        }
    }
    let loss = |model| SMOOTH.exact_gradient(model, &in_f64(flat), LaneBatch::fresh(episodes)).unwrap().loss;
    loss(model) != loss(&without)
}

/// The hard network in `f32` and in `f64`: the same spikes (or the losses would differ by far more), and gradients
/// that differ by rounding, at most some 1e-4 of the largest in sums over a few hundred steps and synapses.
#[test]
fn single_precision_is_enough() {
    for seed in SEEDS {
        let Case { model, flat, episodes } = random_case(seed);
        let single = HARD.gradient(&model, &flat, LaneBatch::fresh(&episodes)).unwrap();
        let exact = HARD.exact_gradient(&model, &in_f64(&flat), LaneBatch::fresh(&episodes)).unwrap();
        // A loss of more than 20 is rounded by more than that: up to eight units of its last place.
        let allowed = (8.0 * exact.loss / 16_777_216.0).max(1e-5);
        assert!((single.loss - exact.loss).abs() < allowed, "seed {seed}: {} {}", single.loss, exact.loss);
        assert_eq!(single.correct, exact.correct, "seed {seed}");
        let largest = exact.values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        for (single, exact) in single.values.iter().zip(&exact.values) {
            assert!((f64::from(*single) - exact).abs() <= 1e-4 * largest, "seed {seed}: {single} {exact}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let Case { model, flat, episodes } = SEEDS.map(random_case).find(|case| case.episodes.len() > 8).unwrap();
    let on_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| HARD.gradient(&model, &flat, LaneBatch::fresh(&episodes)).unwrap())
    };
    let alone = on_threads(1);
    assert!(alone.values.iter().any(|value| *value != 0.0));
    assert!([2, 3, 7].into_iter().all(|threads| on_threads(threads) == alone));
}

#[test]
fn episodes_it_cannot_run_are_refused() {
    let Case { model, flat, mut episodes } = random_case(0);
    assert!(matches!(HARD.gradient(&model, &flat, LaneBatch::fresh(&[])), Err(EngineError::NoDecisions)));
    episodes.push(Episode::silent(&model.network, episodes[0].steps));
    assert!(matches!(HARD.gradient(&model, &flat, LaneBatch::fresh(&episodes)), Err(EngineError::UnlikeEpisodes)));
}

fn population(size: u16, kind: PopulationKind) -> Population {
    Population { name: Name::new(), size, kind }
}

/// One input, two output neurons that are a class each, one modulator, one analog value, k = 1.
fn network(lif: Lif, projections: &[Projection]) -> NetworkDescription {
    let network = NetworkDescription {
        populations: heapless::Vec::from_array([
            population(1, PopulationKind::Input),
            population(2, PopulationKind::Lif(lif)),
            population(1, PopulationKind::Modulator(Modulator::default())),
            population(1, PopulationKind::Analog(Analog { exponent: 12 })),
        ]),
        projections: projections.iter().cloned().collect(),
        surrogate_slope: 1,
        readout: Readout { population: 1, classes: 2, neurons_per_class: 1, kind: ReadoutKind::Classes },
    };
    network.check().unwrap();
    network
}

/// An episode in which the input spikes in every step.
fn episode(network: &NetworkDescription, steps: usize, start: usize, target: usize) -> Episode {
    let mut episode = Episode::silent(network, steps);
    (0..steps).for_each(|step| episode.spike(step, 0));
    episode.decisions = vec![Decision { start, end: steps, target, among: 2 }];
    episode
}

fn set(model: &Model, flat: &mut [f64], parameter: Parameter, values: &[f64]) {
    flat[model.slot(parameter).unwrap().range.clone()].copy_from_slice(values);
}

fn assert_gradient(model: &Model, gradient: &[f64], parameter: Parameter, expected: &[f64]) {
    let computed = &gradient[model.slot(parameter).unwrap().range.clone()];
    assert_eq!(computed.len(), expected.len());
    for (computed, expected) in computed.iter().zip(expected) {
        assert!((computed - expected).abs() < 1e-12, "{}: {computed} {expected}", model.name(parameter));
    }
}

/// Two steps of two plastic synapses from one input, `c x_i s_j` with c = 1; every raw decay is 0, so every decay
/// 1/2; eta = gamma = k = 1; W = (1, 0). M = 1 in the first step, either as it is or as G tanh(u) with G = 1.25 and
/// u = S a = ln 3, tanh(ln 3) = 0.8, with S the weight from the analog value a = 1 of the first step.
///
/// t = 0: v = (1, 0), d = (0, -1), s = (1, 0), x = 1/2, E = 1/2 c x s = (1/4, 0), P = (1/4, 0).
/// t = 1: v = v/2 + W + P - s(0) = (3/4, 0), d = (-1/4, -1), s = (0, 0): the decision, target 0, loss ln 2.
///
/// Backward: dL/ds(1) = p - target = (-1/2, 1/2), psi = (0.64, 1/4), so dL/dv(1) = dL/dP = (-0.32, 0.125).
/// dP_j/ds_j(0) = eta M (1 - a_E) c x = 1/4. dL/dv(0) = a_v dL/dv(1) + psi(d(0)) dL/dP / 4 =
/// (-0.16 - 0.08, 0.0625 + 0.0078125); the reset carries nothing. W and b, with input in both steps, get the sum of
/// both dL/dv = (-0.56, 0.1953125). Only P_0 moved: c and ln eta get -0.32 / 4 = -0.08, a_x -0.32 (1/2)(-1), a_E
/// -0.32 (-1/2), a_v -0.32 v_0(0), each times the slope 1/4 of the sigmoid: 0.04, 0.04, -0.08.
/// G gets -0.32 E m = -0.064, S gets -0.32 E G (1 - m^2) = -0.036.
fn two_plastic_steps(third_factor: ThirdFactor) -> (Model, Vec<f64>) {
    let terms = heapless::Vec::from_iter([Term::new(Presynaptic::Trace, Postsynaptic::Spike)]);
    let rule = Rule { terms, scope: CoefficientScope::Projection };
    let plasticity = Some(Plasticity { rule, third_factor, leak: None });
    let dense = |pre, post, plasticity| Projection { pre, post, connectivity: Connectivity::Dense, plasticity };
    let network = network(Lif::default(), &[dense(0, 1, plasticity), dense(3, 2, None)]);
    let mut episode = episode(&network, 2, 1, 0);
    episode.analog[0] = 1.0;
    let model = Model::new(network, 1.0);
    let mut flat = vec![0.0; model.parameter_count()];
    set(&model, &mut flat, Parameter::Weights(0), &[1.0, 0.0]);
    set(&model, &mut flat, Parameter::Coefficients(0), &[1.0]);
    set(&model, &mut flat, Parameter::Weights(1), &[3_f64.ln()]);
    if third_factor != ThirdFactor::One {
        set(&model, &mut flat, Parameter::ThirdFactorWeights(0), &[1.25, 1.25]);
    }
    let gradient = HARD.exact_gradient(&model, &flat, LaneBatch::fresh(&[episode])).unwrap();
    assert!((gradient.loss - 2_f64.ln()).abs() < 1e-15);
    (model, gradient.values)
}

#[test]
fn two_plastic_steps_by_hand() {
    for third_factor in [ThirdFactor::One, ThirdFactor::Modulators(2)] {
        let (model, gradient) = two_plastic_steps(third_factor);
        let assert_is = |parameter, expected: &[f64]| assert_gradient(&model, &gradient, parameter, expected);
        assert_is(Parameter::Weights(0), &[-0.56, 0.195_312_5]);
        assert_is(Parameter::Bias(1), &[-0.56, 0.195_312_5]);
        assert_is(Parameter::Coefficients(0), &[-0.08]);
        assert_is(Parameter::Rate(0), &[-0.08]);
        assert_is(Parameter::TraceDecay(0, Trace::Pre), &[0.04]);
        assert_is(Parameter::EligibilityDecay(0), &[0.04]);
        assert_is(Parameter::MembraneDecay(1), &[-0.08]);
        assert_is(Parameter::ReadoutGain, &[0.0]);
        let modulated = third_factor != ThirdFactor::One;
        assert_is(Parameter::Weights(1), &[if modulated { -0.036 } else { 0.0 }]);
        if modulated {
            assert_is(Parameter::ThirdFactorWeights(0), &[-0.064, 0.0]);
        }
    }
}

/// Four steps of two adaptive neurons with refractory period 1 and a recurrent synapse 0 to 1 of weight 1; input
/// weights (2, 0), all decays 1/2, beta = gamma = k = 1. The decision is all four steps, target 1.
///
/// ```text
/// t   v_0   threshold_0  s_0       v_1    threshold_1  s_1        a after
/// 0   2     1            1         0      1            0          1/2, 0
/// 1   2     1.5          (silent)  1      1            1          1/4, 1/2
/// 2   3     1.25         1         -1/2   1.5          (silent)   5/8, 1/4
/// 3   2.5   1.625        (silent)  3/4    1.25         0
/// ```
///
/// Counts (2, 1): loss ln(1 + e), and with p = e / (1 + e) every s_0 has gradient p and every s_1 has -p of its
/// own. Write S, D, V, A for the gradients by s, d, v and a. For each neuron, from the end: D = S psi(d), zero
/// where silent; V(t) = D(t) + V(t+1)/2; A(t) = -D(t+1) + A(t+1)/2; S_1(t) = -p + A_1(t)/2; S_0(t) = p + A_0(t)/2 +
/// V_1(t+1).
///
/// ```text
/// neuron 1   t = 3: psi(-1/2) = 4/9   D = V = -4p/9             A = 0
///            t = 2: silent            D = 0       V = -2p/9     A = 4p/9
///            t = 1: psi(0) = 1        D = -8p/9   V = -p        A = 2p/9
///            t = 0: psi(-1) = 1/4     D = -p/8    V = -5p/8     A = p
/// neuron 0   t = 3: silent            D = V = 0
///            t = 2: psi(7/4) = 16/121 S = 5p/9    D = V = 80p/1089
///            t = 1: silent            D = 0       V = 40p/1089  A = -80p/1089
///            t = 0: psi(1) = 1/4      S = -20p/1089  D = -5p/1089  V = 15p/1089  A = -40p/1089
/// ```
///
/// Input weights get the sums of V: 135p/1089 and -55p/24. The recurrent synapse from i to j gets the sum of s_i(t)
/// V_j(t+1). ln beta gets -sum a(t-1) D(t) = 101p/1089, rho sum A(t) (a(t-1) - s(t)) = 0, ln gamma 2p - p.
#[test]
fn a_recurrent_adaptive_refractory_network_by_hand() {
    let lif = Lif { refractory: 1, adaptive: true, ..Lif::default() };
    let projections =
        [0, 1].map(|pre| Projection { pre, post: 1, connectivity: Connectivity::Dense, plasticity: None });
    let network = network(lif, &projections);
    let episode = episode(&network, 4, 0, 1);
    let model = Model::new(network, 1.0);
    let mut flat = vec![0.0; model.parameter_count()];
    set(&model, &mut flat, Parameter::Weights(0), &[2.0, 0.0]);
    set(&model, &mut flat, Parameter::Weights(1), &[0.0, 1.0, 0.0, 0.0]);
    let gradient = HARD.exact_gradient(&model, &flat, LaneBatch::fresh(&[episode])).unwrap();
    let e = std::f64::consts::E;
    let p = e / (1.0 + e);
    assert!((gradient.loss - (1.0 + e).ln()).abs() < 1e-15);
    assert_eq!(gradient.correct, 0);
    let assert_is = |parameter, expected: &[f64]| assert_gradient(&model, &gradient.values, parameter, expected);
    assert_is(Parameter::Weights(0), &[135.0 * p / 1089.0, -55.0 * p / 24.0]);
    assert_is(Parameter::Bias(1), &[135.0 * p / 1089.0, -55.0 * p / 24.0]);
    let recurrent = [40.0 / 1089.0, -13.0 / 9.0, 80.0 / 1089.0, -2.0 / 9.0];
    assert_is(Parameter::Weights(1), &recurrent.map(|fraction| fraction * p));
    assert_is(Parameter::AdaptationStrength(1), &[101.0 * p / 1089.0]);
    assert_is(Parameter::AdaptationDecay(1), &[0.0]);
    assert_is(Parameter::ReadoutGain, &[p]);
}

/// Two steps of two graded neurons with a synaptic current and decays of their own, an input in both steps, input
/// weights (1, 2), no bias, decays 1/2 and 1/4 of the membranes, 1/4 and 1/2 of the currents, gamma = 1. The
/// decision is the second step, target 0, and counts potentials.
///
/// ```text
/// t   i_0   v_0   i_1   v_1
/// 0   1     1     2     2
/// 1   5/4   7/4   3     7/2
/// ```
///
/// With p = softmax(7/4, 7/2)_1, dL/dv(1) = (-p, p). Write V and S for the gradients by v and i, from the end: S(1)
/// = V(1); V(0) = a_v V(1); S(0) = V(0) + a_i S(1) = (a_v + a_i) V(1) = 3/4 V(1) of both neurons. Weights and
/// biases get S(0) + S(1) = 7/4 V(1). a_v gets V(1) v(0), a_i gets S(1) i(0), raw decays that times a (1 - a): 1/4
/// or 3/16.
#[test]
fn two_steps_of_synaptic_currents_and_decays_a_neuron_by_hand() {
    let lif = Lif { graded: true, synaptic: true, decay_scope: DecayScope::Neuron, ..Lif::default() };
    let network =
        network(lif, &[Projection { pre: 0, post: 1, connectivity: Connectivity::Dense, plasticity: None }]);
    let episode = episode(&network, 2, 1, 0);
    let model = Model::new(network, 1.0);
    let mut flat = vec![0.0; model.parameter_count()];
    let quarter = (1.0_f64 / 3.0).ln();
    set(&model, &mut flat, Parameter::Weights(0), &[1.0, 2.0]);
    set(&model, &mut flat, Parameter::MembraneDecay(1), &[0.0, quarter]);
    set(&model, &mut flat, Parameter::SynapseDecay(1), &[quarter, 0.0]);
    let gradient = HARD.exact_gradient(&model, &flat, LaneBatch::fresh(&[episode])).unwrap();
    let p = 1.0 / (1.0 + (-1.75_f64).exp());
    assert!((gradient.loss - (1.0 + 1.75_f64.exp()).ln()).abs() < 1e-14, "{}", gradient.loss);
    let assert_is = |parameter, expected: &[f64]| assert_gradient(&model, &gradient.values, parameter, expected);
    assert_is(Parameter::Weights(0), &[-1.75 * p, 1.75 * p]);
    assert_is(Parameter::Bias(1), &[-1.75 * p, 1.75 * p]);
    assert_is(Parameter::MembraneDecay(1), &[-p / 4.0, 2.0 * p * 3.0 / 16.0]);
    assert_is(Parameter::SynapseDecay(1), &[-p * 3.0 / 16.0, 2.0 * p / 4.0]);
}
