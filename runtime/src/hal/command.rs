//! Command actuators: a [command](crate::Network::command) of a network sets a PWM duty, or the code of a converter.

use embedded_hal::pwm::SetDutyCycle;

/// How a command is spread over the range of an actuator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandRange {
    /// From nothing at zero and below to everything at `full`: a heater, a valve, the amplitude of a motor.
    Positive {
        /// The command of everything, in the exponent of the artifact, above zero.
        full: i16,
    },
    /// From nothing at `-full` over the middle at zero to everything at `full`: a servo, a bridge in locked antiphase.
    Centred {
        /// The command of everything, in the exponent of the artifact, above zero.
        full: i16,
    },
}

impl CommandRange {
    /// The position of a command in `0..=most`, rounded half up, saturated.
    ///
    /// ```
    /// use metaplastic_runtime::hal::CommandRange;
    /// let positions = |range: CommandRange| [-3000, 0, 1000, 2000].map(|command| range.position(command, 4095));
    /// assert_eq!(positions(CommandRange::Positive { full: 2000 }), [0, 0, 2048, 4095]);
    /// assert_eq!(positions(CommandRange::Centred { full: 2000 }), [0, 2048, 3071, 4095]);
    /// ```
    #[must_use]
    pub fn position(self, command: i16, most: u16) -> u16 {
        let (from, full) = match self {
            Self::Positive { full } => (0, full),
            Self::Centred { full } => (-i64::from(full), full),
        };
        let whole = (i64::from(full) - from).max(1);
        let above = (i64::from(command) - from).clamp(0, whole);
        ((2 * above * i64::from(most) + whole) / (2 * whole)) as u16
    }
}

/// A PWM duty that follows a command.
#[derive(Debug)]
pub struct CommandDuty<P> {
    pwm: P,
    range: CommandRange,
}

impl<P: SetDutyCycle> CommandDuty<P> {
    /// Drives `pwm` over a range of commands.
    pub fn new(pwm: P, range: CommandRange) -> Self {
        Self { pwm, range }
    }

    /// Sets the duty from a step's [command](crate::Network::command).
    ///
    /// # Errors
    /// If the duty cannot be set.
    pub fn drive(&mut self, command: i16) -> Result<(), P::Error> {
        let duty = self.range.position(command, self.pwm.max_duty_cycle());
        self.pwm.set_duty_cycle(duty)
    }
}

#[cfg(test)]
mod tests {
    use embedded_hal_mock::eh1::pwm;

    use super::*;

    #[test]
    fn the_duty_follows_the_command() {
        let step = |duty| [pwm::Transaction::max_duty_cycle(1000), pwm::Transaction::set_duty_cycle(duty)];
        let mut mock = pwm::Mock::new(&[step(500), step(750), step(0), step(1000)].concat());
        let mut duty = CommandDuty::new(mock.clone(), CommandRange::Centred { full: 1 << 12 });
        [0, 1 << 11, i16::MIN, i16::MAX].into_iter().for_each(|command| duty.drive(command).unwrap());
        mock.done();
    }

    #[test]
    fn every_command_has_a_position_and_greater_ones_no_lesser_one() {
        for range in [CommandRange::Positive { full: i16::MAX }, CommandRange::Centred { full: i16::MAX }] {
            let positions: std::vec::Vec<_> =
                (i16::MIN..=i16::MAX).map(|it| range.position(it, u16::MAX)).collect();
            assert!(positions.is_sorted() && positions[0] == 0 && positions[65_535] == u16::MAX);
        }
        assert_eq!(CommandRange::Positive { full: 0 }.position(1, 100), 100, "a range of nothing");
    }
}
