//! One lifetime forward, in floating point: evaluation on the host computer, range recording and reports run this.
//!
//! The code is the forward pass of the fused engine. It knows no loss and no gradient.

use metaplastic_shared::freeze::Freeze;

use super::fused::configuration::Configuration;
use super::fused::dynamics::Dynamics;
use super::fused::forward::rollout;
use super::fused::memory::Copies;
use super::fused::plan::Plan;
use crate::lifetime::NetworkBytes;
use crate::model::Model;
use metaplastic_task::episode::Episode;

pub use super::fused::view::{NeuronView, StepView, SynapseMatrix, SynapseView};

/// Observes a lifetime while it runs.
pub trait Probe {
    /// Called after every step, in order.
    fn step(&mut self, view: StepView<'_>);
}

/// No observer.
impl Probe for () {
    fn step(&mut self, _: StepView<'_>) {}
}

/// Runs a lifetime and returns the class scores of each decision: the spikes of each class's readout neurons in its
/// window, or their potentials where they are graded.
///
/// `flat` has the layout of the model. The result depends on nothing but the arguments, so episodes may run on any
/// threads in any order. To run many episodes, prepare once: [`Simulator`].
pub fn simulate(
    model: &Model,
    flat: &[f32],
    episode: &Episode,
    freeze: Freeze,
    probe: &mut dyn Probe,
) -> Vec<Vec<f32>> {
    Simulator::new(model, flat, freeze).run(episode, probe)
}

/// An upper estimate of the bytes that a network takes while every thread runs a lifetime.
#[must_use]
pub fn simulation_memory(model: &Model) -> NetworkBytes {
    Copies::forward().bytes(&Plan::new(model))
}

/// A network with its meta-parameters, ready to run any number of lifetimes.
#[derive(Clone, Debug)]
pub struct Simulator {
    dynamics: Dynamics,
}

impl Simulator {
    /// Prepares a network; `flat` has the layout of the model.
    #[must_use]
    pub fn new(model: &Model, flat: &[f32], freeze: Freeze) -> Self {
        Self { dynamics: Dynamics::new(model, flat, Configuration { freeze, ..Configuration::default() }) }
    }

    /// One lifetime, as [`simulate`].
    pub fn run(&self, episode: &Episode, probe: &mut dyn Probe) -> Vec<Vec<f32>> {
        let classes = self.dynamics.plan.classes();
        let counts = rollout(&self.dynamics, episode, |step, state| {
            probe.step(StepView { step, plan: &self.dynamics.plan, state });
        });
        counts.chunks_exact(classes).map(<[f32]>::to_vec).collect()
    }
}
