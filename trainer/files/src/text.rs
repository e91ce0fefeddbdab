//! Text files that people write: UTF-8, and a plain word where it is not.

use std::io::{Error, ErrorKind};
use std::path::Path;

/// The byte order mark, which some editors put before UTF-8.
const MARK: char = '\u{feff}';

/// Reads a text file; a byte order mark is left out.
///
/// # Errors
/// If the file cannot be read, or is not UTF-8: says which encoding it has, if that is known, and what to do.
pub fn read(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path)?;
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] = bytes.as_slice() {
        return Err(unreadable("this is text in UTF-16; save it as UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable("this is no text in UTF-8; save it as UTF-8"))?;
    Ok(text.strip_prefix(MARK).map(str::to_owned).unwrap_or(text))
}

fn unreadable(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_encodings_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        let read = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read(&path).map_err(|error| error.to_string())
        };
        assert_eq!(read(b"a = 1"), Ok("a = 1".into()));
        assert_eq!(read(b"\xef\xbb\xbfa = 1"), Ok("a = 1".into()));
        assert_eq!(read(b""), Ok(String::new()));
        for utf16 in [&b"\xff\xfea\0"[..], b"\xfe\xff\0a", b"a\0=\0", b"\0a\0="] {
            assert_eq!(read(utf16), Err("this is text in UTF-16; save it as UTF-8".into()));
        }
        assert!(read(b"caf\xe9").unwrap_err().contains("save it as UTF-8"));
    }
}
