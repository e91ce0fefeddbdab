//! The adjoint of a lifetime's state, and the order of one step backwards.
//!
//! An adjoint is the gradient of the loss with respect to a quantity, here of the state after a step and then
//! before it. The equations are in `docs/adjoint.md`.

use metaplastic_shared::network::PopulationKind;

use super::aligned::Aligned;
use super::ballot::add_count_gradient;
use super::dynamics::Dynamics;
use super::kernel::adjoint::Sums;
use super::plan::{Plan, Population, Projection};
use super::state::{Neurons, State, Synapses};
use super::tensors::Tensors;
use crate::lifetime::spike_cost::crowding;
use crate::model::Trace;
use metaplastic_task::episode::Episode;

/// Adjoints of the state.
#[derive(Debug)]
pub(super) struct Adjoint {
    /// By population.
    pub(super) neurons: Vec<NeuronAdjoint>,
    /// By projection; empty where it is not plastic.
    pub(super) synapses: Vec<SynapseAdjoint>,
}

/// Adjoints of a population's state, padded; empty where its kind has no such quantity.
#[derive(Debug, Default)]
pub(super) struct NeuronAdjoint {
    /// ds of this step.
    pub(super) spikes: Vec<f32>,
    /// ds of the step before.
    pub(super) spikes_before: Vec<f32>,
    /// dv or du.
    pub(super) potential: Vec<f32>,
    /// dd of this step, from psi.
    pub(super) distance: Vec<f32>,
    /// da.
    pub(super) adaptation: Vec<f32>,
    /// dm of this step.
    pub(super) modulation: Vec<f32>,
    /// dI of this step.
    pub(super) current: Vec<f32>,
}

/// Adjoints of a plastic projection's state.
#[derive(Debug, Default)]
pub(super) struct SynapseAdjoint {
    /// dx, dx2, dy, dy2, dtheta_y in the order of [`Trace::ALL`].
    pub(super) traces: [Vec<f32>; Trace::ALL.len()],
    /// dE in panels, still without the factor a_E.
    pub(super) eligibility: Aligned,
    /// dP in panels.
    pub(super) plastic: Aligned,
    /// What one step's adjoint sums over synapses.
    pub(super) sums: Sums,
}

impl Adjoint {
    /// Behind the last step: nothing depends on the state.
    pub(super) fn new(plan: &Plan) -> Self {
        let birth = State::new(plan);
        let neurons = plan.populations.iter().zip(&birth.neurons);
        let synapses = plan.projections.iter().zip(&birth.synapses);
        Self {
            neurons: neurons.map(|(population, neurons)| NeuronAdjoint::new(population, neurons)).collect(),
            synapses: synapses.map(|(projection, synapses)| SynapseAdjoint::new(projection, synapses)).collect(),
        }
    }

    /// Forgets what later steps asked of the state.
    pub(super) fn clear(&mut self) {
        self.rest();
        self.synapses.iter_mut().for_each(|synapses| synapses.plastic.fill(0.0));
    }

    /// Forgets what later steps asked of all but the plastic weights.
    pub(super) fn rest(&mut self) {
        for neurons in &mut self.neurons {
            let NeuronAdjoint { spikes, spikes_before, potential, distance, adaptation, modulation, current } =
                neurons;
            for values in [spikes, spikes_before, potential, distance, adaptation, modulation, current] {
                values.fill(0.0);
            }
        }
        for synapses in &mut self.synapses {
            synapses.traces.iter_mut().for_each(|trace| trace.fill(0.0));
            synapses.eligibility.fill(0.0);
        }
    }
}

impl NeuronAdjoint {
    fn new(population: &Population, birth: &Neurons) -> Self {
        let zeros = || vec![0.0; population.padded()];
        Self {
            spikes: zeros(),
            spikes_before: zeros(),
            potential: zeros(),
            distance: zeros(),
            adaptation: birth.adaptation.clone(),
            modulation: birth.modulation.clone(),
            current: zeros(),
        }
    }
}

impl SynapseAdjoint {
    fn new(projection: &Projection, synapses: &Synapses) -> Self {
        let Some(_) = projection.rule else { return Self::default() };
        Self {
            traces: synapses.traces.clone(),
            eligibility: synapses.eligibility.clone(),
            plastic: synapses.plastic.clone(),
            sums: Sums::new(projection.shape.pre, projection.shape.panels()),
        }
    }
}

/// What the loss adds for a step's activity.
#[derive(Clone, Copy)]
pub(super) struct Prices {
    /// The loss's gradient with respect to the norm of a modulator population.
    pub(super) modulation: f32,
    /// The loss's gradient with respect to the squared share of a LIF population that spikes.
    pub(super) spikes: f32,
}

/// A step to go back over, with the state before and after it.
#[derive(Clone, Copy)]
pub(super) struct Passage<'a> {
    /// What was run.
    pub(super) episode: &'a Episode,
    /// The loss's gradient with respect to the episode's counts, `[decisions, classes]`.
    pub(super) count_gradient: &'a [f32],
    /// What the step's activity costs.
    pub(super) prices: Prices,
    /// Which step.
    pub(super) step: usize,
    /// State before.
    pub(super) before: &'a State,
    /// State after.
    pub(super) after: &'a State,
}

impl Dynamics {
    /// Turns the adjoint of the state after a step into that before it and adds what the step's meta-parameters
    /// get to `gradient`.
    pub(super) fn step_back(&self, passage: Passage<'_>, adjoint: &mut Adjoint, gradient: &mut Tensors) {
        let Passage { episode, count_gradient, step, before, after, .. } = passage;
        let readout = usize::from(self.plan.readout.population);
        let NeuronAdjoint { spikes, potential, .. } = &mut adjoint.neurons[readout];
        let voices = if self.plan.populations[readout].is_graded() { potential } else { spikes };
        add_count_gradient(&self.plan, &episode.decisions, count_gradient, step, voices);
        for (index, wiring) in self.plan.projections.iter().enumerate() {
            if let Some(rule) = &wiring.rule {
                self.learn_back(index, rule, before, after, adjoint, gradient);
            }
        }
        for (index, population) in self.plan.populations.iter().enumerate().rev() {
            match population.kind {
                PopulationKind::Input => {}
                PopulationKind::Lif(lif) => {
                    charge_spikes(passage, index, population.size, adjoint);
                    self.fire_back(index, lif, before, after, adjoint, gradient);
                }
                PopulationKind::Modulator(modulator) => {
                    self.modulate_back(index, modulator, passage, adjoint, gradient);
                }
            }
        }
        for neurons in &mut adjoint.neurons {
            std::mem::swap(&mut neurons.spikes, &mut neurons.spikes_before);
            neurons.spikes_before.fill(0.0);
        }
        if self.cuts_before(step) {
            Self::cut(before, adjoint, gradient);
        }
    }

    /// The state before does not pass the adjoint on; a_E still gets its part of `a_E E`, which is otherwise
    /// added one step later.
    fn cut(before: &State, adjoint: &mut Adjoint, gradient: &mut Tensors) {
        let synapses = adjoint.synapses.iter().zip(&before.synapses).zip(&mut gradient.projections);
        for ((adjoint, before), gradient) in synapses {
            let products = adjoint.eligibility.iter().zip(before.eligibility.iter()).map(|(d, e)| f64::from(d * e));
            gradient.eligibility_decay += products.sum::<f64>();
        }
        adjoint.clear();
    }
}

/// Adds what a population's spikes cost to their adjoint.
fn charge_spikes(passage: Passage<'_>, population: usize, size: usize, adjoint: &mut Adjoint) {
    let Passage { prices, after, .. } = passage;
    if prices.spikes == 0.0 {
        return;
    }
    let charge = prices.spikes * crowding(&after.neurons[population].spikes[..size]).1;
    adjoint.neurons[population].spikes.iter_mut().take(size).for_each(|spike| *spike += charge);
}
