//! Arrays in numpy's `.npz`: a zip with a `.npy` for each array. It knows nothing of what the arrays are.
//!
//! What is read may come from anyone: a file is read up to a limit, and the shape in a header is believed only if as many
//! bytes follow it.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Cursor, Read, Write};
use std::path::{Path, PathBuf};

use npyz::{NpyHeader, WriteOptions, WriterBuilder};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

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
    let options = WriteOptions::<str>::new().dtype(npyz::DType::Plain(kind));
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

fn damaged(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}
