//! Text from files, archives and boards on its way to a terminal or a page: whatever could move the cursor, change the
//! direction of writing or begin a line of its own is shown by its code.
//!
//! What counts as printable is what Rust's `escape_debug` prints; quotes and backslashes stay as they are.
//!
//! ```
//! use metaplastic_files::text::{ascii_json, escaped, escaped_lines};
//!
//! // A name from an archive that would clear the terminal.
//! assert_eq!(escaped("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
//! assert_eq!(escaped_lines("one\ntw\to"), "one\ntw\\to");
//! assert_eq!(ascii_json("{\"name\": \"Grüße\"}"), "{\"name\": \"Gr\\u00fc\\u00dfe\"}");
//! ```

use std::fmt::{self, Display, Write};

/// Characters that `escape_debug` escapes although they are printable.
const PLAIN: [char; 3] = ['\\', '"', '\''];

/// A name on one line, such as `a\u{202e}b` for `b` behind an override of the direction of writing.
#[must_use]
pub fn escaped(name: impl Display) -> String {
    let name = name.to_string();
    let mut shown = String::with_capacity(name.len());
    for part in name.split_inclusive(PLAIN) {
        let text = part.trim_end_matches(PLAIN);
        let _ = write!(shown, "{}", text.escape_debug());
        shown.push_str(&part[text.len()..]);
    }
    shown
}

/// A message of several lines, each [`escaped`].
#[must_use]
pub fn escaped_lines(message: impl Display) -> String {
    message.to_string().split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}

/// JSON in ASCII: all other characters, which only strings can have, by their code.
#[must_use]
pub fn ascii_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, ' '..='~') {
            shown.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        }
    }
    shown
}

/// A [`Display`] as its name on one line, for a format string.
pub struct Escaped<T>(pub T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&escaped(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_direction() {
        let forged = "a\u{1b}[2J\u{202e}b\nreached 100 %\r\t\u{7f}\u{85}\u{2028}\u{200b}\u{feff}\u{e0041}\0";
        let shown = escaped(forged);
        let expected = r"a\u{1b}[2J\u{202e}b\nreached 100 %\r\t\u{7f}\u{85}\u{2028}\u{200b}\u{feff}\u{e0041}\0";
        assert_eq!(shown, expected);
        assert_eq!(escaped_lines("a\u{1b}\nb"), "a\\u{1b}\nb");
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for name in [r#"C:\runs\"a" 'b'"#, "Gurmukhī", "Ελληνικά", "日本語 (katakana)", "e\u{301}", ""]
        {
            assert_eq!(escaped(name), name);
        }
        assert_eq!(format!("{:>4}|", Escaped("ab")), "  ab|");
    }

    #[test]
    fn json_keeps_its_meaning() {
        assert_eq!(ascii_json("{\"a\":\"\u{202e}\u{1f600}\u{7f}~\"}"), r#"{"a":"\u202e\ud83d\ude00\u007f~"}"#);
    }
}
