//! Parsers of option values. The errors of numbers name the limits. Names of enums come from serde, from where files
//! take them too, so that no help text lists them by hand.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

/// Parses an integer within limits, which an error names.
pub(super) fn integer<T>(limits: RangeInclusive<T>) -> impl TypedValueParser<Value = T>
where
    T: FromStr + Display + PartialOrd + Clone + Send + Sync + 'static,
{
    move |text: &str| {
        let value = text.parse().ok().filter(|value| limits.contains(value));
        value.ok_or_else(|| format!("not an integer in {}..={}", limits.start(), limits.end()))
    }
}

/// Parses a number whose limits are checked later; if it is none, the error says so and names the `limits`. `kind`
/// is what the error calls it.
pub(super) fn unchecked<T>(kind: &'static str, limits: String) -> impl TypedValueParser<Value = T>
where
    T: FromStr + Clone + Send + Sync + 'static,
{
    move |text: &str| text.parse().map_err(|_| format!("not {kind} in {limits}"))
}

/// Parses a value of an enum without fields by the name that files write it with. `hidden` are names that the help
/// does not list: the values are of files alone, and `check` refuses them.
pub(super) fn parser<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    hidden: &'static [&'static str],
    check: fn(T) -> Result<T, String>,
) -> impl TypedValueParser<Value = T> {
    let names = names::<T>().iter().map(|name| PossibleValue::new(*name).hide(hidden.contains(name)));
    PossibleValuesParser::new(names).try_map(move |name| check(named(&name)?))
}

fn named<T: DeserializeOwned>(name: &str) -> Result<T, String> {
    T::deserialize(StrDeserializer::<Error>::new(name)).map_err(|error| error.to_string())
}

/// The names of an enum's values, in their order.
fn names<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // Nothing is deserialised: the names are what the type asks for.
    let _ = T::deserialize(Names(&mut names));
    names
}

/// A deserialiser that writes down the names of the enum it is asked for.
struct Names<'n>(&'n mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = variants;
        Err(Error::custom("there is no value"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("not an enum"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use metaplastic_learn::model::Family;
    use metaplastic_shared::rule::Preset;

    use super::*;

    #[test]
    fn names_are_those_of_files() {
        assert_eq!(names::<Preset>(), ["event", "free", "hebb-decay", "mstdpet", "modulated-oja", "custom"]);
        assert!(names::<Family>().contains(&"third-factor-weights"));
        assert_eq!(names::<u8>(), [""; 0]);
        assert_eq!(named("modulated-oja"), Ok(Preset::ModulatedOja));
    }
}
