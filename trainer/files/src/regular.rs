//! Reads regular files only, up to a limit: a pipe waits for a writer for ever, a device never ends, and a file may be
//! larger than the memory.

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

/// The contents of a text file of at most `most` bytes.
///
/// # Errors
/// As [`read`]; and if it is not UTF-8.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    let text = String::from_utf8(read(path, most)?);
    text.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not text in UTF-8; save the file as UTF-8"))
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
