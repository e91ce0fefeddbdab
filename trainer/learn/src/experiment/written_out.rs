//! The built-in experiments write out what their headers promise: every value, and somewhere every key that the parser
//! knows.

use metaplastic_task::{BuiltInExperiment, Tasks};
use serde::de::value::Error;
use serde::de::{DeserializeOwned, Error as _, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use toml::{Table, Value};

use super::analog::AnalogTable;
use super::carry_over::CarryOver;
use super::configuration::MetaConfiguration;
use super::convolution::ConvolutionTable;
use super::decay::DrawnDecay;
use super::document;
use super::file::{File, NetworkTable};
use super::lif::{AdaptationTable, LifTable};
use super::modulator::ModulatorTable;
use super::plasticity::{PlasticityTable, TermTable};
use super::population::InputTable;
use super::projection::ProjectionTable;
use super::readout::ReadoutTable;
use super::rewards::Rewards;
use super::weights::{ChannelsTable, WeightsTable};
use crate::optimiser::{AdamConfiguration, OneCycle};

/// A deserialiser that writes down the keys of the table it is asked for.
struct Keys<'k>(&'k mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Keys<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        keys: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = keys;
        Err(Error::custom("there is no value"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a table"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn keys<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut keys: &'static [&'static str] = &[];
    // Nothing is deserialised: the keys are what the type asks for.
    assert!(T::deserialize(Keys(&mut keys)).is_err() && !keys.is_empty());
    keys
}

/// Every key that the parser knows, but those of tasks.
fn known() -> Vec<&'static str> {
    [
        keys::<File>(),
        keys::<NetworkTable>(),
        keys::<ReadoutTable>(),
        keys::<InputTable>(),
        keys::<LifTable>(),
        keys::<AdaptationTable>(),
        keys::<DrawnDecay>(),
        keys::<ModulatorTable>(),
        keys::<AnalogTable>(),
        keys::<ProjectionTable>(),
        keys::<ConvolutionTable>(),
        keys::<WeightsTable>(),
        keys::<ChannelsTable>(),
        keys::<PlasticityTable>(),
        keys::<TermTable>(),
        keys::<MetaConfiguration>(),
        keys::<CarryOver>(),
        keys::<Rewards>(),
        keys::<OneCycle>(),
        keys::<AdamConfiguration>(),
    ]
    .concat()
}

/// Whether a text gives a key a value, or names a table by it, in a comment perhaps.
fn has(text: &str, key: &str) -> bool {
    [format!("{key} = "), format!("[{key}]"), format!(".{key}]"), format!("{key}  ")]
        .iter()
        .any(|it| text.contains(it))
}

/// The values of an experiment with every default, without those of the network's features that it does not have.
fn in_effect(text: &str) -> Table {
    let File { mut task, network, meta } = document::read(text).unwrap();
    // Synthetic data have other names.
    task.remove("held_out");
    let drawn = task.contains_key("source").then(|| ("source".to_owned(), Value::from("synthetic")));
    let task = Tasks::built_in().from_table(task.into_iter().chain(drawn).collect()).unwrap();
    let mut meta_table = Table::try_from(&meta).unwrap();
    // It distinguishes no trainings, and is left out of what does.
    meta_table.insert("deployed_rate".into(), meta.deployed_rate.into());
    let tables = [
        ("task", task.parameters().parse().unwrap()),
        ("network", Table::try_from(&network).unwrap()),
        ("meta", meta_table),
    ];
    tables.into_iter().map(|(name, table)| (name.to_owned(), Value::Table(table))).collect()
}

/// The paths of values in effect that are not written.
fn missing(path: &str, in_effect: &Value, written: Option<&Value>) -> Vec<String> {
    match (in_effect, written) {
        (Value::Table(table), Some(written)) => {
            let is_weights = path.ends_with("weights");
            let of = |(key, value): (&String, &Value)| match written.get(key) {
                None if is_weights && is_absent(value) => Vec::new(),
                found => missing(&format!("{path}.{key}"), value, found),
            };
            table.iter().flat_map(of).collect()
        }
        (Value::Array(entries), Some(written)) => {
            let of = |(at, entry)| missing(&format!("{path}[{at}]"), entry, written.get(at));
            entries.iter().enumerate().flat_map(of).collect()
        }
        (_, Some(_)) => Vec::new(),
        (_, None) => vec![path.to_owned()],
    }
}

/// Whether a feature of weights is absent.
fn is_absent(value: &Value) -> bool {
    [Value::from(0.0), Value::from(false), Value::Array(Vec::new())].contains(value)
}

#[test]
fn every_value_in_effect_is_written_out() {
    for BuiltInExperiment { name, text } in Tasks::built_in().experiments() {
        let written = Value::Table(text.parse().unwrap());
        let unwritten = missing("", &Value::Table(in_effect(text)), Some(&written));
        // They depend on the data.
        let of_data = [".task.held_out", ".task.validation", ".task.standardisation", ".task.whitening_rows"];
        let unwritten = unwritten.into_iter().filter(|path| !of_data.iter().any(|key| path.starts_with(key)));
        let unwritten: Vec<_> = unwritten.collect();
        assert_eq!(unwritten, [""; 0], "{name}");
        assert!(!name.starts_with("one-shot") || has(text, "held_out"), "{name}");
    }
}

#[test]
fn a_value_that_is_left_out_is_found() {
    let text = Tasks::built_in().experiments().next().unwrap().text;
    let without = text.replace("channels = 0 ", "# ").replace("spike_cost = 0.0", "");
    let unwritten = missing("", &Value::Table(in_effect(&without)), Some(&Value::Table(without.parse().unwrap())));
    assert_eq!(unwritten, [".meta.spike_cost", ".network.population[1].channels"]);
}

/// The experiment that is to be copied has all, or says in a comment what it does not use.
#[test]
fn every_key_that_the_parser_knows_is_in_the_first_experiment() {
    let BuiltInExperiment { name, text } = Tasks::built_in().experiments().next().unwrap();
    assert_eq!(name, "cue-association");
    let unknown: Vec<_> = known().into_iter().filter(|key| !has(text, key)).collect();
    assert_eq!(unknown, [""; 0]);
    assert!(known().contains(&"deployed_rate") && known().contains(&"batch_normalised"));
}
