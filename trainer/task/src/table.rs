//! Reads the parameters of a task from its `[task]` table, so that a fault names the key, the value and the limits of
//! the key, not those of a Rust type.
//!
//! Which numbers are integers is seen in the defaults. This file may not know which tasks there are.
//!
//! ```
//! use metaplastic_task::table::{self, KeyLimits};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Serialize, Deserialize)]
//! #[serde(default, deny_unknown_fields)]
//! struct Machine {
//!     states: usize,
//!     rate: f64,
//! }
//!
//! impl Default for Machine {
//!     fn default() -> Self {
//!         Self { states: 3, rate: 0.4 }
//!     }
//! }
//!
//! const LIMITS: [KeyLimits; 2] = [("states", 2.0..=8.0), ("rate", 0.0..=1.0)];
//! let read = |text: &str| table::read::<Machine>(text.parse().unwrap(), &LIMITS);
//! let machine = read("states = 5").unwrap();
//! assert_eq!(table::text("machine", &machine), "name = \"machine\"\nstates = 5\nrate = 0.4\n");
//! assert_eq!(read("states = 9").unwrap_err().to_string(), "task.states = 9 is not in 2..=8");
//! assert!(read("speed = 1").is_err());
//! ```

use std::ops::RangeInclusive;

use serde::Serialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::error::TaskError;
use metaplastic_files::limit::{OutOfRange, limits, within};

/// A key and the limits of its number.
pub type KeyLimits = (&'static str, RangeInclusive<f64>);

/// The parameters in a table; those that are not in it have their defaults.
///
/// # Errors
/// [`TaskError`] names the key.
pub fn read<T>(table: Table, ranges: &[KeyLimits]) -> Result<T, TaskError>
where
    T: DeserializeOwned + Serialize + Default,
{
    let defaults = written(&T::default());
    for (key, range) in ranges {
        let Some(value) = table.get(*key) else { continue };
        let is_integer = defaults.get(*key).is_some_and(Value::is_integer);
        match number(value) {
            Some(number) if value.is_integer() || !is_integer => within(field(key), number, range.clone())?,
            _ => {
                return Err(TaskError::Number {
                    field: field(key),
                    value: value.to_string(),
                    is_integer,
                    limits: limits(range),
                });
            }
        }
    }
    let wrong =
        table.iter().find(|(key, value)| !is_sound::<T>(key, value)).map_or("task".into(), |(key, _)| field(key));
    table.try_into().map_err(|error| TaskError::Syntax { field: wrong, error })
}

/// Checks the numbers of parameters.
///
/// # Errors
/// The first that is out of its range.
pub fn check(parameters: &impl Serialize, ranges: &[KeyLimits]) -> Result<(), OutOfRange> {
    let table = written(parameters);
    let mut numbers = ranges.iter().filter_map(|(key, range)| Some((key, number(table.get(*key)?)?, range)));
    numbers.try_for_each(|(key, number, range)| within(field(key), number, range.clone()))
}

/// The text of a `[task]` table.
pub fn text(name: &str, parameters: &impl Serialize) -> String {
    let values =
        toml::to_string(parameters).expect("numbers, words and lists of words can always be written as TOML");
    format!("name = \"{name}\"\n{values}")
}

/// The parameters that [`text`] wrote, whatever the name; none of any other text.
pub(crate) fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut table: Table = text.parse().ok()?;
    table.remove("name");
    table.try_into().ok()
}

fn written(parameters: &impl Serialize) -> Table {
    Table::try_from(parameters).expect("numbers, words and lists of words can always be written as TOML")
}

fn field(key: &str) -> String {
    format!("task.{key}")
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|integer| integer as f64))
}

/// Whether a key and its value are sound alone, as every key has a default.
fn is_sound<T: DeserializeOwned>(key: &str, value: &Value) -> bool {
    let alone = Table::from_iter([(key.to_owned(), value.clone())]);
    alone.try_into::<T>().is_ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Every number of a task has limits, and everything with limits is a number.
    pub(crate) fn assert_all_numbers_have_limits<T: Serialize + Default>(ranges: &[KeyLimits]) {
        let defaults = written(&T::default());
        let numbers = defaults.iter().filter(|(_, value)| number(value).is_some()).map(|(key, _)| key.as_str());
        let mut limited = ranges.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        limited.sort_unstable();
        let mut numbers = numbers.collect::<Vec<_>>();
        numbers.sort_unstable();
        assert_eq!(numbers, limited);
    }

    #[derive(Debug, Default, PartialEq, Serialize, serde::Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Sample {
        count: u8,
        rate: f64,
        words: Vec<String>,
    }

    #[test]
    fn a_fault_names_key_value_and_limits() {
        let ranges = [("count", 1.0..=9.0), ("rate", 0.0..=1.0)];
        let fault = |text: &str| read::<Sample>(text.parse().unwrap(), &ranges).unwrap_err().to_string();
        assert_eq!(fault("count = 70000"), "task.count = 70000 is not in 1..=9");
        assert_eq!(fault("count = -1"), "task.count = -1 is not in 1..=9");
        assert_eq!(fault("count = 4.5"), "task.count = 4.5 is not an integer in 1..=9");
        assert_eq!(fault("rate = 'high'"), "task.rate = \"high\" is not a number in 0..=1");
        assert_eq!(fault("rate = nan"), "task.rate = NaN is not in 0..=1");
        let unknown = fault("rate = 1\ncuont = 4");
        assert!(unknown.starts_with("task.cuont: unknown field `cuont`, expected one of `count`"), "{unknown}");
        assert!(fault("words = 4").starts_with("task.words: invalid type: integer `4`"));
        let sound = read::<Sample>("count = 3\nrate = 1".parse().unwrap(), &ranges).unwrap();
        assert_eq!(sound, Sample { count: 3, rate: 1.0, words: Vec::new() });
        assert_eq!(check(&sound, &ranges), Ok(()));
        assert!(check(&Sample::default(), &ranges).is_err());
    }
}
