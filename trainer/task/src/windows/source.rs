//! Where windows come from: a file, all files of a folder, or the files whose names begin alike; all of one format.
//!
//! Whoever made them may mean harm: only regular files are opened, and all of them together have a limit.

use std::fs;
use std::path::{Path, PathBuf};

use metaplastic_files::regular;

use super::choices::{ClassName, GroupName, HeldOutBy};
use super::error::WindowsError;
use super::parameters::WindowsParameters;
use super::raw::RawWindow;
use super::set::{NamedWindow, WindowSet};
use super::{delimited, numpy, ts};

/// Limit of the size of all files together, bytes; windows in memory take at most twice as much of a text.
const MOST_TOTAL: u64 = 1 << 29;
/// The endings of the formats, for errors.
const KNOWN: &str = ".ts, .csv, .npy or .npz";

/// A format of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WindowFormat {
    Ts,
    Csv,
    Npy,
    Npz,
}

/// A file of windows.
#[derive(Debug)]
struct WindowFile {
    path: PathBuf,
    format: WindowFormat,
}

impl WindowFormat {
    /// By the ending of a name.
    fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "ts" => Some(Self::Ts),
            "csv" => Some(Self::Csv),
            "npy" => Some(Self::Npy),
            "npz" => Some(Self::Npz),
            _ => None,
        }
    }
}

/// The windows at a path.
///
/// # Errors
/// [`WindowsError`] names the file and what is wrong with it.
pub(super) fn read(path: &Path, parameters: &WindowsParameters) -> Result<WindowSet, WindowsError> {
    let files = find(path)?;
    let mut first: Option<(String, usize)> = None;
    let (mut named, mut left) = (Vec::new(), MOST_TOTAL);
    for file in &files {
        let shown = file.path.display().to_string();
        let raw = read_file(file, parameters, &mut left, path)?;
        let channels = raw.first().map_or(0, |window| window.channels);
        let (before, expected) = first.get_or_insert_with(|| (shown.clone(), channels));
        if let Some(other) = raw.iter().find(|window| window.channels != *expected) {
            let (first, expected, channels) = (before.clone(), *expected, other.channels);
            return Err(WindowsError::Channels { path: shown, channels, first, expected });
        }
        for window in raw {
            named.push(named_window(window, &file.path, parameters)?);
        }
    }
    check_groups(path, &named, parameters)?;
    Ok(WindowSet::new(first.map_or(0, |(_, channels)| channels), named))
}

/// The files at a path, in the order of their names.
fn find(path: &Path) -> Result<Vec<WindowFile>, WindowsError> {
    let unreadable = |why| WindowsError::Read { path: path.display().to_string(), why };
    let candidates = match fs::metadata(path) {
        Ok(kind) if kind.is_dir() => list(path, "").map_err(unreadable)?,
        Ok(_) => vec![path.to_owned()],
        Err(why) => {
            let (Some(folder), Some(beginning)) = (path.parent(), path.file_name().and_then(|name| name.to_str()))
            else {
                return Err(unreadable(why));
            };
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            list(folder, beginning).map_err(|_| unreadable(why))?
        }
    };
    let known = candidates.into_iter();
    let known = known.filter_map(|path| WindowFormat::of(&path).map(|format| WindowFile { path, format }));
    checked(path, known.collect())
}

/// The files of a folder whose names begin so, sorted.
fn list(folder: &Path, beginning: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(beginning)) && !entry.path().is_dir() {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// Refuses no file, and files of several formats. The arrays beside `x.npy` are parts of it, not files of their own.
fn checked(path: &Path, mut files: Vec<WindowFile>) -> Result<Vec<WindowFile>, WindowsError> {
    let shown = || path.display().to_string();
    let Some(first) = files.first() else {
        return Err(WindowsError::NoFiles { path: shown(), known: KNOWN });
    };
    if let Some(other) = files.iter().find(|file| file.format != first.format) {
        let [first, other] = [first, other].map(|file| name(&file.path));
        return Err(WindowsError::Formats { path: shown(), first, other });
    }
    if files.len() > 1 {
        files.retain(|file| file.format != WindowFormat::Npy || !numpy::is_part(&file.path));
    }
    if files.is_empty() { Err(WindowsError::NoFiles { path: shown(), known: KNOWN }) } else { Ok(files) }
}

/// The windows of a file; `left` is how many bytes may still be read.
fn read_file(
    file: &WindowFile,
    parameters: &WindowsParameters,
    left: &mut u64,
    all: &Path,
) -> Result<Vec<RawWindow>, WindowsError> {
    let mut bytes = |path: &Path| {
        let read = regular::read(path, *left).map_err(|why| match why.kind() {
            std::io::ErrorKind::FileTooLarge => {
                WindowsError::TooLarge { path: all.display().to_string(), limit: MOST_TOTAL }
            }
            _ => WindowsError::Read { path: path.display().to_string(), why },
        })?;
        *left -= read.len() as u64;
        Ok(read)
    };
    let windows = match file.format {
        WindowFormat::Npy => numpy::read_folder(&file.path, &mut bytes)?,
        _ => parse(file, bytes(&file.path)?, parameters)?,
    };
    if windows.is_empty() {
        Err(WindowsError::Empty { path: file.path.display().to_string() })
    } else {
        Ok(windows)
    }
}

/// The windows of a file of one part.
fn parse(
    file: &WindowFile,
    bytes: Vec<u8>,
    parameters: &WindowsParameters,
) -> Result<Vec<RawWindow>, WindowsError> {
    let shown = file.path.display().to_string();
    match file.format {
        WindowFormat::Ts => ts::read(&text(&shown, bytes)?).map_err(|fault| fault.of(&shown)),
        WindowFormat::Csv => delimited::read(&bytes, parameters).map_err(|fault| fault.of(&shown)),
        WindowFormat::Npy => numpy::read_alone(&file.path, &bytes),
        WindowFormat::Npz => numpy::read_zip(&file.path, bytes),
    }
}

/// The number of windows of a file in memory, for whoever has none; its name says its format.
///
/// # Errors
/// [`WindowsError`] names what is wrong with it.
pub fn windows_in_bytes(name: &Path, bytes: Vec<u8>) -> Result<usize, WindowsError> {
    let format = WindowFormat::of(name);
    let format = format.ok_or_else(|| WindowsError::NoFiles { path: name.display().to_string(), known: KNOWN })?;
    let (file, parameters) = (WindowFile { path: name.to_owned(), format }, WindowsParameters::default());
    let windows = parse(&file, bytes, &parameters)?;
    let count = windows.len();
    windows.into_iter().try_for_each(|window| named_window(window, name, &parameters).map(|_| ()))?;
    Ok(count)
}

/// Text in UTF-8, without a byte order mark.
fn text(path: &str, bytes: Vec<u8>) -> Result<String, WindowsError> {
    let text = String::from_utf8(bytes).map_err(|_| WindowsError::Read {
        path: path.to_owned(),
        why: std::io::Error::new(std::io::ErrorKind::InvalidData, "not text in UTF-8; save the file as UTF-8"),
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn named_window(
    window: RawWindow,
    file: &Path,
    parameters: &WindowsParameters,
) -> Result<NamedWindow, WindowsError> {
    let position = window.position.clone();
    let window = window.completed().map_err(|channel| WindowsError::Missing {
        path: file.display().to_string(),
        window: position,
        channel: channel + 1,
    })?;
    let group = match parameters.groups {
        GroupName::Data => window.group.unwrap_or_default(),
        GroupName::File => file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
    };
    let class = if parameters.classes == ClassName::Group { group.clone() } else { window.label };
    Ok(NamedWindow { samples: window.samples, class, group })
}

/// Where groups are needed, windows have some.
fn check_groups(path: &Path, windows: &[NamedWindow], parameters: &WindowsParameters) -> Result<(), WindowsError> {
    let field = match (parameters.classes, parameters.held_out_by) {
        (ClassName::Group, _) => "task.classes = \"group\"",
        (_, HeldOutBy::Group) => "task.held_out_by = \"group\"",
        _ => return Ok(()),
    };
    if windows.iter().all(|window| window.group.is_empty()) {
        return Err(WindowsError::NoGroups { path: path.display().to_string(), field });
    }
    Ok(())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
