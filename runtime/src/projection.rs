//! A projection: innate weights in flash, and the plastic part in RAM if it learns.
//!
//! A convolution's weights are shared by all places of the map it goes onto, and none are plastic, see
//! [`convolution`].
//!
//! `I_j += sum_i s_i W_ij 2^(n_v - n_W) + sum_i s_i P_ij 2^(n_v - n_P)`; each sum is exact, then rescaled once.

use metaplastic_shared::artifact::{Artifact, Manifest, Section};
use metaplastic_shared::format::ProjectionFormat;
use metaplastic_shared::network as description;

use crate::convolution::{self, Place};
use crate::hash::Hash;
use crate::kernel;
use crate::plasticity::Plastic;
use crate::spikes::Spikes;

/// A projection: what it is and its state.
pub(crate) struct Projection<'a> {
    pub(crate) pre: usize,
    pub(crate) post: usize,
    recurrent: bool,
    convolution: Option<description::Convolution>,
    weights: &'a [i8],
    /// Right shift from the weights' exponent to the postsynaptic potential's.
    weight_shift: i32,
    plastic_shift: i32,
    pub(crate) plastic: Option<&'a mut Plastic<'a>>,
}

impl<'a> Projection<'a> {
    /// `post_exponent` is that of the postsynaptic population's potential.
    pub(crate) fn new(
        artifact: &Artifact<'a>,
        manifest: &Manifest<'_>,
        index: usize,
        (projection, format): (&description::Projection, &ProjectionFormat),
        post_exponent: i32,
        plastic: Option<&'a mut Plastic<'a>>,
    ) -> Self {
        Self {
            pre: projection.pre.into(),
            post: projection.post.into(),
            recurrent: manifest.network.is_recurrent(projection),
            convolution: projection.convolution(),
            weights: artifact.i8_section(manifest, Section::Weights(index)),
            weight_shift: i32::from(format.weight_exponent) - post_exponent,
            plastic_shift: format.plastic.map_or(0, |plastic| i32::from(plastic.plastic_exponent)) - post_exponent,
            plastic,
        }
    }

    /// Adds this projection's input to `total`, with `sums` as scratch; both have a row's length.
    pub(crate) fn propagate(&self, pre: &Spikes<'_>, sums: &mut [i32], total: &mut [i32]) {
        let spikes = if self.recurrent { pre.before() } else { pre.now() };
        if spikes.is_empty() {
            return;
        }
        sums.fill(0);
        kernel::propagate_i8(self.weights, spikes, sums);
        kernel::add_rescaled(total, sums, self.weight_shift);
        if let Some(plastic) = &self.plastic {
            sums.fill(0);
            kernel::propagate_i16(plastic.weights, spikes, sums);
            kernel::add_rescaled(total, sums, self.plastic_shift);
        }
    }

    /// As [`propagate`](Self::propagate), of a convolution and one place of its map; `rows` is scratch, not empty.
    pub(crate) fn propagate_to(
        &self,
        place: Place,
        pre: &Spikes<'_>,
        rows: &mut [u16],
        sums: &mut [i32],
        total: &mut [i32],
    ) {
        let Some(convolution) = self.convolution else { return };
        let spikes = pre.bits(self.recurrent);
        if convolution::propagate(convolution, self.weights, spikes, place, rows, sums) {
            kernel::add_rescaled(total, sums, self.weight_shift);
        }
    }

    pub(crate) fn reset(&mut self) {
        if let Some(plastic) = &mut self.plastic {
            plastic.reset();
        }
    }

    /// Plastic weights as at birth.
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
