//! Tests of the vocabulary: a word for which the field has a standard term must not appear in names, keys, messages
//! or docs, and no two types of the libraries have one name.
//!
//! Identifiers are split into words: `was_taught` and `WasTaught` are both `was taught`. Some words are wrong only
//! as a name and are searched in names alone: "a place in memory" is English.

mod scanner;
mod search;
mod sources;
mod type_names;
mod vocabulary;

use search::search;
use sources::{Source, sources};
use vocabulary::{EXCEPTIONS, Exception};

#[test]
fn the_vocabulary_is_the_fields() {
    let sources = sources();
    let found = sources.iter().flat_map(search).filter(|found| found.exception.is_none());
    let complaints: Vec<String> = found.map(|found| found.complaint).collect();
    assert!(complaints.is_empty(), "{} words:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    let sources = sources();
    let used: Vec<&Exception> = sources.iter().flat_map(search).filter_map(|found| found.exception).collect();
    for exception in &EXCEPTIONS {
        assert!(used.contains(&exception), "no file needs {exception:?}");
    }
}

#[test]
fn a_word_is_found_in_any_spelling_and_only_in_its_scope() {
    let found_in = |path: &str, extension: &str, text: &str| {
        let source = Source { path: path.into(), extension: extension.into(), text: text.into() };
        search(&source).iter().filter(|found| found.exception.is_none()).count()
    };
    let found = |extension: &str, text: &str| found_in("src/a", extension, text);
    for line in [
        "self.was_taught()",
        "struct Ballot;",
        "let x = \"no votes\";",
        "// the desk",
        "PATIENCE",
        "#[serde(rename = \"place\")]",
        "let path = r\"C:\\\"; let place = 1;",
        "/// Calls `place`.",
        "fn rest() {}",
        "enum Rest {}",
        "fn pull_back() {}",
        "panic!(\"it was told\")",
    ] {
        assert_eq!(found("rs", line), 1, "{line}");
    }
    for line in [
        "// takes place",
        "let a = \"a place\"; // and a place",
        "held_out",
        "let rest = &a[1..];",
        "b'\"'",
        "/* the place\n of a place */",
        "/// A place.",
    ] {
        assert_eq!(found("rs", line), 0, "{line}");
    }
    assert_eq!(found("md", "In the first `place`.\n```\nplace = 1\n```\nA place."), 2);
    assert_eq!(found("toml", "place = 1 # a place"), 1);
    assert_eq!(found("s", "place: @ a place"), 1);
    assert_eq!(found_in("src/learned.rs", "rs", "let learned = 1;"), 1);
}
