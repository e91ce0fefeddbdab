//! One step of a plastic projection, after this step's spikes of all populations:
//!
//! ```text
//! x = a_x x + (1 - a_x) s_i, x2, y, y2 likewise;   theta_y = a_theta theta_y + (1 - a_theta) y^2
//! M_j = sum_k G_kj m_k
//! V_fj = (1 - a_E) sum_{terms with presynaptic factor f} c_j g(post_j);   V' of the terms that read P
//! ```
//!
//! and then `E` and `P` of every synapse, see [`Learn`].

use metaplastic_shared::rule::Postsynaptic;

use super::dynamics::Dynamics;
use super::kernel::learn::Learn;
use super::lanes::{LANES, Octet};
use super::plan::{RulePlan, drive_of};
use super::state::{Neurons, State, Synapses};
use crate::model::Trace;

impl Dynamics {
    /// Traces, third factor, drives, then every synapse.
    pub(super) fn learn(&self, index: usize, rule: &RulePlan, cut: bool, before: &State, after: &mut State) {
        let wiring = &self.plan.projections[index];
        let State { neurons, synapses } = after;
        let (synapses, previous) = (&mut synapses[index], &before.synapses[index]);
        let (pre, post) = (&neurons[wiring.pre], &neurons[wiring.post]);
        self.trace(index, rule, pre, post, previous, synapses);
        self.differentiate_traces(index, cut, pre, previous, synapses);
        self.gate(index, rule, neurons, synapses);
        self.drive(index, rule, post, synapses);
        match (rule.reads_slow, rule.reads_plastic) {
            (false, false) => self.change::<false, false>(index, pre, previous, synapses),
            (false, true) => self.change::<false, true>(index, pre, previous, synapses),
            (true, false) => self.change::<true, false>(index, pre, previous, synapses),
            (true, true) => self.change::<true, true>(index, pre, previous, synapses),
        }
    }

    fn trace(
        &self,
        index: usize,
        rule: &RulePlan,
        pre: &Neurons,
        post: &Neurons,
        before: &Synapses,
        after: &mut Synapses,
    ) {
        for trace in Trace::ALL.into_iter().filter(|trace| rule.keeps(*trace)) {
            let mut values = std::mem::take(&mut after.traces[trace as usize]);
            let decay = self.trace_decay(index, trace);
            let previous = &before.traces[trace as usize];
            match trace {
                Trace::Pre | Trace::PreSlow => approach(&mut values, previous, decay, pre.spikes.iter().copied()),
                Trace::Post | Trace::PostSlow => {
                    approach(&mut values, previous, decay, post.spikes.iter().copied())
                }
                Trace::Threshold => {
                    let squares = after.traces[Trace::Post as usize].iter().map(|y| y * y);
                    approach(&mut values, previous, decay, squares);
                }
            }
            after.traces[trace as usize] = values;
        }
    }

    pub(super) fn trace_decay(&self, index: usize, trace: Trace) -> f32 {
        self.values.projections[index].trace_decays[trace as usize] as f32
    }

    /// `dx/da = a dx/da(t-1) + x(t-1) - s`, for traces of input populations.
    fn differentiate_traces(
        &self,
        index: usize,
        cut: bool,
        pre: &Neurons,
        before: &Synapses,
        after: &mut Synapses,
    ) {
        for (of, trace) in [Trace::Pre, Trace::PreSlow].into_iter().enumerate() {
            let decay = if cut { 0.0 } else { self.trace_decay(index, trace) };
            let previous = before.tangents[of].iter().zip(&before.traces[of]).zip(&pre.spikes);
            for (tangent, ((before, trace), spike)) in after.tangents[of].iter_mut().zip(previous) {
                *tangent = decay * before + trace - spike;
            }
        }
    }

    fn gate(&self, index: usize, rule: &RulePlan, neurons: &[Neurons], synapses: &mut Synapses) {
        let third_factor = &mut synapses.third_factor;
        let Some(modulators) = rule.modulators else {
            third_factor[..self.plan.projections[index].shape.post].fill(1.0);
            return;
        };
        third_factor.fill(0.0);
        let rows = self.values.projections[index].third_factor.chunks_exact(third_factor.len());
        for (row, modulation) in rows.zip(&neurons[modulators].modulation) {
            third_factor.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight * modulation);
        }
    }

    fn drive(&self, index: usize, rule: &RulePlan, post: &Neurons, synapses: &mut Synapses) {
        let tensors = &self.values.projections[index];
        let gain = 1.0 - tensors.eligibility_decay as f32;
        let Synapses { drives, traces, .. } = synapses;
        drives.iter_mut().for_each(|drive| drive.fill(0.0));
        let coefficients = tensors.coefficients.chunks_exact(self.plan.projections[index].shape.columns());
        for (term, coefficients) in rule.terms.iter().zip(coefficients) {
            let drive = drives[drive_of(term)].as_chunks_mut::<LANES>().0.iter_mut();
            for (panel, (drive, coefficients)) in drive.zip(coefficients.as_chunks::<LANES>().0).enumerate() {
                let factor = self.factor(term.post, post, traces, panel);
                (0..LANES).for_each(|lane| drive[lane] += gain * coefficients[lane] * factor[lane]);
            }
        }
    }

    /// A postsynaptic factor of eight neurons.
    #[inline]
    pub(super) fn factor(
        &self,
        factor: Postsynaptic,
        post: &Neurons,
        traces: &[Vec<f32>; Trace::ALL.len()],
        panel: usize,
    ) -> Octet {
        let at = |values: &[f32]| values.as_chunks().0[panel];
        let trace = |trace: Trace| at(&traces[trace as usize]);
        let product = |a: Octet, b: Octet| std::array::from_fn(|lane| a[lane] * b[lane]);
        match factor {
            Postsynaptic::One => [1.0; LANES],
            Postsynaptic::Spike => at(&post.spikes),
            Postsynaptic::Trace => trace(Trace::Post),
            Postsynaptic::SlowTrace => trace(Trace::PostSlow),
            Postsynaptic::TraceSquared => product(trace(Trace::Post), trace(Trace::Post)),
            Postsynaptic::TraceTimesThreshold => product(trace(Trace::Post), trace(Trace::Threshold)),
            Postsynaptic::Surrogate => {
                post.distances(panel).map(|distance| surrogate(self.plan.surrogate_slope, distance))
            }
        }
    }

    fn change<const SLOW: bool, const PLASTIC: bool>(
        &self,
        index: usize,
        pre: &Neurons,
        before: &Synapses,
        after: &mut Synapses,
    ) {
        let tensors = &self.values.projections[index];
        let traces = &after.traces;
        let slow = if SLOW { &traces[Trace::PreSlow as usize] } else { &traces[Trace::Pre as usize] };
        self.setting.backend.run(Learn::<SLOW, PLASTIC> {
            pre: [&pre.spikes[..self.plan.projections[index].shape.pre], &traces[Trace::Pre as usize], slow],
            drives: std::array::from_fn(|drive| after.drives[drive].as_chunks().0),
            third_factor: after.third_factor.as_chunks().0,
            rate: tensors.rate as f32,
            decay: tensors.eligibility_decay as f32,
            limit: self.plan.plastic_limit,
            before: [before.eligibility.octets(), before.plastic.octets()],
            after: [after.eligibility.octets_mut(), after.plastic.octets_mut()],
        });
    }
}

/// The surrogate derivative `1 / (1 + k |d|)^2`.
pub(super) fn surrogate(slope: f32, distance: f32) -> f32 {
    let root = 1.0 / (1.0 + slope * distance.abs());
    root * root
}

fn approach(values: &mut [f32], before: &[f32], decay: f32, targets: impl Iterator<Item = f32>) {
    for ((value, before), target) in values.iter_mut().zip(before).zip(targets) {
        *value = decay * before + (1.0 - decay) * target;
    }
}
