//! Integers of a TOML file whose error names the limits of the key, not those of a Rust type.
//!
//! ```
//! use metaplastic_files::integer::integer;
//! use serde::de::{IntoDeserializer, value::Error};
//!
//! let ways = |value: i64| integer::<_, u8, 2, 64>(IntoDeserializer::<Error>::into_deserializer(value));
//! assert_eq!(ways(5).unwrap(), 5);
//! assert_eq!(ways(-1).unwrap_err().to_string(), "invalid value: integer `-1`, expected an integer in 2..=64");
//! ```

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};

/// Reads an integer, for `#[serde(deserialize_with = "integer::<_, _, LOW, HIGH>")]`. What `T` can hold passes, so
/// that the check of all values refuses it by its name; the error of anything else names the limits.
///
/// # Errors
/// If it is not an integer that `T` can hold.
pub fn integer<'de, D, T, const LOW: i64, const HIGH: i64>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    deserializer.deserialize_i64(Limits::<T, LOW, HIGH>(PhantomData))
}

/// As [`integer`], of a key that may be absent; needs `#[serde(default)]` too.
///
/// # Errors
/// As [`integer`].
pub fn some_integer<'de, D, T, const LOW: i64, const HIGH: i64>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    integer::<D, T, LOW, HIGH>(deserializer).map(Some)
}

struct Limits<T, const LOW: i64, const HIGH: i64>(PhantomData<T>);

impl<T: TryFrom<i64>, const LOW: i64, const HIGH: i64> Visitor<'_> for Limits<T, LOW, HIGH> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an integer in {LOW}..={HIGH}")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        let signed = i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))?;
        self.visit_i64(signed)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, I64Deserializer, U64Deserializer};

    use super::*;

    #[test]
    fn an_error_names_the_limits_of_the_key() {
        let read = |value: i64| {
            let deserializer: I64Deserializer<Error> = value.into_deserializer();
            integer::<_, u8, 1, 100>(deserializer).map_err(|error| error.to_string())
        };
        assert_eq!([read(5), read(255)], [Ok(5), Ok(255)]);
        let refused = |value| Err(format!("invalid value: integer `{value}`, expected an integer in 1..=100"));
        assert_eq!([read(256), read(-1)], [refused("256"), refused("-1")]);
        let large: U64Deserializer<Error> = u64::MAX.into_deserializer();
        assert!(integer::<_, u64, 1, 100>(large).is_err());
    }
}
