//! Arrays in numpy's `.npz`: a zip with a `.npy` for each array. It knows nothing of what the arrays are.
//!
//! What is read may come from anyone: an array is read up to a limit.
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
use std::io::{self, BufReader, Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};

use npyz::{DType, WriteOptions, WriterBuilder};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::npy::{self, NumberArray, TextArray};
use crate::regular;

/// The ending of an array's file in the zip.
const ENDING: &str = ".npy";

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

impl NpzError {
    /// An array of a file that cannot be read.
    #[must_use]
    pub fn array(path: &Path, array: &str, why: io::Error) -> Self {
        Self::Array { path: path.to_owned(), array: array.to_owned(), why }
    }
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
pub struct NpzFile<R = BufReader<std::fs::File>> {
    path: PathBuf,
    zip: ZipArchive<R>,
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
        Self::of(path, BufReader::new(file), limit)
    }
}

impl<R: Read + Seek> NpzFile<R> {
    /// What `reader` reads, of the file `path`, as [`open`](NpzFile::open).
    ///
    /// # Errors
    /// If it is no zip; names the file.
    pub fn of(path: &Path, reader: R, limit: u64) -> Result<Self, NpzError> {
        let zip = ZipArchive::new(reader).map_err(|why| NpzError::Zip { path: path.to_owned(), why })?;
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
        self.array(name, npy::numbers)
    }

    /// The names of an array; none if there is no array of this name.
    ///
    /// # Errors
    /// If it is damaged, too large or of something else; names the file and the array.
    pub fn texts(&mut self, name: &str) -> Result<Option<TextArray>, NpzError> {
        self.array(name, npy::texts)
    }

    fn array<A>(&mut self, name: &str, decode: fn(&[u8]) -> io::Result<A>) -> Result<Option<A>, NpzError> {
        let found = self.bytes(name).and_then(|bytes| bytes.map(|bytes| decode(&bytes)).transpose());
        found.map_err(|why| NpzError::array(&self.path, name, why))
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
        let meta = file.texts("meta").unwrap().map(|array| (array.shape, array.values));
        assert_eq!(meta, Some((vec![], vec!["{\"a\": \"\u{e4}\u{1f600}\"}".to_owned()])));
        assert!(file.texts("g.scale").is_err() && file.numbers("meta").is_err());
        assert_eq!(to_bytes(&arrays()).unwrap(), to_bytes(&arrays()).unwrap());
    }

    #[test]
    fn an_array_of_another_length_than_its_shape_is_not_written() {
        let array = NumpyArray { shape: vec![3], values: NumpyValues::U8(vec![1; 2]) };
        assert!(to_bytes(&[("a".to_owned(), array)].into()).is_err());
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
                        let _ = (file.numbers(name), file.texts(name));
                    }
                }
            }
        }
    }
}
