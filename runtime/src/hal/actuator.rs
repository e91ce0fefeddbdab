//! Actuators: the spikes of a neuron, or of a class's neurons, drive an output pin or a PWM duty.

use embedded_hal::digital::OutputPin;
use embedded_hal::pwm::SetDutyCycle;

/// A pin that is high in every step in which one neuron spikes.
#[derive(Debug)]
pub struct PinActuator<P> {
    pin: P,
    neuron: u16,
}

impl<P: OutputPin> PinActuator<P> {
    /// Drives `pin` by neuron `neuron` of a population.
    pub fn new(pin: P, neuron: u16) -> Self {
        Self { pin, neuron }
    }

    /// Sets the pin from a step's spikes, as [`Network::spikes`](crate::Network::spikes) gives them.
    ///
    /// # Errors
    /// If the pin cannot be set.
    pub fn drive(&mut self, spikes: impl IntoIterator<Item = u16>) -> Result<(), P::Error> {
        let spiked = spikes.into_iter().any(|spike| spike == self.neuron);
        self.pin.set_state(spiked.into())
    }
}

/// A PWM duty: the fraction of a group of neighbouring neurons that spikes, low-pass filtered.
#[derive(Debug)]
pub struct DutyActuator<P> {
    pwm: P,
    first: u16,
    count: u16,
    shift: u8,
    /// Duty, Q16 in 0..=65536, where 65536 is all neurons in every step.
    level: u32,
}

impl<P: SetDutyCycle> DutyActuator<P> {
    /// Drives `pwm` by the neurons `first..first + count`; the level follows with a time constant of
    /// `2^smoothing` steps. `smoothing` is at most 15.
    pub fn new(pwm: P, first: u16, count: u16, smoothing: u8) -> Self {
        Self { pwm, first, count: count.max(1), shift: smoothing.min(15), level: 0 }
    }

    /// Sets the duty from a step's spikes, as [`Network::spikes`](crate::Network::spikes) gives them.
    ///
    /// # Errors
    /// If the duty cannot be set.
    pub fn drive(&mut self, spikes: impl IntoIterator<Item = u16>) -> Result<(), P::Error> {
        let group = self.first..self.first.saturating_add(self.count);
        let spiking = spikes.into_iter().filter(|spike| group.contains(spike)).count() as u32;
        let target = (spiking << 16) / u32::from(self.count);
        self.level = self.level - (self.level >> self.shift) + (target >> self.shift);
        let duty = (u64::from(self.pwm.max_duty_cycle()) * u64::from(self.level)) >> 16;
        self.pwm.set_duty_cycle(duty.min(u64::from(self.pwm.max_duty_cycle())) as u16)
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal_mock::eh1::{digital, pwm};

    use super::*;

    #[test]
    fn the_pin_follows_its_neuron() {
        let expected = [digital::State::High, digital::State::Low].map(digital::Transaction::set);
        let mut mock = digital::Mock::new(&expected);
        let mut actuator = PinActuator::new(mock.clone(), 7);
        actuator.drive([2, 7]).unwrap();
        actuator.drive([2, 8]).unwrap();
        mock.done();
    }

    #[test]
    fn the_duty_follows_the_fraction_of_the_group_that_spikes() {
        let step = |duty| {
            [
                pwm::Transaction::max_duty_cycle(1000),
                pwm::Transaction::max_duty_cycle(1000),
                pwm::Transaction::set_duty_cycle(duty),
            ]
        };
        let expected = [step(250), step(375), step(187)].concat();
        let mut mock = pwm::Mock::new(&expected);
        let mut actuator = DutyActuator::new(mock.clone(), 4, 2, 1);
        actuator.drive([3, 4, 6]).unwrap();
        actuator.drive([5]).unwrap();
        actuator.drive([]).unwrap();
        mock.done();
    }
}
