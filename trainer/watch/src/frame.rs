//! A message to the page: a header in JSON and arrays of numbers behind it.
//!
//! ```text
//! bytes = length of the header (u32) | header | zeros up to a multiple of 8 | arrays, each from a multiple of 8 on
//! ```
//!
//! All numbers are little-endian. The header's `arrays` say of each its name, its type as JavaScript calls it, where it
//! begins behind the header, and how many values it has. It knows nothing of what they mean.

use serde::Serialize;
use serde_json::Value;

/// The alignment of what JavaScript views as arrays.
const ALIGNMENT: usize = 8;

/// The values of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FrameValues {
    Bytes(Vec<u8>),
    I16(Vec<i16>),
    F32(Vec<f32>),
}

/// An array of a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FrameArray {
    pub(crate) name: String,
    pub(crate) values: FrameValues,
}

/// Where the page finds an array.
#[derive(Serialize)]
struct ArrayPosition<'a> {
    name: &'a str,
    kind: &'static str,
    offset: usize,
    length: usize,
}

/// The bytes of a message, of a header that is a JSON object.
pub(crate) fn encode(mut header: Value, arrays: &[FrameArray]) -> Vec<u8> {
    let mut payload = Vec::new();
    let positions: Vec<_> = arrays.iter().map(|array| append(&mut payload, array)).collect();
    header["arrays"] = serde_json::json!(positions);
    let header = header.to_string();
    let mut bytes = (header.len() as u32).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    align(&mut bytes);
    bytes.extend(payload);
    bytes
}

fn append<'a>(payload: &mut Vec<u8>, array: &'a FrameArray) -> ArrayPosition<'a> {
    align(payload);
    let offset = payload.len();
    let (kind, length) = match &array.values {
        FrameValues::Bytes(values) => {
            payload.extend(values);
            ("Uint8Array", values.len())
        }
        FrameValues::I16(values) => {
            payload.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            ("Int16Array", values.len())
        }
        FrameValues::F32(values) => {
            payload.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            ("Float32Array", values.len())
        }
    };
    ArrayPosition { name: &array.name, kind, offset, length }
}

fn align(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_begin_where_the_header_says() {
        let arrays = [
            FrameArray { name: "a".into(), values: FrameValues::Bytes(vec![1, 2, 3]) },
            FrameArray { name: "b".into(), values: FrameValues::I16(vec![-2, 256]) },
        ];
        let bytes = encode(serde_json::json!({ "step": 7 }), &arrays);
        let length = u32::from_le_bytes(bytes[..4].try_into().unwrap()) as usize;
        let header: Value = serde_json::from_slice(&bytes[4..4 + length]).unwrap();
        assert_eq!(header["step"], 7);
        assert_eq!(header["arrays"][1]["offset"], 8);
        let payload = &bytes[(4 + length).next_multiple_of(ALIGNMENT)..];
        assert_eq!(payload, [1, 2, 3, 0, 0, 0, 0, 0, 254, 255, 0, 1]);
    }
}
