//! The adjoint against finite differences of a smooth network, and everything that may not change a gradient.

use std::collections::BTreeSet;

use metaplastic_shared::network::{
    Lif, Name, NetworkDescription, Population, PopulationKind, Readout, ReadoutKind,
};

use super::*;
use crate::lifetime::testing::{Case, difference_error, random_case, random_starts};
use crate::model::{Parameter, ParameterSlot};
use metaplastic_task::episode::Decision;

/// Mean cross entropy of `exp(gain) counts`, and its gradient with respect to the counts.
fn loss(model: &Model, flat: &[f32], episodes: &[Episode], counts: &[f32]) -> (f64, Vec<f32>) {
    let gain = f64::from(model.positive(Parameter::ReadoutGain, flat));
    let targets = episodes.iter().flat_map(|episode| &episode.decisions).map(|decision| decision.target);
    let rows = counts.chunks_exact(usize::from(model.network.readout.classes));
    let decisions = rows.len() as f64;
    let mut loss = 0.0;
    let mut gradient = Vec::new();
    for (row, target) in rows.zip(targets) {
        let powers = row.iter().map(|count| (gain * f64::from(*count)).exp()).collect::<Vec<_>>();
        let total = powers.iter().sum::<f64>();
        loss -= (powers[target] / total).ln() / decisions;
        gradient.extend(powers.iter().enumerate().map(|(class, power)| {
            let right = if class == target { 1.0 } else { 0.0 };
            (gain * (power / total - right) / decisions) as f32
        }));
    }
    (loss, gradient)
}

/// The gradient with respect to counts, of episodes in no world.
fn by_counts(counts: &[f32]) -> OuterGradient<'_> {
    OuterGradient { counts, costs: &[] }
}

fn gradient(fused: FusedLifetime, case: &Case) -> Vec<f32> {
    gradient_from(fused, case, &[])
}

/// The gradient where episodes begin with some states.
fn gradient_from(fused: FusedLifetime, case: &Case, starts: &[Option<CarriedState>]) -> Vec<f32> {
    let Case { model, flat, episodes } = case;
    let starts = starts.iter().map(Option::as_ref).collect::<Vec<_>>();
    let batch = LaneBatch { starts: &starts, ..LaneBatch::fresh(episodes) };
    let ForwardPass { counts, saved, .. } = fused.forward(model, flat, batch);
    fused.backward(saved, by_counts(&loss(model, flat, episodes, &counts).1))
}

/// What the episodes of a case may begin with: in turn the initial states, plastic weights, all state.
fn starts(case: &Case, seed: u64) -> Vec<Option<CarriedState>> {
    match seed % 3 {
        0 => Vec::new(),
        1 => random_starts(case, CarriedPart::PlasticWeights, seed),
        _ => random_starts(case, CarriedPart::All, seed),
    }
}

/// The tensor that differs most, in units of its norm and a thousandth of the whole gradient's, for tensors whose
/// gradient is what remains of a cancellation.
fn worst_relative(case: &Case, a: &[f32], b: &[f32]) -> (f64, String) {
    let norm = |values: &mut dyn Iterator<Item = f32>| values.map(|v| f64::from(v).powi(2)).sum::<f64>().sqrt();
    let whole = norm(&mut a.iter().copied());
    let tensors = case.model.slots().iter().map(|slot| {
        let (a, b) = (&a[slot.range.clone()], &b[slot.range.clone()]);
        let difference = norm(&mut a.iter().zip(b).map(|(a, b)| a - b));
        let size = norm(&mut a.iter().copied()).max(norm(&mut b.iter().copied())).max(1e-6);
        (difference / (size + 1e-3 * whole), case.model.name(slot.parameter))
    });
    tensors.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

/// How far the gradient of a tensor is from a finite difference, see [`difference_error`].
fn error_of(slot: &ParameterSlot, case: &Case, starts: &[Option<CarriedState>], analytic: &[f32]) -> f64 {
    let Case { model, flat, episodes } = case;
    let starts = starts.iter().map(Option::as_ref).collect::<Vec<_>>();
    let batch = LaneBatch { starts: &starts, ..LaneBatch::fresh(episodes) };
    let fused = FusedLifetime::default().with_spiking(Spiking::Smooth);
    difference_error(&slot.range, flat, analytic, |flat| {
        let ForwardPass { counts, activity_cost, .. } = fused.forward(model, flat, batch);
        loss(model, flat, episodes, &counts).0 + activity_cost
    })
}

/// The same where no map is refractory: a map has so many neurons that in one of them a refractory period nearly
/// always begins within a finite difference.
fn without_refractory_maps(case: Case) -> Case {
    let Case { model, flat, episodes } = case;
    let mut network = model.network.clone();
    for population in network.populations.iter_mut().filter(|population| population.size > 6) {
        if let PopulationKind::Lif(lif) = &mut population.kind {
            lif.refractory = 0;
        }
    }
    let calm = Model::new(network, model.plastic_limit).with_modulation_cost(model.modulation_cost);
    Case { model: calm, flat, episodes }
}

/// A smooth network still jumps where a neuron begins to be refractory and bends where P is clamped; a direction in
/// a hundred may cross such a point.
#[test]
fn gradients_of_a_smooth_network_are_finite_differences() {
    let (mut checked, mut missed) = (0, Vec::new());
    for seed in 0..60 {
        let case = without_refractory_maps(random_case(seed));
        let starts = starts(&case, seed);
        let analytic = gradient_from(FusedLifetime::default().with_spiking(Spiking::Smooth), &case, &starts);
        for slot in case.model.slots().iter().filter(|slot| slot.parameter != Parameter::ReadoutGain) {
            checked += 1;
            if error_of(slot, &case, &starts, &analytic) > 1.0 {
                missed.push((seed, case.model.name(slot.parameter)));
            }
        }
    }
    assert!(100 * missed.len() <= checked, "of {checked}: {missed:?}");
}

#[test]
fn neither_segments_nor_threads_nor_calls_change_a_bit_of_the_gradient() {
    let threads = |count| rayon::ThreadPoolBuilder::new().num_threads(count).build().unwrap();
    let (one, three) = (threads(1), threads(3));
    for seed in 0..20 {
        let case = random_case(seed);
        let starts = starts(&case, seed);
        let gradient = |fused| gradient_from(fused, &case, &starts);
        let whole = one.install(|| gradient(FusedLifetime { segment: 1000, ..FusedLifetime::default() }));
        for segment in [1, 3, 16] {
            let fused = FusedLifetime { segment, ..FusedLifetime::default() };
            assert_eq!(three.install(|| gradient(fused)), whole, "seed {seed}, segments of {segment}");
        }
        let starved = FusedLifetime { memory_limit: 1, ..FusedLifetime::default() };
        assert_eq!(gradient(starved), whole, "seed {seed}, no memory for checkpoints");
    }
}

/// Plain arrays round a product before they add to it. All others do not, and agree to the bit.
#[test]
fn all_vectors_of_this_processor_agree() {
    let backends = Backend::all().collect::<Vec<_>>();
    let (plain, fusing) = backends.split_last().unwrap();
    for seed in 0..40 {
        let case = random_case(seed);
        let fused = FusedLifetime::default().with_spiking(Spiking::Smooth);
        let by = |backend: &Backend| gradient(FusedLifetime { backend: *backend, ..fused }, &case);
        let fusing = fusing.iter().map(by).collect::<Vec<_>>();
        assert!(fusing.windows(2).all(|pair| pair[0] == pair[1]), "seed {seed}");
        let (error, tensor) =
            fusing.first().map_or((0.0, String::new()), |best| worst_relative(&case, &by(plain), best));
        assert!(error < 1e-3, "seed {seed}: {tensor} differs by {error}");
    }
}

/// A cut in the initial state alone changes nothing, later cuts do, and the ends of segments do not matter to them.
#[test]
fn truncation_cuts_the_gradient_and_nothing_else() {
    let every = |steps| FusedLifetime::default().with_truncation(NonZeroUsize::new(steps));
    let mut shorter = 0;
    for seed in 0..30 {
        let case = random_case(seed);
        let steps = case.episodes[0].steps;
        assert_eq!(gradient(every(steps), &case), gradient(FusedLifetime::default(), &case), "seed {seed}");
        let short = gradient(every(2), &case);
        shorter += usize::from(short != gradient(FusedLifetime::default(), &case));
        assert_eq!(short, gradient(FusedLifetime { segment: 3, ..every(2) }, &case), "seed {seed}");
    }
    assert!(shorter > 15, "truncation changed only {shorter} of 30 gradients");
}

/// An episode after another as one, with a state reset in between if only P carries over.
fn one_after_another(first: &Episode, second: &Episode, part: CarriedPart) -> Episode {
    let later = first.steps;
    let moved = second.decisions.iter().map(|it| Decision { start: it.start + later, end: it.end + later, ..*it });
    let seam = (part == CarriedPart::PlasticWeights).then_some(later);
    let resets = second.state_resets.iter().map(|step| step + later);
    Episode {
        inputs: [&*first.inputs, &second.inputs].concat(),
        analog: [&*first.analog, &second.analog].concat(),
        steps: first.steps + second.steps,
        state_resets: BTreeSet::from_iter(first.state_resets.iter().copied().chain(seam).chain(resets))
            .into_iter()
            .collect(),
        decisions: first.decisions.iter().copied().chain(moved).collect(),
        ..Episode::default()
    }
}

/// Two episodes one after the other in a lane are the same as one episode of both, counts, end and gradient, if that is
/// cut at the seam and only the second part has a gradient.
#[test]
fn an_episode_goes_on_where_the_last_one_ended() {
    for (seed, part) in (0..40).zip([CarriedPart::PlasticWeights, CarriedPart::All].into_iter().cycle()) {
        let Case { model, flat, episodes } = random_case(seed);
        let model = model.with_modulation_cost(0.0).with_spike_cost(0.0);
        let (first, second) = (&episodes[0], &episodes[episodes.len() - 1]);
        let both = one_after_another(first, second, part);
        let fused = FusedLifetime::default().with_truncation(NonZeroUsize::new(first.steps));
        let run = |episode: &Episode, start: Option<&CarriedState>| {
            let batch = LaneBatch {
                starts: &[start],
                carried: Some(part),
                ..LaneBatch::fresh(std::slice::from_ref(episode))
            };
            fused.forward(&model, &flat, batch)
        };
        let first = run(first, None);
        let second = run(second, first.ends[0].as_ref());
        let both = run(&both, None);
        assert_eq!(both.counts, [&*first.counts, &second.counts].concat(), "seed {seed}");
        assert_eq!(both.ends, second.ends, "seed {seed}");
        assert!(first.ends[0].as_ref().is_some_and(|end| end.transient.is_some() == (part == CarriedPart::All)));
        let of_second = (0..second.counts.len()).map(|at| (at as f32 * 0.7).cos()).collect::<Vec<_>>();
        let of_both = [vec![0.0; first.counts.len()], of_second.clone()].concat();
        let back = |saved, counts| fused.backward(saved, by_counts(counts));
        let (second, both) = (back(second.saved, &of_second), back(both.saved, &of_both));
        assert_eq!(second, both, "seed {seed}");
    }
}

/// A number that is not finite anywhere in a lane's state is not carried, though no plastic weight can be.
#[test]
fn an_end_that_is_not_finite_is_none() {
    let Case { model, mut flat, episodes } = random_case(1);
    let batch = LaneBatch { carried: Some(CarriedPart::PlasticWeights), ..LaneBatch::fresh(&episodes) };
    let ends = |flat: &[f32]| FusedLifetime::default().forward(&model, flat, batch).ends;
    assert!(ends(&flat).iter().all(Option::is_some));
    let lifs =
        model.network.populations.iter().enumerate().filter(|(_, it)| matches!(it.kind, PopulationKind::Lif(_)));
    for slot in lifs.filter_map(|(index, _)| model.slot(Parameter::Bias(index))) {
        flat[slot.range.clone()].fill(f32::MAX);
    }
    assert_eq!(ends(&flat), vec![None; episodes.len()]);
}

/// With a cut before every step, a step's gradient is that of the step alone; of a membrane decay it is
/// `sum ds/dd v(t-1)` over the readout, here with one neuron that a constant bias drives.
#[test]
fn a_cut_before_every_step_leaves_the_derivative_of_one_step() {
    let (model, mut flat) = lone_neuron();
    let decay_slot = model.slot(Parameter::MembraneDecay(1)).unwrap().range.start;
    flat[decay_slot] = crate::model::logit(0.5);
    flat[model.slot(Parameter::Bias(1)).unwrap().range.clone()].fill(0.4);
    let mut episode = Episode::silent(&model.network, 3);
    episode.decisions = vec![Decision { start: 2, end: 3, target: 0, among: 2 }];
    let fused = FusedLifetime::default().with_truncation(NonZeroUsize::new(1));
    let saved = fused.forward(&model, &flat, LaneBatch::fresh(&[episode])).saved;
    let values = fused.backward(saved, by_counts(&[1.0, 0.0]));
    let (before, after): (f32, f32) = (0.6, 0.7);
    let surrogate = (1.0 + 5.0 * (after - 1.0).abs()).powi(-2);
    assert!((values[decay_slot] - surrogate * before * 0.25).abs() < 1e-6, "{}", values[decay_slot]);
}

fn lone_neuron() -> (Model, Vec<f32>) {
    let population = |size, kind| Population { name: Name::new(), size, kind };
    let network = NetworkDescription {
        populations: heapless::Vec::from_array([
            population(1, PopulationKind::Input),
            population(2, PopulationKind::Lif(Lif::default())),
        ]),
        projections: heapless::Vec::new(),
        surrogate_slope: 5,
        readout: Readout { population: 1, classes: 2, neurons_per_class: 1, kind: ReadoutKind::Classes },
    };
    let model = Model::new(network, 1.0);
    let flat = vec![0.0; model.parameter_count()];
    (model, flat)
}
