//! `--set KEY=VALUE[,VALUE...]`: a key of the experiment and the values it has one after another.

use std::str::FromStr;

use metaplastic_learn::experiment::Override;
use toml::{Table, Value};

/// A key and its values, one at least.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OverrideValues {
    pub(super) key: String,
    pub(super) values: Vec<Value>,
}

impl FromStr for OverrideValues {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, values) = text.split_once('=').ok_or("has no =; for example meta.batch=16,32")?;
        let (key, values) = (key.trim(), values.trim());
        if key.is_empty() || values.is_empty() {
            return Err("has no key or no value; for example meta.batch=16,32".into());
        }
        Ok(Self { key: key.into(), values: parse(values) })
    }
}

/// Values as in a list of TOML; if they are none, words.
fn parse(values: &str) -> Vec<Value> {
    let list = format!("values = [{values}]").parse::<Table>().ok();
    let list = list.and_then(|mut table| table.remove("values"));
    match list {
        Some(Value::Array(values)) if !values.is_empty() => values,
        _ => values.split(',').map(|word| Value::from(word.trim())).collect(),
    }
}

/// The overrides, if every key has one value.
pub(crate) fn single(sets: &[OverrideValues]) -> Option<Vec<Override>> {
    let one = |set: &OverrideValues| match &set.values[..] {
        [value] => Some(Override { key: set.key.clone(), value: value.clone() }),
        _ => None,
    };
    sets.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_toml_or_words() {
        let values = |text: &str| text.parse::<OverrideValues>().unwrap().values;
        assert_eq!(values("meta.batch=16, 32"), [Value::from(16), 32.into()]);
        assert_eq!(values("a=0.5"), [Value::from(0.5)]);
        assert_eq!(values("network.input>hidden.rule=event,mstdpet"), [Value::from("event"), "mstdpet".into()]);
        assert_eq!(values("meta.freeze=['rate', 'weights'],[]").len(), 2);
        assert_eq!(values("x={ when = 'always', rate = 0.1 }").len(), 1);
        for wrong in ["batch", "=3", "batch="] {
            assert!(wrong.parse::<OverrideValues>().is_err(), "{wrong}");
        }
    }
}
