//! The adjoint of [`Learn`](super::learn::Learn), for every synapse of a projection:
//!
//! ```text
//! dP_ij   = dP_ij [|P_ij| < P_max]             the clamp
//! dgate_j = sum_i dP_ij E_ij                   gate = eta M
//! dkept_j = sum_i dP_ij P_ij(t-1)              kept = 1 - l
//! da_E    = sum_ij dE_ij(t+1) E_ij             the part of a_E E of the step after
//! dE_ij   = a_E dE_ij(t+1) + gate_j dP_ij
//! dV_fj   = sum_i f_i dE_ij,   dV'_fj = sum_i f_i dE_ij P_ij(t-1)
//! df_i    = sum_j dE_ij (V_fj + P_ij(t-1) V'_fj)
//! dP_ij(t-1) = kept_j dP_ij + dE_ij sum_f f_i V'_fj
//! ```
//!
//! In memory `dE` stays without the factor `a_E`, which is put in where it is read. Where the presynaptic neurons
//! are inputs, `df_i` is needed only for the traces' decays, and then
//! `da_x = sum_j V_xj sum_i (dx_i/da_x) dE_ij` saves the sums along rows.

use crate::lifetime::fused::lanes::{Kernel, LANES, Lanes, Octet};
use crate::lifetime::fused::plan::DRIVES;

/// The operands; `SLOW`: the rule reads x2, `PLASTIC`: it reads P, `INPUT`: the presynaptic neurons are inputs.
pub(crate) struct LearnAdjoint<'a, const SLOW: bool, const PLASTIC: bool, const INPUT: bool> {
    /// s, x and x2 by row; x2 may be any vector of that length unless `SLOW`.
    pub(crate) pre: [&'a [f32]; 3],
    /// dx/da_x and dx2/da_x2 by row, if `INPUT`; else any vectors of that length.
    pub(crate) tangents: [&'a [f32]; 2],
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
    /// E after the step.
    pub(crate) eligibility: &'a [Octet],
    /// P after the step.
    pub(crate) plastic: &'a [Octet],
    /// P before the step.
    pub(crate) plastic_before: &'a [Octet],
    /// dE, of the step after and then of this one, both without a_E.
    pub(crate) eligibility_adjoint: &'a mut [Octet],
    /// dP, after the step and then before it.
    pub(crate) plastic_adjoint: &'a mut [Octet],
    /// Where the sums go.
    pub(crate) sums: &'a mut Sums,
}

/// What the adjoint of a step's learning sums over synapses.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// dV and dV' by panel; only those the rule has are written.
    pub(crate) drives: [Vec<Octet>; DRIVES],
    /// d(eta M) by panel.
    pub(crate) gate: Vec<Octet>,
    /// d(1 - l) by panel.
    pub(crate) kept: Vec<Octet>,
    /// ds, dx and dx2 by row, each as a vector whose lanes are still to be added; unless `INPUT`.
    pub(crate) rows: [Vec<Octet>; 3],
    /// da_E, lanes still to be added.
    pub(crate) decay: Octet,
    /// da_x and da_x2, lanes still to be added; if `INPUT`.
    pub(crate) trace_decays: [Octet; 2],
}

impl Sums {
    /// Zeros in the shapes of a projection.
    pub(crate) fn new(rows: usize, panels: usize) -> Self {
        let zeros = |count| vec![[0.0; LANES]; count];
        Self {
            drives: std::array::from_fn(|_| zeros(panels)),
            gate: zeros(panels),
            kept: zeros(panels),
            rows: std::array::from_fn(|_| zeros(rows)),
            ..Self::default()
        }
    }

    /// Floats that they take.
    pub(crate) fn floats(rows: usize, panels: usize) -> usize {
        ((DRIVES + 2) * panels + 3 * rows) * LANES
    }
}

impl<const SLOW: bool, const PLASTIC: bool, const INPUT: bool> Kernel for LearnAdjoint<'_, SLOW, PLASTIC, INPUT> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let [s, x, x2] = self.pre;
        let rows = s.len();
        let (x, x2) = (&x[..rows], &x2[..rows]);
        let [tangent, slow_tangent] = self.tangents.map(|tangents| &tangents[..rows]);
        let zero = lanes.splat(0.0);
        let (decay, limit) = (lanes.splat(self.decay), lanes.splat(self.limit));
        let mut decay_sum = zero;
        let mut trace_decay_sums = [zero; 2];
        let [rows_s, rows_x, rows_x2] = &mut self.sums.rows;
        let [rows_s, rows_x, rows_x2] = [rows_s, rows_x, rows_x2].map(|dots| &mut dots[..rows]);
        if !INPUT {
            rows_s.fill([0.0; LANES]);
            rows_x.fill([0.0; LANES]);
            rows_x2.fill([0.0; LANES]);
        }
        for panel in 0..self.third_factor.len() {
            let drive = |index: usize| match self.drives[index].get(panel) {
                Some(octet) => lanes.load(octet),
                None => zero,
            };
            let [one, spike, trace, slow, one_p, spike_p, trace_p, slow_p] = std::array::from_fn(drive);
            let _ = one;
            let gate = lanes.multiply(lanes.splat(self.rate), lanes.load(&self.third_factor[panel]));
            let kept = lanes.load(&self.kept[panel]);
            let here = panel * rows..(panel + 1) * rows;
            let (e, p) = (&self.eligibility[here.clone()], &self.plastic[here.clone()]);
            let p_before = &self.plastic_before[here.clone()];
            let e_adjoint = &mut self.eligibility_adjoint[here.clone()];
            let p_adjoint = &mut self.plastic_adjoint[here];
            let mut sums = [zero; DRIVES];
            let mut gate_sum = zero;
            let mut kept_sum = zero;
            let mut tangent_sums = [zero; 4];
            for row in 0..rows {
                let (si, xi, x2i) = (lanes.splat(s[row]), lanes.splat(x[row]), lanes.splat(x2[row]));
                let eligibility = lanes.load(&e[row]);
                let mut dp = lanes.where_inside(lanes.load(&p_adjoint[row]), lanes.load(&p[row]), limit);
                gate_sum = lanes.multiply_add(dp, eligibility, gate_sum);
                let plastic_before = lanes.load(&p_before[row]);
                kept_sum = lanes.multiply_add(dp, plastic_before, kept_sum);
                let later = lanes.load(&e_adjoint[row]);
                decay_sum = lanes.multiply_add(later, eligibility, decay_sum);
                let de = lanes.multiply_add(decay, later, lanes.multiply(gate, dp));
                lanes.store(&mut e_adjoint[row], de);
                dp = lanes.multiply(kept, dp);
                sums[0] = lanes.add(sums[0], de);
                sums[1] = lanes.multiply_add(si, de, sums[1]);
                sums[2] = lanes.multiply_add(xi, de, sums[2]);
                if SLOW {
                    sums[3] = lanes.multiply_add(x2i, de, sums[3]);
                }
                let mut dep = zero;
                if PLASTIC {
                    dep = lanes.multiply(de, plastic_before);
                    sums[4] = lanes.add(sums[4], dep);
                    sums[5] = lanes.multiply_add(si, dep, sums[5]);
                    sums[6] = lanes.multiply_add(xi, dep, sums[6]);
                    let mut factor = lanes.multiply_add(si, spike_p, one_p);
                    factor = lanes.multiply_add(xi, trace_p, factor);
                    if SLOW {
                        sums[7] = lanes.multiply_add(x2i, dep, sums[7]);
                        factor = lanes.multiply_add(x2i, slow_p, factor);
                    }
                    dp = lanes.multiply_add(de, factor, dp);
                }
                lanes.store(&mut p_adjoint[row], dp);
                if INPUT {
                    let (t, t2) = (lanes.splat(tangent[row]), lanes.splat(slow_tangent[row]));
                    tangent_sums[0] = lanes.multiply_add(t, de, tangent_sums[0]);
                    if PLASTIC {
                        tangent_sums[1] = lanes.multiply_add(t, dep, tangent_sums[1]);
                    }
                    if SLOW {
                        tangent_sums[2] = lanes.multiply_add(t2, de, tangent_sums[2]);
                    }
                    if SLOW && PLASTIC {
                        tangent_sums[3] = lanes.multiply_add(t2, dep, tangent_sums[3]);
                    }
                } else {
                    let dot = |to: &mut Octet, drive, drive_p| {
                        let mut sum = lanes.multiply_add(de, drive, lanes.load(to));
                        if PLASTIC {
                            sum = lanes.multiply_add(dep, drive_p, sum);
                        }
                        lanes.store(to, sum);
                    };
                    dot(&mut rows_s[row], spike, spike_p);
                    dot(&mut rows_x[row], trace, trace_p);
                    if SLOW {
                        dot(&mut rows_x2[row], slow, slow_p);
                    }
                }
            }
            for (to, sum) in self.sums.drives.iter_mut().zip(sums) {
                lanes.store(&mut to[panel], sum);
            }
            lanes.store(&mut self.sums.gate[panel], gate_sum);
            lanes.store(&mut self.sums.kept[panel], kept_sum);
            for (sum, product) in [(0, (tangent_sums[0], trace)), (0, (tangent_sums[1], trace_p))]
                .into_iter()
                .chain([(1, (tangent_sums[2], slow)), (1, (tangent_sums[3], slow_p))])
            {
                trace_decay_sums[sum] = lanes.multiply_add(product.0, product.1, trace_decay_sums[sum]);
            }
        }
        lanes.store(&mut self.sums.decay, decay_sum);
        let [sum, slow_sum] = &mut self.sums.trace_decays;
        lanes.store(sum, trace_decay_sums[0]);
        lanes.store(slow_sum, trace_decay_sums[1]);
    }
}
