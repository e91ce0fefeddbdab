//! A projection: innate weights in flash, and the plastic part in RAM if it learns.
//!
//! `I_j += sum_i s_i W_ij 2^(n_v - n_W) + sum_i s_i P_ij 2^(n_v - n_P)`, or of analog values
//! `I_j += sum_n a_n W_nj 2^(n_v - n_W - n_a)`; each sum is exact, then rescaled once. The
//! connectivities, [`dense`] and [`convolution`], define how the sums are made. A convolution has no plastic
//! weights.

use metaplastic_shared::format::{Exponents, PlasticFormat, ProjectionFormat};
use metaplastic_shared::network as description;

use super::convolution::{self, Position};
use super::dense;
use super::scratch::InputScratch;
use crate::hash::Hash;
use crate::kernel;
use crate::plasticity::PlasticProjection;
use crate::spikes::Spikes;

/// A projection: configuration and state.
pub(crate) struct IntegerProjection<'a> {
    pub(crate) pre: usize,
    pub(crate) post: usize,
    recurrent: bool,
    convolution: Option<description::Convolution>,
    weights: &'a [i8],
    /// Right shift from the weights' exponent to the postsynaptic potential's.
    weight_shift: i32,
    plastic_shift: i32,
    pub(crate) plastic: Option<&'a mut PlasticProjection<'a>>,
}

/// The configuration of a projection, and its plastic part.
pub(crate) struct ProjectionParts<'s, 'a> {
    pub(crate) description: &'s description::Projection,
    pub(crate) recurrent: bool,
    pub(crate) format: &'s ProjectionFormat,
    pub(crate) exponents: Exponents,
    pub(crate) weights: &'a [i8],
    pub(crate) plastic: Option<&'a mut PlasticProjection<'a>>,
}

impl<'a> IntegerProjection<'a> {
    pub(crate) fn new(parts: ProjectionParts<'_, 'a>) -> Self {
        let ProjectionParts { description, recurrent, format, exponents, weights, plastic } = parts;
        let plastic_shift = |plastic: &PlasticFormat| plastic.plastic_shift(exponents.potential);
        Self {
            pre: description.pre.into(),
            post: description.post.into(),
            recurrent,
            convolution: description.convolution(),
            weights,
            weight_shift: format.weight_shift(exponents),
            plastic_shift: format.plastic.as_ref().map_or(0, plastic_shift),
            plastic,
        }
    }

    /// Adds this projection's input to the total.
    pub(crate) fn propagate(&self, pre: &Spikes<'_>, sums: &mut [i32], total: &mut [i32]) {
        let spikes = if self.recurrent { pre.before() } else { pre.now() };
        if spikes.is_empty() {
            return;
        }
        dense::propagate_innate(self.weights, spikes, self.weight_shift, sums, total);
        if let Some(plastic) = &self.plastic {
            dense::propagate_plastic(plastic.weights, spikes, self.plastic_shift, sums, total);
        }
    }

    /// As [`propagate`](Self::propagate), for analog values.
    pub(crate) fn propagate_values(&self, values: &[i16], sums: &mut [i32], total: &mut [i32]) {
        dense::propagate_values(self.weights, values, self.weight_shift, sums, total);
    }

    /// As [`propagate`](Self::propagate), for a convolution and one position of its map. The scratch rows are not
    /// empty.
    pub(crate) fn propagate_to(&self, position: Position, pre: &Spikes<'_>, scratch: &mut InputScratch<'_>) {
        let Some(convolution) = self.convolution else { return };
        let spikes = pre.bits(self.recurrent);
        let InputScratch { rows, sums, total } = scratch;
        let window = convolution::Window { convolution, weights: self.weights, position };
        if convolution::propagate(window, spikes, rows, sums) {
            kernel::add_rescaled(total, sums, self.weight_shift);
        }
    }

    pub(crate) fn reset(&mut self) {
        if let Some(plastic) = &mut self.plastic {
            plastic.reset();
        }
    }

    /// Sets the plastic weights to their initial state, zero.
    pub(crate) fn forget(&mut self) {
        if let Some(plastic) = &mut self.plastic {
            plastic.weights.fill(0);
        }
    }

    pub(crate) fn hash(&self, hash: &mut Hash) {
        if let Some(plastic) = &self.plastic {
            plastic.hash(hash);
        }
    }
}
