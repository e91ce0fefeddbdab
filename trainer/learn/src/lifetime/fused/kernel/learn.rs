//! One step of every synapse of a projection:
//!
//! ```text
//! E_ij = a_E E_ij + V1_j + s_i Vs_j + x_i Vx_j + x2_i Vx2_j + P_ij (the same of V')
//! P_ij = clamp((1 - l_j) P_ij + eta M_j E_ij, -P_max, P_max)
//! ```
//!
//! with the drives `V` of one step, the factor `1 - a_E` and the coefficients already in them.

use crate::lifetime::fused::lanes::{Kernel, Lanes, Octet};
use crate::lifetime::fused::plan::DRIVES;

/// The operands; `SLOW`: the rule reads x2, `PLASTIC`: it reads P.
pub(crate) struct Learn<'a, const SLOW: bool, const PLASTIC: bool> {
    /// s, x and x2 by row; x2 may be any vector of that length unless `SLOW`.
    pub(crate) pre: [&'a [f32]; 3],
    /// V and V' by panel; only those the rule has.
    pub(crate) drives: [&'a [Octet]; DRIVES],
    /// M by panel.
    pub(crate) third_factor: &'a [Octet],
    /// `1 - l_j` by panel.
    pub(crate) kept: &'a [Octet],
    /// eta.
    pub(crate) rate: f32,
    /// a_E.
    pub(crate) decay: f32,
    /// P_max.
    pub(crate) limit: f32,
    /// E and P before.
    pub(crate) before: [&'a [Octet]; 2],
    /// E and P after.
    pub(crate) after: [&'a mut [Octet]; 2],
}

impl<const SLOW: bool, const PLASTIC: bool> Kernel for Learn<'_, SLOW, PLASTIC> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let [spikes, traces, slow_traces] = self.pre;
        let rows = spikes.len();
        let (decay, limit) = (lanes.splat(self.decay), lanes.splat(self.limit));
        let [eligibility_before, plastic_before] = self.before.map(|matrix| matrix.chunks_exact(rows));
        let [eligibility, plastic] = self.after.map(|matrix| matrix.chunks_exact_mut(rows));
        let matrices = eligibility_before.zip(plastic_before).zip(eligibility.zip(plastic));
        for (panel, ((e_before, p_before), (e_after, p_after))) in matrices.enumerate() {
            let drive = |index: usize| match self.drives[index].get(panel) {
                Some(octet) => lanes.load(octet),
                None => lanes.splat(0.0),
            };
            let [one, spike, trace, slow, one_p, spike_p, trace_p, slow_p] = std::array::from_fn(drive);
            let gate = lanes.multiply(lanes.splat(self.rate), lanes.load(&self.third_factor[panel]));
            let kept = lanes.load(&self.kept[panel]);
            let before = e_before.iter().zip(p_before);
            let after = e_after.iter_mut().zip(p_after);
            let pre = spikes.iter().zip(traces).zip(slow_traces);
            for (((e_before, p_before), (e_after, p_after)), ((s, x), x2)) in before.zip(after).zip(pre) {
                let (s, x, x2) = (lanes.splat(*s), lanes.splat(*x), lanes.splat(*x2));
                let p = lanes.load(p_before);
                let mut e = lanes.multiply_add(decay, lanes.load(e_before), one);
                e = lanes.multiply_add(s, spike, e);
                e = lanes.multiply_add(x, trace, e);
                if SLOW {
                    e = lanes.multiply_add(x2, slow, e);
                }
                if PLASTIC {
                    let mut factor = lanes.multiply_add(s, spike_p, one_p);
                    factor = lanes.multiply_add(x, trace_p, factor);
                    if SLOW {
                        factor = lanes.multiply_add(x2, slow_p, factor);
                    }
                    e = lanes.multiply_add(p, factor, e);
                }
                lanes.store(e_after, e);
                lanes.store(p_after, lanes.clamp(lanes.multiply_add(gate, e, lanes.multiply(kept, p)), limit));
            }
        }
    }
}
