//! Reads arrays of NumPy: an `.npz` with `x`, `y` and, if there are groups, `group`; or `x.npy` with `y.npy` and `group.npy`
//! beside it.
//!
//! `x` is [window, channel, time], or [window, time] of one channel; `y` and `group` are one number or text a window. Sizes
//! are compared with the bytes that are there before memory is taken.

use std::io::{Cursor, Read};
use std::path::Path;

use npyz::{DType, NpyFile, Order, TypeChar};
use zip::ZipArchive;

use super::error::WindowsError;
use super::raw::RawWindow;

/// Limit of all arrays of a zip together, bytes.
const MOST_BYTES: u64 = 1 << 29;
/// Limit of the header of an array, bytes; NumPy's own are a hundred.
const MOST_HEADER: usize = 1 << 16;

/// An array before it is windows: its shape and its entries, the last index the fastest.
struct Entries<T> {
    shape: Vec<usize>,
    values: Vec<T>,
}

/// The arrays of a data set, as bytes.
struct WindowArrays {
    x: Vec<u8>,
    y: Vec<u8>,
    group: Option<Vec<u8>>,
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
    let group = if group.exists() { Some(read(&group)?) } else { None };
    windows(path, WindowArrays { x: read(path)?, y: read(&beside("y"))?, group })
}

/// Refuses an array without labels, if nothing else is wrong with it.
pub(super) fn read_alone(path: &Path, bytes: &[u8]) -> Result<Vec<RawWindow>, WindowsError> {
    let shape = numbers(bytes).map_err(|why| fault(path, "x", why))?.shape;
    Err(fault(path, "x", format!("shape {shape:?}, without labels; they are in a file beside it")))
}

/// The windows of an `.npz`.
pub(super) fn read_zip(path: &Path, bytes: Vec<u8>) -> Result<Vec<RawWindow>, WindowsError> {
    let damaged = |why: zip::result::ZipError| fault(path, "zip", format!("not a whole .npz: {why}"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = MOST_BYTES;
    let mut entry = |name: &str| -> Result<Option<Vec<u8>>, WindowsError> {
        let file = match archive.by_name(&format!("{name}.npy")) {
            Ok(file) => file,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(why) => return Err(fault(path, name, why.to_string())),
        };
        let mut bytes = Vec::new();
        file.take(left + 1).read_to_end(&mut bytes).map_err(|why| fault(path, name, why.to_string()))?;
        left = left.checked_sub(bytes.len() as u64).ok_or_else(|| {
            fault(path, name, format!("the arrays are larger than {MOST_BYTES} bytes together; take fewer windows"))
        })?;
        Ok(Some(bytes))
    };
    let missing =
        |name: &str| fault(path, name, "there is no array of this name; an .npz has x, y and perhaps group");
    let x = entry("x")?.ok_or_else(|| missing("x"))?;
    let y = entry("y")?.ok_or_else(|| missing("y"))?;
    windows(path, WindowArrays { x, y, group: entry("group")? })
}

fn windows(path: &Path, arrays: WindowArrays) -> Result<Vec<RawWindow>, WindowsError> {
    let of = |name: &'static str| move |why: String| fault(path, name, why);
    let x = numbers(&arrays.x).map_err(of("x"))?;
    let (count, channels, length) = match *x.shape {
        [count, channels, length] => (count, channels, length),
        [count, length] => (count, 1, length),
        _ => {
            let why =
                format!("{} dimensions; windows are [window, channel, time] or [window, time]", x.shape.len());
            return Err(fault(path, "x", why));
        }
    };
    if x.values.is_empty() {
        return Err(WindowsError::Empty { path: path.display().to_string() });
    }
    let labels = words(&arrays.y, count).map_err(of("y"))?;
    let groups = arrays.group.map(|bytes| words(&bytes, count).map_err(of("group"))).transpose()?;
    let window = |(number, label): (usize, String)| {
        let values = &x.values[number * channels * length..(number + 1) * channels * length];
        let samples =
            (0..length).flat_map(|time| (0..channels).map(move |channel| values[channel * length + time]));
        let group = groups.as_ref().map(|groups| groups[number].clone());
        RawWindow { samples: samples.collect(), channels, label, group, position: format!("x[{number}]") }
    };
    Ok(labels.into_iter().enumerate().map(window).collect())
}

/// An array of numbers; those that are not finite are missing, but infinite ones are refused.
fn numbers(bytes: &[u8]) -> Result<Entries<f32>, String> {
    let (file, kind, size) = open(bytes)?;
    let entries = match (kind, size) {
        (TypeChar::Float, 4) => entries::<f32, _>(file, |value| value),
        (TypeChar::Float, 8) => entries::<f64, _>(file, |value| value as f32),
        (TypeChar::Int, 1) => entries::<i8, _>(file, f32::from),
        (TypeChar::Int, 2) => entries::<i16, _>(file, f32::from),
        (TypeChar::Int, 4) => entries::<i32, _>(file, |value| value as f32),
        (TypeChar::Int, 8) => entries::<i64, _>(file, |value| value as f32),
        (TypeChar::Uint, 1) => entries::<u8, _>(file, f32::from),
        (TypeChar::Uint, 2) => entries::<u16, _>(file, f32::from),
        (TypeChar::Uint, 4) => entries::<u32, _>(file, |value| value as f32),
        (TypeChar::Uint, 8) => entries::<u64, _>(file, |value| value as f32),
        _ => Err(format!("entries of type {kind:?} with {size} bytes; numbers are integers, float32 or float64")),
    }?;
    match entries.values.iter().position(|value| value.is_infinite()) {
        Some(at) => Err(format!("entry {at} is infinite, or beyond 3.4e38; NaN says that a value is missing")),
        None => Ok(entries),
    }
}

/// An array of so many integers or texts, as texts.
fn words(bytes: &[u8], count: usize) -> Result<Vec<String>, String> {
    let (file, kind, size) = open(bytes)?;
    let entries = match (kind, size) {
        (TypeChar::UnicodeStr, _) => entries::<String, _>(file, |text| text),
        (TypeChar::Bool, _) => entries::<bool, _>(file, |value| value.to_string()),
        (TypeChar::Int, 1) => entries::<i8, _>(file, |value| value.to_string()),
        (TypeChar::Int, 2) => entries::<i16, _>(file, |value| value.to_string()),
        (TypeChar::Int, 4) => entries::<i32, _>(file, |value| value.to_string()),
        (TypeChar::Int, 8) => entries::<i64, _>(file, |value| value.to_string()),
        (TypeChar::Uint, 1) => entries::<u8, _>(file, |value| value.to_string()),
        (TypeChar::Uint, 2) => entries::<u16, _>(file, |value| value.to_string()),
        (TypeChar::Uint, 4) => entries::<u32, _>(file, |value| value.to_string()),
        (TypeChar::Uint, 8) => entries::<u64, _>(file, |value| value.to_string()),
        _ => Err(format!("entries of type {kind:?} with {size} bytes; names are integers or texts")),
    }?;
    if entries.shape == [count] {
        Ok(entries.values)
    } else {
        Err(format!("shape {:?}; there is one entry for each of the {count} windows of x", entries.shape))
    }
}

type NumpyFile<'b> = NpyFile<&'b [u8]>;

/// The array of some bytes, the kind of its entries, and their size: bytes, of texts characters. All bytes of its entries are
/// there.
fn open(bytes: &[u8]) -> Result<(NumpyFile<'_>, TypeChar, u64), String> {
    check_header(bytes)?;
    let file = NpyFile::new(bytes).map_err(|why| format!("not a whole array: {why}"))?;
    let DType::Plain(kind) = file.dtype() else {
        return Err("entries have fields; they must be numbers or texts".into());
    };
    let (kind, size) = (kind.type_char(), kind.size_field());
    let bytes_each = if kind == TypeChar::UnicodeStr { size.saturating_mul(4) } else { size };
    let needed = file.shape().iter().fold(bytes_each.max(1), |product, length| product.saturating_mul(*length));
    if needed > bytes.len() as u64 {
        return Err(format!("shape {:?} needs {needed} bytes, the file has {}", file.shape(), bytes.len()));
    }
    Ok((file, kind, size))
}

/// Refuses a header that is longer than the file, or than any that NumPy writes.
fn check_header(bytes: &[u8]) -> Result<(), String> {
    let length = match bytes {
        [0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, low, high, ..] => usize::from(u16::from_le_bytes([*low, *high])),
        [0x93, b'N', b'U', b'M', b'P', b'Y', 2..=3, _, a, b, c, d, ..] => {
            u32::from_le_bytes([*a, *b, *c, *d]) as usize
        }
        _ => return Err("not an array of NumPy".into()),
    };
    let most = MOST_HEADER.min(bytes.len());
    if length > most { Err(format!("a header of {length} bytes, at most {most} are read")) } else { Ok(()) }
}

/// All entries, the last index the fastest.
fn entries<T: npyz::Deserialize, U: Clone>(
    file: NumpyFile<'_>,
    convert: impl Fn(T) -> U,
) -> Result<Entries<U>, String> {
    let shape: Vec<_> = file.shape().iter().map(|length| *length as usize).collect();
    let order = file.order();
    let values = file.into_vec::<T>().map_err(|why| format!("not a whole array: {why}"))?;
    let values: Vec<U> = values.into_iter().map(convert).collect();
    let values = if order == Order::Fortran { reordered(&shape, &values) } else { values };
    Ok(Entries { shape, values })
}

/// Entries whose first index is the fastest, with the last one the fastest.
fn reordered<U: Clone>(shape: &[usize], values: &[U]) -> Vec<U> {
    let position = |mut index: usize| {
        let mut position = 0;
        let mut strides: Vec<usize> = shape
            .iter()
            .scan(1, |stride, length| {
                let this = *stride;
                *stride *= length;
                Some(this)
            })
            .collect();
        for length in shape.iter().rev() {
            position += index % length * strides.pop().unwrap_or(1);
            index /= length;
        }
        position
    };
    (0..values.len()).map(|index| values[position(index)].clone()).collect()
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
        windows(Path::new("a.npz"), WindowArrays { x, y, group: None }).map_err(|error| error.to_string())
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
    fn what_is_not_whole_is_refused_before_memory_is_taken() {
        let fault = |x: Vec<u8>| read(x, labels()).unwrap_err();
        let huge = fault(array("<f4", false, "(4000000000, 4000000000, 2)", &[0; 8]));
        assert!(huge.contains("a.npz: x: shape") && huge.contains("the file has 136"), "{huge}");
        assert!(fault(b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec()).contains("a header of 4294967295 bytes"));
        assert!(fault(b"PK".to_vec()).contains("not an array of NumPy"));
        assert!(fault(array("<f4", false, "(2,)", &[0; 8])).contains("1 dimensions"));
        assert!(
            fault(array("<f4", false, "(2, 1)", &[0, 0, 0x80, 0x7f, 0, 0, 0, 0])).contains("entry 0 is infinite")
        );
        assert!(fault(array("<c8", false, "(1, 1)", &[0; 8])).contains("numbers are integers"));
        let few = read(array("<i2", false, "(3, 1)", &bytes(0..3)), labels()).unwrap_err();
        assert!(few.contains("a.npz: y: shape [2]; there is one entry for each of the 3 windows"), "{few}");
    }
}
