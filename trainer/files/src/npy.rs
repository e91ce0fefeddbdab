//! An array in numpy's `.npy`, as numbers or as names, whatever type and order it has. It knows nothing of what it is of.
//!
//! What is read may come from anyone: a shape in a header is believed only if as many bytes follow it.
//!
//! ```
//! use metaplastic_files::npy::{numbers, texts};
//!
//! // Two rows of three numbers, column by column, as numpy writes them in Fortran order.
//! let header = "{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }\n";
//! let start = [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat();
//! let bytes = [&start[..], &[1, 4, 2, 5, 3, 6]].concat();
//!
//! assert_eq!(numbers(&bytes).unwrap().values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
//! assert_eq!(texts(&bytes).unwrap().shape, [2, 3]);
//! assert!(numbers(&bytes[..bytes.len() - 1]).unwrap_err().to_string().contains("5 bytes behind the header"));
//! ```
//!
//! ```
//! use metaplastic_files::npy::numbers;
//!
//! // What numpy.save writes of numpy.array([[1, -2], [300, 4]], dtype="<i2").
//! let header = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 2), }";
//! let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
//! bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
//! bytes.extend(header.as_bytes());
//! bytes.extend([1_i16, -2, 300, 4].into_iter().flat_map(i16::to_le_bytes));
//! let array = numbers(&bytes).unwrap();
//! assert_eq!((array.shape, array.values), (vec![2, 2], vec![1.0, -2.0, 300.0, 4.0]));
//!
//! bytes.pop();
//! assert!(numbers(&bytes).unwrap_err().to_string().contains("7 bytes behind the header"));
//! ```

use std::io;

use npyz::{DType, Deserialize, NpyFile, NpyHeader, Order, TypeChar};

/// Bytes that the header of an array may have; numpy's has about 120.
const MOST_HEADER: usize = 4096;

/// The entries of an array that was read, of whatever type they were.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries<T> {
    /// Its dimensions; none of a single value.
    pub shape: Vec<usize>,
    /// Its values, the last index fastest.
    pub values: Vec<T>,
}

/// Entries as numbers.
pub type NumberArray = Entries<f64>;
/// Entries as names.
pub type TextArray = Entries<String>;

/// The numbers of a `.npy`: integers, booleans, floats of 32 or 64 bits.
///
/// # Errors
/// If it is damaged or not of numbers.
pub fn numbers(bytes: &[u8]) -> io::Result<NumberArray> {
    let (file, kind, size) = open(bytes)?;
    match (kind, size) {
        (TypeChar::Bool, _) => entries(file, |value: bool| f64::from(u8::from(value))),
        (TypeChar::Uint, 1) => entries(file, |value: u8| value.into()),
        (TypeChar::Uint, 2) => entries(file, |value: u16| value.into()),
        (TypeChar::Uint, 4) => entries(file, |value: u32| value.into()),
        (TypeChar::Uint, 8) => entries(file, |value: u64| value as f64),
        (TypeChar::Int, 1) => entries(file, |value: i8| value.into()),
        (TypeChar::Int, 2) => entries(file, |value: i16| value.into()),
        (TypeChar::Int, 4) => entries(file, |value: i32| value.into()),
        (TypeChar::Int, 8) => entries(file, |value: i64| value as f64),
        (TypeChar::Float, 4) => entries(file, |value: f32| value.into()),
        (TypeChar::Float, 8) => entries(file, |value: f64| value),
        _ => Err(damaged(format!(
            "of {}, not of integers, booleans or floats of 32 or 64 bits",
            file.dtype().descr()
        ))),
    }
}

/// The names of a `.npy`: texts, integers or booleans.
///
/// # Errors
/// If it is damaged or of something else.
pub fn texts(bytes: &[u8]) -> io::Result<TextArray> {
    let (file, kind, size) = open(bytes)?;
    match (kind, size) {
        (TypeChar::UnicodeStr, _) => entries(file, |text: String| text),
        (TypeChar::Bool, _) => entries(file, |value: bool| value.to_string()),
        (TypeChar::Uint, 1) => entries(file, |value: u8| value.to_string()),
        (TypeChar::Uint, 2) => entries(file, |value: u16| value.to_string()),
        (TypeChar::Uint, 4) => entries(file, |value: u32| value.to_string()),
        (TypeChar::Uint, 8) => entries(file, |value: u64| value.to_string()),
        (TypeChar::Int, 1) => entries(file, |value: i8| value.to_string()),
        (TypeChar::Int, 2) => entries(file, |value: i16| value.to_string()),
        (TypeChar::Int, 4) => entries(file, |value: i32| value.to_string()),
        (TypeChar::Int, 8) => entries(file, |value: i64| value.to_string()),
        _ => Err(damaged(format!("of {}, not of texts or integers", file.dtype().descr()))),
    }
}

/// An array, the kind of its entries, and their size.
fn open(bytes: &[u8]) -> io::Result<(NpyFile<&[u8]>, TypeChar, u64)> {
    let file = checked(bytes)?;
    let DType::Plain(kind) = file.dtype() else {
        return Err(damaged("of records; it must be of numbers or texts"));
    };
    let (kind, size) = (kind.type_char(), kind.size_field());
    Ok((file, kind, size))
}

fn entries<T: Deserialize, U: Clone>(file: NpyFile<&[u8]>, convert: fn(T) -> U) -> io::Result<Entries<U>> {
    let shape: Vec<_> = file.shape().iter().map(|length| *length as usize).collect();
    let order = file.order();
    let values = file.data::<T>().map_err(|why| damaged(why.to_string()))?;
    let values = values.map(|value| value.map(convert)).collect::<io::Result<Vec<_>>>()?;
    let values = if order == Order::Fortran { last_fastest(&shape, &values) } else { values };
    Ok(Entries { shape, values })
}

/// Entries whose first index is the fastest, with the last one the fastest.
fn last_fastest<U: Clone>(shape: &[usize], values: &[U]) -> Vec<U> {
    let position = |mut index: usize| {
        let (mut position, mut stride) = (0, values.len());
        for length in shape.iter().rev() {
            stride /= length;
            position += index % length * stride;
            index /= length;
        }
        position
    };
    (0..values.len()).map(|index| values[position(index)].clone()).collect()
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
    if matches!(file.dtype(), DType::Plain(kind) if kind.type_char() == TypeChar::Object) {
        return Err(damaged("of objects; numpy's astype(str) or astype(float) makes texts or numbers of them"));
    }
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

    /// Two rows of three numbers or texts in either order.
    #[test]
    fn an_array_in_fortran_order_is_read_as_the_same_array() {
        let array = |order: &str, shape: &str, values: &[i16]| {
            let header = format!("{{'descr': '<i2', 'fortran_order': {order}, 'shape': {shape}, }}");
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            [npy(&header, 0), bytes].concat()
        };
        let last_fastest = array("False", "(2, 3)", &[1, 2, 3, 4, 5, 6]);
        let first_fastest = array("True", "(2, 3)", &[1, 4, 2, 5, 3, 6]);
        assert_eq!(numbers(&first_fastest).unwrap(), numbers(&last_fastest).unwrap());
        assert_eq!(texts(&first_fastest).unwrap().values, ["1", "2", "3", "4", "5", "6"]);
        let deep = array("True", "(2, 1, 2, 2)", &[0, 4, 2, 6, 1, 5, 3, 7]);
        assert_eq!(numbers(&deep).unwrap().values, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    }

    #[test]
    fn what_is_neither_numbers_nor_names_is_refused_by_its_type() {
        let array = |descr: &str, bytes| {
            npy(&format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}"), bytes)
        };
        let complex = numbers(&array("'<c8'", 8)).unwrap_err().to_string();
        assert!(complex.contains("<c8") && complex.contains("not of integers, booleans or floats"), "{complex}");
        let float = texts(&array("'<f4'", 4)).unwrap_err().to_string();
        assert!(float.contains("<f4") && float.contains("not of texts or integers"), "{float}");
        assert!(texts(&array("'|O'", 30)).unwrap_err().to_string().contains("objects; numpy's astype(str)"));
        assert!(numbers(&array("[('a', '<i2')]", 2)).unwrap_err().to_string().contains("records"));
    }
}
