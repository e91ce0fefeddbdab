//! Spike encoders: an input pin or a measured value becomes the spike of one input neuron in a step.

use embedded_hal::digital::InputPin;

/// Sets a neuron's bit in a step's input.
fn spike(inputs: &mut [u8], neuron: usize) {
    if let Some(byte) = inputs.get_mut(neuron / 8) {
        *byte |= 1 << (neuron % 8);
    }
}

/// A spike in every step in which the pin is high.
#[derive(Debug)]
pub struct LevelEncoder<P> {
    pin: P,
    neuron: usize,
}

impl<P: InputPin> LevelEncoder<P> {
    /// Encodes `pin` as the spikes of input neuron `neuron`.
    pub fn new(pin: P, neuron: usize) -> Self {
        Self { pin, neuron }
    }

    /// Reads the pin once and adds its spike to a step's input bits.
    ///
    /// # Errors
    /// If the pin cannot be read.
    pub fn encode(&mut self, inputs: &mut [u8]) -> Result<(), P::Error> {
        if self.pin.is_high()? {
            spike(inputs, self.neuron);
        }
        Ok(())
    }
}

/// A spike for each change of the pin: one neuron for rising edges, the next for falling ones.
#[derive(Debug)]
pub struct EdgeEncoder<P> {
    pin: P,
    neuron: usize,
    was_high: bool,
}

impl<P: InputPin> EdgeEncoder<P> {
    /// Encodes rising edges of `pin` as `neuron` and falling ones as `neuron + 1`. Reads the pin's first level.
    ///
    /// # Errors
    /// If the pin cannot be read.
    pub fn new(mut pin: P, neuron: usize) -> Result<Self, P::Error> {
        let was_high = pin.is_high()?;
        Ok(Self { pin, neuron, was_high })
    }

    /// Reads the pin once and adds the spike of an edge since the last reading.
    ///
    /// # Errors
    /// If the pin cannot be read.
    pub fn encode(&mut self, inputs: &mut [u8]) -> Result<(), P::Error> {
        let is_high = self.pin.is_high()?;
        if is_high != self.was_high {
            spike(inputs, self.neuron + usize::from(!is_high));
        }
        self.was_high = is_high;
        Ok(())
    }
}

/// A spike rate in proportion to a value: the sum of values overflows at full scale, and each overflow is a spike
/// (sigma-delta).
#[derive(Clone, Copy, Debug)]
pub struct RateEncoder {
    neuron: usize,
    sum: u16,
}

impl RateEncoder {
    /// Encodes values as the spikes of input neuron `neuron`.
    #[must_use]
    pub fn new(neuron: usize) -> Self {
        Self { neuron, sum: 0 }
    }

    /// Adds a step's spike for `value`, which is Q0.16: 65535 spikes in nearly every step, 0 never.
    pub fn encode(&mut self, value: u16, inputs: &mut [u8]) {
        let (sum, overflow) = self.sum.overflowing_add(value);
        self.sum = sum;
        if overflow {
            spike(inputs, self.neuron);
        }
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};

    use super::*;

    fn pin(levels: &[State]) -> Mock {
        let readings: std::vec::Vec<_> = levels.iter().map(|level| Transaction::get(*level)).collect();
        Mock::new(&readings)
    }

    #[test]
    fn a_high_pin_spikes() {
        let mock = pin(&[State::High, State::Low]);
        let mut encoder = LevelEncoder::new(mock.clone(), 9);
        let mut encode = || {
            let mut inputs = [0; 2];
            encoder.encode(&mut inputs).unwrap();
            inputs
        };
        assert_eq!([encode(), encode()], [[0, 2], [0, 0]]);
        drop(encoder);
        mock.clone().done();
    }

    #[test]
    fn edges_spike_once_each() {
        let mock = pin(&[State::Low, State::High, State::High, State::Low]);
        let mut encoder = EdgeEncoder::new(mock.clone(), 0).unwrap();
        let mut encode = || {
            let mut inputs = [0];
            encoder.encode(&mut inputs).unwrap();
            inputs[0]
        };
        assert_eq!([encode(), encode(), encode()], [1, 0, 2]);
        drop(encoder);
        mock.clone().done();
    }

    #[test]
    fn a_rate_is_proportional_to_the_value() {
        let mut encoder = RateEncoder::new(0);
        let spikes: u32 = (0..1000)
            .map(|_| {
                let mut inputs = [0];
                encoder.encode(0x4000, &mut inputs);
                u32::from(inputs[0])
            })
            .sum();
        assert_eq!(spikes, 250);
    }
}
