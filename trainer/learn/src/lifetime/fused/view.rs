//! What a probe sees of a network after a step.

use super::plan::{Plan, Shape};
use super::population::PopulationState;
use super::state::LifetimeState;
use crate::model::Trace;

/// A network after a step. Populations and projections are counted as in its description.
#[derive(Clone, Copy, Debug)]
pub struct StepView<'a> {
    pub(crate) step: usize,
    pub(crate) plan: &'a Plan,
    pub(crate) state: &'a LifetimeState,
}

/// A population after a step, one value per neuron; empty where its kind has no such quantity.
#[derive(Clone, Copy, Debug, Default)]
pub struct NeuronView<'a> {
    /// s of input and LIF: 0 or 1.
    pub spikes: &'a [f32],
    /// v of LIF, in thresholds.
    pub membrane: &'a [f32],
    /// i of LIF with a synaptic current, in thresholds.
    pub synapse: &'a [f32],
    /// a of adaptive LIF, 0 to 1.
    pub adaptation: &'a [f32],
    /// u of modulators.
    pub activity: &'a [f32],
    /// m of modulators, -1 to 1.
    pub modulation: &'a [f32],
    /// The values of an analog population.
    pub analog: &'a [f32],
}

/// A plastic projection after a step. Traces run from 0 to 1 and are empty where the rule does not need them.
#[derive(Clone, Copy, Debug)]
pub struct SynapseView<'a> {
    /// E.
    pub eligibility: SynapseMatrix<'a>,
    /// P, in thresholds.
    pub plastic: SynapseMatrix<'a>,
    /// M by postsynaptic neuron.
    pub third_factor: &'a [f32],
    /// x by presynaptic neuron.
    pub pre_trace: &'a [f32],
    /// x2 by presynaptic neuron.
    pub pre_slow_trace: &'a [f32],
    /// y by postsynaptic neuron.
    pub post_trace: &'a [f32],
    /// y2 by postsynaptic neuron.
    pub post_slow_trace: &'a [f32],
    /// theta_y by postsynaptic neuron.
    pub threshold_trace: &'a [f32],
}

/// A value for every synapse of a projection.
#[derive(Clone, Copy, Debug)]
pub struct SynapseMatrix<'a> {
    shape: Shape,
    values: &'a [f32],
}

impl<'a> StepView<'a> {
    /// Which step, from 0.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }

    /// A population's neurons.
    ///
    /// # Panics
    /// If the network has no such population.
    #[must_use]
    pub fn neurons(&self, population: usize) -> NeuronView<'a> {
        let size = self.plan.populations[population].size;
        let neurons = &self.state.neurons[population];
        let view = NeuronView { spikes: cut(&neurons.spikes().values, size), ..NeuronView::default() };
        match neurons {
            PopulationState::Input(_) => view,
            PopulationState::Lif(state) => NeuronView {
                membrane: cut(&state.potential, size),
                synapse: cut(&state.synapse, size),
                adaptation: cut(&state.adaptation, size),
                ..view
            },
            PopulationState::Modulator(state) => NeuronView {
                activity: cut(&state.activity, size),
                modulation: cut(&state.modulation, size),
                ..view
            },
            PopulationState::Analog(values) => NeuronView { analog: cut(&values.values, size), ..view },
        }
    }

    /// A projection's synapses, if it is plastic.
    ///
    /// # Panics
    /// If the network has no such projection.
    #[must_use]
    pub fn synapses(&self, projection: usize) -> Option<SynapseView<'a>> {
        let plan = &self.plan.projections[projection];
        let rule = plan.rule.as_ref()?;
        let synapses = &self.state.synapses[projection];
        let trace =
            |trace: Trace, size| if rule.keeps(trace) { cut(&synapses.traces[trace as usize], size) } else { &[] };
        let Shape { pre, post } = plan.shape;
        Some(SynapseView {
            eligibility: SynapseMatrix { shape: plan.shape, values: &synapses.eligibility },
            plastic: SynapseMatrix { shape: plan.shape, values: &synapses.plastic },
            third_factor: cut(&synapses.third_factor, post),
            pre_trace: trace(Trace::Pre, pre),
            pre_slow_trace: trace(Trace::PreSlow, pre),
            post_trace: trace(Trace::Post, post),
            post_slow_trace: trace(Trace::PostSlow, post),
            threshold_trace: trace(Trace::Threshold, post),
        })
    }
}

impl<'a> SynapseMatrix<'a> {
    /// Rows, one per presynaptic neuron, and columns, one per postsynaptic neuron.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        (self.shape.pre, self.shape.post)
    }

    /// One synapse's value.
    ///
    /// # Panics
    /// If `pre` or `post` is beyond the shape.
    #[must_use]
    pub fn at(&self, pre: usize, post: usize) -> f32 {
        assert!(pre < self.shape.pre && post < self.shape.post, "synapse {pre}>{post} of {:?}", self.shape);
        self.values[self.shape.index(pre, post)]
    }

    /// All values, row by row.
    pub fn values(&self) -> impl Iterator<Item = f32> + 'a {
        let Self { shape, values } = *self;
        let synapses = (0..shape.pre).flat_map(move |pre| (0..shape.post).map(move |post| (pre, post)));
        synapses.map(move |(pre, post)| values[shape.index(pre, post)])
    }

    /// The largest magnitude; quicker than going through [`values`](Self::values).
    #[must_use]
    pub fn peak(&self) -> f32 {
        self.values.iter().fold(0.0, |peak: f32, value| peak.max(value.abs()))
    }
}

fn cut(values: &[f32], size: usize) -> &[f32] {
    &values[..size.min(values.len())]
}
