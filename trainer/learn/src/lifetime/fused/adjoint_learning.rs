//! One step of a plastic projection backwards. After the synapses ([`LearnAdjoint`]), with `V` the drives, `c`
//! the coefficients, `g` a term's postsynaptic factor:
//!
//! ```text
//! deta  = sum_j dgate_j M_j               dM_j = eta dgate_j
//! dG_kj = dM_j m_k                        dm_k = sum_j G_kj dM_j
//! dc_j  = (1 - a_E) g_j dV_j              dg_j = (1 - a_E) c_j dV_j,   da_E = - sum_terms,j c_j g_j dV_j
//! dy_j  = ... (1 - a_theta) 2 y_j dtheta_y_j
//! ds_j  = (1 - a_y) dy_j,  dy_j(t-1) = a_y dy_j,  da_y = sum dy_j (y_j(t-1) - s_j);   x, x2, y2, theta_y likewise
//! ```

use metaplastic_shared::rule::Postsynaptic;

use super::adjoint::{Adjoint, NeuronAdjoint, SynapseAdjoint};
use super::dynamics::Dynamics;
use super::kernel::adjoint::LearnAdjoint;
use super::kernel::propagate::add_sums;
use super::lanes::{LANES, Octet, dot, total};
use super::plan::{RulePlan, drive_of};
use super::state::{Neurons, State, Synapses};
use super::tensors::{ProjectionTensors, Tensors};
use crate::model::Trace;

impl Dynamics {
    /// Back through a plastic projection's step.
    pub(super) fn learn_back(
        &self,
        index: usize,
        rule: &RulePlan,
        before: &State,
        after: &State,
        adjoint: &mut Adjoint,
        gradient: &mut Tensors,
    ) {
        let wiring = &self.plan.projections[index];
        let sums = &mut gradient.projections[index];
        let mut adjoints = std::mem::take(&mut adjoint.synapses[index]);
        let spikes = &after.neurons[wiring.pre].spikes;
        let states = (&before.synapses[index], &after.synapses[index]);
        self.choose_change_back(index, rule, spikes, states, &mut adjoints);
        sums.eligibility_decay += total(&adjoints.sums.decay);
        self.gate_back(index, rule, after, &adjoints, &mut adjoint.neurons, sums);
        let post = (&after.neurons[wiring.post], &mut adjoint.neurons[wiring.post]);
        self.drive_back(index, rule, post, states.1, &mut adjoints, sums);
        self.trace_back(index, rule, after, states, &mut adjoints, &mut adjoint.neurons, sums);
        adjoint.synapses[index] = adjoints;
    }

    fn choose_change_back(
        &self,
        index: usize,
        rule: &RulePlan,
        spikes: &[f32],
        states: (&Synapses, &Synapses),
        adjoint: &mut SynapseAdjoint,
    ) {
        match (rule.reads_slow, rule.reads_plastic, self.plan.projections[index].from_input) {
            (false, false, false) => self.change_back::<false, false, false>(index, spikes, states, adjoint),
            (false, false, true) => self.change_back::<false, false, true>(index, spikes, states, adjoint),
            (false, true, false) => self.change_back::<false, true, false>(index, spikes, states, adjoint),
            (false, true, true) => self.change_back::<false, true, true>(index, spikes, states, adjoint),
            (true, false, false) => self.change_back::<true, false, false>(index, spikes, states, adjoint),
            (true, false, true) => self.change_back::<true, false, true>(index, spikes, states, adjoint),
            (true, true, false) => self.change_back::<true, true, false>(index, spikes, states, adjoint),
            (true, true, true) => self.change_back::<true, true, true>(index, spikes, states, adjoint),
        }
    }

    fn change_back<const SLOW: bool, const PLASTIC: bool, const INPUT: bool>(
        &self,
        index: usize,
        spikes: &[f32],
        (before, after): (&Synapses, &Synapses),
        adjoint: &mut SynapseAdjoint,
    ) {
        let tensors = &self.values.projections[index];
        let trace = &after.traces[Trace::Pre as usize];
        let slow = if SLOW { &after.traces[Trace::PreSlow as usize] } else { trace };
        let [tangent, slow_tangent] = &after.tangents;
        let tangents = match (INPUT, SLOW) {
            (false, _) => [trace, trace],
            (true, false) => [tangent, tangent],
            (true, true) => [tangent, slow_tangent],
        };
        self.setting.backend.run(LearnAdjoint::<SLOW, PLASTIC, INPUT> {
            pre: [&spikes[..self.plan.projections[index].shape.pre], trace, slow],
            tangents: tangents.map(Vec::as_slice),
            drives: std::array::from_fn(|drive| after.drives[drive].as_chunks().0),
            third_factor: after.third_factor.as_chunks().0,
            rate: tensors.rate as f32,
            decay: tensors.eligibility_decay as f32,
            limit: self.plan.plastic_limit,
            eligibility: after.eligibility.octets(),
            plastic: after.plastic.octets(),
            plastic_before: before.plastic.octets(),
            eligibility_adjoint: adjoint.eligibility.octets_mut(),
            plastic_adjoint: adjoint.plastic.octets_mut(),
            sums: &mut adjoint.sums,
        });
    }

    /// `gate_j = eta sum_k G_kj m_k`.
    fn gate_back(
        &self,
        index: usize,
        rule: &RulePlan,
        after: &State,
        adjoint: &SynapseAdjoint,
        neurons: &mut [NeuronAdjoint],
        sums: &mut ProjectionTensors,
    ) {
        let tensors = &self.values.projections[index];
        let gate = adjoint.sums.gate.as_flattened();
        let third_factor = &after.synapses[index].third_factor;
        sums.rate += f64::from(dot(gate, third_factor));
        let Some(modulators) = rule.modulators else { return };
        let rate = tensors.rate as f32;
        let modulation = after.neurons[modulators].modulation.iter().zip(&mut neurons[modulators].modulation);
        let weights = tensors.third_factor.chunks_exact(gate.len());
        let weight_sums = sums.third_factor.chunks_exact_mut(gate.len());
        for ((value, adjoint), (weights, weight_sums)) in modulation.zip(weights.zip(weight_sums)) {
            *adjoint += rate * dot(weights, gate);
            let factor = rate * value;
            weight_sums.iter_mut().zip(gate).for_each(|(sum, gate)| *sum += factor * gate);
        }
    }

    /// `V_f = (1 - a_E) sum_terms c g`.
    fn drive_back(
        &self,
        index: usize,
        rule: &RulePlan,
        (post, post_adjoint): (&Neurons, &mut NeuronAdjoint),
        synapses: &Synapses,
        adjoint: &mut SynapseAdjoint,
        sums: &mut ProjectionTensors,
    ) {
        let tensors = &self.values.projections[index];
        let gain = 1.0 - tensors.eligibility_decay as f32;
        let columns = self.plan.projections[index].shape.columns();
        let coefficients = tensors.coefficients.chunks_exact(columns);
        let coefficient_sums = sums.coefficients.chunks_exact_mut(columns);
        let mut decay = [0.0; LANES];
        for ((term, coefficients), coefficient_sums) in rule.terms.iter().zip(coefficients).zip(coefficient_sums) {
            let drives = &adjoint.sums.drives[drive_of(term)];
            let coefficients = coefficients.as_chunks::<LANES>().0;
            let coefficient_sums = coefficient_sums.as_chunks_mut::<LANES>().0;
            for (panel, (sum, coefficient)) in coefficient_sums.iter_mut().zip(coefficients).enumerate() {
                let drive = &drives[panel];
                let factor = self.factor(term.post, post, &synapses.traces, panel);
                let scaled = std::array::from_fn(|lane| coefficient[lane] * drive[lane]);
                (0..LANES).for_each(|lane| sum[lane] += gain * factor[lane] * drive[lane]);
                (0..LANES).for_each(|lane| decay[lane] += factor[lane] * scaled[lane]);
                let factor_adjoint = scaled.map(|scaled| gain * scaled);
                let post = (post, &mut *post_adjoint);
                self.factor_back(term.post, factor_adjoint, panel, post, synapses, &mut adjoint.traces);
            }
        }
        sums.eligibility_decay -= total(&decay);
    }

    /// What a postsynaptic factor of eight neurons is made of.
    #[inline]
    fn factor_back(
        &self,
        factor: Postsynaptic,
        gradient: Octet,
        panel: usize,
        (post, post_adjoint): (&Neurons, &mut NeuronAdjoint),
        synapses: &Synapses,
        traces: &mut [Vec<f32>; Trace::ALL.len()],
    ) {
        let value = |trace: Trace| synapses.traces[trace as usize].as_chunks().0[panel];
        let mut add = |trace: Trace, derivative| add_at(&mut traces[trace as usize], panel, gradient, derivative);
        match factor {
            Postsynaptic::One => {}
            Postsynaptic::Spike => add_at(&mut post_adjoint.spikes, panel, gradient, [1.0; LANES]),
            Postsynaptic::Trace => add(Trace::Post, [1.0; LANES]),
            Postsynaptic::SlowTrace => add(Trace::PostSlow, [1.0; LANES]),
            Postsynaptic::TraceSquared => add(Trace::Post, value(Trace::Post).map(|y| 2.0 * y)),
            Postsynaptic::TraceTimesThreshold => {
                add(Trace::Post, value(Trace::Threshold));
                add(Trace::Threshold, value(Trace::Post));
            }
            Postsynaptic::Surrogate => {
                let derivative =
                    post.distances(panel).map(|distance| surrogate_derivative(self.plan.surrogate_slope, distance));
                add_at(&mut post_adjoint.distance, panel, gradient, derivative);
            }
        }
    }

    /// `x = a_x x + (1 - a_x) s`.
    fn trace_back(
        &self,
        index: usize,
        rule: &RulePlan,
        after: &State,
        (before, synapses): (&Synapses, &Synapses),
        adjoint: &mut SynapseAdjoint,
        neurons: &mut [NeuronAdjoint],
        sums: &mut ProjectionTensors,
    ) {
        let wiring = &self.plan.projections[index];
        let mut approach = |trace: Trace, adjoint: &mut [f32], targets: &[f32], target_adjoint: &mut [f32]| {
            let decay = self.trace_decay(index, trace);
            let values = &before.traces[trace as usize];
            sums.trace_decays[trace as usize] += approach_back(adjoint, decay, values, targets, target_adjoint);
        };
        let [pre_trace, pre_slow, post_trace, post_slow, threshold] = &mut adjoint.traces;
        if rule.keeps(Trace::Threshold) {
            let y = &synapses.traces[Trace::Post as usize];
            let squares = y.iter().map(|y| y * y).collect::<Vec<_>>();
            let mut square_adjoint = vec![0.0; y.len()];
            approach(Trace::Threshold, threshold, &squares, &mut square_adjoint);
            let derivatives = square_adjoint.iter().zip(y).map(|(square, y)| 2.0 * y * square);
            post_trace.iter_mut().zip(derivatives).for_each(|(sum, derivative)| *sum += derivative);
        }
        let (post, post_adjoint) = (&after.neurons[wiring.post].spikes, &mut neurons[wiring.post].spikes);
        for (trace, adjoint) in [(Trace::Post, post_trace), (Trace::PostSlow, post_slow)] {
            approach(trace, adjoint, post, post_adjoint);
        }
        if wiring.from_input {
            for trace in [Trace::Pre, Trace::PreSlow] {
                sums.trace_decays[trace as usize] += total(&adjoint.sums.trace_decays[trace as usize]);
            }
            return;
        }
        let (pre, pre_adjoint) = (&after.neurons[wiring.pre].spikes, &mut neurons[wiring.pre].spikes);
        let [spike_rows, rows, slow_rows] = &adjoint.sums.rows;
        add_sums(spike_rows, pre_adjoint);
        for (trace, adjoint, rows) in [(Trace::Pre, pre_trace, rows), (Trace::PreSlow, pre_slow, slow_rows)] {
            add_sums(rows, adjoint);
            approach(trace, adjoint, pre, pre_adjoint);
        }
    }
}

/// The derivative of [`surrogate`](super::learning::surrogate) in `d`: `-2 k sign(d) / (1 + k |d|)^3`.
fn surrogate_derivative(slope: f32, distance: f32) -> f32 {
    let root = 1.0 / (1.0 + slope * distance.abs());
    let sign = if distance == 0.0 { 0.0 } else { distance.signum() };
    -2.0 * slope * sign * root * root * root
}

/// Back over `value = decay before + (1 - decay) target`; returns the decay's gradient.
fn approach_back(
    adjoint: &mut [f32],
    decay: f32,
    before: &[f32],
    targets: &[f32],
    target_adjoint: &mut [f32],
) -> f64 {
    let mut sum = [0.0; LANES];
    let targets = targets.as_chunks::<LANES>().0.iter().zip(target_adjoint.as_chunks_mut::<LANES>().0);
    let values = adjoint.as_chunks_mut::<LANES>().0.iter_mut().zip(before.as_chunks::<LANES>().0);
    for ((adjoint, before), (target, target_adjoint)) in values.zip(targets) {
        for lane in 0..LANES {
            sum[lane] += adjoint[lane] * (before[lane] - target[lane]);
            target_adjoint[lane] += (1.0 - decay) * adjoint[lane];
            adjoint[lane] *= decay;
        }
    }
    total(&sum)
}

fn add_at(sums: &mut [f32], panel: usize, gradient: Octet, derivative: Octet) {
    let sum: &mut Octet = &mut sums.as_chunks_mut().0[panel];
    (0..LANES).for_each(|lane| sum[lane] += gradient[lane] * derivative[lane]);
}
