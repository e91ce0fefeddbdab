//! Arrays in numpy's `.npz`: a zip with a `.npy` for each array. It knows nothing of what the arrays are.
//!
//! What is read may come from anyone: a file is read up to a limit, and the shape in a header is believed only if as many
//! bytes follow it.
//!
//! ```
//! use metaplastic_files::npz::{NpzFile, NumpyArray, NumpyArrays, NumpyValues, to_bytes};
//! use metaplastic_files::temporary::TemporaryFolder;
//!
//! let potential = NumpyArray { shape: vec![2, 3], values: NumpyValues::I16(vec![1, 2, 3, 4, 5, 6]) };
//! let arrays = NumpyArrays::from([
//!     ("potential".to_owned(), potential),
//!     ("potential.scale".to_owned(), NumpyArray::number(0.25)),
//! ]);
//! let folder = TemporaryFolder::new().unwrap();
//! let path = folder.path().join("life.npz");
//! std::fs::write(&path, to_bytes(&arrays).unwrap()).unwrap();
//!
//! let mut file = NpzFile::open(&path, 1 << 20).unwrap();
//! let read = file.numbers("potential").unwrap().unwrap();
//! assert_eq!((read.shape, read.values[4]), (vec![2, 3], 5.0));
//! assert_eq!(file.numbers("potential.scale").unwrap().unwrap().values, [0.25]);
//! assert!(file.numbers("current").unwrap().is_none());
//! ```

use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};

use npyz::{DType, Deserialize, NpyFile, NpyHeader, Order, TypeChar, WriteOptions, WriterBuilder};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::regular;

/// The ending of an array's file in the zip.
const ENDING: &str = ".npy";
/// Bytes that the header of an array may have; numpy's has about 120.
const MOST_HEADER: usize = 4096;

/// An array, the last index fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct NumpyArray {
    /// Its dimensions; none of a single value.
    pub shape: Vec<usize>,
    /// As many values as the product of the dimensions.
    pub values: NumpyValues,
}

/// The values of an array.
#[derive(Clone, Debug, PartialEq)]
pub enum NumpyValues {
    /// Unsigned, 8 bits.
    U8(Vec<u8>),
    /// Unsigned, 16 bits.
    U16(Vec<u16>),
    /// Signed, 16 bits.
    I16(Vec<i16>),
    /// Signed, 32 bits.
    I32(Vec<i32>),
    /// Signed, 64 bits.
    I64(Vec<i64>),
    /// Floats of 64 bits.
    F64(Vec<f64>),
    /// One text.
    Text(String),
}

/// Arrays by their names.
pub type NumpyArrays = BTreeMap<String, NumpyArray>;

/// Numbers of an array that was read, of whatever type they were.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberArray {
    /// Its dimensions.
    pub shape: Vec<usize>,
    /// Its values, the last index fastest.
    pub values: Vec<f64>,
}

/// Why arrays cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NpzError {
    /// The file cannot be read.
    #[error("{}: cannot be read: {why}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        why: io::Error,
    },
    /// It is no zip.
    #[error("{}: not an .npz file, as numpy.savez writes it: {why}", path.display())]
    Zip {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: zip::result::ZipError,
    },
    /// An array cannot be read.
    #[error("{}: array {array:?}: {why}", path.display())]
    Array {
        /// The file.
        path: PathBuf,
        /// Its name.
        array: String,
        /// What is wrong with it.
        why: io::Error,
    },
}

impl NumpyArray {
    /// A text as an array without dimensions.
    #[must_use]
    pub fn text(text: String) -> Self {
        Self { shape: Vec::new(), values: NumpyValues::Text(text) }
    }

    /// A number as an array without dimensions.
    #[must_use]
    pub fn number(value: f64) -> Self {
        Self { shape: Vec::new(), values: NumpyValues::F64(vec![value]) }
    }
}

/// The bytes of an `.npz` with these arrays, compressed; the same for the same arrays.
///
/// # Errors
/// If an array has not as many values as its shape says.
pub fn to_bytes(arrays: &NumpyArrays) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    for (name, array) in arrays {
        zip.start_file(format!("{name}{ENDING}"), options)?;
        write_array(&mut zip, array)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn write_array(writer: &mut impl Write, array: &NumpyArray) -> io::Result<()> {
    let mut bytes = Vec::new();
    match &array.values {
        NumpyValues::U8(values) => write_values(&mut bytes, &array.shape, values)?,
        NumpyValues::U16(values) => write_values(&mut bytes, &array.shape, values)?,
        NumpyValues::I16(values) => write_values(&mut bytes, &array.shape, values)?,
        NumpyValues::I32(values) => write_values(&mut bytes, &array.shape, values)?,
        NumpyValues::I64(values) => write_values(&mut bytes, &array.shape, values)?,
        NumpyValues::F64(values) => write_values(&mut bytes, &array.shape, values)?,
        NumpyValues::Text(text) => write_text(&mut bytes, text)?,
    }
    writer.write_all(&bytes)
}

fn write_values<T: npyz::AutoSerialize>(writer: impl Write, shape: &[usize], values: &[T]) -> io::Result<()> {
    let shape: Vec<u64> = shape.iter().map(|size| *size as u64).collect();
    let mut array = WriteOptions::new().default_dtype().shape(&shape).writer(writer).begin_nd()?;
    values.iter().try_for_each(|value| array.push(value))?;
    array.finish()
}

fn write_text(writer: impl Write, text: &str) -> io::Result<()> {
    let characters = text.chars().count().max(1);
    let kind = format!("<U{characters}").parse().map_err(io::Error::other)?;
    let options = WriteOptions::<str>::new().dtype(DType::Plain(kind));
    let mut array = options.shape(&[]).writer(writer).begin_nd()?;
    array.push(text)?;
    array.finish()
}

/// An `.npz` that is read array by array.
pub struct NpzFile {
    path: PathBuf,
    zip: ZipArchive<BufReader<std::fs::File>>,
    /// Bytes that an array may have.
    limit: u64,
}

impl NpzFile {
    /// Opens a file, of which each array that is read may have `limit` bytes.
    ///
    /// # Errors
    /// If it cannot be read or is no zip; names the file.
    pub fn open(path: &Path, limit: u64) -> Result<Self, NpzError> {
        let file = regular::open(path).map_err(|why| NpzError::Read { path: path.to_owned(), why })?;
        let zip = ZipArchive::new(BufReader::new(file));
        let zip = zip.map_err(|why| NpzError::Zip { path: path.to_owned(), why })?;
        Ok(Self { path: path.to_owned(), zip, limit })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The numbers of an array; none if there is no array of this name.
    ///
    /// # Errors
    /// If it is damaged, too large or not of numbers; names the file and the array.
    pub fn numbers(&mut self, name: &str) -> Result<Option<NumberArray>, NpzError> {
        let found = self.bytes(name).and_then(|bytes| bytes.map(|bytes| numbers(&bytes)).transpose());
        found.map_err(|why| NpzError::Array { path: self.path.clone(), array: name.to_owned(), why })
    }

    /// A text, as [`NumpyArray::text`] writes it; none if there is no array of this name.
    ///
    /// # Errors
    /// If it is damaged, too large or not one text; names the file and the array.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, NpzError> {
        let found = self.bytes(name).and_then(|bytes| bytes.map(|bytes| text(&bytes)).transpose());
        found.map_err(|why| NpzError::Array { path: self.path.clone(), array: name.to_owned(), why })
    }

    fn bytes(&mut self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match self.zip.by_name(&format!("{name}{ENDING}")) {
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            file => file?,
        };
        let mut bytes = Vec::new();
        file.take(self.limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > self.limit {
            let limit = self.limit;
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("larger than {limit} bytes")));
        }
        Ok(Some(bytes))
    }
}

/// The numbers of a `.npy`.
fn numbers(bytes: &[u8]) -> io::Result<NumberArray> {
    let file = checked(bytes)?;
    if file.order() == Order::Fortran && file.shape().len() > 1 {
        return Err(damaged("in Fortran order; write numpy.ascontiguousarray of it"));
    }
    let shape = file.shape().iter().map(|size| *size as usize).collect();
    let DType::Plain(kind) = file.dtype() else { return Err(damaged("of records, not of numbers")) };
    let values = match (kind.type_char(), kind.size_field()) {
        (TypeChar::Bool, _) => as_numbers(file, |value: bool| f64::from(u8::from(value))),
        (TypeChar::Uint, 1) => as_numbers(file, |value: u8| value.into()),
        (TypeChar::Uint, 2) => as_numbers(file, |value: u16| value.into()),
        (TypeChar::Uint, 4) => as_numbers(file, |value: u32| value.into()),
        (TypeChar::Uint, 8) => as_numbers(file, |value: u64| value as f64),
        (TypeChar::Int, 1) => as_numbers(file, |value: i8| value.into()),
        (TypeChar::Int, 2) => as_numbers(file, |value: i16| value.into()),
        (TypeChar::Int, 4) => as_numbers(file, |value: i32| value.into()),
        (TypeChar::Int, 8) => as_numbers(file, |value: i64| value as f64),
        (TypeChar::Float, 4) => as_numbers(file, |value: f32| value.into()),
        (TypeChar::Float, 8) => as_numbers(file, |value: f64| value),
        _ => Err(damaged(format!("of type {kind}, not of integers, booleans or floats of 32 or 64 bits"))),
    };
    Ok(NumberArray { shape, values: values? })
}

fn as_numbers<T: Deserialize>(file: NpyFile<&[u8]>, number: fn(T) -> f64) -> io::Result<Vec<f64>> {
    file.data::<T>().map_err(|why| damaged(why.to_string()))?.map(|value| value.map(number)).collect()
}

fn text(bytes: &[u8]) -> io::Result<String> {
    let file = checked(bytes)?;
    let texts: Vec<String> = file.data().map_err(|why| damaged(why.to_string()))?.collect::<io::Result<_>>()?;
    let [text] =
        <[String; 1]>::try_from(texts).map_err(|texts| damaged(format!("{} texts, not one", texts.len())))?;
    Ok(text)
}

/// A `.npy` behind whose header there are as many bytes as the header says.
///
/// The library multiplies the sizes of a header without a check and takes as much memory for the header as it says, so
/// both are looked at before.
fn checked(bytes: &[u8]) -> io::Result<NpyFile<&[u8]>> {
    let header = bytes.get(8..).unwrap_or_default();
    let length = match bytes.get(6) {
        Some(1) => header.first_chunk().map(|length| usize::from(u16::from_le_bytes(*length))),
        _ => header.first_chunk().map(|length| u32::from_le_bytes(*length) as usize),
    };
    let length = length.filter(|length| *length <= bytes.len().min(MOST_HEADER));
    let length = length.ok_or_else(|| damaged("no .npy, or with a header that is too long"))?;
    if !has_small_product(&header[..header.len().min(length + 4)]) {
        return Err(damaged("its shape is too large"));
    }
    let mut rest = bytes;
    let header = NpyHeader::from_reader(&mut rest)?;
    let file = NpyFile::with_header(header, rest);
    let item = file.dtype().num_bytes().unwrap_or(0) as u64;
    let needed = file.len().checked_mul(item);
    if needed != Some(rest.len() as u64) {
        return Err(damaged(format!(
            "{} bytes behind the header, its shape needs {} x {item}",
            rest.len(),
            file.len()
        )));
    }
    Ok(file)
}

/// Whether all numbers of a text that are not zero multiply to less than 2^63: those of a shape are among them.
fn has_small_product(text: &[u8]) -> bool {
    let mut numbers = text.split(|byte| !byte.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let product = numbers.try_fold(1_i64, |product, digits| {
        let number: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
        product.checked_mul(number.max(1))
    });
    product.is_some()
}

fn damaged(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrays() -> NumpyArrays {
        let array = |shape: &[usize], values| NumpyArray { shape: shape.to_vec(), values };
        [
            ("a.spikes", array(&[2, 3], NumpyValues::U8(vec![0, 1, 0, 1, 1, 0]))),
            ("b", array(&[2], NumpyValues::U16(vec![7, u16::MAX]))),
            ("c>d.P", array(&[1, 2, 1], NumpyValues::I16(vec![i16::MIN, 5]))),
            ("e", array(&[0, 4], NumpyValues::I32(Vec::new()))),
            ("f", array(&[1], NumpyValues::I64(vec![-(1 << 40)]))),
            ("g.scale", NumpyArray::number(0.125)),
            ("meta", NumpyArray::text("{\"a\": \"\u{e4}\u{1f600}\"}".into())),
        ]
        .map(|(name, array)| (name.to_owned(), array))
        .into()
    }

    fn opened(folder: &Path, bytes: &[u8], limit: u64) -> Result<NpzFile, NpzError> {
        let path = folder.join("arrays.npz");
        std::fs::write(&path, bytes).unwrap();
        NpzFile::open(&path, limit)
    }

    #[test]
    fn arrays_are_read_as_they_were_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = opened(folder.path(), &to_bytes(&arrays()).unwrap(), 1000).unwrap();
        let mut numbers = |name: &str| file.numbers(name).unwrap().map(|array| (array.shape, array.values));
        assert_eq!(numbers("a.spikes"), Some((vec![2, 3], vec![0.0, 1.0, 0.0, 1.0, 1.0, 0.0])));
        assert_eq!(numbers("b"), Some((vec![2], vec![7.0, 65535.0])));
        assert_eq!(numbers("c>d.P"), Some((vec![1, 2, 1], vec![-32768.0, 5.0])));
        assert_eq!(numbers("e"), Some((vec![0, 4], vec![])));
        assert_eq!(numbers("f"), Some((vec![1], vec![-1_099_511_627_776.0])));
        assert_eq!(numbers("g.scale"), Some((vec![], vec![0.125])));
        assert_eq!(numbers("h"), None);
        assert_eq!(file.text("meta").unwrap().as_deref(), Some("{\"a\": \"\u{e4}\u{1f600}\"}"));
        assert!(file.text("b").is_err() && file.numbers("meta").is_err());
        assert_eq!(to_bytes(&arrays()).unwrap(), to_bytes(&arrays()).unwrap());
    }

    #[test]
    fn an_array_of_another_length_than_its_shape_is_not_written() {
        let array = NumpyArray { shape: vec![3], values: NumpyValues::U8(vec![1; 2]) };
        assert!(to_bytes(&[("a".to_owned(), array)].into()).is_err());
    }

    /// A `.npy` with this header, and `bytes` behind it.
    fn npy(header: &str, bytes: usize) -> Vec<u8> {
        let length = (header.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), &vec![0; bytes]].concat()
    }

    #[test]
    fn a_header_that_promises_too_much_is_refused_before_memory_is_taken() {
        let shaped = |shape: &str, bytes| {
            let header = format!("{{'descr': '<i2', 'fortran_order': False, 'shape': {shape}, }}");
            numbers(&npy(&header, bytes)).map_err(|error| error.to_string())
        };
        assert_eq!(shaped("(2,)", 4), Ok(NumberArray { shape: vec![2], values: vec![0.0; 2] }));
        assert!(shaped("(2,)", 3).unwrap_err().contains("3 bytes behind the header, its shape needs 2 x 2"));
        assert!(shaped("(4000000000, 4000000000, 2)", 4).unwrap_err().contains("too large"));
        assert!(shaped("(0, 9000000000000000000, 9)", 0).unwrap_err().contains("too large"));
        assert!(shaped("(4000000000,)", 4).unwrap_err().contains("its shape needs"));
        let mut long = npy("", 10);
        long[6] = 2;
        long[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        for bytes in [&long[..], b"", b"\x93NUMPY\x01\x00", &npy(&"(".repeat(3000), 0)] {
            assert!(numbers(bytes).is_err());
        }
    }

    #[test]
    fn what_is_damaged_is_named_and_never_a_panic() {
        let folder = tempfile::tempdir().unwrap();
        let whole = to_bytes(&arrays()).unwrap();
        assert!(
            opened(folder.path(), b"PK", 99)
                .is_err_and(|error| error.to_string().contains("arrays.npz: not an .npz"))
        );
        let mut file = opened(folder.path(), &whole, 100).unwrap();
        let error = file.numbers("a.spikes").unwrap_err().to_string();
        assert!(error.contains("arrays.npz: array \"a.spikes\": larger than 100 bytes"), "{error}");
        for at in (0..whole.len()).step_by(7) {
            for damaged in [[&whole[..at], &[whole[at] ^ 0x55], &whole[at + 1..]].concat(), whole[..at].to_vec()] {
                if let Ok(mut file) = opened(folder.path(), &damaged, 1000) {
                    for name in arrays().keys() {
                        let _ = (file.numbers(name), file.text(name));
                    }
                }
            }
        }
    }
}
