//! From acceleration to spikes, in integers: the same on the computer that trains and on the chip.
//!
//! A step is [`SAMPLES`] samples. A bank of Goertzel filters measures their power in [`BANDS`] bands; a neuron spikes if its
//! band has more than its level. Behind them are the neurons of the labels, which somebody who knows the state sets.
#![no_std]

/// Samples of a step; at 1344 a second, a step takes 24 ms.
pub const SAMPLES: usize = 32;
/// Bands, 42 Hz wide, from 42 Hz on.
pub const BANDS: usize = 12;
/// States that are told apart.
pub const STATES: usize = 3;
/// Steps from one answer to the next.
pub const WINDOW: usize = 20;
/// Neurons of the label of a state.
pub const LABEL: usize = 4;
/// Input neurons: two of each band, then the labels.
pub const NEURONS: usize = 2 * BANDS + STATES * LABEL;
/// Bytes of the input of a step.
pub const BYTES: usize = NEURONS.div_ceil(8);

/// `2 cos(2 pi (band + 1) / SAMPLES)`, 14 fractional bits.
const COEFFICIENTS: [i64; BANDS] =
    [32138, 30274, 27246, 23170, 18205, 12540, 6393, 0, -6393, -12540, -18205, -23170];
/// Powers of amplitudes 300 and 900, which are `(amplitude * SAMPLES / 2)^2`.
const LEVELS: [i64; 2] = [4800 * 4800, 14_400 * 14_400];

/// The input of a step: its samples, and the label of the state if it is known.
pub fn encode(samples: &[i16; SAMPLES], label: Option<usize>) -> [u8; BYTES] {
    let mut inputs = [0; BYTES];
    for (band, coefficient) in COEFFICIENTS.iter().enumerate() {
        let power = power(samples, *coefficient);
        for (at, level) in LEVELS.iter().enumerate() {
            set(&mut inputs, 2 * band + at, power > *level);
        }
    }
    for neuron in label.into_iter().flat_map(|state| state * LABEL..(state + 1) * LABEL) {
        set(&mut inputs, 2 * BANDS + neuron, true);
    }
    inputs
}

fn power(samples: &[i16; SAMPLES], coefficient: i64) -> i64 {
    let (mut last, mut before) = (0_i64, 0_i64);
    for sample in samples {
        (last, before) = (i64::from(*sample) + (coefficient * last >> 14) - before, last);
    }
    last * last + before * before - (coefficient * last >> 14) * before
}

fn set(inputs: &mut [u8; BYTES], neuron: usize, spikes: bool) {
    inputs[neuron / 8] |= u8::from(spikes) << (neuron % 8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gravity on the axis, and a square wave of 168 Hz, whose first harmonic is in band 3.
    #[test]
    fn a_tone_spikes_in_its_own_band_and_gravity_in_none() {
        let samples = core::array::from_fn(|at| 16_384 + if at % 8 < 4 { 1000 } else { -1000 });
        let spikes = |label| encode(&samples, label).iter().map(|byte| byte.count_ones()).sum::<u32>();
        assert_eq!(encode(&samples, None)[0] >> 6, 0b11);
        assert_eq!((spikes(None), spikes(Some(2))), (3, 7));
    }
}
