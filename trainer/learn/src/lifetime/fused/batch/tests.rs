//! A network in a closed loop: what it did in one step changes the analog values of the next.

use metaplastic_shared::network::PopulationKind;

use super::*;
use crate::lifetime::fused::configuration::Configuration;
use crate::lifetime::fused::plan::Plan;
use crate::lifetime::testing::{Case, difference_error, random_case};
use crate::lifetime::{Spiking, THRESHOLD};
use crate::model::{Model, Parameter};

/// How much of its position a [`Plant`] keeps, and how much a potential moves it.
const KEPT: f32 = 0.8;
const MOVED: f32 = 0.3;

/// `x = 0.8 x + 0.3 v` with the potential `v` of the readout's first neuron after the step before; the network senses x,
/// each of its analog values by another factor, and the loss is the mean square of `x - 1`.
struct Plant<'e> {
    episode: &'e Episode,
    /// x after each step.
    positions: Vec<f32>,
    /// What the network was given in all steps.
    analog: Vec<f32>,
    values: usize,
}

fn factor(value: usize) -> f32 {
    1.0 - 0.4 * value as f32
}

impl<'e> Plant<'e> {
    fn new(model: &Model, episode: &'e Episode) -> Self {
        Self { episode, positions: Vec::new(), analog: Vec::new(), values: model.network.analog_values() }
    }

    fn loss(&self) -> f64 {
        let errors = self.positions.iter().map(|position| f64::from(position - THRESHOLD).powi(2));
        errors.sum::<f64>() / self.positions.len() as f64
    }
}

impl InputSource for Plant<'_> {
    fn input(&mut self, step: usize, readout: &[f32]) -> StepInput<'_> {
        let position = self.positions.last().map_or(0.5, |position| KEPT * position + MOVED * readout[0]);
        self.positions.push(position);
        self.analog.extend((0..self.values).map(|value| factor(value) * position));
        let analog = &self.analog[step * self.values..];
        StepInput { step, spikes: self.episode.inputs_at(step), analog }
    }
}

/// A plant backwards.
struct PlantAdjoint<'p> {
    positions: &'p [f32],
    /// dx of the step behind.
    position: f32,
}

impl OuterAdjoint for PlantAdjoint<'_> {
    fn add_readout_gradient(&mut self, _: &Plan, _: usize, readout: &mut [f32]) {
        readout[0] += MOVED * self.position;
    }

    fn take_analog_gradient(&mut self, step: usize, analog: &[f32]) {
        let of_loss = 2.0 * (self.positions[step] - THRESHOLD) / self.positions.len() as f32;
        let sensed = analog.iter().enumerate().map(|(value, gradient)| factor(value) * gradient).sum::<f32>();
        self.position = KEPT * self.position + of_loss + sensed;
    }
}

/// A loop of a case's first episode, and how it is run.
struct ClosedLoop<'c> {
    case: &'c Case,
    segment: usize,
}

impl ClosedLoop<'_> {
    fn dynamics(&self, flat: &[f32]) -> Dynamics {
        let spiking = Spiking::Smooth;
        let configuration = Configuration { spiking, analog_gradient: true, ..Configuration::default() };
        Dynamics::new(&self.case.model, flat, configuration)
    }

    fn batch<'d>(&'d self, dynamics: &'d Dynamics) -> Batch<'d> {
        Batch { dynamics, episodes: &self.case.episodes[..1], segment: self.segment }
    }

    fn plant(&self) -> Plant<'_> {
        Plant::new(&self.case.model, &self.case.episodes[0])
    }

    fn loss(&self, flat: &[f32]) -> f64 {
        let (dynamics, mut plant) = (self.dynamics(flat), self.plant());
        let (run, _) = self.batch(&dynamics).run_with_checkpoints(&self.case.episodes[0], &mut plant, None);
        plant.loss() + run.activity_cost
    }

    fn gradient(&self) -> Vec<f32> {
        let Case { model, flat, episodes } = self.case;
        let (dynamics, mut plant) = (self.dynamics(flat), self.plant());
        let batch = self.batch(&dynamics);
        let (run, _) = batch.run_with_checkpoints(&episodes[0], &mut plant, None);
        let Plant { positions, analog, .. } = plant;
        let outer = PlantAdjoint { positions: &positions, position: 0.0 };
        let episode = Episode { analog, ..episodes[0].clone() };
        let mut tape = EpisodeTape { episode: &episode, checkpoints: &run.checkpoints, outer };
        let mut gradient = Tensors::zeros(&dynamics.plan);
        batch.episode_back(&mut tape, &mut batch.workspace(), &mut gradient);
        gradient.flatten(model, &dynamics.plan, &dynamics.values)
    }
}

/// Cases whose readout has potentials, which analog values reach directly or not; without refractory periods and dead
/// zones, at which even a smooth network jumps or bends.
fn cases() -> impl Iterator<Item = Case> {
    let smooth = |case: Case| {
        let mut network = case.model.network.clone();
        network.populations.iter_mut().for_each(|population| match &mut population.kind {
            PopulationKind::Lif(lif) => lif.refractory = 0,
            PopulationKind::Modulator(modulator) => modulator.dead_zone = 0,
            _ => {}
        });
        Case { model: Model::new(network, case.model.plastic_limit), ..case }
    };
    let wanted = |case: &Case| case.model.network.analog_values() > 0 && case.model.network.has_graded_readout();
    (0..200).map(random_case).filter(wanted).map(smooth)
}

/// What takes the gradient of given analog values, where the loss is of counts.
struct RecordedAdjoint<'c> {
    counts: CountGradient<'c>,
    values: usize,
    /// `[steps, values]`.
    analog: Vec<f32>,
}

impl OuterAdjoint for RecordedAdjoint<'_> {
    fn add_readout_gradient(&mut self, plan: &Plan, step: usize, readout: &mut [f32]) {
        self.counts.add_readout_gradient(plan, step, readout);
    }

    fn take_analog_gradient(&mut self, step: usize, analog: &[f32]) {
        self.analog[step * self.values..][..self.values].copy_from_slice(analog);
    }
}

/// Whether a tensor is the weights from an analog population.
fn is_of_analog(model: &Model, parameter: Parameter) -> bool {
    let Parameter::Weights(projection) = parameter else { return false };
    let pre = model.network.projections[projection].pre;
    model.network.populations[usize::from(pre)].is_analog()
}

#[test]
fn gradients_through_a_closed_loop_are_finite_differences() {
    let (mut checked, mut of_analog, mut missed) = (0, 0, Vec::new());
    for case in cases() {
        let closed = ClosedLoop { case: &case, segment: 5 };
        let gradient = closed.gradient();
        for slot in case.model.slots().iter().filter(|slot| slot.parameter != Parameter::ReadoutGain) {
            checked += 1;
            let gradients = || gradient[slot.range.clone()].iter();
            of_analog +=
                usize::from(is_of_analog(&case.model, slot.parameter) && gradients().any(|it| it.abs() > 1e-3));
            let error = difference_error(&slot.range, &case.flat, &gradient, |flat| closed.loss(flat));
            if error > 1.0 {
                missed.push((case.model.name(slot.parameter), error));
            }
        }
    }
    assert!(100 * missed.len() <= checked, "of {checked}: {missed:?}");
    assert!(of_analog > 20, "{of_analog} weights of analog values with a gradient");
}

/// The gradient of the sum of all counts, each times a number of its own, with respect to the analog values of an episode.
#[test]
fn gradients_of_given_analog_values_are_finite_differences() {
    let (mut checked, mut missed) = (0, Vec::new());
    for case in cases() {
        let (closed, episode) = (ClosedLoop { case: &case, segment: 5 }, &case.episodes[0]);
        let dynamics = closed.dynamics(&case.flat);
        let batch = closed.batch(&dynamics);
        let run = |episode: &Episode| batch.run_with_checkpoints(episode, &mut { episode }, None).0;
        let EpisodeRun { counts, checkpoints, .. } = run(episode);
        let by_count = (0..counts.len()).map(|at| (at as f32 * 0.7).cos()).collect::<Vec<_>>();
        let counts = CountGradient { decisions: &episode.decisions, values: &by_count };
        let (values, analog) = (case.model.network.analog_values(), vec![0.0; episode.analog.len()]);
        let outer = RecordedAdjoint { counts, values, analog };
        let mut tape = EpisodeTape { episode, checkpoints: &checkpoints, outer };
        batch.episode_back(&mut tape, &mut batch.workspace(), &mut Tensors::zeros(&dynamics.plan));
        let error = difference_error(&(0..episode.analog.len()), &episode.analog, &tape.outer.analog, |analog| {
            let run = run(&Episode { analog: analog.to_vec(), ..episode.clone() });
            run.counts.iter().zip(&by_count).map(|(count, factor)| f64::from(count * factor)).sum()
        });
        checked += usize::from(tape.outer.analog.iter().any(|gradient| gradient.abs() > 1e-3));
        missed.extend((error > 1.0).then_some(error));
    }
    assert!(missed.is_empty() && checked > 10, "of {checked}: {missed:?}");
}

#[test]
fn segments_change_no_bit_of_a_closed_loop() {
    for case in cases() {
        let of = |segment| ClosedLoop { case: &case, segment }.gradient();
        assert_eq!(of(3), of(1000));
    }
}
