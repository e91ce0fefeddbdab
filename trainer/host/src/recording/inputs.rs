//! Inputs that are played: spikes and analog values of an `.npz`, as a recording has them, as an episode without a task.
//!
//! The file may come from anyone; every array is checked against the network before it is used.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use metaplastic_files::npy::NumberArray;
use metaplastic_files::npz::{NpzError, NpzFile};
use metaplastic_shared::network::NetworkDescription;
use metaplastic_task::episode::Episode;
use metaplastic_task::unseen::Episodes;

/// The arrays that are read.
const SPIKES: &str = "input_spikes";
const ANALOG: &str = "input_analog";
const ANALOG_SCALE: &str = "input_analog.scale";
const RESETS: &str = "state_reset";
const STEPS: &str = "step";
/// Bytes that a value of a file takes at most in memory, for each of its bytes.
const GROWTH: u64 = 16;

/// Why inputs cannot be played; names the file and the array.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputsError {
    /// The file or an array cannot be read.
    #[error(transparent)]
    Npz(#[from] NpzError),
    /// An array is missing.
    #[error("{}: array {array:?} is missing: the network takes {needed} {what} a step", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// The array.
        array: &'static str,
        /// How many values a step takes.
        needed: usize,
        /// What they are.
        what: &'static str,
    },
    /// An array has another shape than it must have.
    #[error("{}: array {array:?} has shape {shape:?}, it must be {needed}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// The array.
        array: &'static str,
        /// The shape it has.
        shape: Vec<usize>,
        /// The shape it must have.
        needed: String,
    },
    /// A value is not allowed.
    #[error("{}: array {array:?}, value {index}: {value} is not {allowed}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The array.
        array: &'static str,
        /// Index of the value, over all dimensions.
        index: usize,
        /// The value.
        value: f64,
        /// What is.
        allowed: &'static str,
    },
    /// Steps were left out.
    #[error(
        "{}: steps are left out behind step {behind}, so that its inputs cannot be played: record them without --every",
        path.display()
    )]
    LeftOut {
        /// The file.
        path: PathBuf,
        /// The last step before the gap.
        behind: f64,
    },
}

/// One episode of inputs without decisions.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayedInputs(Episode);

impl PlayedInputs {
    /// Reads the inputs of a network from an `.npz` of which no array takes more than `limit` bytes of memory:
    /// `input_spikes` [steps, neurons] of 0 and 1, `input_analog` [steps, values], times `input_analog.scale` if that is
    /// there, and the steps before which the state becomes zero, `state_reset`, a value for each step, if that is there.
    ///
    /// # Errors
    /// If the file cannot be read or does not fit the network; names the file and the array.
    pub fn read(path: &Path, network: &NetworkDescription, limit: u64) -> Result<Self, InputsError> {
        let file = NpzFile::open(path, limit / GROWTH)?;
        let mut source = InputsFile { file, steps: None };
        let spikes = source.rows(SPIKES, network.input_size(), "input neurons")?;
        let analog = source.rows(ANALOG, network.analog_values(), "analog values")?;
        let steps = source.steps.unwrap_or(0);
        let mut episode = Episode::silent(network, steps);
        for (index, value) in spikes.iter().enumerate() {
            match value {
                0.0 => {}
                1.0 => episode.spike(index / network.input_size(), index % network.input_size()),
                _ => return Err(source.value(SPIKES, index, *value, "0 or 1")),
            }
        }
        episode.analog = source.scaled(&analog, network.analog_values())?;
        episode.state_resets = source.resets()?;
        source.check_steps()?;
        Ok(Self(episode))
    }

    /// Their steps.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.0.steps
    }
}

impl Episodes for PlayedInputs {
    fn count(&self) -> u64 {
        1
    }

    fn episode(&self, _: u64) -> Cow<'_, Episode> {
        Cow::Borrowed(&self.0)
    }
}

/// A file of inputs, and how many steps its arrays have.
struct InputsFile {
    file: NpzFile,
    steps: Option<usize>,
}

impl InputsFile {
    /// The values of an array of so many columns, and as many rows as all such arrays have.
    fn rows(&mut self, array: &'static str, columns: usize, what: &'static str) -> Result<Vec<f64>, InputsError> {
        let Some(NumberArray { shape, values }) = self.file.numbers(array)? else {
            let missing = InputsError::Missing { path: self.path(), array, needed: columns, what };
            return if columns == 0 { Ok(Vec::new()) } else { Err(missing) };
        };
        let fits = |steps: usize| steps > 0 && self.steps.is_none_or(|all| all == steps);
        match shape[..] {
            [steps, given] if given == columns && columns > 0 && fits(steps) => {
                self.steps = Some(steps);
                Ok(values)
            }
            _ => {
                let steps = self.steps.map_or("steps".to_owned(), |steps| steps.to_string());
                let needed = format!("[{steps}, {columns}], as the network takes {columns} {what} a step");
                Err(InputsError::Shape { path: self.path(), array, shape, needed })
            }
        }
    }

    /// Analog values times their scales.
    fn scaled(&mut self, values: &[f64], columns: usize) -> Result<Vec<f32>, InputsError> {
        let scales = match self.file.numbers(ANALOG_SCALE)? {
            Some(NumberArray { shape, values }) if shape.is_empty() => vec![values[0]; columns],
            Some(NumberArray { shape, values }) if shape == [columns] => values,
            Some(NumberArray { shape, .. }) => {
                let needed = format!("[] or [{columns}]");
                return Err(InputsError::Shape { path: self.path(), array: ANALOG_SCALE, shape, needed });
            }
            None => vec![1.0; columns],
        };
        let scaled = values.iter().zip(scales.iter().cycle()).map(|(value, scale)| value * scale);
        let scaled: Vec<f64> = scaled.collect();
        match scaled.iter().position(|value| !value.is_finite()) {
            Some(index) => Err(self.value(ANALOG, index, scaled[index], "a finite number")),
            None => Ok(scaled.into_iter().map(|value| value as f32).collect()),
        }
    }

    fn resets(&mut self) -> Result<Vec<usize>, InputsError> {
        let flags = self.column(RESETS)?;
        Ok(flags.iter().enumerate().filter(|(_, flag)| **flag != 0.0).map(|(step, _)| step).collect())
    }

    /// Refuses steps between which others were left out.
    fn check_steps(&mut self) -> Result<(), InputsError> {
        let steps = self.column(STEPS)?;
        match steps.iter().zip(steps.iter().skip(1)).find(|(step, next)| **step + 1.0 != **next) {
            Some((step, _)) => Err(InputsError::LeftOut { path: self.path(), behind: *step }),
            None => Ok(()),
        }
    }

    /// An array of one value a step, if it is there.
    fn column(&mut self, array: &'static str) -> Result<Vec<f64>, InputsError> {
        let steps = self.steps.unwrap_or(0);
        match self.file.numbers(array)? {
            Some(NumberArray { shape, values }) if shape == [steps] => Ok(values),
            Some(NumberArray { shape, .. }) => {
                Err(InputsError::Shape { path: self.path(), array, shape, needed: format!("[{steps}]") })
            }
            None => Ok(Vec::new()),
        }
    }

    fn value(&self, array: &'static str, index: usize, value: f64, allowed: &'static str) -> InputsError {
        InputsError::Value { path: self.path(), array, index, value, allowed }
    }

    fn path(&self) -> PathBuf {
        self.file.path().to_owned()
    }
}
