//! Tests of the vocabulary: a word for which the field has a standard term must not appear in names, keys, messages
//! or docs, and no two types of the libraries have one name.
//!
//! Identifiers are split into words: `was_taught` and `WasTaught` are both `was taught`. Some words are wrong only
//! as a name and are searched in names alone: "a place in memory" is English.

mod scanner;
mod type_names;
mod vocabulary;

use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use scanner::{APART, Line};
use vocabulary::{EXCEPTIONS, Exception, Scope, WORDS, Wrong};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A file that is searched.
struct Source {
    /// From the repository's root, with `/` between folders.
    path: String,
    /// Of a file without one, its name.
    extension: String,
    text: String,
}

#[test]
fn the_vocabulary_is_the_fields() {
    let found: Vec<_> = sources().iter().flat_map(wrong_words).collect();
    assert!(found.is_empty(), "{} words:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    let sources = sources();
    let lines: Vec<(&str, Line)> = sources
        .iter()
        .flat_map(|source| lines_of(source).into_iter().map(|line| (source.path.as_str(), line)))
        .collect();
    for exception in &EXCEPTIONS {
        let is_needed = |(path, line): &(&str, Line)| {
            path.contains(exception.path)
                && WORDS.iter().any(|wrong| {
                    let words = searched(line, wrong.scope);
                    wrong.words.split(' ').any(|word| !at(&words, word).is_empty())
                        && !at(&words, exception.words).is_empty()
                })
        };
        assert!(exception.words.is_empty() || lines.iter().any(is_needed), "{:?}", exception.words);
    }
}

#[test]
fn a_word_is_found_in_any_spelling_and_only_in_its_scope() {
    let found = |extension: &str, text: &str| {
        let source = Source { path: "src/a".into(), extension: extension.into(), text: text.into() };
        wrong_words(&source).len()
    };
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
}

/// All sources and texts of the repository but this test.
fn sources() -> Vec<Source> {
    let walk = WalkDir::new(REPOSITORY).sort_by_file_name().into_iter().filter_entry(is_ours);
    walk.filter_map(|entry| read(entry.expect("the repository can be read").path())).collect()
}

/// Whether a file or folder belongs to the repository and was written by hand.
fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_written = ![".git", "target", "node_modules", "package-lock.json"].contains(&name.as_ref());
    entry.depth() == 0 || is_written && !entry.path().ends_with("tests/tests/words")
}

fn read(path: &Path) -> Option<Source> {
    let extension = path.extension().or(path.file_name())?.to_string_lossy().into_owned();
    if !path.is_file() || !scanner::is_searched(&extension) {
        return None;
    }
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let path = path.strip_prefix(REPOSITORY).expect("below the root").to_string_lossy().replace('\\', "/");
    Some(Source { path, extension, text })
}

fn lines_of(source: &Source) -> Vec<Line> {
    scanner::lines(&source.extension, &source.text)
}

/// Every wrong word of a file, with path, line and the term to write instead.
fn wrong_words(source: &Source) -> Vec<String> {
    let lines = lines_of(source);
    let numbered = lines.iter().enumerate();
    let found = numbered.flat_map(|(index, line)| {
        let wrong = WORDS.iter().flat_map(|wrong| wrong_in_line(&source.path, line, wrong));
        wrong.map(move |what| format!("{}:{}: {what}", source.path, index + 1))
    });
    found.collect()
}

fn wrong_in_line(path: &str, line: &Line, wrong: &Wrong) -> Vec<String> {
    let words = searched(line, wrong.scope);
    let excepted = |position: usize| EXCEPTIONS.iter().any(|exception| excepts(exception, path, &words, position));
    let found = wrong.words.split(' ').filter(|word| at(&words, word).into_iter().any(|at| !excepted(at)));
    found.map(|word| format!("{word:?}, write {}", wrong.instead)).collect()
}

/// Whether an exception covers the word at a position.
fn excepts(exception: &Exception, path: &str, words: &[String], position: usize) -> bool {
    let length = exception.words.split('_').count();
    let covers = |at: usize| (at..at + length).contains(&position);
    path.contains(exception.path)
        && (exception.words.is_empty() || at(words, exception.words).into_iter().any(covers))
}

/// The words of a line that a scope includes.
fn searched(line: &Line, scope: Scope) -> Vec<String> {
    match scope {
        Scope::Everywhere => words(&line.text),
        Scope::NamesAndMessages => words(&[line.names.as_str(), &line.messages].join(APART)),
        Scope::Names => words(&line.names),
    }
}

/// The words of a text in lower case; an empty one for every further separator between two.
fn words(text: &str) -> Vec<String> {
    let mut apart = String::new();
    let mut before = ' ';
    for letter in text.chars() {
        if before.is_lowercase() && letter.is_uppercase() {
            apart.push(' ');
        }
        apart.push(letter);
        before = letter;
    }
    apart.split(|letter: char| !letter.is_alphabetic()).map(str::to_lowercase).collect()
}

/// The positions of a word, or of a sequence of words with `_` between them.
fn at(words: &[String], sequence: &str) -> Vec<usize> {
    let sequence: Vec<&str> = sequence.split('_').collect();
    let found = words.windows(sequence.len()).enumerate().filter(|(_, window)| **window == *sequence);
    found.map(|(at, _)| at).collect()
}
