//! Reads regular files only, up to a limit: a pipe waits for a writer for ever, a device never ends, and a file may be
//! larger than the memory.
//!
//! ```
//! use metaplastic_files::regular::{MOST_TEXT, read_text};
//! use metaplastic_files::temporary::TemporaryFolder;
//!
//! let folder = TemporaryFolder::new().unwrap();
//! let file = folder.path().join("experiment.toml");
//! std::fs::write(&file, "\u{feff}[task]").unwrap();
//! assert_eq!(read_text(&file, MOST_TEXT).unwrap(), "[task]");
//! assert_eq!(read_text(&file, 4).unwrap_err().to_string(), "larger than 4 bytes");
//! assert_eq!(read_text(folder.path(), MOST_TEXT).unwrap_err().to_string(), "a folder, not a file");
//! ```

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Limit of the size of a text that people write, such as an experiment, bytes.
pub const MOST_TEXT: u64 = 1 << 20;

/// Opens a file for reading.
///
/// # Errors
/// If it cannot be opened, or is a folder, a pipe, a device or a socket.
pub fn open(path: &Path) -> io::Result<File> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder, not a file"));
    }
    if !kind.is_file() {
        return Err(io::Error::other("a pipe, a device or a socket, not a regular file"));
    }
    File::open(path)
}

/// The contents of a file of at most `most` bytes.
///
/// # Errors
/// As [`open`]; and if it cannot be read, or is larger.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {most} bytes")));
    }
    Ok(bytes)
}

/// The contents of a text file of at most `most` bytes, without the byte order mark that some editors put first.
///
/// # Errors
/// As [`read`]; and if it is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    let bytes = read(path, most)?;
    if is_utf16(&bytes) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the text is in UTF-16; save it as UTF-8"));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not text in UTF-8; save the file as UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Whether bytes are text in UTF-16: by its byte order mark, or by the zero that is half of each of its first letters.
fn is_utf16(bytes: &[u8]) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [first, 0, second, 0, ..] | [0, first, 0, second, ..] => is_letter(*first) && is_letter(*second),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, b"four").unwrap();
        assert_eq!((read(&path, 4).unwrap(), read_text(&path, 9).unwrap()), (b"four".to_vec(), "four".to_owned()));
        assert_eq!(read(&path, 3).unwrap_err().to_string(), "larger than 3 bytes");
        fs::write(&path, b"\xff").unwrap();
        assert_eq!(read_text(&path, 4).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn text_in_utf_16_is_named_and_a_bom_before_utf_8_is_no_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let read = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            read_text(&path, 99).map_err(|error| error.to_string())
        };
        let bytes = |order: fn(u16) -> [u8; 2]| "[task]\n".encode_utf16().flat_map(order).collect::<Vec<_>>();
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            for text in [bytes(order), [&order(0xfeff), &*bytes(order)].concat()] {
                assert_eq!(read(&text), Err("the text is in UTF-16; save it as UTF-8".into()));
            }
        }
        assert_eq!(read(b"\xffabc"), Err("not text in UTF-8; save the file as UTF-8".into()));
        assert_eq!(read("\u{feff}[task]\u{feff}".as_bytes()), Ok("[task]\u{feff}".into()));
        assert_eq!((read(b"a\0"), read(b"")), (Ok("a\0".into()), Ok(String::new())));
    }

    #[test]
    fn what_is_no_regular_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: &Path| read(path, 9).unwrap_err().to_string();
        assert_eq!(refused(folder.path()), "a folder, not a file");
        #[cfg(unix)]
        {
            let pipe = folder.path().join("pipe");
            assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            assert_eq!(refused(&pipe), "a pipe, a device or a socket, not a regular file");
            assert_eq!(refused(Path::new("/dev/zero")), "a pipe, a device or a socket, not a regular file");
        }
    }
}
