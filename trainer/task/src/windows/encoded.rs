//! What a network takes of a window: values of every frame, or spikes of every step. The encoders are those of a chip.

use metaplastic_shared::encoder::{BandDecays, BandPass, Crossing, DeltaEncoder};

use super::choices::Encoding;
use super::parameters::WindowsParameters;
use super::standardisation::FRACTION_BITS;
use crate::analog::{to_integer, to_value};

/// A window as a network takes it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct EncodedWindow {
    /// The analog values of every frame; empty of spikes.
    pub(super) frames: Vec<Vec<f32>>,
    /// The neurons that spike in every step; empty of analog values.
    pub(super) spikes: Vec<Vec<usize>>,
}

impl EncodedWindow {
    /// Of a signal in integers, frame by frame.
    pub(super) fn new(signal: &[i16], channels: usize, parameters: &WindowsParameters) -> Self {
        match parameters.encoder {
            Encoding::Analog => {
                Self { frames: analog(signal, channels, parameters.differences), ..Self::default() }
            }
            Encoding::Delta => Self { spikes: delta(signal, channels, parameters), ..Self::default() },
            Encoding::FilterBank => Self { frames: filter_bank(signal, channels, parameters), ..Self::default() },
        }
    }
}

/// The values, and beside them, if asked for, by how much each rose since the frame before; by nothing in the first.
fn analog(signal: &[i16], channels: usize, differences: bool) -> Vec<Vec<f32>> {
    let mut before = None;
    let frame = |values: &[i16]| {
        let last = before.replace(values.to_vec()).unwrap_or_else(|| values.to_vec());
        let risen = values.iter().zip(&last).map(|(value, last)| value.saturating_sub(*last));
        let risen: Vec<_> = if differences { risen.collect() } else { Vec::new() };
        values.iter().chain(&risen).map(|value| to_value(*value, FRACTION_BITS)).collect()
    };
    signal.chunks_exact(channels).map(frame).collect()
}

/// Neuron `2 c` spikes where channel `c` rose by the threshold, `2 c + 1` where it fell.
fn delta(signal: &[i16], channels: usize, parameters: &WindowsParameters) -> Vec<Vec<usize>> {
    let threshold = to_integer(parameters.threshold as f32, FRACTION_BITS);
    let mut encoders = vec![DeltaEncoder::new(threshold); channels];
    let mut step = |frame: &[i16]| -> Vec<usize> {
        let crossings = encoders.iter_mut().zip(frame).map(|(encoder, value)| encoder.encode(*value));
        let neuron = |(channel, crossing): (usize, Option<Crossing>)| {
            crossing.map(|crossing| 2 * channel + usize::from(crossing == Crossing::Down))
        };
        crossings.enumerate().filter_map(neuron).collect()
    };
    let steps = usize::from(parameters.steps_per_frame);
    let repeated = signal.chunks_exact(channels).flat_map(|frame| std::iter::repeat_n(frame, steps));
    repeated.map(&mut step).collect()
}

/// The strengths of all bands of every channel, read at the ends of as many parts of the window as there are frames.
fn filter_bank(signal: &[i16], channels: usize, parameters: &WindowsParameters) -> Vec<Vec<f32>> {
    let mut bands = vec![bank(parameters); channels];
    let mut strengths = Vec::new();
    for values in signal.chunks_exact(channels) {
        let of_channel = |(bands, value): (&mut Vec<BandPass>, &i16)| -> Vec<i16> {
            bands.iter_mut().map(|band| band.encode(*value)).collect()
        };
        strengths.push(bands.iter_mut().zip(values).flat_map(of_channel).collect::<Vec<_>>());
    }
    let (samples, frames) = (strengths.len(), usize::from(parameters.frames));
    let read = |frame: usize| ((frame + 1) * samples / frames).saturating_sub(1);
    let values = |strengths: &Vec<i16>| strengths.iter().map(|value| to_value(*value, FRACTION_BITS)).collect();
    (0..frames).map(|frame| values(&strengths[read(frame)])).collect()
}

/// The bands of a channel, in the order of their edges.
fn bank(parameters: &WindowsParameters) -> Vec<BandPass> {
    let (edges, gain) = (&parameters.band_edges, parameters.band_gain as u8);
    let band = |(slow, fast): (&u16, &u16)| {
        BandPass::new(BandDecays { fast: *fast, slow: *slow, envelope: parameters.envelope_decay }, gain)
    };
    edges.iter().zip(edges.iter().skip(1)).map(band).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i16 = 1 << FRACTION_BITS;

    #[test]
    fn differences_are_beside_the_values() {
        let parameters = WindowsParameters { differences: true, ..WindowsParameters::default() };
        let encoded = EncodedWindow::new(&[ONE, -ONE, 2 * ONE, i16::MIN], 2, &parameters);
        assert_eq!(encoded.frames, [[1.0, -1.0, 0.0, 0.0], [2.0, -8.0, 1.0, -7.0]]);
        assert!(encoded.spikes.is_empty());
    }

    #[test]
    fn a_channel_that_rises_spikes_on_one_neuron_and_one_that_falls_on_the_next() {
        let parameters = WindowsParameters {
            encoder: Encoding::Delta,
            threshold: 1.0,
            steps_per_frame: 2,
            ..WindowsParameters::default()
        };
        let encoded = EncodedWindow::new(&[2 * ONE, 0, 2 * ONE, -ONE], 2, &parameters);
        assert_eq!(encoded.spikes, [vec![0], vec![0], vec![3], vec![]]);
    }

    #[test]
    fn a_band_answers_to_its_own_frequencies() {
        let parameters =
            WindowsParameters { encoder: Encoding::FilterBank, frames: 4, ..WindowsParameters::default() };
        let of_period = |period: usize| {
            let wave = |sample: usize| {
                (f64::from(ONE) * (sample as f64 * std::f64::consts::TAU / period as f64).sin()) as i16
            };
            let signal: Vec<_> = (0..600).map(wave).collect();
            let encoded = EncodedWindow::new(&signal, 1, &parameters);
            assert_eq!((encoded.frames.len(), encoded.frames[0].len()), (4, 5));
            let last = &encoded.frames[3];
            (0..5).max_by(|one, other| last[*one].total_cmp(&last[*other])).unwrap()
        };
        let strongest = [150, 12, 3].map(of_period);
        assert!(strongest.is_sorted() && strongest[0] < strongest[2], "{strongest:?}");
    }
}
