//! The text of an experiment's file as tables, and what an error calls each position in it.
//!
//! Errors of TOML have a line; a reader looks for a population or a projection, by its name. This module knows
//! which tables have names, and nothing else of what is in them.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, Error};

use super::error::Fault;

/// The lists of tables that have names.
pub(super) const NAMED: [&str; 2] = ["population", "projection"];

/// Reads a value from the text of a file. Populations become tagged by their kind from outside, `{ lif = { .. } }`,
/// so that their keys are read where they stand.
///
/// # Errors
/// [`Fault::Syntax`], with line and name of the table.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let document = DeTable::parse(text)?;
    let position = |error: &Error| error.span().and_then(|span| path(document.get_ref(), span.start));
    let mut tagged = document.clone();
    populations(tagged.get_mut()).iter_mut().try_for_each(tag)?;
    T::deserialize(Deserializer::from(tagged)).map_err(|mut error| {
        error.set_input(Some(text));
        let position = position(&error).map(|keys| format!("{}: ", keys.join("."))).unwrap_or_default();
        Fault::Syntax { position, error: Box::new(error) }
    })
}

fn populations<'d, 'i>(document: &'d mut DeTable<'i>) -> &'d mut [Spanned<DeValue<'i>>] {
    let network = document.get_mut("network").map(Spanned::get_mut);
    let Some(DeValue::Table(network)) = network else { return &mut [] };
    match network.get_mut("population").map(Spanned::get_mut) {
        Some(DeValue::Array(populations)) => populations,
        _ => &mut [],
    }
}

/// Makes `{ kind = "lif", .. }` a table `{ lif = { .. } }`.
fn tag(population: &mut Spanned<DeValue<'_>>) -> Result<(), Fault> {
    let (span, name) = (population.span(), name(population.get_ref()));
    let DeValue::Table(table) = population.get_mut() else { return Ok(()) };
    let missing = || Fault::Missing { field: format!("network.{}.kind", name.as_deref().unwrap_or("population")) };
    let kind = table.remove("kind").ok_or_else(missing)?;
    let word = kind.get_ref().as_str().ok_or_else(missing)?.to_owned();
    let keys = std::mem::take(table);
    table.insert(Spanned::new(kind.span(), word.into()), Spanned::new(span, DeValue::Table(keys)));
    Ok(())
}

/// The keys that lead to a position in the text, with the names of populations and projections.
fn path(table: &DeTable<'_>, at: usize) -> Option<Vec<String>> {
    table.iter().find_map(|(key, value)| match (key.get_ref().as_ref(), value.get_ref()) {
        (list, DeValue::Array(entries)) if NAMED.contains(&list) => entries.iter().find_map(|entry| {
            let keys = below(entry, at)?;
            Some(name(entry.get_ref()).into_iter().chain(keys).collect())
        }),
        (name, _) => {
            let here = key.span().contains(&at).then(Vec::new);
            let keys = below(value, at).or(here)?;
            Some(std::iter::once(name.to_owned()).chain(keys).collect())
        }
    })
}

/// The keys from a value to a position in or below it.
fn below(value: &Spanned<DeValue<'_>>, at: usize) -> Option<Vec<String>> {
    let here = value.span().contains(&at).then(Vec::new);
    let inner = match value.get_ref() {
        DeValue::Table(table) => path(table, at),
        DeValue::Array(entries) => entries.iter().find_map(|entry| below(entry, at)),
        _ => None,
    };
    inner.or(here)
}

/// The line, from 1, of what an error calls `field`, such as `network.input>hidden.rate`; where there is no such key,
/// that of its table. None if the text is no TOML, or has no such table.
#[must_use]
pub fn line(text: &str, field: &str) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let at = position(document.get_ref(), field)?;
    Some(text[..at].matches('\n').count() + 1)
}

/// Where a key stands. Populations and projections are called by their names instead of their list's key, and the
/// keys of a projection's rule as if they were the projection's.
fn position(table: &DeTable<'_>, field: &str) -> Option<usize> {
    let named = NAMED.into_iter().filter_map(|key| table.get(key));
    let entries = named.filter_map(|list| list.get_ref().as_array()).flatten();
    let mut entries = entries.filter_map(|entry| Some((name(entry.get_ref())?, entry.span().start, entry)));
    let keys = table.iter().map(|(key, value)| (key.get_ref().to_string(), key.span().start, value));
    let rule = || position(table.get("plasticity")?.get_ref().as_table()?, field);
    let mut found = entries.by_ref().chain(keys).filter_map(|(key, at, value)| {
        let rest = field.strip_prefix(&key)?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix('.')? };
        let below = value.get_ref().as_table().and_then(|table| position(table, rest));
        Some(below.unwrap_or(at))
    });
    found.next().or_else(rule)
}

fn name(entry: &DeValue<'_>) -> Option<String> {
    entry_name(|key| entry.get(key)?.get_ref().as_str().map(str::to_owned))
}

/// `hidden` of a population, `input>hidden` of a projection, of which `word` gives the words.
pub(super) fn entry_name(word: impl Fn(&str) -> Option<String>) -> Option<String> {
    word("name").or_else(|| Some(format!("{}>{}", word("pre")?, word("post")?)))
}
