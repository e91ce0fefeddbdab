//! What can be set of the task, and what each may be.

use metaplastic_shared::network::{MAX_CLASSES, MAX_INPUTS};
use serde::{Deserialize, Serialize};

use super::OneShot;
use super::synthetic;
use crate::seed::Purpose;
use metaplastic_files::limit::{OutOfRange, within};

/// How a picture becomes spikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// The same picture in every step: a pixel spikes if its intensity is above the threshold.
    Binary,
    /// Intensity as a number of spikes: in step t of T a pixel spikes if its intensity is above `(2 t + 1) / T` times
    /// the threshold.
    Graded,
}

/// Where drawings come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Files as Omniglot's, which have to be given.
    Omniglot,
    /// Pen strokes of this program.
    Synthetic,
}

/// The task's parameters; every one has a default.
///
/// Augmentation (`dihedral` to `erasing`) is of training episodes alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// Classes in an episode, 2 to `labels`.
    pub ways: u16,
    /// Labelled drawings of each class, 1 to 64.
    pub shots: u16,
    /// Drawings of each class that are asked for, 1 to 64.
    pub queries: u16,
    /// Label neurons, one a class a network can learn, 2 to 64.
    pub labels: u16,
    /// Pixels a side of the picture the network sees, 8 to 64.
    pub size: u16,
    /// Steps a picture is shown, 1 to 1000.
    pub steps: u16,
    /// The same while training, 0 to 1000; 0 for `steps`. A network trained on few steps is the better for more.
    pub training_steps: u16,
    /// How a picture becomes spikes.
    pub input: Input,
    /// The part of a pixel that ink has to cover, 0.01 to 1.
    pub threshold: f64,
    /// How far the eye moves, pixels of the picture, 0 to 8: step by step the picture is seen from four places, up, down,
    /// left and right of its middle by so much.
    pub gaze: f64,
    /// The part of the episodes whose classes are all of one alphabet, 0 to 1; the others mix alphabets.
    pub within_alphabet: f64,
    /// Whether turned and mirrored characters are characters of their own.
    pub dihedral: bool,
    /// Largest shift either way along each axis of each of the sheet's corners, alike in all drawings of a class in an
    /// episode, pixels of the picture, 0 to 8: stretched, sheared and tapered characters are characters of their own, as
    /// turned ones are. Where the classes are all of one alphabet they are all moved alike.
    pub corners: f64,
    /// The part of the episodes of mixed alphabets whose characters are put together of two, 0 to 1: the left or upper
    /// half of one and the other half of the next, so that every character is in two classes, by one half in each.
    pub chimeras: f64,
    /// Largest rotation either way, degrees, 0 to 180.
    pub rotation: f64,
    /// Largest shear either way, columns a row, 0 to 1.
    pub shear: f64,
    /// Largest natural logarithm of the scale either way, 0 to 1.
    pub log_scale: f64,
    /// Largest shift either way along each axis, pixels of the picture, 0 to 32.
    pub translation: f64,
    /// Largest shift either way along each axis of each of 5 x 5 points of the sheet, as if it were of rubber, pixels of
    /// the picture, 0 to 8.
    pub warp: f64,
    /// Largest natural logarithm, either way, of a factor on all intensities before the threshold, 0 to 2: strokes
    /// become thicker or thinner.
    pub thickness: f64,
    /// Largest side of a square that is wiped out, as a part of the picture's, 0 to 1.
    pub erasing: f64,
    /// Where drawings come from.
    pub source: Source,
    /// Alphabets that only test episodes see; those of `source` if not given.
    pub held_out: Option<Vec<String>>,
    /// Alphabets that only validation episodes see; if none, validation sees those of training.
    pub validation: Vec<String>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            ways: 20,
            shots: 1,
            queries: 1,
            labels: 20,
            size: 28,
            steps: 4,
            training_steps: 0,
            input: Input::Binary,
            threshold: 0.25,
            gaze: 0.0,
            within_alphabet: 0.5,
            dihedral: true,
            corners: 0.0,
            chimeras: 0.0,
            rotation: 10.0,
            shear: 0.2,
            log_scale: 0.15,
            translation: 2.0,
            warp: 0.0,
            thickness: 0.0,
            erasing: 0.0,
            source: Source::Omniglot,
            held_out: None,
            validation: Vec::new(),
        }
    }
}

impl Parameters {
    /// Checks every parameter that needs no drawings, and writes out what depends on another.
    ///
    /// # Errors
    /// The first parameter that is out of its range.
    pub fn checked(mut self) -> Result<Self, OutOfRange> {
        within("task.labels", self.labels, 2.0..=MAX_CLASSES as f64)?;
        within("task.ways", self.ways, 2.0..=self.labels.into())?;
        within("task.shots", self.shots, 1.0..=64.0)?;
        within("task.queries", self.queries, 1.0..=64.0)?;
        within("task.size", self.size, 8.0..=f64::from(MAX_INPUTS).sqrt())?;
        within("task.steps", self.steps, 1.0..=1000.0)?;
        within("task.training_steps", self.training_steps, 0.0..=1000.0)?;
        within("task.threshold", self.threshold, 0.01..=1.0)?;
        within("task.gaze", self.gaze, 0.0..=8.0)?;
        within("task.within_alphabet", self.within_alphabet, 0.0..=1.0)?;
        within("task.corners", self.corners, 0.0..=8.0)?;
        within("task.chimeras", self.chimeras, 0.0..=1.0)?;
        within("task.rotation", self.rotation, 0.0..=180.0)?;
        within("task.shear", self.shear, 0.0..=1.0)?;
        within("task.log_scale", self.log_scale, 0.0..=1.0)?;
        within("task.translation", self.translation, 0.0..=32.0)?;
        within("task.warp", self.warp, 0.0..=8.0)?;
        within("task.thickness", self.thickness, 0.0..=2.0)?;
        within("task.erasing", self.erasing, 0.0..=1.0)?;
        self.held_out = Some(self.held_out());
        Ok(self)
    }

    /// Alphabets that only test episodes see.
    #[must_use]
    pub fn held_out(&self) -> Vec<String> {
        self.held_out.clone().unwrap_or_else(|| match self.source {
            Source::Omniglot => ["Sanskrit", "Early_Aramaic"].map(String::from).to_vec(),
            Source::Synthetic => synthetic::held_out(),
        })
    }

    /// Input neurons: the picture, row by row, then the labels.
    #[must_use]
    pub fn input_size(&self) -> usize {
        self.pixels() + usize::from(self.labels)
    }

    /// Pixels of the picture.
    #[must_use]
    pub fn pixels(&self) -> usize {
        usize::from(self.size) * usize::from(self.size)
    }

    /// Steps a picture is shown in episodes of a purpose.
    #[must_use]
    pub fn steps_for(&self, purpose: Purpose) -> u16 {
        match (purpose, self.training_steps) {
            (Purpose::Training, 1..) => self.training_steps,
            _ => self.steps,
        }
    }

    /// Drawings of a class in an episode.
    #[must_use]
    pub fn drawings(&self) -> usize {
        usize::from(self.shots) + usize::from(self.queries)
    }

    /// As TOML, the task's name included.
    #[must_use]
    pub fn text(&self) -> String {
        let values =
            toml::to_string(self).expect("numbers, words and lists of words can always be written as TOML");
        format!("name = \"{}\"\n{values}", OneShot::NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_has_its_limits() {
        let fault = |change: fn(&mut Parameters)| {
            let mut parameters = Parameters::default();
            change(&mut parameters);
            parameters.checked().unwrap_err().to_string()
        };
        assert_eq!(fault(|task| task.ways = 1), "task.ways = 1 is not in 2..=20");
        assert_eq!(fault(|task| task.ways = 21), "task.ways = 21 is not in 2..=20");
        assert_eq!(fault(|task| task.labels = 65), "task.labels = 65 is not in 2..=64");
        assert_eq!(fault(|task| task.shots = 0), "task.shots = 0 is not in 1..=64");
        assert_eq!(fault(|task| task.queries = 65), "task.queries = 65 is not in 1..=64");
        assert_eq!(fault(|task| task.size = 7), "task.size = 7 is not in 8..=64");
        assert_eq!(fault(|task| task.steps = 0), "task.steps = 0 is not in 1..=1000");
        assert_eq!(fault(|task| task.training_steps = 1001), "task.training_steps = 1001 is not in 0..=1000");
        assert_eq!(fault(|task| task.threshold = 0.0), "task.threshold = 0 is not in 0.01..=1");
        assert_eq!(fault(|task| task.gaze = 8.1), "task.gaze = 8.1 is not in 0..=8");
        assert_eq!(fault(|task| task.within_alphabet = f64::NAN), "task.within_alphabet = NaN is not in 0..=1");
        assert_eq!(fault(|task| task.corners = 8.1), "task.corners = 8.1 is not in 0..=8");
        assert_eq!(fault(|task| task.chimeras = 1.1), "task.chimeras = 1.1 is not in 0..=1");
        assert_eq!(fault(|task| task.rotation = -1.0), "task.rotation = -1 is not in 0..=180");
        assert_eq!(fault(|task| task.shear = 1.1), "task.shear = 1.1 is not in 0..=1");
        assert_eq!(fault(|task| task.log_scale = 1.1), "task.log_scale = 1.1 is not in 0..=1");
        assert_eq!(fault(|task| task.translation = 33.0), "task.translation = 33 is not in 0..=32");
        assert_eq!(fault(|task| task.warp = 8.1), "task.warp = 8.1 is not in 0..=8");
        assert_eq!(fault(|task| task.thickness = 2.1), "task.thickness = 2.1 is not in 0..=2");
        assert_eq!(fault(|task| task.erasing = 1.1), "task.erasing = 1.1 is not in 0..=1");
        assert!(Parameters::default().checked().is_ok());
    }
}
