//! All meta-parameters, or their gradients, in the shapes that the kernels need.
//!
//! Values are read from the flat vector through their transforms; gradients go back through the derivatives of
//! those. What a kind of population or rule has is known where it is stepped; here are the weights of projections.

use super::aligned::AlignedFloats;
use super::flat::{FlatGradient, FlatValues, add};
use super::forward::plasticity::PlasticTensors;
use super::plan::{Plan, ProjectionPlan};
use super::population::PopulationTensors;
use super::windows::Windows;
use crate::model::{Model, Parameter};

/// Meta-parameters of a network after their transforms, or gradients with respect to them.
#[derive(Clone, Debug)]
pub(crate) struct Tensors {
    /// By population.
    pub(crate) populations: Vec<PopulationTensors>,
    /// By projection.
    pub(crate) projections: Vec<ProjectionTensors>,
    /// gamma of commands; of a readout of classes it belongs to the loss, and its gradient here is zero.
    pub(crate) readout_gain: f64,
}

/// Meta-parameters of a projection.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProjectionTensors {
    /// W in panels, or by rows of a window.
    pub(crate) weights: AlignedFloats,
    /// W of a convolution from a LIF population, transposed; only values, a gradient has none.
    pub(crate) transposed: AlignedFloats,
    /// Of its rule; empty if it is not plastic.
    pub(crate) plastic: PlasticTensors,
}

impl ProjectionTensors {
    fn zeros(plan: &Plan, projection: &ProjectionPlan) -> Self {
        let shape = projection.shape;
        let weights = AlignedFloats::zeros(projection.windows.as_ref().map_or(shape.len(), Windows::len));
        let plastic = projection.rule.as_ref().map(|rule| PlasticTensors::zeros(plan, shape, rule));
        Self { weights, plastic: plastic.unwrap_or_default(), ..Self::default() }
    }

    /// Floats of a projection's tensors, transposed weights included.
    pub(crate) fn floats(plan: &Plan, projection: &ProjectionPlan) -> usize {
        let windows = projection.windows.as_ref();
        let weights = windows.map_or(projection.shape.len(), |windows| windows.len() + windows.transposed_len());
        let rule = projection.rule.as_ref();
        weights + rule.map_or(0, |rule| PlasticTensors::floats(plan, projection.shape, rule))
    }

    fn load(&mut self, values: FlatValues<'_>, index: usize, projection: &ProjectionPlan) {
        let weights = values.raw(Parameter::Weights(index));
        for_weights(projection, |flat, position, _| self.weights[position] = weights[flat]);
        if let Some(windows) = projection.windows.as_ref().filter(|_| !projection.from_input) {
            self.transposed = AlignedFloats::zeros(windows.transposed_len());
            windows.for_weights(|flat, _, transposed| self.transposed[transposed] = weights[flat]);
        }
        if let Some(rule) = &projection.rule {
            self.plastic.load(values, index, projection.shape, rule);
        }
    }

    fn add(&mut self, other: &Self) {
        add(&mut self.weights, &other.weights);
        self.plastic.add(&other.plastic);
    }

    fn flatten(&self, values: &Self, index: usize, projection: &ProjectionPlan, flat: &mut FlatGradient<'_>) {
        let out = flat.raw(Parameter::Weights(index));
        for_weights(projection, |flat, position, _| out[flat] = self.weights[position]);
        if projection.rule.is_some() {
            self.plastic.flatten(&values.plastic, index, projection, flat);
        }
    }
}

impl Tensors {
    /// Zeros in the shapes of a network.
    pub(crate) fn zeros(plan: &Plan) -> Self {
        let populations = plan.populations.iter().map(PopulationTensors::zeros);
        let projections = plan.projections.iter().map(|projection| ProjectionTensors::zeros(plan, projection));
        Self { populations: populations.collect(), projections: projections.collect(), readout_gain: 0.0 }
    }

    /// The values of a flat vector.
    pub(crate) fn load(model: &Model, plan: &Plan, flat: &[f32]) -> Self {
        let values = FlatValues { model, flat };
        let populations = plan.populations.iter().enumerate();
        let load = |(index, population)| PopulationTensors::load(values, index, population);
        let readout_gain = values.positive(Parameter::ReadoutGain);
        let mut tensors = Self { populations: populations.map(load).collect(), readout_gain, ..Self::zeros(plan) };
        for (index, projection) in plan.projections.iter().enumerate() {
            tensors.projections[index].load(values, index, projection);
        }
        tensors
    }

    /// Adds another gradient.
    pub(crate) fn add(&mut self, other: &Self) {
        self.populations.iter_mut().zip(&other.populations).for_each(|(sum, other)| sum.add(other));
        self.projections.iter_mut().zip(&other.projections).for_each(|(sum, other)| sum.add(other));
        self.readout_gain += other.readout_gain;
    }

    /// This gradient in the layout of the flat vector, through the transforms whose results were `values`.
    pub(crate) fn flatten(&self, model: &Model, plan: &Plan, values: &Self) -> Vec<f32> {
        let mut flat = FlatGradient::new(model);
        for (index, gradient) in self.populations.iter().enumerate() {
            gradient.flatten(&values.populations[index], index, plan.populations[index].size, &mut flat);
        }
        for (index, gradient) in self.projections.iter().enumerate() {
            gradient.flatten(&values.projections[index], index, &plan.projections[index], &mut flat);
        }
        flat.set_positive(Parameter::ReadoutGain, self.readout_gain, values.readout_gain);
        flat.finish()
    }
}

/// Calls `visit` with the position of each weight in the flat vector, among the weights, and among the transposed
/// ones if there are any.
fn for_weights(projection: &ProjectionPlan, mut visit: impl FnMut(usize, usize, usize)) {
    if let Some(windows) = &projection.windows {
        return windows.for_weights(visit);
    }
    let shape = projection.shape;
    for pre in 0..shape.pre {
        (0..shape.post).for_each(|post| visit(pre * shape.post + post, shape.index(pre, post), 0));
    }
}
