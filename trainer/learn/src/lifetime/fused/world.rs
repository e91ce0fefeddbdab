//! A network in a world: its inputs answer to what it did, and the gradient passes back through the world.
//!
//! ```text
//! command_k = gamma sum_j v_j            over the neurons of group k; gamma is the readout's gain
//! dv_j += gamma dcommand_k,   dgamma += dcommand_k sum_j v_j
//! ```
//!
//! Forward, the world's answers are recorded, so that the backward pass runs an episode like any other. Where the world is
//! differentiable, its adjoint gives the gradient of the commands and takes that of the analog values; a world of choices
//! has a gradient through the class scores alone.

use metaplastic_task::episode::Episode;
use metaplastic_task::world::closed_loop::World;
use metaplastic_task::world::life::{EndedLife, WorldLife};

use super::backward::OuterAdjoint;
use super::dynamics::Dynamics;
use super::forward::{InputSource, StepInput};
use super::plan::Plan;
use super::readout::{CountGradient, answer};
use crate::lifetime::policy::Policy;

/// What asks a world for the inputs of a lifetime, and answers it.
pub(crate) struct WorldSource<'p> {
    plan: &'p Plan,
    life: WorldLife,
    /// The gain of commands.
    gain: f32,
    policy: Policy,
    readout: Vec<f32>,
}

impl<'p> WorldSource<'p> {
    /// The start of a life; none if the episode is in no world.
    pub(crate) fn begin(dynamics: &'p Dynamics, episode: &Episode) -> Option<Self> {
        let life = WorldLife::begin(episode)?;
        let Dynamics { plan, values, configuration } = dynamics;
        let gain = values.readout_gain as f32;
        let policy = if configuration.samples { Policy::Sampled { gain } } else { Policy::Best };
        Some(Self { plan, life, gain, policy, readout: vec![0.0; plan.classes()] })
    }

    /// The same, with the steps recorded for the way back.
    pub(crate) fn recorded(mut self) -> Self {
        if let Some(world) = self.life.world().differentiable() {
            world.record();
        }
        self
    }

    /// Gives the world the answer of a step.
    fn answer(&mut self, step: usize, values: &[f32]) {
        answer(self.plan, self.gain, values, &mut self.readout);
        let policy = self.policy;
        self.life.answer(step, &self.readout, |scores, chance| policy.choose(scores, chance));
    }

    /// The end of the life, whose last step was `step`.
    pub(crate) fn end(mut self, step: usize, readout: &[f32]) -> EndedLife {
        self.answer(step, readout);
        self.life.end()
    }
}

impl InputSource for WorldSource<'_> {
    fn input(&mut self, step: usize, readout: &[f32]) -> StepInput<'_> {
        if step > 0 {
            self.answer(step - 1, readout);
        }
        StepInput::of(self.life.sense(step), step)
    }
}

/// What is behind the readout of an episode, on the way back: the loss of its counts, and its world.
pub(crate) struct EpisodeAdjoint<'a> {
    /// The counts.
    pub(crate) counts: CountGradient<'a>,
    /// The world, if it is in one.
    pub(crate) world: Option<WorldAdjoint<'a>>,
}

impl EpisodeAdjoint<'_> {
    /// The gradient with respect to the gain of commands.
    pub(crate) fn gain_gradient(&self) -> f64 {
        self.world.as_ref().map_or(0.0, |world| world.gain_gradient)
    }
}

impl OuterAdjoint for EpisodeAdjoint<'_> {
    fn add_readout_gradient(&mut self, plan: &Plan, step: usize, readout: &mut [f32]) {
        self.counts.add_readout_gradient(plan, step, readout);
        if let Some(world) = &mut self.world {
            world.add_readout_gradient(plan, step, readout);
        }
    }

    fn take_analog_gradient(&mut self, step: usize, analog: &[f32]) {
        if let Some(world) = &mut self.world {
            world.take_analog_gradient(step, analog);
        }
    }
}

/// A world behind the readout, on the way back; one that is not differentiable passes nothing on.
pub(crate) struct WorldAdjoint<'w> {
    /// The world, which has recorded the life.
    world: &'w mut dyn World,
    /// The commands of every step.
    commands: &'w [f32],
    /// The gradient of the loss with respect to the cost of every step.
    costs: &'w [f32],
    gain: f32,
    /// The gradient with respect to the gain so far.
    gain_gradient: f64,
}

impl<'w> WorldAdjoint<'w> {
    /// Behind the last step of a life.
    pub(crate) fn new(life: &'w mut EndedLife, costs: &'w [f32], gain: f32) -> Self {
        let EndedLife { world, result, .. } = life;
        Self { world: &mut **world, commands: &result.record.commands, costs, gain, gain_gradient: 0.0 }
    }

    fn add_readout_gradient(&mut self, plan: &Plan, step: usize, readout: &mut [f32]) {
        let Some(world) = self.world.differentiable() else { return };
        let mut gradient = vec![0.0; plan.classes()];
        world.act_back(self.costs[step].into(), &mut gradient);
        let commands = &self.commands[step * plan.classes()..(step + 1) * plan.classes()];
        let groups = readout.chunks_exact_mut(usize::from(plan.readout.neurons_per_class));
        for ((group, gradient), command) in groups.zip(gradient).zip(commands) {
            group.iter_mut().for_each(|value| *value += self.gain * gradient);
            self.gain_gradient += f64::from(gradient * command / self.gain);
        }
    }

    fn take_analog_gradient(&mut self, _: usize, analog: &[f32]) {
        if let Some(world) = self.world.differentiable() {
            world.observe_back(analog);
        }
    }
}
