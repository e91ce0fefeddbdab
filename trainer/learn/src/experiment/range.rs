//! `range` of analog values and of commands: their largest magnitude, from which the exponent of their integers follows.

use metaplastic_files::limit::within;

use super::error::Fault;

/// The largest exponent, of integers that range from -1 to just below 1.
const LARGEST: u8 = 15;

/// The exponent of i16 integers that range from `-range` to just below `range`.
pub(super) fn exponent(field: String, range: f64) -> Result<u8, Fault> {
    within(field.as_str(), range, 1.0..=f64::from(LARGEST).exp2())?;
    let exponents = 0..=LARGEST;
    let found = exponents.into_iter().find(|exponent| f64::from(LARGEST - exponent).exp2() == range);
    found.ok_or(Fault::PowerOfTwo { field, value: range })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponent_follows_from_a_power_of_two() {
        let of = |range| exponent("it".into(), range).map_err(|fault| fault.to_string());
        assert_eq!([of(1.0), of(8.0), of(32768.0)], [Ok(15), Ok(12), Ok(0)]);
        assert_eq!(of(7.0), Err("it = 7 is not a power of two; 1, 2, 4 and so on to 32768 are".into()));
        assert_eq!(of(0.5), Err("it = 0.5 is not in 1..=32768".into()));
        assert_eq!(of(65536.0), Err("it = 65536 is not in 1..=32768".into()));
    }
}
