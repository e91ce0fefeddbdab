//! Standardised values of windows, frame by frame, as a chip has them; and their augmentations in training.
//!
//! It knows neither episodes nor what a network takes.

use std::f32::consts::PI;

use metaplastic_shared::encoder::{COEFFICIENT_BITS, combined, resampled};
use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::choices::Encoding;
use super::parameters::WindowsParameters;
use super::set::WindowSet;
use super::standardisation::{ChannelScale, FRACTION_BITS};
use crate::analog::{to_integer, to_value};
use crate::seed::TaskRng;

/// Standardised values, frame by frame, all channels of each.
pub(super) type Signal = Vec<f32>;

/// What the augmentations of an episode have in common.
#[derive(Clone, Debug)]
pub(super) struct ChannelMix(Vec<f32>);

/// From the windows of a set to their signals.
#[derive(Debug)]
pub(super) struct SignalSource<'s> {
    pub(super) set: &'s WindowSet,
    pub(super) scales: &'s [ChannelScale],
    pub(super) parameters: &'s WindowsParameters,
}

impl SignalSource<'_> {
    /// Frames of the signal of a window: of a filter bank every sample, else those of the parameters.
    fn frames(&self, window: usize) -> usize {
        if self.parameters.encoder == Encoding::FilterBank {
            self.set.windows[window].samples.len() / self.set.channels
        } else {
            self.parameters.frames.into()
        }
    }

    /// The signal of a window, in the integers of a chip.
    pub(super) fn integers(&self, window: usize) -> Vec<i16> {
        self.signal(window, self.frames(window))
    }

    /// The same resampled to the frames of the parameters whatever the encoder, as values.
    pub(super) fn plain(&self, window: usize) -> Signal {
        let signal = self.signal(window, self.parameters.frames.into());
        signal.into_iter().map(|value| to_value(value, FRACTION_BITS)).collect()
    }

    fn signal(&self, window: usize, frames: usize) -> Vec<i16> {
        let mut signal = vec![0; frames * self.set.channels];
        for (channel, scale) in self.scales.iter().enumerate() {
            let readings = self.readings(window, channel);
            let mut encoder = scale.encoder();
            for frame in 0..frames {
                signal[frame * self.set.channels + channel] = encoder.encode(resampled(&readings, frames, frame));
            }
        }
        if !self.parameters.whitening_rows.is_empty() {
            signal.chunks_exact_mut(self.set.channels).for_each(|frame| self.whiten(frame));
        }
        signal
    }

    fn whiten(&self, frame: &mut [i16]) {
        let rows = self.parameters.whitening_rows.iter();
        let combined: Vec<_> = rows.map(|row| combined(frame, row)).collect();
        frame.copy_from_slice(&combined);
    }

    fn readings(&self, window: usize, channel: usize) -> Vec<i32> {
        let samples = self.set.windows[window].samples.iter().skip(channel).step_by(self.set.channels);
        samples.map(|value| self.scales[channel].reading(*value)).collect()
    }

    /// The signal of a window in training, warped in time if the parameters say so.
    pub(super) fn warped(&self, window: usize, rng: &mut TaskRng) -> Signal {
        let warp = self.parameters.time_warp as f32;
        let warp = if warp > 0.0 { rng.random_range(-warp..=warp) } else { 0.0 };
        let (frames, channels) = (self.frames(window), self.set.channels);
        let columns: Vec<_> = (0..channels).map(|channel| self.standardised(window, channel)).collect();
        let at = |frame: usize| {
            let time = if frames < 2 { 0.5 } else { frame as f32 / (frames - 1) as f32 };
            (time + warp * (PI * time).sin()).clamp(0.0, 1.0)
        };
        let values =
            |frame: usize| -> Vec<f32> { columns.iter().map(|column| interpolated(column, at(frame))).collect() };
        (0..frames).flat_map(|frame| self.whitened(values(frame))).collect()
    }

    /// What [`whiten`](Self::whiten) computes, of values that are not rounded.
    fn whitened(&self, values: Vec<f32>) -> Vec<f32> {
        let combined = |row: &Vec<i16>| {
            let products = values.iter().zip(row);
            products.map(|(value, coefficient)| value * to_value(*coefficient, COEFFICIENT_BITS)).sum()
        };
        let rows = &self.parameters.whitening_rows;
        if rows.is_empty() { values } else { rows.iter().map(combined).collect() }
    }

    fn standardised(&self, window: usize, channel: usize) -> Vec<f32> {
        let mut encoder = self.scales[channel].encoder();
        let readings = self.readings(window, channel);
        readings.iter().map(|reading| to_value(encoder.encode(*reading), FRACTION_BITS)).collect()
    }

    /// The mix of an episode.
    pub(super) fn draw_mix(&self, rng: &mut TaskRng) -> Option<ChannelMix> {
        let channels = self.set.channels;
        let deviation = (self.parameters.mix / (channels as f64).sqrt()) as f32;
        let entry = |index: usize| {
            let normal: f32 = StandardNormal.sample(rng);
            deviation * normal + f32::from(u8::from(index.is_multiple_of(channels + 1)))
        };
        (deviation > 0.0).then(|| ChannelMix((0..channels * channels).map(entry).collect()))
    }

    /// Mixes the channels, scales the window, drops channels and adds noise.
    pub(super) fn augment(&self, signal: &mut [f32], mix: Option<&ChannelMix>, rng: &mut TaskRng) {
        let WindowsParameters { log_scale, noise, channel_drop, .. } = *self.parameters;
        let channels = self.set.channels;
        let factor = if log_scale > 0.0 { rng.random_range(-log_scale..=log_scale).exp() as f32 } else { 1.0 };
        let kept: Vec<_> = (0..channels).map(|_| channel_drop <= 0.0 || !rng.random_bool(channel_drop)).collect();
        for frame in signal.chunks_exact_mut(channels) {
            if let Some(mix) = mix {
                mix.apply(frame);
            }
            for (value, kept) in frame.iter_mut().zip(&kept) {
                let normal: f32 = if noise > 0.0 { StandardNormal.sample(rng) } else { 0.0 };
                *value = if *kept { *value * factor + noise as f32 * normal } else { 0.0 };
            }
        }
    }
}

impl ChannelMix {
    fn apply(&self, frame: &mut [f32]) {
        let rows = self.0.chunks_exact(frame.len());
        let mixed: Vec<f32> =
            rows.map(|row| row.iter().zip(frame.iter()).map(|(weight, value)| weight * value).sum()).collect();
        frame.copy_from_slice(&mixed);
    }
}

/// The integers of a signal.
pub(super) fn integers(signal: &[f32]) -> Vec<i16> {
    signal.iter().map(|value| to_integer(*value, FRACTION_BITS)).collect()
}

/// The value at a time from 0, of the first, to 1, of the last.
fn interpolated(values: &[f32], time: f32) -> f32 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let at = time * last as f32;
    let before = (at as usize).min(last);
    let after = (before + 1).min(last);
    values[before] + (values[after] - values[before]) * (at - before as f32)
}
