//! All meta-parameters, or their gradients, in the shapes the kernels want.
//!
//! Values are read from the flat vector through their transforms (`sigmoid` of decays, `exp` of rates);
//! gradients go back through the same transforms' derivatives.

use super::aligned::Aligned;
use super::plan::{Plan, Projection};
use super::windows::Windows;
use crate::model::{Model, Parameter, Trace};

/// Meta-parameters of a network after their transforms, or gradients with respect to them. Empty where the
/// network has none.
#[derive(Clone, Debug)]
pub(super) struct Tensors {
    /// By population.
    pub(super) populations: Vec<PopulationTensors>,
    /// By projection.
    pub(super) projections: Vec<ProjectionTensors>,
}

/// Meta-parameters of a population.
#[derive(Clone, Debug, Default)]
pub(super) struct PopulationTensors {
    /// b, padded.
    pub(super) bias: Vec<f32>,
    /// a_v of LIF, a_m of modulators.
    pub(super) decay: f64,
    /// beta.
    pub(super) adaptation_strength: f64,
    /// rho.
    pub(super) adaptation_decay: f64,
    /// S, a padded row for each signal.
    pub(super) signal_weights: Vec<f32>,
}

/// Meta-parameters of a projection.
#[derive(Clone, Debug, Default)]
pub(super) struct ProjectionTensors {
    /// W in panels, or by rows of a window.
    pub(super) weights: Aligned,
    /// W of a convolution from a LIF population, transposed; only values, a gradient has none.
    pub(super) transposed: Aligned,
    /// c, a padded row for each term.
    pub(super) coefficients: Vec<f32>,
    /// Decays in the order of [`Trace::ALL`].
    pub(super) trace_decays: [f64; Trace::ALL.len()],
    /// a_E.
    pub(super) eligibility_decay: f64,
    /// eta.
    pub(super) rate: f64,
    /// G, a padded row for each modulator.
    pub(super) third_factor: Vec<f32>,
}

impl ProjectionTensors {
    fn load_weights(&mut self, projection: &Projection, weights: &[f32]) {
        for_weights(projection, |flat, place, _| self.weights[place] = weights[flat]);
        if let Some(windows) = projection.windows.as_ref().filter(|_| !projection.from_input) {
            self.transposed = Aligned::zeros(windows.transposed_len());
            windows.for_weights(|flat, _, transposed| self.transposed[transposed] = weights[flat]);
        }
    }
}

impl Tensors {
    /// Zeros in the shapes of a network.
    pub(super) fn zeros(plan: &Plan) -> Self {
        let populations = plan.populations.iter().map(|population| PopulationTensors {
            bias: vec![0.0; population.padded()],
            signal_weights: vec![0.0; plan.signals * population.padded()],
            ..PopulationTensors::default()
        });
        let projections = plan.projections.iter().map(|projection| zero_projection(plan, projection));
        Self { populations: populations.collect(), projections: projections.collect() }
    }

    /// The values of a flat vector.
    pub(super) fn load(model: &Model, plan: &Plan, flat: &[f32]) -> Self {
        let mut tensors = Self::zeros(plan);
        for index in 0..plan.populations.len() {
            tensors.load_population(model, plan, flat, index);
        }
        for index in 0..plan.projections.len() {
            tensors.load_projection(model, plan, flat, index);
        }
        tensors
    }

    fn load_population(&mut self, model: &Model, plan: &Plan, flat: &[f32], index: usize) {
        let tensors = &mut self.populations[index];
        let size = plan.populations[index].size;
        let decay = |parameter| f64::from(model.decay(parameter, flat));
        let bias = model.values(Parameter::Bias(index), flat).iter().cycle();
        tensors.bias[..size].iter_mut().zip(bias).for_each(|(neuron, bias)| *neuron = *bias);
        pad_rows(model.values(Parameter::SignalWeights(index), flat), size, &mut tensors.signal_weights);
        tensors.decay = decay(Parameter::MembraneDecay(index)) + decay(Parameter::ModulatorDecay(index));
        tensors.adaptation_decay = decay(Parameter::AdaptationDecay(index));
        tensors.adaptation_strength = f64::from(model.positive(Parameter::AdaptationStrength(index), flat));
    }

    fn load_projection(&mut self, model: &Model, plan: &Plan, flat: &[f32], index: usize) {
        let tensors = &mut self.projections[index];
        let projection = &plan.projections[index];
        let shape = projection.shape;
        let weights = model.values(Parameter::Weights(index), flat);
        tensors.load_weights(projection, weights);
        let Some(rule) = &projection.rule else { return };
        let coefficients = model.values(Parameter::Coefficients(index), flat);
        if rule.shared_coefficients {
            let rows = tensors.coefficients.chunks_exact_mut(shape.columns());
            rows.zip(coefficients).for_each(|(row, value)| row[..shape.post].fill(*value));
        } else {
            pad_rows(coefficients, shape.post, &mut tensors.coefficients);
        }
        let decay = |parameter| f64::from(model.decay(parameter, flat));
        tensors.trace_decays = Trace::ALL.map(|trace| decay(Parameter::TraceDecay(index, trace)));
        tensors.eligibility_decay = decay(Parameter::EligibilityDecay(index));
        tensors.rate = f64::from(model.positive(Parameter::Rate(index), flat));
        let third_factor = model.values(Parameter::ThirdFactorWeights(index), flat);
        pad_rows(third_factor, shape.post, &mut tensors.third_factor);
    }

    /// Adds another gradient.
    pub(super) fn add(&mut self, other: &Self) {
        for (sum, other) in self.populations.iter_mut().zip(&other.populations) {
            add(&mut sum.bias, &other.bias);
            add(&mut sum.signal_weights, &other.signal_weights);
            sum.decay += other.decay;
            sum.adaptation_strength += other.adaptation_strength;
            sum.adaptation_decay += other.adaptation_decay;
        }
        for (sum, other) in self.projections.iter_mut().zip(&other.projections) {
            add(&mut sum.weights, &other.weights);
            add(&mut sum.coefficients, &other.coefficients);
            add(&mut sum.third_factor, &other.third_factor);
            sum.trace_decays.iter_mut().zip(other.trace_decays).for_each(|(sum, value)| *sum += value);
            sum.eligibility_decay += other.eligibility_decay;
            sum.rate += other.rate;
        }
    }

    /// This gradient in the layout of the flat vector, through the transforms whose results were `values`.
    pub(super) fn flatten(&self, model: &Model, plan: &Plan, values: &Self) -> Vec<f32> {
        let mut flat = vec![0.0; model.parameter_count()];
        for slot in model.slots() {
            self.flatten_slot(plan, values, slot.parameter, &mut flat[slot.range.clone()]);
        }
        flat
    }

    fn flatten_slot(&self, plan: &Plan, values: &Self, parameter: Parameter, out: &mut [f32]) {
        let population = |index: usize| (&self.populations[index], &values.populations[index]);
        let projection = |index: usize| (&self.projections[index], &values.projections[index]);
        let through_sigmoid = |gradient: f64, decay: f64| (gradient * decay * (1.0 - decay)) as f32;
        let through_exp = |gradient: f64, value: f64| (gradient * value) as f32;
        match parameter {
            Parameter::Bias(index) => {
                let neurons = population(index).0.bias[..plan.populations[index].size].chunks(out.len());
                neurons.for_each(|neurons| add(out, neurons));
            }
            Parameter::SignalWeights(index) => {
                cut_rows(&population(index).0.signal_weights, plan.populations[index].size, out);
            }
            Parameter::MembraneDecay(index) | Parameter::ModulatorDecay(index) => {
                let (gradient, value) = population(index);
                out[0] = through_sigmoid(gradient.decay, value.decay);
            }
            Parameter::AdaptationStrength(index) => {
                let (gradient, value) = population(index);
                out[0] = through_exp(gradient.adaptation_strength, value.adaptation_strength);
            }
            Parameter::AdaptationDecay(index) => {
                let (gradient, value) = population(index);
                out[0] = through_sigmoid(gradient.adaptation_decay, value.adaptation_decay);
            }
            Parameter::Weights(index) => {
                let weights = &projection(index).0.weights;
                for_weights(&plan.projections[index], |flat, place, _| out[flat] = weights[place]);
            }
            Parameter::Coefficients(index) => self.flatten_coefficients(&plan.projections[index], index, out),
            Parameter::TraceDecay(index, trace) => {
                let (gradient, value) = projection(index);
                let of = trace as usize;
                out[0] = through_sigmoid(gradient.trace_decays[of], value.trace_decays[of]);
            }
            Parameter::EligibilityDecay(index) => {
                let (gradient, value) = projection(index);
                out[0] = through_sigmoid(gradient.eligibility_decay, value.eligibility_decay);
            }
            Parameter::Rate(index) => {
                let (gradient, value) = projection(index);
                out[0] = through_exp(gradient.rate, value.rate);
            }
            Parameter::ThirdFactorWeights(index) => {
                cut_rows(&projection(index).0.third_factor, plan.projections[index].shape.post, out);
            }
            // A synaptic current is not in these equations.
            Parameter::SynapseDecay(_) | Parameter::ReadoutGain => {}
        }
    }

    fn flatten_coefficients(&self, projection: &Projection, index: usize, out: &mut [f32]) {
        let shape = projection.shape;
        let coefficients = &self.projections[index].coefficients;
        if projection.rule.as_ref().is_some_and(|rule| rule.shared_coefficients) {
            let sums = coefficients.chunks_exact(shape.columns()).map(|row| row[..shape.post].iter().sum());
            out.iter_mut().zip(sums).for_each(|(out, sum)| *out = sum);
        } else {
            cut_rows(coefficients, shape.post, out);
        }
    }
}

fn zero_projection(plan: &Plan, projection: &Projection) -> ProjectionTensors {
    let shape = projection.shape;
    let weights = Aligned::zeros(projection.windows.as_ref().map_or(shape.len(), Windows::len));
    let Some(rule) = &projection.rule else {
        return ProjectionTensors { weights, ..ProjectionTensors::default() };
    };
    let modulators = rule.modulators.map_or(0, |population| plan.populations[population].size);
    ProjectionTensors {
        weights,
        coefficients: vec![0.0; rule.terms.len() * shape.columns()],
        third_factor: vec![0.0; modulators * shape.columns()],
        ..ProjectionTensors::default()
    }
}

/// Calls `visit` with where each weight is in the flat vector, among the weights, and among the transposed ones if
/// there are any.
fn for_weights(projection: &Projection, mut visit: impl FnMut(usize, usize, usize)) {
    if let Some(windows) = &projection.windows {
        return windows.for_weights(visit);
    }
    let shape = projection.shape;
    for pre in 0..shape.pre {
        (0..shape.post).for_each(|post| visit(pre * shape.post + post, shape.index(pre, post), 0));
    }
}

fn pad_rows(rows: &[f32], columns: usize, padded: &mut [f32]) {
    let width = columns.next_multiple_of(super::lanes::LANES);
    for (row, padded) in rows.chunks_exact(columns).zip(padded.chunks_exact_mut(width)) {
        padded[..columns].copy_from_slice(row);
    }
}

fn cut_rows(padded: &[f32], columns: usize, rows: &mut [f32]) {
    let width = columns.next_multiple_of(super::lanes::LANES);
    for (row, padded) in rows.chunks_exact_mut(columns).zip(padded.chunks_exact(width)) {
        row.copy_from_slice(&padded[..columns]);
    }
}

fn add(sum: &mut [f32], values: &[f32]) {
    sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}
