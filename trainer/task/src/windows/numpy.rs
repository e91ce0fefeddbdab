//! Reads arrays of NumPy: an `.npz` with `x`, `y` and, if there are groups, `group`; or `x.npy` with `y.npy` and `group.npy`
//! beside it.
//!
//! `x` is [window, channel, time], or [window, time] of one channel; `y` and `group` are one number or text a window.

use std::io::Cursor;
use std::path::Path;

use metaplastic_files::npy::{self, NumberArray, TextArray};
use metaplastic_files::npz::{NpzError, NpzFile};

use super::error::WindowsError;
use super::raw::RawWindow;

/// Limit of an array of a zip, bytes.
const MOST_BYTES: u64 = 1 << 29;

/// The arrays of a data set.
struct WindowArrays {
    x: NumberArray,
    y: TextArray,
    group: Option<TextArray>,
}

/// Whether a file is a part of the windows in another one.
pub(super) fn is_part(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    ["y", "group"].iter().any(|part| stem == *part || stem.ends_with(&format!("_{part}")))
}

/// The windows of `x.npy` or `NAME_x.npy`, with `y.npy` and, if it is there, `group.npy` beside it; `read` reads a file.
pub(super) fn read_folder(
    path: &Path,
    read: &mut dyn FnMut(&Path) -> Result<Vec<u8>, WindowsError>,
) -> Result<Vec<RawWindow>, WindowsError> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let Some(name) = stem.strip_suffix('x').filter(|name| name.is_empty() || name.ends_with('_')) else {
        let why =
            "windows are in x.npy or NAME_x.npy, with y.npy or NAME_y.npy beside it; or put both into an .npz";
        return Err(fault(path, "array", why));
    };
    let beside = |part: &str| path.with_file_name(format!("{name}{part}.npy"));
    let group = beside("group");
    let group = if group.exists() { Some(texts(&group, "group", &read(&group)?)?) } else { None };
    let labels = beside("y");
    let y = texts(&labels, "y", &read(&labels)?)?;
    windows(path, WindowArrays { x: numbers(path, &read(path)?)?, y, group })
}

fn numbers(path: &Path, bytes: &[u8]) -> Result<NumberArray, WindowsError> {
    Ok(npy::numbers(bytes).map_err(|why| NpzError::array(path, "x", why))?)
}

fn texts(path: &Path, array: &str, bytes: &[u8]) -> Result<TextArray, WindowsError> {
    Ok(npy::texts(bytes).map_err(|why| NpzError::array(path, array, why))?)
}

/// Refuses an array without labels, if nothing else is wrong with it.
pub(super) fn read_alone(path: &Path, bytes: &[u8]) -> Result<Vec<RawWindow>, WindowsError> {
    let shape = numbers(path, bytes)?.shape;
    Err(fault(path, "x", format!("shape {shape:?}, without labels; they are in a file beside it")))
}

/// The windows of an `.npz`.
pub(super) fn read_zip(path: &Path, bytes: Vec<u8>) -> Result<Vec<RawWindow>, WindowsError> {
    let mut file = NpzFile::of(path, Cursor::new(bytes), MOST_BYTES)?;
    let missing =
        |name: &str| fault(path, name, "there is no array of this name; an .npz has x, y and perhaps group");
    let x = file.numbers("x")?.ok_or_else(|| missing("x"))?;
    let y = file.texts("y")?.ok_or_else(|| missing("y"))?;
    windows(path, WindowArrays { x, y, group: file.texts("group")? })
}

fn windows(path: &Path, arrays: WindowArrays) -> Result<Vec<RawWindow>, WindowsError> {
    let (count, channels, length) = dimensions(path, &arrays.x.shape)?;
    if count * channels * length == 0 {
        return Err(WindowsError::Empty { path: path.display().to_string() });
    }
    let values = finite_or_missing(path, &arrays.x.values)?;
    let labels = of_windows(path, "y", arrays.y, count)?;
    let groups = arrays.group.map(|group| of_windows(path, "group", group, count)).transpose()?;
    let window = |(number, label): (usize, String)| {
        let values = &values[number * channels * length..(number + 1) * channels * length];
        let samples =
            (0..length).flat_map(|time| (0..channels).map(move |channel| values[channel * length + time]));
        let group = groups.as_ref().map(|groups| groups[number].clone());
        RawWindow { samples: samples.collect(), channels, label, group, position: format!("x[{number}]") }
    };
    Ok(labels.into_iter().enumerate().map(window).collect())
}

/// Windows, channels and samples of each.
fn dimensions(path: &Path, shape: &[usize]) -> Result<(usize, usize, usize), WindowsError> {
    match *shape {
        [count, channels, length] => Ok((count, channels, length)),
        [count, length] => Ok((count, 1, length)),
        _ => {
            let why = format!("{} dimensions; windows are [window, channel, time] or [window, time]", shape.len());
            Err(fault(path, "x", why))
        }
    }
}

/// The values as floats of 32 bits. NaN says that one is missing; infinite ones are refused.
fn finite_or_missing(path: &Path, values: &[f64]) -> Result<Vec<f32>, WindowsError> {
    let values: Vec<f32> = values.iter().map(|value| *value as f32).collect();
    match values.iter().position(|value| value.is_infinite()) {
        Some(at) => {
            let why = format!("entry {at} is infinite, or beyond 3.4e38; NaN says that a value is missing");
            Err(fault(path, "x", why))
        }
        None => Ok(values),
    }
}

/// One entry for each window.
fn of_windows(path: &Path, name: &str, array: TextArray, count: usize) -> Result<Vec<String>, WindowsError> {
    if array.shape == [count] {
        return Ok(array.values);
    }
    let why = format!("shape {:?}; there is one entry for each of the {count} windows of x", array.shape);
    Err(fault(path, name, why))
}

fn fault(path: &Path, array: &str, why: impl Into<String>) -> WindowsError {
    WindowsError::Array { path: path.display().to_string(), array: array.to_owned(), why: why.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An array as NumPy writes it.
    fn array(descr: &str, order: bool, shape: &str, data: &[u8]) -> Vec<u8> {
        let order = if order { "True" } else { "False" };
        let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
        let padded = format!("{header:<117}\n");
        [b"\x93NUMPY\x01\x00v\x00", padded.as_bytes(), data].concat()
    }

    fn bytes(values: impl IntoIterator<Item = i16>) -> Vec<u8> {
        values.into_iter().flat_map(i16::to_le_bytes).collect()
    }

    fn read(x: Vec<u8>, y: Vec<u8>) -> Result<Vec<RawWindow>, String> {
        let path = Path::new("a.npz");
        let arrays = numbers(path, &x).and_then(|x| Ok(WindowArrays { x, y: texts(path, "y", &y)?, group: None }));
        arrays.and_then(|arrays| windows(path, arrays)).map_err(|error| error.to_string())
    }

    fn labels() -> Vec<u8> {
        let text = |text: &str| text.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect::<Vec<_>>();
        array("<U3", false, "(2,)", &[text("on\0"), text("öff")].concat())
    }

    #[test]
    fn windows_are_channel_by_channel_in_either_order() {
        let c = array("<i2", false, "(2, 2, 3)", &bytes(0..12));
        let fortran = array("<i2", true, "(2, 2, 3)", &bytes([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]));
        let windows = read(c, labels()).unwrap();
        assert_eq!(windows[0].samples, [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        assert_eq!([&*windows[0].label, &*windows[1].label], ["on", "öff"]);
        assert_eq!(read(fortran, labels()).unwrap(), windows);
        let flat =
            read(array(">i2", false, "(2, 1)", &[0, 1, 1, 0]), array("|u1", false, "(2,)", &[7, 9])).unwrap();
        assert_eq!((flat[1].samples.clone(), &*flat[1].label, flat[1].channels), (vec![256.0], "9", 1));
    }

    #[test]
    fn what_are_no_windows_is_refused_by_file_and_array() {
        let fault = |x: Vec<u8>| read(x, labels()).unwrap_err();
        let damaged = fault(array("<f4", false, "(4000000000,)", &[0; 8]));
        assert!(damaged.contains("a.npz: array \"x\": 8 bytes behind the header"), "{damaged}");
        assert!(fault(array("<f4", false, "(2,)", &[0; 8])).contains("1 dimensions"));
        assert!(fault(array("<f4", false, "(2, 0)", &[])).contains("no windows"));
        assert!(
            fault(array("<f4", false, "(2, 1)", &[0, 0, 0x80, 0x7f, 0, 0, 0, 0])).contains("entry 0 is infinite")
        );
        let few = read(array("<i2", false, "(3, 1)", &bytes(0..3)), labels()).unwrap_err();
        assert!(few.contains("a.npz: y: shape [2]; there is one entry for each of the 3 windows"), "{few}");
    }
}
