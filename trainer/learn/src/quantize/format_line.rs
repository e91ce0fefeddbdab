//! A line of the table of formats that export prints: quantity, range, format, least significant bit.

use serde::{Deserialize, Serialize};

/// How a quantity is represented.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormatLine {
    /// Its name, for example `hidden.v`.
    pub quantity: String,
    /// The largest magnitude seen in floating point.
    pub range: f32,
    /// Bits and exponent, for example `i16 x 2^-11`.
    pub format: String,
    /// The value of its least significant bit.
    pub lsb: f32,
}

impl FormatLine {
    /// The line of a quantity in integers of `bits` bits.
    pub(super) fn new(quantity: String, range: f32, bits: u32, exponent: i32) -> Self {
        let format = format!("i{bits} x 2^{}", -exponent);
        Self { quantity, range, format, lsb: (-exponent as f32).exp2() }
    }
}
