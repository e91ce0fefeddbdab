//! Spikes and analog values through a projection, forward and backward; rows of neurons with zero are not touched:
//!
//! ```text
//! I_j   += sum_i s_i (W_ij + P_ij)
//! dW_ij += s_i dI_j,   dP_ij += s_i dI_j
//! ds_i  += sum_j (W_ij + P_ij) dI_j          where it is needed; there every row counts
//! ```
//!
//! `s_i` stands for an analog value too.

use crate::lifetime::fused::lanes::{Kernel, LANES, Lanes, Octet, sum_of};

/// The presynaptic neurons of a projection.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    /// How many there are.
    pub(crate) rows: usize,
    /// Those whose output is not zero.
    pub(crate) active: &'a [u32],
    /// The output of each: s, or an analog value.
    pub(crate) outputs: &'a [f32],
}

/// `I += s (W + P)`.
pub(crate) struct Propagate<'a> {
    /// The presynaptic neurons.
    pub(crate) sources: Sources<'a>,
    /// W.
    pub(crate) weights: &'a [Octet],
    /// P; empty if the projection is not plastic.
    pub(crate) plastic: &'a [Octet],
    /// I, by panel.
    pub(crate) current: &'a mut [Octet],
}

impl Kernel for Propagate<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Sources { rows, active, outputs } = self.sources;
        let mut plastic = self.plastic.chunks_exact(rows);
        for (current, weights) in self.current.iter_mut().zip(self.weights.chunks_exact(rows)) {
            let plastic = plastic.next();
            let mut sum = lanes.load(current);
            for row in active.iter().map(|row| *row as usize) {
                let spike = lanes.splat(outputs[row]);
                sum = lanes.multiply_add(spike, lanes.load(&weights[row]), sum);
                if let Some(plastic) = plastic {
                    sum = lanes.multiply_add(spike, lanes.load(&plastic[row]), sum);
                }
            }
            lanes.store(current, sum);
        }
    }
}

/// `dW += s dI` and `dP += s dI`.
pub(crate) struct WeightAdjoint<'a> {
    /// The presynaptic neurons.
    pub(crate) sources: Sources<'a>,
    /// dI, by panel.
    pub(crate) current: &'a [Octet],
    /// dW.
    pub(crate) weights: &'a mut [Octet],
    /// dP; empty if the projection is not plastic.
    pub(crate) plastic: &'a mut [Octet],
}

impl Kernel for WeightAdjoint<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Sources { rows, active, outputs } = self.sources;
        let mut plastic = self.plastic.chunks_exact_mut(rows);
        for (current, weights) in self.current.iter().zip(self.weights.chunks_exact_mut(rows)) {
            let mut plastic = plastic.next();
            let current = lanes.load(current);
            for row in active.iter().map(|row| *row as usize) {
                let change = lanes.multiply(lanes.splat(outputs[row]), current);
                let add = |to: &mut Octet| lanes.store(to, lanes.add(lanes.load(to), change));
                add(&mut weights[row]);
                if let Some(plastic) = plastic.as_mut() {
                    add(&mut plastic[row]);
                }
            }
        }
    }
}

/// `ds += (W + P) dI`.
pub(crate) struct SpikeAdjoint<'a> {
    /// Presynaptic neurons.
    pub(crate) rows: usize,
    /// W.
    pub(crate) weights: &'a [Octet],
    /// P; empty if the projection is not plastic.
    pub(crate) plastic: &'a [Octet],
    /// dI, by panel.
    pub(crate) current: &'a [Octet],
    /// ds, padded.
    pub(crate) spikes: &'a mut [f32],
}

impl Kernel for SpikeAdjoint<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let rows = self.rows;
        for (row, spike) in self.spikes[..rows].iter_mut().enumerate() {
            let mut sum = lanes.splat(0.0);
            for (panel, current) in self.current.iter().enumerate() {
                let mut weight = lanes.load(&self.weights[panel * rows + row]);
                if let Some(plastic) = self.plastic.get(panel * rows + row) {
                    weight = lanes.add(weight, lanes.load(plastic));
                }
                sum = lanes.multiply_add(lanes.load(current), weight, sum);
            }
            let mut lane_sums = [0.0; LANES];
            lanes.store(&mut lane_sums, sum);
            *spike += sum_of(&lane_sums);
        }
    }
}

/// Adds the sum of each row's vector.
pub(crate) fn add_sums(rows: &[Octet], sums: &mut [f32]) {
    rows.iter().zip(sums).for_each(|(row, sum)| *sum += sum_of(row));
}
