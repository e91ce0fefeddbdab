//! A step through a convolution, forward and backward: hands its maps to the kernels of [`convolve`](super::kernel).
//!
//! The kernels want the channels of a place in whole vectors. Where a map has such channels it lies so already, and is
//! lent to them as it is; any other is copied.

use super::adjoint::Adjoint;
use super::dynamics::Dynamics;
use super::kernel::convolve::{ConvolutionSpikeAdjoint, ConvolutionWeightAdjoint, Convolve};
use super::kernel::propagate::Sources;
use super::lanes::{LANES, Octet};
use super::tensors::Tensors;
use super::windows::Windows;

impl Dynamics {
    /// Adds what a convolution brings to the current of its postsynaptic population.
    pub(super) fn convolve(&self, index: usize, windows: &Windows, sources: Sources<'_>, current: &mut [f32]) {
        let weights = self.values.projections[index].weights.octets();
        with_octets(current, windows.places_after, windows.channels_after, |current| {
            self.setting.backend.run(Convolve { sources, windows, weights, current });
        });
    }

    /// Takes `dI` of the postsynaptic population to the weights and to the spikes that came.
    pub(super) fn convolve_back(
        &self,
        index: usize,
        windows: &Windows,
        sources: Sources<'_>,
        current: &[f32],
        adjoint: &mut Adjoint,
        gradient: &mut Tensors,
    ) {
        if current.iter().all(|current| *current == 0.0) {
            return;
        }
        let mut copy = Vec::new();
        self.setting.backend.run(ConvolutionWeightAdjoint {
            sources,
            windows,
            current: octets_of(current, windows.places_after, windows.channels_after, &mut copy),
            weights: gradient.projections[index].weights.octets_mut(),
        });
        let wiring = &self.plan.projections[index];
        if wiring.from_input {
            return;
        }
        let transposed = self.values.projections[index].transposed.octets();
        let sender = &mut adjoint.neurons[wiring.pre];
        let spikes = if wiring.recurrent { &mut sender.spikes_before } else { &mut sender.spikes };
        with_octets(spikes, windows.places_before, windows.channels_before, |spikes| {
            self.setting.backend.run(ConvolutionSpikeAdjoint { windows, transposed, current, spikes });
        });
    }
}

/// Lends a map to `change` with the channels of each place in whole vectors.
fn with_octets(map: &mut [f32], places: usize, channels: usize, change: impl FnOnce(&mut [Octet])) {
    if channels.is_multiple_of(LANES) {
        return change(&mut map.as_chunks_mut().0[..places * channels / LANES]);
    }
    let mut copy = Vec::new();
    octets_of(map, places, channels, &mut copy);
    change(&mut copy);
    let padded = copy.as_flattened().chunks_exact(channels.next_multiple_of(LANES));
    let places = map.chunks_exact_mut(channels).zip(padded).take(places);
    places.for_each(|(place, padded)| place.copy_from_slice(&padded[..channels]));
}

/// A map with the channels of each place in whole vectors: itself, or a copy in `copy`.
fn octets_of<'m>(map: &'m [f32], places: usize, channels: usize, copy: &'m mut Vec<Octet>) -> &'m [Octet] {
    if channels.is_multiple_of(LANES) {
        return &map.as_chunks().0[..places * channels / LANES];
    }
    copy.resize(places * channels.div_ceil(LANES), [0.0; LANES]);
    let padded = copy.as_flattened_mut().chunks_exact_mut(channels.next_multiple_of(LANES));
    padded.zip(map.chunks_exact(channels)).for_each(|(padded, place)| padded[..channels].copy_from_slice(place));
    copy
}
