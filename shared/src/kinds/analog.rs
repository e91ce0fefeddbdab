//! Analog populations: values that are set from outside in every step, such as measured angles or a reward. They have no
//! state and no parameters, and no place in the order of a step: every population reads a step's own values.
//!
//! ```text
//! I_j += sum_n a_n W_nj
//! ```

use serde::{Deserialize, Serialize};

use super::check::{EXPONENT, FieldError, within};

/// Largest number of values of all analog populations together: one step's values fit a message, see
/// [`wire`](crate::wire), and their sum 32 bits.
pub const MAX_ANALOG_VALUES: u16 = 64;

/// The number format of an analog population's values. It belongs to the description: whoever measures the values
/// needs it, and training does not change it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analog {
    /// Exponent of the i16 values, 0 to 15: they range from `-2^(15 - n)` to just below `2^(15 - n)`.
    pub exponent: u8,
}

impl Analog {
    pub(super) fn check(self) -> Result<(), FieldError> {
        within("exponent", self.exponent.into(), EXPONENT)
    }
}
