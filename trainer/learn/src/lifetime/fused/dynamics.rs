//! What a lifetime is run with, and the order of one step: populations, adaptation, then plastic projections.

use std::num::NonZeroUsize;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::PopulationKind;

use super::ballot::Ballot;
use super::lanes::Backend;
use super::plan::Plan;
use super::state::State;
use super::tensors::Tensors;
use crate::lifetime::Spiking;
use crate::model::Model;
use metaplastic_task::episode::Episode;

/// How lifetimes are run, apart from the network.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::lifetime) struct Setting {
    /// How spikes are made.
    pub(in crate::lifetime) spiking: Spiking,
    /// What is held still.
    pub(in crate::lifetime) freeze: Freeze,
    /// Every how many steps the adjoint is cut; none for never.
    pub(in crate::lifetime) truncation: Option<NonZeroUsize>,
    /// Vector operations.
    pub(in crate::lifetime) backend: Backend,
}

/// Everything that stays the same during lifetimes.
#[derive(Clone, Debug)]
pub(in crate::lifetime) struct Dynamics {
    /// The wiring.
    pub(in crate::lifetime) plan: Plan,
    /// The meta-parameters.
    pub(super) values: Tensors,
    /// The rest.
    pub(super) setting: Setting,
}

impl Dynamics {
    /// A network with the meta-parameters of a flat vector.
    pub(in crate::lifetime) fn new(model: &Model, flat: &[f32], setting: Setting) -> Self {
        let plan = Plan::new(model);
        let mut values = Tensors::load(model, &plan, flat);
        if setting.freeze == Freeze::Plasticity {
            values.projections.iter_mut().for_each(|tensors| tensors.rate = 0.0);
        }
        Self { plan, values, setting }
    }

    /// A whole lifetime; `visit` sees the state after each step. Returns the counts, `[decisions, classes]`.
    pub(in crate::lifetime) fn live(&self, episode: &Episode, mut visit: impl FnMut(usize, &State)) -> Vec<f32> {
        let mut ballot = Ballot::new(&self.plan, episode);
        let (mut before, mut after) = (State::new(&self.plan), State::new(&self.plan));
        for step in 0..episode.steps {
            if episode.resets_state_before(step) {
                before.rest();
            }
            self.step(episode, step, &before, &mut after);
            ballot.count(step, &after);
            visit(step, &after);
            std::mem::swap(&mut before, &mut after);
        }
        ballot.counts
    }

    /// The step `step` of an episode, from the state before it, after the rest if there is one.
    pub(super) fn step(&self, episode: &Episode, step: usize, before: &State, after: &mut State) {
        for (index, population) in self.plan.populations.iter().enumerate() {
            let mut neurons = std::mem::take(&mut after.neurons[index]);
            match population.kind {
                PopulationKind::Input => Self::receive(population, episode, step, &mut neurons),
                PopulationKind::Lif(lif) => self.fire(index, lif, before, after, &mut neurons),
                PopulationKind::Modulator(modulator) => {
                    self.modulate(index, modulator, episode.signals_at(step), before, after, &mut neurons);
                }
            }
            after.neurons[index] = neurons;
        }
        for (projection, wiring) in self.plan.projections.iter().enumerate() {
            if let Some(rule) = &wiring.rule {
                self.learn(projection, rule, self.cuts_before(step), before, after);
            }
        }
    }

    /// Whether the adjoint does not pass from this step to the one before.
    pub(super) fn cuts_before(&self, step: usize) -> bool {
        self.setting.truncation.is_some_and(|every| step.is_multiple_of(every.get()))
    }
}
