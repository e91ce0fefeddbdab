//! A test of the vocabulary: a word for which the field has a standard term must not appear in code, keys, messages
//! or docs.
//!
//! Identifiers are split into words: `was_taught` and `WasTaught` are both `was taught`. Some words are wrong only
//! as a name and are searched in code alone: "a place in memory" is English. Some are wrong only in a phrase.

use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

use Scope::{Code, Everywhere};

/// The text in which a word is forbidden.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// In code, comments, strings, keys and docs.
    Everywhere,
    /// In identifiers and keys; comments, strings and docs are English.
    Code,
}

/// Words that are forbidden in a scope, and the terms to write instead.
const WORDS: [(&str, Scope, &str); 34] = [
    ("rests", Code, "state_resets"),
    ("birth", Everywhere, "initial state"),
    ("live lived lives life", Code, "run, rollout, batch"),
    ("lived", Everywhere, "run"),
    ("taught untaught", Everywhere, "modulated; labelled"),
    ("teach teaches teaching", Code, "label"),
    ("told", Code, "labelled; message"),
    ("lesson lessons", Everywhere, "support sample"),
    ("asked", Code, "query; requested"),
    ("lent carve carved", Everywhere, "borrowed, allocate"),
    ("place places placed", Code, "position; storage"),
    ("vote votes voted voters voices", Everywhere, "class score"),
    ("ballot tally", Everywhere, "readout accumulator, run result"),
    ("mark marks", Code, "phase"),
    ("stretch stretches", Code, "segment"),
    ("price prices priced", Everywhere, "regulariser weight, cost"),
    ("crowding crowded crowds", Everywhere, "spike regulariser"),
    ("currents", Code, "input statistics"),
    ("normalised", Code, "batch_normalised"),
    ("gains", Code, "gammas"),
    ("follow", Code, "update, filter"),
    ("share shares", Code, "fraction, momentum"),
    ("held hold", Code, "frozen, freeze"),
    ("desk desks", Everywhere, "host computer, workspace"),
    ("passage", Everywhere, "step context"),
    ("setting settings", Code, "configuration"),
    ("patience", Everywhere, "timeout"),
    ("ear listener listening", Everywhere, "port reader, port handle"),
    ("glance", Everywhere, "poll interval"),
    ("chimera chimeras", Everywhere, "half-swap mixing"),
    ("gaze gazes", Everywhere, "jitter"),
    ("exam examine examined examination", Everywhere, "benchmark run"),
    ("corners", Code, "class_warp"),
    ("outcome outcomes", Code, "training summary, trained artifact"),
];

/// Texts that are forbidden in every line; their words are correct elsewhere.
const PHRASES: [(&str, &str); 8] = [
    ("fn rest(", "reset_state"),
    (".rest()", "reset_state"),
    ("Request::Rest,", "Request::ResetState"),
    ("rounded = true", "quantisation_aware"),
    ("struct Learned", "PlasticWeights"),
    ("mod learned", "plastic_weights"),
    ("mod measured", "board_measurements"),
    ("fn pull_back", "backward"),
];

/// Exceptions: the word, a part of the path, a part of the line, and the reason.
const EXCEPTIONS: [(&str, &str, &str, &str); 14] = [
    ("", "CHANGELOG.md", "", "old releases keep the words they were released with"),
    ("held", "", "held_out", "held-out data is the field's word"),
    ("held", "", "HELD_OUT", "held-out data is the field's word"),
    ("held", "", "NothingHeldOut", "held-out data is the field's word"),
    ("normalised", "", "atch_normalised", "batch-normalised is the field's word"),
    ("normalised", "", "BATCH_NORMALISED", "batch-normalised is the field's word"),
    ("currents", "kernel/convolve", "", "input currents of several neurons"),
    ("currents", "", "synaptic_currents", "the synaptic current is the field's word"),
    ("share", "", "share_bias", "a verb: channels share a bias"),
    ("corners", "one_shot/picture.rs", "", "of a sheet of paper, which a class warp moves"),
    ("corners", "one_shot/warp.rs", "", "of a sheet of paper, which a class warp moves"),
    ("corners", "one_shot/classes.rs", "orners", "of a sheet of paper, which a class warp moves"),
    ("corners", "one_shot/synthetic.rs", "", "of a square"),
    ("corners", "report/", "", "of a drawn rectangle"),
];

#[test]
fn the_vocabulary_is_the_fields() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let found: Vec<_> = sources(root).iter().flat_map(|path| wrong_words(root, path)).collect();
    assert!(found.is_empty(), "{} words:\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_word_is_found_in_any_spelling_and_only_in_its_scope() {
    let found = |line: &str| wrong_in_line("src/a.rs", line, &code_of_rust(line)).collect::<Vec<_>>();
    for line in ["self.was_taught()", "struct Ballot;", "let x = \"no votes\";", "// the desk", "PATIENCE"] {
        assert_eq!(found(line).len(), 1, "{line}");
    }
    for line in
        ["// takes place", "let a = \"a place\"; // and a place", "held_out", "let rest = &a[1..];", "b'\"'"]
    {
        assert_eq!(found(line), [""; 0], "{line}");
    }
}

/// All sources and texts of the repository except this file.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries =
        read_dir(folder).expect("the repository is readable").map(|entry| entry.expect("an entry").path());
    let mut found = Vec::new();
    for path in entries {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') && !["target", "node_modules"].contains(&name) {
            found.extend(sources(&path));
        } else if path
            .extension()
            .is_some_and(|it| ["rs", "toml", "md", "css", "sh"].iter().any(|kind| it == *kind))
        {
            found.push(path);
        }
    }
    found.retain(|path| !path.ends_with("tests/tests/words.rs"));
    found.sort();
    found
}

/// Every wrong word of a file, with path, line and the term to write instead.
fn wrong_words(root: &Path, path: &Path) -> Vec<String> {
    let text = read_to_string(path).expect("sources are text");
    let name = path.strip_prefix(root).expect("below the root").to_string_lossy();
    let code = match path.extension().and_then(|it| it.to_str()) {
        Some("rs") => code_of_rust(&text),
        Some("toml") => {
            text.lines().map(|line| line.split('#').next().unwrap_or_default().to_owned() + "\n").collect()
        }
        _ => String::new(),
    };
    let lines = text.lines().zip(code.lines().chain(std::iter::repeat("")));
    lines
        .enumerate()
        .flat_map(|(at, (line, code))| {
            wrong_in_line(&name, line, code).map(|what| format!("{name}:{}: {what}", at + 1)).collect::<Vec<_>>()
        })
        .collect()
}

/// The wrong words of a line; `code` is the line without comments and strings.
fn wrong_in_line(path: &str, line: &str, code: &str) -> impl Iterator<Item = String> {
    let excepted = |word: &str| {
        EXCEPTIONS
            .iter()
            .any(|(of, file, text, _)| (of.is_empty() || *of == word) && path.contains(file) && line.contains(text))
    };
    let parts = [parts(line), parts(code)];
    let words =
        WORDS.iter().flat_map(|(words, scope, instead)| words.split(' ').map(move |it| (it, *scope, *instead)));
    let words = words.filter(|(word, scope, _)| {
        parts[usize::from(*scope == Code)].iter().any(|part| part == word) && !excepted(word)
    });
    let phrases = PHRASES.iter().filter(|(phrase, _)| line.contains(phrase) && !excepted(phrase));
    let found = words.map(|(word, _, instead)| format!("{word:?}, write {instead}"));
    found
        .chain(phrases.map(|(phrase, instead)| format!("{phrase:?}, write {instead}")))
        .collect::<Vec<_>>()
        .into_iter()
}

/// The words of a text in lower case. Identifiers are split: `WasTaught`, `was_taught` and `was taught` are the
/// same.
fn parts(text: &str) -> Vec<String> {
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

/// Rust without the contents of comments and strings; the number of lines stays the same.
fn code_of_rust(text: &str) -> String {
    let (mut code, mut rest) = (String::new(), text);
    while let Some(letter) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if letter == '"' {
            string_length(rest)
        } else {
            code.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        code.extend(rest[..length].chars().filter(|letter| *letter == '\n'));
        rest = &rest[length..];
    }
    code
}

/// Length of the string literal at the start of a text with its quotes, bytes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}
