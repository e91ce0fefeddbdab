//! Values that are set in an experiment before it is read, by the names that its errors call keys by:
//! `meta.batch`, `network.hidden.size`, `network.input>hidden.rate`. This file may not know which keys there are.

use toml::{Table, Value};

use super::document::{NAMED, entry_name};
use super::error::Fault;

/// A key and its value.
///
/// ```
/// use metaplastic_learn::experiment::{ExperimentReader, Override};
/// use metaplastic_task::Tasks;
///
/// let overrides = [Override { key: "network.hidden.size".into(), value: 32.into() }];
/// let reader = ExperimentReader { tasks: &Tasks::built_in(), data: None, overrides: &overrides };
/// let experiment = reader.load("cue-association").unwrap();
/// assert_eq!(experiment.model.network.populations[1].size, 32);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// Its key, with the names of populations and projections in place of their lists'.
    pub key: String,
    /// Its value.
    pub value: Value,
}

/// The text of an experiment with some values set.
///
/// # Errors
/// [`Fault::Override`] if a key leads to no table; and if the text is no TOML.
pub(super) fn set(text: &str, overrides: &[Override]) -> Result<String, Fault> {
    let mut document: Table = toml::from_str(text)?;
    for Override { key, value } in overrides {
        let set = set_in(&mut document, key, value);
        set.map_err(|known| Fault::Override { key: key.clone(), known: known.join(", ") })?;
    }
    Ok(toml::to_string(&document).expect("what was read as TOML can be written"))
}

/// Sets a value in a table or below; otherwise the names that the table has.
fn set_in(table: &mut Table, key: &str, value: &Value) -> Result<(), Vec<String>> {
    if let Some((entry, rest)) = entry(table, key) {
        return set_in(entry, rest, value);
    }
    match key.split_once('.') {
        None => {
            home(table, key).insert(key.to_owned(), value.clone());
            Ok(())
        }
        Some((first, rest)) => match table.get_mut(first) {
            Some(Value::Table(below)) => set_in(below, rest, value),
            _ => Err(names(table)),
        },
    }
}

/// Where a key stands: the keys of a projection's rule are set as if they were the projection's.
fn home<'t>(table: &'t mut Table, key: &str) -> &'t mut Table {
    let rule = table.get("plasticity").and_then(Value::as_table);
    if table.contains_key(key) || !rule.is_some_and(|rule| rule.contains_key(key)) {
        return table;
    }
    table.get_mut("plasticity").and_then(Value::as_table_mut).expect("the rule is a table that has the key")
}

/// The population or projection whose name a key begins with, and the rest of the key.
fn entry<'t, 'k>(table: &'t mut Table, key: &'k str) -> Option<(&'t mut Table, &'k str)> {
    let lists = table.iter_mut().filter(|(name, _)| is_list(name));
    let entries = lists.filter_map(|(_, list)| list.as_array_mut()).flatten().filter_map(Value::as_table_mut);
    entries.into_iter().find_map(|entry| {
        let rest = key.strip_prefix(&name(entry)?)?.strip_prefix('.')?;
        Some((entry, rest))
    })
}

fn is_list(key: &str) -> bool {
    NAMED.contains(&key)
}

fn name(entry: &Table) -> Option<String> {
    entry_name(|key| entry.get(key)?.as_str().map(str::to_owned))
}

/// What a key can begin with.
fn names(table: &Table) -> Vec<String> {
    let lists = table.iter().filter(|(key, _)| is_list(key)).filter_map(|(_, list)| list.as_array());
    let entries = lists.flatten().filter_map(|entry| name(entry.as_table()?));
    let tables = table.iter().filter(|(_, value)| value.is_table()).map(|(key, _)| key.clone());
    entries.chain(tables).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
[task]
name = 'bandit'
[network.readout]
gain = 1.0
[[network.population]]
name = 'hidden'
size = 4
[[network.projection]]
pre = 'input'
post = 'hidden'
weights = { deviation = 1.0 }
[network.projection.plasticity]
rate = 0.1
";

    fn set_one(key: &str, value: impl Into<Value>) -> Result<Table, String> {
        let overrides = [Override { key: key.to_owned(), value: value.into() }];
        set(TEXT, &overrides).map(|text| text.parse().unwrap()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn keys_are_set_where_an_error_finds_them() {
        let network = |key: &str| set_one(key, 7).unwrap()["network"].clone();
        assert_eq!(set_one("task.pulls", 7).unwrap()["task"]["pulls"], 7.into());
        assert_eq!(network("network.readout.gain")["readout"]["gain"], 7.into());
        assert_eq!(network("network.hidden.size")["population"][0]["size"], 7.into());
        let projection = |key: &str| network(key)["projection"][0].clone();
        assert_eq!(projection("network.input>hidden.weights.deviation")["weights"]["deviation"], 7.into());
        assert_eq!(projection("network.input>hidden.rate")["plasticity"]["rate"], 7.into());
        assert_eq!(projection("network.input>hidden.plasticity.leak")["plasticity"]["leak"], 7.into());
    }

    #[test]
    fn a_key_that_leads_nowhere_is_named_with_those_that_do() {
        let fault = set_one("network.hiden.size", 7).unwrap_err();
        assert_eq!(fault, "network.hiden.size: there is no such table; here are: hidden, input>hidden, readout");
    }
}
