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
use vocabulary::{EXCEPTIONS, Exception, Scope, WORDS};

const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A file that is searched.
struct Source {
    /// From the repository's root, with `/` between folders.
    path: String,
    /// Of a file without one, its name.
    extension: String,
    text: String,
}

/// A wrong word of a file.
struct Found {
    /// The path, the line, the word and the term to write instead.
    complaint: String,
    /// The exception that permits it.
    exception: Option<&'static Exception>,
}

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

/// Every wrong word of a file and of its path.
fn search(source: &Source) -> Vec<Found> {
    let lines = scanner::lines(&source.extension, &source.text);
    let lines = lines.iter().enumerate().flat_map(|(index, line)| {
        let position = format!("{}:{}", source.path, index + 1);
        search_line(source, &Words::of(line)).map(move |found| found.at(&position)).collect::<Vec<_>>()
    });
    let path = Words {
        files: words(&source.path),
        names_and_messages: words(&source.path),
        names: words(&source.path),
        ..Words::default()
    };
    search_line(source, &path).map(|found| found.at(&source.path)).chain(lines).collect()
}

fn search_line<'l>(source: &'l Source, line: &'l Words) -> impl Iterator<Item = Found> + 'l {
    WORDS.iter().flat_map(move |wrong| {
        let words = line.of_scope(wrong.scope);
        let found = wrong.words.split(' ').flat_map(|word| at(words, word).into_iter().map(move |at| (word, at)));
        let found = found.map(|(word, at)| Found {
            complaint: format!("{word:?}, write {}", wrong.instead),
            exception: EXCEPTIONS.iter().find(|exception| excepts(exception, &source.path, words, at)),
        });
        found.collect::<Vec<_>>()
    })
}

impl Found {
    fn at(self, position: &str) -> Self {
        Self { complaint: format!("{position}: {}", self.complaint), ..self }
    }
}

/// Whether an exception permits the word at a position.
fn excepts(exception: &Exception, path: &str, words: &[String], position: usize) -> bool {
    let length = exception.words.split('_').count();
    let covers = |at: usize| (at..at + length).contains(&position);
    path.contains(exception.path)
        && (exception.words.is_empty() || at(words, exception.words).into_iter().any(covers))
}

/// The words of a line by the scope in which they are searched.
#[derive(Default)]
struct Words {
    everywhere: Vec<String>,
    names_and_messages: Vec<String>,
    names: Vec<String>,
    files: Vec<String>,
}

impl Words {
    fn of(line: &Line) -> Self {
        let names_and_messages = words(&[line.names.as_str(), &line.messages].join(APART));
        Self { everywhere: words(&line.text), names_and_messages, names: words(&line.names), files: Vec::new() }
    }

    fn of_scope(&self, scope: Scope) -> &[String] {
        match scope {
            Scope::Everywhere => &self.everywhere,
            Scope::NamesAndMessages => &self.names_and_messages,
            Scope::Names => &self.names,
            Scope::Files => &self.files,
        }
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
