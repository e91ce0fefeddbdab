//! A plastic projection, one step backwards. After the synapses ([`LearnAdjoint`]), with `V` the drives, `c` the
//! coefficients, `g` a term's postsynaptic factor:
//!
//! ```text
//! deta  = sum_j dgate_j M_j               dM_j = eta dgate_j - lambda sign(M_j) dkept_j
//! dlambda = - sum_j dkept_j |M_j|         where l_j is below its bound; without |M_j| in a leak of every step
//! dG_kj = dM_j m_k                        dm_k = sum_j G_kj dM_j
//! dc_j  = (1 - a_E) g_j dV_j              dg_j = (1 - a_E) c_j dV_j,   da_E = - sum_terms,j c_j g_j dV_j
//! dy_j  = ... (1 - a_theta) 2 y_j dtheta_y_j
//! ds_j  = (1 - a_y) dy_j,  dy_j(t-1) = a_y dy_j,  da_y = sum dy_j (y_j(t-1) - s_j);   x, x2, y2, theta_y likewise
//! ```

use metaplastic_shared::network::Leak;
use metaplastic_shared::rule::Postsynaptic;

use super::population::PopulationAdjoint;
use crate::lifetime::LARGEST_LOSS;
use crate::lifetime::fused::aligned::AlignedFloats;
use crate::lifetime::fused::forward::plasticity::{PlasticContext, PlasticInputs, PlasticState, PlasticTensors};
use crate::lifetime::fused::kernel::adjoint::{LearnAdjoint, Sums};
use crate::lifetime::fused::kernel::propagate::add_sums;
use crate::lifetime::fused::lanes::{LANES, Octet, dot, total};
use crate::lifetime::fused::plan::{ProjectionPlan, drive_of};
use crate::model::Trace;

/// Adjoints of a plastic projection's state; empty where a projection is not plastic.
#[derive(Debug, Default)]
pub(crate) struct SynapseAdjoint {
    /// dx, dx2, dy, dy2, dtheta_y in the order of [`Trace::ALL`].
    traces: [Vec<f32>; Trace::ALL.len()],
    /// dE in panels, still without the factor a_E.
    pub(crate) eligibility: AlignedFloats,
    /// dP in panels.
    pub(crate) plastic: AlignedFloats,
    /// What one step's adjoint sums over synapses.
    sums: Sums,
}

impl SynapseAdjoint {
    /// Zeros.
    pub(crate) fn new(projection: &ProjectionPlan) -> Self {
        let Some(_) = projection.rule else { return Self::default() };
        let PlasticState { traces, eligibility, plastic, .. } = PlasticState::new(projection);
        let sums = Sums::new(projection.shape.pre, projection.shape.panels());
        Self { traces, eligibility, plastic, sums }
    }

    /// An upper estimate of the floats that it takes.
    pub(crate) fn floats(projection: &ProjectionPlan) -> usize {
        if projection.rule.is_none() {
            return 0;
        }
        PlasticState::floats(projection) + Sums::floats(projection.shape.pre, projection.shape.panels())
    }

    /// Sets all adjoints but that of the plastic weights to zero.
    pub(crate) fn reset_state(&mut self) {
        self.traces.iter_mut().for_each(|trace| trace.fill(0.0));
        self.eligibility.fill(0.0);
    }
}

/// The backward step of a plastic projection.
#[derive(Clone, Copy)]
pub(crate) struct PlasticStep<'a> {
    /// The projection.
    pub(crate) projection: PlasticContext<'a>,
    /// What it read in the step.
    pub(crate) inputs: PlasticInputs<'a>,
    /// Its state before the step.
    pub(crate) before: &'a PlasticState,
    /// Its state after the step.
    pub(crate) after: &'a PlasticState,
}

impl PlasticStep<'_> {
    /// From the adjoint of the state after the step to that of the state before it and those of the populations.
    pub(crate) fn back(
        self,
        adjoint: &mut SynapseAdjoint,
        populations: &mut [PopulationAdjoint],
        gradient: &mut PlasticTensors,
    ) {
        self.choose_change_back(adjoint);
        gradient.eligibility_decay += total(&adjoint.sums.decay);
        self.gate_back(adjoint, populations, gradient);
        self.drive_back(adjoint, &mut populations[self.projection.wiring.post], gradient);
        self.threshold_back(adjoint, gradient);
        self.postsynaptic_traces_back(adjoint, &mut populations[self.projection.wiring.post], gradient);
        self.presynaptic_traces_back(adjoint, &mut populations[self.projection.wiring.pre], gradient);
    }

    fn choose_change_back(self, adjoint: &mut SynapseAdjoint) {
        let PlasticContext { rule, wiring, .. } = self.projection;
        match (rule.reads_slow, rule.reads_plastic, wiring.from_input) {
            (false, false, false) => self.change_back::<false, false, false>(adjoint),
            (false, false, true) => self.change_back::<false, false, true>(adjoint),
            (false, true, false) => self.change_back::<false, true, false>(adjoint),
            (false, true, true) => self.change_back::<false, true, true>(adjoint),
            (true, false, false) => self.change_back::<true, false, false>(adjoint),
            (true, false, true) => self.change_back::<true, false, true>(adjoint),
            (true, true, false) => self.change_back::<true, true, false>(adjoint),
            (true, true, true) => self.change_back::<true, true, true>(adjoint),
        }
    }

    fn change_back<const SLOW: bool, const PLASTIC: bool, const INPUT: bool>(self, adjoint: &mut SynapseAdjoint) {
        let Self { projection, inputs, before, after } = self;
        let trace = &after.traces[Trace::Pre as usize];
        let slow = if SLOW { &after.traces[Trace::PreSlow as usize] } else { trace };
        let [tangent, slow_tangent] = &after.tangents;
        let tangents = match (INPUT, SLOW) {
            (false, _) => [trace, trace],
            (true, false) => [tangent, tangent],
            (true, true) => [tangent, slow_tangent],
        };
        projection.backend.run(LearnAdjoint::<SLOW, PLASTIC, INPUT> {
            pre: [&inputs.pre.values[..projection.wiring.shape.pre], trace, slow],
            tangents: tangents.map(Vec::as_slice),
            drives: std::array::from_fn(|drive| after.drives[drive].as_chunks().0),
            third_factor: after.third_factor.as_chunks().0,
            kept: after.kept.as_chunks().0,
            rate: projection.values.rate as f32,
            decay: projection.values.eligibility_decay as f32,
            limit: projection.limit,
            eligibility: after.eligibility.octets(),
            plastic: after.plastic.octets(),
            plastic_before: before.plastic.octets(),
            eligibility_adjoint: adjoint.eligibility.octets_mut(),
            plastic_adjoint: adjoint.plastic.octets_mut(),
            sums: &mut adjoint.sums,
        });
    }

    /// `gate_j = eta M_j`, `kept_j = 1 - lambda |M_j|` or `1 - lambda`.
    fn gate_back(
        self,
        adjoint: &mut SynapseAdjoint,
        populations: &mut [PopulationAdjoint],
        gradient: &mut PlasticTensors,
    ) {
        let Self { projection, after, .. } = self;
        let Sums { gate, kept, .. } = &mut adjoint.sums;
        let gate = gate.as_flattened();
        gradient.rate += f64::from(dot(gate, &after.third_factor));
        self.third_factor_back(projection.values.rate as f32, gate, populations, gradient);
        let Some(leak) = projection.rule.leak else { return };
        self.leak_back(leak, kept.as_flattened_mut(), gradient);
        if leak == Leak::Modulated {
            self.third_factor_back(-projection.values.leak as f32, kept.as_flattened(), populations, gradient);
        }
    }

    /// `M_j = sum_k G_kj m_k`, of which the adjoint is a factor times a vector.
    fn third_factor_back(
        self,
        factor: f32,
        vector: &[f32],
        populations: &mut [PopulationAdjoint],
        gradient: &mut PlasticTensors,
    ) {
        let Self { projection: PlasticContext { rule, values, .. }, inputs, .. } = self;
        let Some(modulators) = rule.modulators else { return };
        let modulation = inputs.modulation.iter().zip(populations[modulators].modulation());
        let weights = values.third_factor.chunks_exact(vector.len());
        let weight_sums = gradient.third_factor.chunks_exact_mut(vector.len());
        for ((value, adjoint), (weights, weight_sums)) in modulation.zip(weights.zip(weight_sums)) {
            *adjoint += factor * dot(weights, vector);
            let factor = factor * value;
            weight_sums.iter_mut().zip(vector).for_each(|(sum, it)| *sum += factor * it);
        }
    }

    /// From dkept to what `-lambda` multiplies in dM; zero where the leak is at its bound.
    fn leak_back(self, leak: Leak, kept: &mut [f32], gradient: &mut PlasticTensors) {
        let Self { projection, after, .. } = self;
        for (kept, third_factor) in kept.iter_mut().zip(&after.third_factor) {
            if projection.lost(leak, *third_factor) >= LARGEST_LOSS {
                *kept = 0.0;
            }
            let factor = if leak == Leak::Modulated { third_factor.abs() } else { 1.0 };
            gradient.leak -= f64::from(*kept * factor);
            *kept *= sign(*third_factor);
        }
    }

    /// `V_f = (1 - a_E) sum_terms c g`.
    fn drive_back(self, adjoint: &mut SynapseAdjoint, post: &mut PopulationAdjoint, gradient: &mut PlasticTensors) {
        let Self { projection, inputs, after, .. } = self;
        let gain = 1.0 - projection.values.eligibility_decay as f32;
        let columns = projection.wiring.shape.columns();
        let coefficients = projection.values.coefficients.chunks_exact(columns);
        let coefficient_sums = gradient.coefficients.chunks_exact_mut(columns);
        let mut decay = [0.0; LANES];
        let terms = projection.rule.terms.iter().zip(coefficients).zip(coefficient_sums);
        for ((term, coefficients), coefficient_sums) in terms {
            let drives = &adjoint.sums.drives[drive_of(term)];
            let coefficients = coefficients.as_chunks::<LANES>().0;
            let coefficient_sums = coefficient_sums.as_chunks_mut::<LANES>().0;
            for (panel, (sum, coefficient)) in coefficient_sums.iter_mut().zip(coefficients).enumerate() {
                let drive = &drives[panel];
                let factor = projection.factor(term.post, inputs.post, &after.traces, panel);
                let scaled = std::array::from_fn(|lane| coefficient[lane] * drive[lane]);
                (0..LANES).for_each(|lane| sum[lane] += gain * factor[lane] * drive[lane]);
                (0..LANES).for_each(|lane| decay[lane] += factor[lane] * scaled[lane]);
                let factor_adjoint = FactorAdjoint { panel, gradient: scaled.map(|scaled| gain * scaled) };
                self.factor_back(term.post, factor_adjoint, post, &mut adjoint.traces);
            }
        }
        gradient.eligibility_decay -= total(&decay);
    }

    /// The backward step of a postsynaptic factor of eight neurons.
    #[inline]
    fn factor_back(
        self,
        factor: Postsynaptic,
        adjoint: FactorAdjoint,
        post: &mut PopulationAdjoint,
        traces: &mut [Vec<f32>; Trace::ALL.len()],
    ) {
        let value = |trace: Trace| self.after.traces[trace as usize].as_chunks().0[adjoint.panel];
        let mut add = |trace: Trace, derivative| adjoint.add_to(&mut traces[trace as usize], derivative);
        match factor {
            Postsynaptic::One => {}
            Postsynaptic::Spike => adjoint.add_to(&mut post.ports.spikes, [1.0; LANES]),
            Postsynaptic::Trace => add(Trace::Post, [1.0; LANES]),
            Postsynaptic::SlowTrace => add(Trace::PostSlow, [1.0; LANES]),
            Postsynaptic::TraceSquared => add(Trace::Post, value(Trace::Post).map(|y| 2.0 * y)),
            Postsynaptic::TraceTimesThreshold => {
                add(Trace::Post, value(Trace::Threshold));
                add(Trace::Threshold, value(Trace::Post));
            }
            Postsynaptic::Surrogate => {
                let slope = self.projection.slope;
                let distances = self.inputs.post.distances(adjoint.panel);
                let derivative = distances.map(|distance| surrogate_derivative(slope, distance));
                adjoint.add_to(post.distance(), derivative);
            }
        }
    }

    /// `theta_y = a_theta theta_y + (1 - a_theta) y^2`.
    fn threshold_back(self, adjoint: &mut SynapseAdjoint, gradient: &mut PlasticTensors) {
        if !self.projection.rule.keeps(Trace::Threshold) {
            return;
        }
        let y = &self.after.traces[Trace::Post as usize];
        let squares = y.iter().map(|y| y * y).collect::<Vec<_>>();
        let mut square_adjoint = vec![0.0; y.len()];
        let input = FilterAdjoint { values: &squares, adjoint: &mut square_adjoint };
        self.filter_back(Trace::Threshold, adjoint, input, gradient);
        let derivatives = square_adjoint.iter().zip(y).map(|(square, y)| 2.0 * y * square);
        let post_trace = adjoint.traces[Trace::Post as usize].iter_mut();
        post_trace.zip(derivatives).for_each(|(sum, derivative)| *sum += derivative);
    }

    /// `y = a_y y + (1 - a_y) s_j`.
    fn postsynaptic_traces_back(
        self,
        adjoint: &mut SynapseAdjoint,
        post: &mut PopulationAdjoint,
        gradient: &mut PlasticTensors,
    ) {
        for trace in [Trace::Post, Trace::PostSlow] {
            let values = &self.inputs.post.spikes().values;
            self.filter_back(trace, adjoint, FilterAdjoint { values, adjoint: &mut post.ports.spikes }, gradient);
        }
    }

    /// `x = a_x x + (1 - a_x) s_i`.
    fn presynaptic_traces_back(
        self,
        adjoint: &mut SynapseAdjoint,
        pre: &mut PopulationAdjoint,
        gradient: &mut PlasticTensors,
    ) {
        if self.projection.wiring.from_input {
            for trace in [Trace::Pre, Trace::PreSlow] {
                gradient.trace_decays[trace as usize] += total(&adjoint.sums.trace_decays[trace as usize]);
            }
            return;
        }
        let [spike_rows, rows, slow_rows] = &adjoint.sums.rows;
        let [pre_trace, pre_slow_trace, ..] = &mut adjoint.traces;
        add_sums(spike_rows, &mut pre.ports.spikes);
        add_sums(rows, pre_trace);
        add_sums(slow_rows, pre_slow_trace);
        for trace in [Trace::Pre, Trace::PreSlow] {
            let values = &self.inputs.pre.values;
            self.filter_back(trace, adjoint, FilterAdjoint { values, adjoint: &mut pre.ports.spikes }, gradient);
        }
    }

    fn filter_back(
        self,
        trace: Trace,
        adjoint: &mut SynapseAdjoint,
        input: FilterAdjoint<'_>,
        gradient: &mut PlasticTensors,
    ) {
        let decay = self.projection.trace_decay(trace);
        let before = &self.before.traces[trace as usize];
        let sum = filter_back(&mut adjoint.traces[trace as usize], decay, before, input);
        gradient.trace_decays[trace as usize] += sum;
    }
}

/// The slope of `|value|`, 0 at 0.
fn sign(value: f32) -> f32 {
    if value == 0.0 { 0.0 } else { value.signum() }
}

/// The derivative of the surrogate derivative in `d`: `-2 k sign(d) / (1 + k |d|)^3`.
fn surrogate_derivative(slope: f32, distance: f32) -> f32 {
    let root = 1.0 / (1.0 + slope * distance.abs());
    -2.0 * slope * sign(distance) * root * root * root
}

/// What a low-pass filter read, and the adjoint of that.
struct FilterAdjoint<'a> {
    values: &'a [f32],
    adjoint: &'a mut [f32],
}

/// The backward step of `value = decay before + (1 - decay) input`; returns the gradient of the decay.
fn filter_back(adjoint: &mut [f32], decay: f32, before: &[f32], input: FilterAdjoint<'_>) -> f64 {
    let mut sum = [0.0; LANES];
    let inputs = input.values.as_chunks::<LANES>().0.iter().zip(input.adjoint.as_chunks_mut::<LANES>().0);
    let values = adjoint.as_chunks_mut::<LANES>().0.iter_mut().zip(before.as_chunks::<LANES>().0);
    for ((adjoint, before), (input, input_adjoint)) in values.zip(inputs) {
        for lane in 0..LANES {
            sum[lane] += adjoint[lane] * (before[lane] - input[lane]);
            input_adjoint[lane] += (1.0 - decay) * adjoint[lane];
            adjoint[lane] *= decay;
        }
    }
    total(&sum)
}

/// The adjoint of a factor of the eight neurons of a panel.
#[derive(Clone, Copy)]
struct FactorAdjoint {
    panel: usize,
    gradient: Octet,
}

impl FactorAdjoint {
    /// Adds it, times a derivative, to the adjoint of a quantity.
    fn add_to(self, sums: &mut [f32], derivative: Octet) {
        let sum: &mut Octet = &mut sums.as_chunks_mut().0[self.panel];
        (0..LANES).for_each(|lane| sum[lane] += self.gradient[lane] * derivative[lane]);
    }
}
