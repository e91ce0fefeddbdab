//! One lifetime forward, in floating point: evaluation on the host computer, range recording and reports run this.
//!
//! The code is the forward pass of the fused engine. It knows no loss and no gradient.
//!
//! ```
//! use metaplastic_learn::experiment::Experiment;
//! use metaplastic_learn::lifetime::simulate::{Probe, Simulator, StepView};
//! use metaplastic_shared::freeze::Freeze;
//! use metaplastic_task::episodes;
//! use metaplastic_task::seed::Purpose;
//!
//! /// Spikes of the hidden neurons.
//! struct Spikes(f32);
//!
//! impl Probe for Spikes {
//!     fn step(&mut self, view: StepView<'_>) {
//!         self.0 += view.neurons(1).spikes.iter().sum::<f32>();
//!     }
//! }
//!
//! let experiment = Experiment::load("cue-association").unwrap();
//! let simulator = Simulator::new(&experiment.model, &experiment.initial(1), Freeze::Nothing);
//! let episode = episodes(&*experiment.task, 1, Purpose::Test, 0..1).remove(0);
//! let mut spikes = Spikes(0.0);
//! let scores = simulator.run(&episode, &mut spikes);
//! assert!(spikes.0 > 0.0);
//! assert_eq!((scores.len(), scores[0].len()), (4, 2)); // decisions, classes
//! ```

use metaplastic_shared::freeze::Freeze;

use super::fused::carried;
use super::fused::configuration::Configuration;
use super::fused::dynamics::Dynamics;
use super::fused::forward::rollout;
use super::fused::memory::Copies;
use super::fused::plan::Plan;
use super::fused::readout::readout_values;
use super::fused::state::LifetimeState;
use super::fused::world::WorldSource;
use crate::lifetime::NetworkBytes;
use crate::lifetime::carried::CarriedState;
use crate::model::Model;
use metaplastic_task::episode::Episode;
use metaplastic_task::world::record::LifeResult;

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
        self.begin(None).run(episode, probe)
    }

    /// Begins with a state, or with the initial one.
    #[must_use]
    pub fn begin(&self, start: Option<&CarriedState>) -> Simulation<'_> {
        Simulation { dynamics: &self.dynamics, state: carried::begin(&self.dynamics.plan, start) }
    }
}

/// What came of an episode.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedEpisode {
    /// Of each decision, the score of each class.
    pub class_scores: Vec<Vec<f32>>,
    /// What happened in its world, if it is in one.
    pub life: Option<LifeResult>,
}

fn rows(plan: &Plan, counts: &[f32]) -> Vec<Vec<f32>> {
    counts.chunks_exact(plan.classes()).map(<[f32]>::to_vec).collect()
}

/// A network that runs episodes one after another and keeps all of its state from each to the next.
#[derive(Debug)]
pub struct Simulation<'s> {
    dynamics: &'s Dynamics,
    state: LifetimeState,
}

impl Simulation<'_> {
    /// Runs the next episode, as [`simulate`].
    pub fn run(&mut self, episode: &Episode, probe: &mut dyn Probe) -> Vec<Vec<f32>> {
        self.run_episode(episode, probe).class_scores
    }

    /// Runs the next episode, in its world if it is in one.
    pub fn run_episode(&mut self, episode: &Episode, probe: &mut dyn Probe) -> SimulatedEpisode {
        let Self { dynamics, state } = self;
        let mut visit = |step, state: &LifetimeState| {
            probe.step(StepView { step, plan: &dynamics.plan, state });
        };
        let Some(mut source) = WorldSource::begin(dynamics, episode) else {
            let counts = rollout(dynamics, episode, &mut { episode }, state, visit);
            return SimulatedEpisode { class_scores: rows(&dynamics.plan, &counts), life: None };
        };
        let counts = rollout(dynamics, episode, &mut source, state, &mut visit);
        let life = source.end(episode.steps - 1, readout_values(&dynamics.plan, state));
        SimulatedEpisode { class_scores: rows(&dynamics.plan, &counts), life: Some(life.result) }
    }
}
