//! How a plastic projection learns in one step, after all spikes of the step.
//!
//! ```text
//! x_i  = a_x x_i + (1 - a_x) s_i          x2, y, y2 likewise; theta_y from y^2, after y
//! E_ij = a_E E_ij + (1 - a_E) sum_terms c_j f(pre_i) g(post_j) h(P_ij)
//! P_ij = clamp(P_ij + eta M_j E_ij - l_j P_ij, -P_max, P_max),   M_j = sum_k G_kj m_k
//! l_j  = min(lambda |M_j|, 1/2), or min(lambda, 1/2)
//! ```

use dfdx::prelude::*;
use metaplastic_shared::network::{Leak, Plasticity, ThirdFactor};
use metaplastic_shared::rule::{Postsynaptic, Presynaptic, Synaptic, Term};

use super::activity::TapedPopulationState;
use super::lanes::{stacked, take};
use super::parameters::TapedParameters;
use super::tensor::{ConstantSource, Matrix, Precision, Row, Synapses, TapedScalar, leak, one_minus, scale};
use crate::lifetime::LARGEST_LOSS;
use crate::lifetime::carried::{CarriedState, CarriedSynapses};
use crate::model::{Parameter, Trace};

/// Within `-limit ..= limit`. dfdx's own clamp would pass the gradient at the limit itself, where a weight stays as
/// long as nothing changes it.
fn clamp<E: Precision>(weights: Synapses<E>, limit: E, source: &ConstantSource<E>) -> Synapses<E>
where
    Cpu: Device<E>,
{
    let (shape, values) = (*weights.shape(), weights.as_vec());
    let lowest = E::default() - limit;
    let is_inside = |value: E| value > lowest && value < limit;
    let inside = values.iter().map(|value| if is_inside(*value) { E::ONE } else { E::default() });
    let edge = |value: E| if value <= lowest { lowest } else { limit };
    let edges = values.iter().map(|value| if is_inside(*value) { E::default() } else { edge(*value) });
    weights * source.tensor(inside.collect(), shape) + source.tensor(edges.collect(), shape)
}

/// At most `limit`, above zero; without a gradient at the limit, as [`clamp`].
fn bounded<E: Precision>(fractions: Matrix<E>, limit: E, source: &ConstantSource<E>) -> Matrix<E>
where
    Cpu: Device<E>,
{
    let (shape, values) = (*fractions.shape(), fractions.as_vec());
    let (below, excess) = values
        .iter()
        .map(|value| if *value < limit { (E::ONE, E::default()) } else { (E::default(), limit) })
        .unzip();
    fractions * source.tensor(below, shape) + source.tensor(excess, shape)
}

/// The parameters of a plastic projection, in the units of the equations.
pub(super) struct PlasticParameters<E: Precision> {
    terms: Vec<(Term, Row<E>)>,
    trace_decays: [Option<TapedScalar<E>>; Trace::ALL.len()],
    eligibility_decay: TapedScalar<E>,
    rate: TapedScalar<E>,
    third_factor: Option<(usize, Matrix<E>)>,
    leak: Option<(Leak, TapedScalar<E>)>,
    limit: E,
    slope: E,
}

/// The populations that a projection connects.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) pre: usize,
    pub(super) post: usize,
}

/// The state of a plastic projection.
#[derive(Clone)]
pub(super) struct TapedPlasticState<E: Precision> {
    /// x, x2 `[episodes, pre]`; y, y2, theta_y `[episodes, post]`, by [`Trace`]; those not kept stay zero.
    traces: [Matrix<E>; Trace::ALL.len()],
    eligibility: Synapses<E>,
    /// P.
    pub(super) weights: Synapses<E>,
}

impl<E: Precision> TapedPlasticState<E>
where
    Cpu: Device<E>,
{
    /// The initial state.
    pub(super) fn new(source: &ConstantSource<E>, episodes: usize, shape: (usize, usize)) -> Self {
        let (pre, post) = shape;
        let size = |trace| if matches!(trace, Trace::Pre | Trace::PreSlow) { pre } else { post };
        let synapses = (episodes, pre, post);
        Self {
            traces: Trace::ALL.map(|trace| source.zeros((episodes, size(trace)))),
            eligibility: source.zeros(synapses),
            weights: source.zeros(synapses),
        }
    }

    /// Becomes the initial state, except for P.
    pub(super) fn reset_state(&mut self, initial: Self) {
        let Self { traces, eligibility, weights: _ } = initial;
        (self.traces, self.eligibility) = (traces, eligibility);
    }

    /// The state of projection `index` in whole states, one for each lane.
    pub(super) fn begin(&mut self, source: &ConstantSource<E>, index: usize, lanes: &[CarriedState]) {
        let shape = *self.weights.shape();
        self.weights = stacked(source, lanes.iter().map(|lane| &lane.plastic[index]), shape);
        let synapses = || lanes.iter().filter_map(|lane| lane.synapses(index));
        self.eligibility = stacked(source, synapses().map(|synapses| &synapses.eligibility), shape);
        for (of, trace) in self.traces.iter_mut().enumerate() {
            *trace = stacked(source, synapses().map(|synapses| &synapses.traces[of]), *trace.shape());
        }
    }

    /// Puts the state of a lane into that of projection `index` of a whole state.
    pub(super) fn end(&self, lane: usize, index: usize, end: &mut CarriedState) {
        take(&mut end.plastic[index], &self.weights, lane);
        let Some(CarriedSynapses { traces, eligibility }) = end.synapses_mut(index) else { return };
        take(eligibility, &self.eligibility, lane);
        traces.iter_mut().zip(&self.traces).for_each(|(to, trace)| take(to, trace, lane));
    }

    fn trace(&self, trace: Trace) -> Matrix<E> {
        self.traces[trace as usize].clone()
    }
}

impl<E: Precision> PlasticParameters<E>
where
    Cpu: Device<E>,
{
    /// The parameters of projection `index`.
    pub(super) fn new(parameters: &TapedParameters<'_, E>, index: usize, plasticity: &Plasticity) -> Self {
        let model = parameters.model;
        let kept = |trace: &Trace| trace.is_kept(&plasticity.rule);
        let decay = |trace| kept(&trace).then(|| parameters.decay(Parameter::TraceDecay(index, trace)));
        let third_factor = match plasticity.third_factor {
            ThirdFactor::One => None,
            ThirdFactor::Modulators(population) => {
                Some((usize::from(population), parameters.present(Parameter::ThirdFactorWeights(index))))
            }
        };
        Self {
            terms: terms(parameters, index, plasticity),
            trace_decays: Trace::ALL.map(decay),
            eligibility_decay: parameters.decay(Parameter::EligibilityDecay(index)),
            rate: parameters.positive(Parameter::Rate(index)),
            third_factor,
            leak: plasticity.leak.map(|leak| (leak, parameters.positive(Parameter::Leak(index)))),
            limit: E::from(model.plastic_limit),
            slope: E::from(f32::from(model.network.surrogate_slope)),
        }
    }

    /// One step, after the step of all `populations`, of which this projection connects two.
    pub(super) fn step(
        &self,
        memory: &mut TapedPlasticState<E>,
        populations: &[TapedPopulationState<E>],
        ends: Ends,
        source: &ConstantSource<E>,
    ) {
        let (pre, post) = (&populations[ends.pre], &populations[ends.post]);
        self.step_traces(memory, pre, post);
        let events = self.events(memory, pre, post, source);
        let shape = *events.shape();
        let keep = self.eligibility_decay.clone().broadcast_like(&shape);
        let gain = one_minus(&self.eligibility_decay).broadcast_like(&shape);
        memory.eligibility = memory.eligibility.clone() * keep + events * gain;
        let change = self.gated(memory.eligibility.clone(), populations);
        let lost = self.lost(memory.weights.clone(), populations, source);
        memory.weights = clamp(memory.weights.clone() + change - lost, self.limit, source);
    }

    fn step_traces(
        &self,
        memory: &mut TapedPlasticState<E>,
        pre: &TapedPopulationState<E>,
        post: &TapedPopulationState<E>,
    ) {
        for trace in Trace::ALL {
            let Some(decay) = &self.trace_decays[trace as usize] else { continue };
            let input = match trace {
                Trace::Pre | Trace::PreSlow => pre.spikes.clone(),
                Trace::Post | Trace::PostSlow => post.spikes.clone(),
                Trace::Threshold => memory.trace(Trace::Post).square(),
            };
            memory.traces[trace as usize] = leak(decay, memory.trace(trace), input);
        }
    }

    /// `sum_terms c_j f(pre_i) g(post_j) h(P_ij)`.
    fn events(
        &self,
        memory: &TapedPlasticState<E>,
        pre: &TapedPopulationState<E>,
        post: &TapedPopulationState<E>,
        source: &ConstantSource<E>,
    ) -> Synapses<E> {
        let zero = source.zeros(*memory.weights.shape());
        self.terms.iter().fold(zero, |sum, (term, coefficients)| {
            let f = presynaptic(term.pre, memory, pre, source);
            let g = self.postsynaptic(term.post, memory, post, source);
            let shape = *g.shape();
            let product = outer(f, g * coefficients.clone().broadcast_like::<_, Axis<0>>(&shape));
            sum + match term.synapse {
                Synaptic::One => product,
                Synaptic::Plastic => product * memory.weights.clone(),
            }
        })
    }

    /// g `[episodes, post]`.
    fn postsynaptic(
        &self,
        factor: Postsynaptic,
        memory: &TapedPlasticState<E>,
        post: &TapedPopulationState<E>,
        source: &ConstantSource<E>,
    ) -> Matrix<E> {
        match factor {
            Postsynaptic::One => source.ones(*post.spikes.shape()),
            Postsynaptic::Spike => post.spikes.clone(),
            Postsynaptic::Trace => memory.trace(Trace::Post),
            Postsynaptic::SlowTrace => memory.trace(Trace::PostSlow),
            Postsynaptic::TraceSquared => memory.trace(Trace::Post).square(),
            Postsynaptic::TraceTimesThreshold => memory.trace(Trace::Post) * memory.trace(Trace::Threshold),
            Postsynaptic::Surrogate => (post.distance.clone().abs() * self.slope + E::ONE).square().recip(),
        }
    }

    /// `l_j P_ij`.
    fn lost(
        &self,
        weights: Synapses<E>,
        populations: &[TapedPopulationState<E>],
        source: &ConstantSource<E>,
    ) -> Synapses<E> {
        let shape = *weights.shape();
        let Some((leak, lambda)) = &self.leak else { return source.zeros(shape) };
        let rows = (shape.0, shape.2);
        let third_factor = match (&self.third_factor, leak) {
            (Some((modulators, factors)), Leak::Modulated) => {
                populations[*modulators].modulation.clone().matmul(factors.clone()).abs()
            }
            _ => source.ones(rows),
        };
        let fraction = bounded(scale(lambda, third_factor), E::from(LARGEST_LOSS), source);
        weights * fraction.broadcast_like::<_, Axis<1>>(&shape)
    }

    /// `eta M_j E_ij`.
    fn gated(&self, eligibility: Synapses<E>, populations: &[TapedPopulationState<E>]) -> Synapses<E> {
        let shape = *eligibility.shape();
        match &self.third_factor {
            None => eligibility * self.rate.clone().broadcast_like(&shape),
            Some((modulators, weights)) => {
                let third_factor = populations[*modulators].modulation.clone().matmul(weights.clone());
                eligibility * scale(&self.rate, third_factor).broadcast_like::<_, Axis<1>>(&shape)
            }
        }
    }
}

/// f `[episodes, pre]`.
fn presynaptic<E: Precision>(
    factor: Presynaptic,
    memory: &TapedPlasticState<E>,
    pre: &TapedPopulationState<E>,
    source: &ConstantSource<E>,
) -> Matrix<E>
where
    Cpu: Device<E>,
{
    match factor {
        Presynaptic::One => source.ones(*pre.spikes.shape()),
        Presynaptic::Spike => pre.spikes.clone(),
        Presynaptic::Trace => memory.trace(Trace::Pre),
        Presynaptic::SlowTrace => memory.trace(Trace::PreSlow),
    }
}

/// The rule's terms, each with its coefficients `[post]`.
fn terms<E: Precision>(
    parameters: &TapedParameters<'_, E>,
    index: usize,
    plasticity: &Plasticity,
) -> Vec<(Term, Row<E>)>
where
    Cpu: Device<E>,
{
    let coefficients = parameters.present(Parameter::Coefficients(index));
    let columns = coefficients.shape().1;
    let network = &parameters.model.network;
    let post = network.shape(&network.projections[index]).1;
    let of_term = |term| {
        let row = coefficients.clone().slice((term..term + 1, ..));
        if columns == post {
            row.reshape_like(&(post,))
        } else {
            row.reshape_like(&()).broadcast_like(&(post,)).contiguous()
        }
    };
    plasticity.rule.terms.iter().enumerate().map(|(index, term)| (*term, of_term(index))).collect()
}

/// `f_i g_j` from `[episodes, pre]` and `[episodes, post]`.
fn outer<E: Precision>(f: Matrix<E>, g: Matrix<E>) -> Synapses<E>
where
    Cpu: Device<E>,
{
    let ((episodes, pre), (_, post)) = (*f.shape(), *g.shape());
    f.reshape_like(&(episodes, pre, 1)).matmul(g.reshape_like(&(episodes, 1, post)))
}
