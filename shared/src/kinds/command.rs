//! Commands: what graded readout neurons tell an actuator, or predict.
//!
//! ```text
//! command_k = gain sum of the potentials of neuron group k
//! ```

use serde::{Deserialize, Serialize};

use super::check::{EXPONENT, FieldError, RIGHT_SHIFT, within};
use crate::arithmetic::saturate_i64;

/// The number format of commands. It belongs to the description: whoever obeys them needs it, and training does not
/// change it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Exponent of the i16 commands, 0 to 15: they range from `-2^(15 - n)` to just below `2^(15 - n)`.
    pub exponent: u8,
}

/// The gain of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandFormat {
    /// The gain, above zero.
    pub gain: i16,
    /// Exponent of the gain, 0 to 15.
    pub gain_exponent: u8,
}

/// From a sum of potentials to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandScale {
    gain: i16,
    shift: u8,
}

impl Command {
    /// The end of their range, `2^(15 - n)`.
    #[must_use]
    pub fn limit(self) -> f32 {
        f32::from(i16::MAX.unsigned_abs() + 1) / f32::from(1_u16 << self.exponent.min(15))
    }

    pub(crate) fn check(self) -> Result<(), FieldError> {
        within("exponent", self.exponent.into(), EXPONENT)
    }
}

impl CommandFormat {
    /// Checks the format for commands onto which potentials of this exponent lead.
    pub(crate) fn check(&self, command: Command, potential_exponent: i32) -> Result<(), FieldError> {
        within("gain", self.gain.into(), 1..=i16::MAX.into())?;
        within("gain_exponent", self.gain_exponent.into(), EXPONENT)?;
        within("command shift", self.shift(command, potential_exponent), RIGHT_SHIFT)
    }

    fn shift(&self, command: Command, potential_exponent: i32) -> i32 {
        i32::from(self.gain_exponent) + potential_exponent - i32::from(command.exponent)
    }

    /// How the potentials, of this exponent, become commands.
    #[must_use]
    pub fn scale(&self, command: Command, potential_exponent: i32) -> CommandScale {
        CommandScale { gain: self.gain, shift: self.shift(command, potential_exponent) as u8 }
    }
}

impl CommandScale {
    /// The command of a sum of potentials: rounded half up, saturated.
    ///
    /// ```
    /// use metaplastic_shared::format::CommandFormat;
    /// use metaplastic_shared::network::Command;
    /// let format = CommandFormat { gain: 5, gain_exponent: 1 };
    /// let scale = format.scale(Command { exponent: 11 }, 12);
    /// assert_eq!([3, -3, 100_000].map(|sum| scale.command(sum)), [4, -4, i16::MAX]);
    /// ```
    #[must_use]
    pub const fn command(self, sum: i32) -> i16 {
        let product = sum as i64 * self.gain as i64;
        saturate_i64((product + ((1 << self.shift) >> 1)) >> self.shift)
    }
}
