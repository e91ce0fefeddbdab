//! Separates the lines of a file into names, messages and everything.
//!
//! Names are identifiers and keys: in Rust the identifiers and the string literals without a space, such as the keys
//! of TOML and options of the command line; in Markdown and comments what stands between backticks. Messages are the
//! other string literals. Comments are in neither.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A line of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// Identifiers and keys, with [`APART`] between them.
    pub(crate) names: String,
    /// Text of string literals that are not keys.
    pub(crate) messages: String,
    /// The line.
    pub(crate) text: String,
}

/// No word and no sequence of words goes across it.
pub(crate) const APART: &str = " | ";

/// How a language marks what is not code.
struct Syntax {
    /// Begins a comment that ends with its line.
    comment: &'static str,
    /// The extensions of its files.
    extensions: &'static [&'static str],
}

/// Languages whose lines are names up to a comment. The comments of CSS fill their lines; JSON has none.
const SYNTAXES: [Syntax; 4] = [
    Syntax { comment: "#", extensions: &["toml", "sh", "run"] },
    Syntax { comment: "//", extensions: &["mjs", "js", "ts", "json"] },
    Syntax { comment: "@", extensions: &["s"] },
    Syntax { comment: "/*", extensions: &["css"] },
];

/// Languages without a line of their own above.
const OTHERS: [&str; 3] = ["rs", "md", "svg"];

/// Whether files with this extension, or with this name if they have none, are searched.
pub(crate) fn is_searched(extension: &str) -> bool {
    SYNTAXES.iter().any(|syntax| syntax.extensions.contains(&extension)) || OTHERS.contains(&extension)
}

/// The lines of a file.
pub(crate) fn lines(extension: &str, text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = text.lines().map(|line| Line { text: line.to_owned(), ..Line::default() }).collect();
    match SYNTAXES.iter().find(|syntax| syntax.extensions.contains(&extension)) {
        Some(syntax) => lines.iter_mut().for_each(|line| line.names = before(&line.text, syntax.comment)),
        None if extension == "rs" => scan_rust(text, &mut lines),
        None if extension == "md" => scan_markdown(&mut lines),
        None => {}
    }
    lines
}

fn before(line: &str, comment: &str) -> String {
    line.split(comment).next().unwrap_or_default().to_owned()
}

fn scan_markdown(lines: &mut [Line]) {
    let mut fenced = false;
    for line in lines {
        let is_fence = line.text.trim_start().starts_with("```");
        line.names = if fenced && !is_fence { line.text.clone() } else { between_backticks(&line.text) };
        fenced ^= is_fence;
    }
}

fn between_backticks(text: &str) -> String {
    text.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(APART)
}

fn scan_rust(text: &str, lines: &mut [Line]) {
    let comments = lines.iter_mut().filter(|line| line.text.trim_start().starts_with("//"));
    comments.for_each(|line| line.names = between_backticks(&line.text));
    scan_tokens(text.parse().expect("Rust"), lines);
}

fn scan_tokens(tokens: TokenStream, lines: &mut [Line]) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let at = token.span().start().line - 1;
        match token {
            TokenTree::Group(group) if !is_documentation(group) => scan_tokens(group.stream(), lines),
            TokenTree::Ident(name) if name != "rest" || is_called(tokens.get(index + 1)) => {
                add(&mut lines[at].names, &name.to_string());
            }
            TokenTree::Literal(literal) => scan_literal(&literal.to_string(), &mut lines[at..]),
            _ => {}
        }
    }
}

/// Whether a group is the inside of `#[doc = "..."]`, which is what a documentation comment is parsed to.
fn is_documentation(group: &proc_macro2::Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}

/// `rest` alone is the usual variable for what remains of a slice. Such a function is something else.
fn is_called(next: Option<&TokenTree>) -> bool {
    matches!(next, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
}

fn scan_literal(literal: &str, lines: &mut [Line]) {
    let Some(inside) = inside_quotes(literal) else { return };
    let text = &literal[inside];
    if text.contains(char::is_whitespace) {
        let parts = text.lines().zip(lines);
        parts.for_each(|(part, line)| add(&mut line.messages, &part.replace("\\n", "  ")));
    } else if let [line, ..] = lines {
        add(&mut line.names, text);
    }
}

/// None of a number or a character.
fn inside_quotes(literal: &str) -> Option<Range<usize>> {
    let (first, last) = (literal.find('"')?, literal.rfind('"')?);
    (first < last).then_some(first + 1..last)
}

fn add(to: &mut String, text: &str) {
    to.push_str(APART);
    to.push_str(text);
}
