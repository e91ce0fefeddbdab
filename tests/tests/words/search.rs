//! Searches a file for words that are not the field's.

use crate::scanner::{APART, Line, lines};
use crate::sources::Source;
use crate::vocabulary::{EXCEPTIONS, Exception, Scope, WORDS};

/// A wrong word of a file.
pub(crate) struct Found {
    /// The path, the line, the word and the term to write instead.
    pub(crate) complaint: String,
    /// The exception that permits it.
    pub(crate) exception: Option<&'static Exception>,
}

/// Every wrong word of a file and of its path.
pub(crate) fn search(source: &Source) -> Vec<Found> {
    let lines = lines(&source.extension, &source.text);
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
