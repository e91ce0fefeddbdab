//! Plants in a file of JSON: an array of objects with `a`, `b_linear`, `b_sine`, `c`, `d`, `initial_state` and the
//! `amplitudes` of the path's harmonics. Other fields, such as what a simulator reached on the plant, are left alone. This
//! file may not know how a plant is stepped.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use metaplastic_files::limit::{OutOfRange, within};
use metaplastic_files::regular::read_text;

use super::coefficients::PlantCoefficients;

/// Limit of a file's size, bytes; it suffices for 20,000 plants.
const MOST_BYTES: u64 = 16 << 20;
/// Limit of every number's magnitude.
const LARGEST: f64 = 1000.0;
/// Limit of harmonics.
const MOST_AMPLITUDES: usize = 64;

/// A plant of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct PlantRecord {
    /// Its coefficients.
    pub coefficients: PlantCoefficients,
    /// The controlled value before the first step.
    pub initial_state: f64,
    /// Amplitudes of the harmonics `0, 1, 2, ...` of its path.
    pub amplitudes: Vec<f64>,
}

/// Why plants cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlantFileError {
    /// The file cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The text is not an array of JSON.
    #[error("{}: not a JSON array of plants: {fault}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        fault: String,
    },
    /// There is no plant.
    #[error("{}: the array has no plant", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A plant's field is missing or of another type.
    #[error("{}: [{index}].{field} {fault}", path.display())]
    Field {
        /// The file.
        path: PathBuf,
        /// The plant, from 0.
        index: usize,
        /// The field.
        field: String,
        /// What is wrong.
        fault: &'static str,
    },
    /// A number is out of its range.
    #[error("{}: {range}", path.display())]
    Range {
        /// The file.
        path: PathBuf,
        /// The number.
        range: OutOfRange,
    },
}

/// The plants of a file.
///
/// # Errors
/// [`PlantFileError`] names file, plant and field.
pub fn read_plants(path: &Path) -> Result<Vec<PlantRecord>, PlantFileError> {
    let text =
        read_text(path, MOST_BYTES).map_err(|error| PlantFileError::Unreadable { path: path.to_owned(), error })?;
    plants_from_text(&text, path)
}

/// The plants of a text; `path` is named in errors.
///
/// # Errors
/// [`PlantFileError`] names file, plant and field.
pub fn plants_from_text(text: &str, path: &Path) -> Result<Vec<PlantRecord>, PlantFileError> {
    let plants: Vec<Value> = serde_json::from_str(text)
        .map_err(|error| PlantFileError::Syntax { path: path.to_owned(), fault: error.to_string() })?;
    if plants.is_empty() {
        return Err(PlantFileError::Empty { path: path.to_owned() });
    }
    plants.iter().enumerate().map(|(index, value)| PlantValue { path, index, value }.record()).collect()
}

/// One plant of a file, before it is read.
#[derive(Clone, Copy)]
struct PlantValue<'a> {
    path: &'a Path,
    index: usize,
    value: &'a Value,
}

impl PlantValue<'_> {
    fn record(self) -> Result<PlantRecord, PlantFileError> {
        let coefficients = PlantCoefficients {
            a: self.number("a")?,
            b_linear: self.number("b_linear")?,
            b_sine: self.number("b_sine")?,
            c: self.number("c")?,
            d: self.number("d")?,
        };
        let initial_state = self.number("initial_state")?;
        Ok(PlantRecord { coefficients, initial_state, amplitudes: self.amplitudes()? })
    }

    fn number(self, field: &str) -> Result<f64, PlantFileError> {
        let value = self.value.get(field).ok_or_else(|| self.fault(field, "is missing"))?;
        self.finite(field, value)
    }

    fn amplitudes(self) -> Result<Vec<f64>, PlantFileError> {
        let field = "amplitudes";
        let value = self.value.get(field).ok_or_else(|| self.fault(field, "is missing"))?;
        let values = value.as_array().ok_or_else(|| self.fault(field, "is not an array of numbers"))?;
        if !(1..=MOST_AMPLITUDES).contains(&values.len()) {
            return Err(self.fault(field, "does not have 1..=64 numbers"));
        }
        let numbers = values.iter().enumerate();
        numbers.map(|(number, value)| self.finite(&format!("{field}[{number}]"), value)).collect()
    }

    fn finite(self, field: &str, value: &Value) -> Result<f64, PlantFileError> {
        let number = value.as_f64().ok_or_else(|| self.fault(field, "is not a number"))?;
        let named = format!("[{}].{field}", self.index);
        within(named, number, -LARGEST..=LARGEST)
            .map_err(|range| PlantFileError::Range { path: self.path.to_owned(), range })?;
        Ok(number)
    }

    fn fault(self, field: &str, fault: &'static str) -> PlantFileError {
        PlantFileError::Field { path: self.path.to_owned(), index: self.index, field: field.to_owned(), fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANT: &str = r#"{"seed": 3, "a": 1, "b_linear": 0.5, "b_sine": -2.25, "c": 0, "d": 1e-3,
        "initial_state": -1.5, "amplitudes": [0.5, -0.25], "pd": {"rmse": 0.1}}"#;

    fn fault(text: &str) -> String {
        plants_from_text(text, Path::new("plants.json")).unwrap_err().to_string()
    }

    #[test]
    fn a_plant_has_the_numbers_of_its_fields() {
        let coefficients = PlantCoefficients { a: 1.0, b_linear: 0.5, b_sine: -2.25, c: 0.0, d: 1e-3 };
        let record = PlantRecord { coefficients, initial_state: -1.5, amplitudes: vec![0.5, -0.25] };
        let read = plants_from_text(&format!("[{PLANT}, {PLANT}]"), Path::new("")).unwrap();
        assert_eq!(read, vec![record.clone(), record]);
    }

    #[test]
    fn a_fault_names_file_plant_and_field() {
        let with = |from: &str, to: &str| fault(&format!("[{PLANT}, {}]", PLANT.replace(from, to)));
        assert_eq!(with(r#""c": 0,"#, ""), "plants.json: [1].c is missing");
        assert_eq!(with(r#""c": 0,"#, r#""c": "0","#), "plants.json: [1].c is not a number");
        assert_eq!(with(r#""c": 0,"#, r#""c": 1e9,"#), "plants.json: [1].c = 1e9 is not in -1000..=1000");
        assert_eq!(with("[0.5, -0.25]", "[0.5, null]"), "plants.json: [1].amplitudes[1] is not a number");
        assert_eq!(with("[0.5, -0.25]", "[]"), "plants.json: [1].amplitudes does not have 1..=64 numbers");
        assert_eq!(with("[0.5, -0.25]", "0.5"), "plants.json: [1].amplitudes is not an array of numbers");
        assert_eq!(with(r#""amplitudes": [0.5, -0.25],"#, ""), "plants.json: [1].amplitudes is missing");
        assert_eq!(fault("[]"), "plants.json: the array has no plant");
        assert_eq!(fault("[7]"), "plants.json: [0].a is missing");
        assert!(fault("{}").starts_with("plants.json: not a JSON array of plants: invalid type: map"));
        assert!(fault("[").starts_with("plants.json: not a JSON array of plants: EOF"));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = read_plants(Path::new("/nowhere/plants.json")).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/plants.json: "), "{error}");
    }
}
