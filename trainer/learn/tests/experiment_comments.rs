//! The comments of the built-in experiments list what the code has: rules, families of meta-parameters, and
//! themselves.

use std::collections::BTreeSet;
use std::fs::{read_dir, read_to_string};
use std::path::PathBuf;

use metaplastic_learn::experiment::{Experiment, built_in_names};
use metaplastic_learn::model::Family;
use metaplastic_shared::rule::Preset;
use metaplastic_task::Tasks;
use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};

/// Names and texts of the files.
fn files() -> Vec<(String, String)> {
    let folder =
        read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../task/experiments")).expect("the folder is there");
    let paths = folder.map(|entry| entry.expect("an entry").path());
    let name = |path: &PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    paths.map(|path| (name(&path), read_to_string(path).expect("a text"))).collect()
}

/// The comments of all lines that begin with a key.
fn comments<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    let lines = text.lines().filter(move |line| line.starts_with(key));
    lines.filter_map(|line| Some(line.split_once('#')?.1))
}

fn name_of(value: impl Serialize) -> String {
    toml::Value::try_from(value).expect("a name").as_str().expect("a text").to_owned()
}

fn family(name: &str) -> Result<Family, Error> {
    Family::deserialize(StrDeserializer::new(name))
}

#[test]
fn every_file_is_built_in() {
    let files: BTreeSet<String> = files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, built_in_names(&Tasks::built_in()).into_iter().map(str::to_owned).collect());
}

#[test]
fn every_rule_is_listed_beside_the_default() {
    let all = Preset::NAMED.into_iter().chain([Preset::Custom]).map(name_of);
    let others: Vec<String> = all.filter(|name| name != "event").collect();
    let texts = files();
    let lists = texts.iter().flat_map(|(_, text)| comments(text, "rule = \"event\""));
    let lists: Vec<&str> = lists.map(|comment| comment.split_once("also ").expect("a list").1).collect();
    assert!(lists.len() >= 4 && lists.iter().all(|list| *list == others.join(", ")), "{lists:?}, not {others:?}");
}

#[test]
fn every_family_that_is_named_exists() {
    let texts = files();
    let lists = texts.iter().flat_map(|(_, text)| comments(text, "freeze = "));
    let named: BTreeSet<&str> = lists.flat_map(|comment| comment.split('"').skip(1).step_by(2)).collect();
    assert!(named.contains("weights"), "{named:?}");
    named.into_iter().for_each(|name| assert!(family(name).is_ok(), "{name} is not a family"));
    assert!(family("wieghts").is_err());
}

/// A seed that is refused for its words leads no fuzzer into the reader.
#[test]
fn the_seeds_of_the_fuzzers_are_experiments() {
    let folder =
        read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/seeds/experiments")).expect("seeds");
    let mut count = 0;
    for path in folder.map(|entry| entry.expect("an entry").path()) {
        let fault =
            Experiment::parse("seed", &read_to_string(&path).expect("a text")).err().map(|fault| fault.to_string());
        let is_sound = fault.as_ref().is_none_or(|fault| fault.contains("needs drawings"));
        assert!(is_sound, "{}: {fault:?}", path.display());
        count += 1;
    }
    assert!(count > 1);
}
