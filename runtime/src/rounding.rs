//! The random offsets with which carried numbers are rounded: a counter-based generator, the same on every machine.
//!
//! ```text
//! draw(age, stream) = mix(age + stream 0x9e3779b9)              two offsets of 16 bits, upper half first
//! offset i          = first + i 0x9e00                          modulo 2^16, of neuron i
//! ```
//!
//! `mix` is the integer hash with the constants 0x7feb352d and 0x846ca68b (C. Wellons, "Prospecting for hash
//! functions", 2018). What belongs to many neurons is offset by an additive sequence near the golden ratio, 79/128: each
//! neuron's offset is uniform over the steps, and those of neighbouring ones are spread evenly, so that their rounding
//! errors cancel where they add up. It knows ages and streams, and no network.

/// Streams of a projection or population: numbers that are drawn in one step.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    /// Of the change of P, and of `eta M`.
    Change,
    /// Of E, and of the halving of lazily decaying E.
    Eligibility,
    /// Of a rule's terms, and of the scale of `eta M`.
    Terms,
    /// Of the potentials of modulators.
    Potential,
    /// Of the fraction of P that leaks.
    Leak,
}

/// Streams from one index to the next.
const STREAMS: u32 = 8;

/// What a projection or population draws its offsets from in one step.
#[derive(Clone, Copy)]
pub(crate) struct Draws {
    /// Steps since the initial state.
    age: u32,
    /// First stream of this projection or population.
    first: u32,
}

/// Two independent offsets.
#[derive(Clone, Copy)]
pub(crate) struct Offsets {
    pub(crate) upper: u16,
    pub(crate) lower: u16,
}

impl Draws {
    /// Of the projection or population with this index, at an age.
    pub(crate) fn new(age: u32, index: usize) -> Self {
        Self { age, first: STREAMS * index as u32 }
    }

    #[inline(never)]
    pub(crate) fn of(self, stream: Stream) -> Offsets {
        let bits = mix(self.age.wrapping_add((self.first + stream as u32).wrapping_mul(0x9e37_79b9)));
        Offsets { upper: (bits >> 16) as u16, lower: bits as u16 }
    }
}

/// From one neuron's offset to the next one's. One byte, shifted, so that it fits an instruction.
const SPREAD: u16 = 0x9e00;

/// The offsets of neurons; `first` is that of the first one.
pub(crate) fn spread(first: u16) -> impl Iterator<Item = u16> {
    core::iter::successors(Some(first), |offset| Some(offset.wrapping_add(SPREAD)))
}

/// The offset of one of the neurons.
pub(crate) fn of_neuron(first: u16, neuron: usize) -> u16 {
    first.wrapping_add((neuron as u16).wrapping_mul(SPREAD))
}

/// The largest offset of a sum that is nearly as large as 32 bits: see `decay_and_add`.
pub(crate) const LARGEST_OF_SUM: u16 = u16::MAX - 1;

fn mix(number: u32) -> u32 {
    let number = (number ^ (number >> 16)).wrapping_mul(0x7feb_352d);
    let number = (number ^ (number >> 15)).wrapping_mul(0x846c_a68b);
    number ^ (number >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_uniform_over_steps() {
        let mut counts = [[0_u32; 16]; 2];
        for age in 0..1 << 16 {
            let Offsets { upper, lower } = Draws::new(age, 3).of(Stream::Change);
            counts[0][usize::from(upper >> 12)] += 1;
            counts[1][usize::from(lower >> 12)] += 1;
        }
        // 4096 expected in each of 16 bins: four standard deviations are 248.
        assert!(counts.as_flattened().iter().all(|count| count.abs_diff(4096) < 248), "{counts:?}");
    }

    #[test]
    fn streams_and_steps_are_uncorrelated() {
        let of = |age, index, stream| f64::from(Draws::new(age, index).of(stream).upper) / 32_768.0 - 1.0;
        let correlation = |other: &dyn Fn(u32) -> f64| {
            (0..1 << 16).map(|age| of(age, 0, Stream::Change) * other(age)).sum::<f64>() / f64::from(1 << 16) * 3.0
        };
        let others: [&dyn Fn(u32) -> f64; 4] = [
            &|age| of(age + 1, 0, Stream::Change),
            &|age| of(age, 0, Stream::Eligibility),
            &|age| of(age, 1, Stream::Change),
            &|age| f64::from(Draws::new(age, 0).of(Stream::Change).lower) / 32_768.0 - 1.0,
        ];
        // The standard error is 1/256.
        let correlations = others.map(correlation);
        assert!(correlations.iter().all(|it| it.abs() < 4.0 / 256.0), "{correlations:?}");
    }

    #[test]
    fn the_offsets_of_128_neurons_are_all_different_and_even() {
        let mut offsets: [u16; 128] = core::array::from_fn(|neuron| of_neuron(77, neuron));
        assert!(spread(77).zip(offsets).all(|(offset, other)| offset == other));
        offsets.sort_unstable();
        assert!(offsets.windows(2).all(|pair| pair[1] - pair[0] == 512), "{offsets:?}");
    }
}
