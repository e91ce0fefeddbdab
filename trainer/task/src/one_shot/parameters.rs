//! The parameters of the task and their limits.

use std::ops::RangeInclusive;

use metaplastic_shared::network::{MAX_CLASSES, MAX_INPUTS};
use serde::{Deserialize, Serialize};

use super::synthetic;
use crate::seed::Purpose;
use crate::table::{self, KeyLimits, check};
use crate::task::Requirements;
use metaplastic_files::limit::{OutOfRange, within};

/// The name of the task.
pub(super) const NAME: &str = "one-shot";
/// The largest side of a picture of which a network has all pixels and labels as inputs, pixels.
const LARGEST_SIZE: f64 = (MAX_INPUTS - MAX_CLASSES as u16).isqrt() as f64;

/// Limits of the number of labels; the ways of a network are at most its labels.
pub(super) const LABELS: RangeInclusive<f64> = 2.0..=MAX_CLASSES as f64;
/// Limits of the samples of a class.
pub(super) const SAMPLES: RangeInclusive<f64> = 1.0..=64.0;
/// Limits of fractions.
pub(super) const FRACTION: RangeInclusive<f64> = 0.0..=1.0;
/// Limits of the steps in which something is shown.
const STEPS: f64 = 1000.0;
/// Limits of all numbers. `ways` are at most `labels`, besides.
pub(super) const LIMITS: [KeyLimits; 19] = [
    ("labels", LABELS),
    ("ways", LABELS),
    ("shots", SAMPLES),
    ("queries", SAMPLES),
    ("size", 8.0..=LARGEST_SIZE),
    ("steps", 1.0..=STEPS),
    ("training_steps", 0.0..=STEPS),
    ("threshold", 0.01..=1.0),
    ("jitter", 0.0..=8.0),
    ("within_alphabet", FRACTION),
    ("class_warp", 0.0..=8.0),
    ("half_swap_mixing", FRACTION),
    ("rotation", 0.0..=180.0),
    ("shear", 0.0..=1.0),
    ("log_scale", 0.0..=1.0),
    ("translation", 0.0..=32.0),
    ("warp", 0.0..=8.0),
    ("thickness", 0.0..=2.0),
    ("erasing", 0.0..=1.0),
];

/// How a picture becomes spikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum InputCoding {
    /// The same picture in every step: a pixel spikes if its intensity is above the threshold.
    Binary,
    /// Intensity as a number of spikes: in step t of T a pixel spikes if its intensity is above `(2 t + 1) / T`
    /// times the threshold.
    Graded,
}

/// Origin of the drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DrawingSource {
    /// Files in Omniglot's layout, whose path must be given.
    Omniglot,
    /// Pen strokes that this program draws.
    Synthetic,
}

impl DrawingSource {
    /// The names of all sources in TOML.
    pub(super) const NAMES: [&str; 2] = ["omniglot", "synthetic"];

    /// The alphabets that only test episodes have, unless the parameters say others.
    pub(super) fn held_out(self) -> Vec<String> {
        match self {
            Self::Omniglot => ["Sanskrit", "Early_Aramaic"].map(String::from).to_vec(),
            Self::Synthetic => synthetic::held_out(),
        }
    }
}

/// The task's parameters; every one has a default.
///
/// The augmentations, `dihedral` to `erasing`, apply to training episodes only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OneShotParameters {
    /// Classes in an episode, 2 to `labels`.
    pub(super) ways: u16,
    /// Support samples of each class, 1 to 64.
    pub(super) shots: u16,
    /// Query samples of each class, 1 to 64; where classes come one by one, in each stage.
    pub(super) queries: u16,
    /// Whether classes come one by one: the support samples of a class, then queries of every class known so far, among
    /// those known, and so on until there are `ways`.
    pub(super) continual: bool,
    /// Label neurons, one for each class that a network can learn, 2 to 64.
    pub(super) labels: u16,
    /// Pixels a side of the picture that is the network's input, 8 to 63.
    pub(super) size: u16,
    /// Steps in which a picture is shown, 1 to 1000.
    pub(super) steps: u16,
    /// The same in training episodes, 0 to 1000; 0 for `steps`. A network trained with few steps is more accurate
    /// with more of them.
    pub(super) training_steps: u16,
    /// How a picture becomes spikes.
    pub(super) input: InputCoding,
    /// The fraction of a pixel that ink must cover for a spike, 0.01 to 1.
    pub(super) threshold: f64,
    /// Fixational jitter, pixels of the picture, 0 to 8: from step to step the picture is shifted by this much up,
    /// right, down and left, in turn.
    pub(super) jitter: f64,
    /// The fraction of the episodes whose classes are all of one alphabet, 0 to 1; the others mix alphabets.
    pub(super) within_alphabet: f64,
    /// Whether rotated (by 90 degrees) and mirrored characters are characters of their own.
    pub(super) dihedral: bool,
    /// Class-wise warp: the largest shift, in either direction along each axis, of each corner of the sheet, alike
    /// in all drawings of a class in an episode, pixels of the picture, 0 to 8. Stretched, sheared and tapered
    /// characters are thereby characters of their own. Classes that are all of one alphabet are warped alike.
    pub(super) class_warp: f64,
    /// The fraction of the episodes of mixed alphabets with half-swap mixing, 0 to 1: each character is joined from
    /// the left or upper half of one and the other half of the next, so that every character is in two classes.
    pub(super) half_swap_mixing: f64,
    /// Largest rotation in either direction, degrees, 0 to 180.
    pub(super) rotation: f64,
    /// Largest shear in either direction, columns per row, 0 to 1.
    pub(super) shear: f64,
    /// Largest magnitude of the natural logarithm of the scale, 0 to 1.
    pub(super) log_scale: f64,
    /// Largest shift in either direction along each axis, pixels of the picture, 0 to 32.
    pub(super) translation: f64,
    /// Elastic warp: the largest shift, in either direction along each axis, of each of 5 x 5 points of the sheet,
    /// pixels of the picture, 0 to 8.
    pub(super) warp: f64,
    /// Largest magnitude of the natural logarithm of a factor on all intensities before the threshold, 0 to 2:
    /// strokes become thicker or thinner.
    pub(super) thickness: f64,
    /// Random erasing: the largest side of the erased square, as a fraction of the picture's, 0 to 1.
    pub(super) erasing: f64,
    /// Origin of the drawings.
    pub(super) source: DrawingSource,
    /// Alphabets that only test episodes have; by default those that `source` holds out, as far as they exist, and
    /// else the last fifth of all.
    pub(super) held_out: Option<Vec<String>>,
    /// Alphabets that only validation episodes have; if empty, validation has those of training.
    pub(super) validation: Vec<String>,
}

impl Default for OneShotParameters {
    fn default() -> Self {
        Self {
            ways: 20,
            shots: 1,
            queries: 1,
            continual: false,
            labels: 20,
            size: 28,
            steps: 4,
            training_steps: 0,
            input: InputCoding::Binary,
            threshold: 0.25,
            jitter: 0.0,
            within_alphabet: 0.5,
            dihedral: true,
            class_warp: 0.0,
            half_swap_mixing: 0.0,
            rotation: 10.0,
            shear: 0.2,
            log_scale: 0.15,
            translation: 2.0,
            warp: 0.0,
            thickness: 0.0,
            erasing: 0.0,
            source: DrawingSource::Omniglot,
            held_out: None,
            validation: Vec::new(),
        }
    }
}

impl OneShotParameters {
    /// Checks every parameter that can be checked without drawings.
    ///
    /// # Errors
    /// The first parameter that is out of its range.
    pub(super) fn checked(self) -> Result<Self, OutOfRange> {
        check(&self, &LIMITS)?;
        within("task.ways", self.ways, *LABELS.start()..=self.labels.into())?;
        Ok(self)
    }

    /// What a network must have. Its input neurons are the picture, row by row, then the labels.
    pub(super) fn requirements(&self) -> Requirements {
        let labels = usize::from(self.labels);
        Requirements { inputs: self.pixels() + labels, analog: 0, classes: labels, ..Requirements::default() }
    }

    /// Pixels of the picture.
    pub(super) fn pixels(&self) -> usize {
        usize::from(self.size) * usize::from(self.size)
    }

    /// Steps in which a picture is shown in episodes of a purpose.
    pub(super) fn steps_for(&self, purpose: Purpose) -> u16 {
        match (purpose, self.training_steps) {
            (Purpose::Training, 1..) => self.training_steps,
            _ => self.steps,
        }
    }

    /// Of every step in which a picture is shown, the intensity above which a pixel spikes.
    pub(super) fn thresholds(&self, purpose: Purpose) -> Vec<f32> {
        let steps = self.steps_for(purpose);
        let level = |step: u16| match self.input {
            InputCoding::Binary => 1.0,
            InputCoding::Graded => f64::from(2 * u32::from(step) + 1) / f64::from(steps),
        };
        (0..steps).map(|step| (level(step) * self.threshold) as f32).collect()
    }

    /// The number of classes known in each stage with queries.
    pub(super) fn stages(&self) -> RangeInclusive<usize> {
        let ways = usize::from(self.ways);
        if self.continual { 2..=ways } else { ways..=ways }
    }

    /// The accuracy of guessing: the mean of `1 / known` over all decisions.
    pub(super) fn chance(&self) -> f64 {
        self.stages().count() as f64 / self.stages().sum::<usize>() as f64
    }

    /// Drawings that a class must have, for support samples and the queries of a stage.
    pub(super) fn drawings(&self) -> usize {
        usize::from(self.shots) + usize::from(self.queries)
    }

    /// The parameters that [`text`](Self::text) wrote; none of any other text.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        table::from_text(text)
    }

    /// As TOML, with the name of the task.
    pub(super) fn text(&self) -> String {
        table::text(NAME, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::assert_all_numbers_have_limits;

    #[test]
    fn every_parameter_has_its_limits() {
        let fault = |change: fn(&mut OneShotParameters)| {
            let mut parameters = OneShotParameters::default();
            change(&mut parameters);
            parameters.checked().unwrap_err().to_string()
        };
        assert_eq!(fault(|task| task.ways = 1), "task.ways = 1 is not in 2..=64");
        assert_eq!(fault(|task| task.ways = 21), "task.ways = 21 is not in 2..=20");
        assert_eq!(fault(|task| task.labels = 65), "task.labels = 65 is not in 2..=64");
        assert_eq!(fault(|task| task.shots = 0), "task.shots = 0 is not in 1..=64");
        assert_eq!(fault(|task| task.queries = 65), "task.queries = 65 is not in 1..=64");
        assert_eq!(fault(|task| task.size = 7), "task.size = 7 is not in 8..=63");
        assert_eq!(fault(|task| task.steps = 0), "task.steps = 0 is not in 1..=1000");
        assert_eq!(fault(|task| task.training_steps = 1001), "task.training_steps = 1001 is not in 0..=1000");
        assert_eq!(fault(|task| task.threshold = 0.0), "task.threshold = 0 is not in 0.01..=1");
        assert_eq!(fault(|task| task.jitter = 8.1), "task.jitter = 8.1 is not in 0..=8");
        assert_eq!(fault(|task| task.within_alphabet = f64::NAN), "task.within_alphabet = NaN is not in 0..=1");
        assert_eq!(fault(|task| task.class_warp = 8.1), "task.class_warp = 8.1 is not in 0..=8");
        assert_eq!(fault(|task| task.half_swap_mixing = 1.1), "task.half_swap_mixing = 1.1 is not in 0..=1");
        assert_eq!(fault(|task| task.rotation = -1.0), "task.rotation = -1 is not in 0..=180");
        assert_eq!(fault(|task| task.shear = 1.1), "task.shear = 1.1 is not in 0..=1");
        assert_eq!(fault(|task| task.log_scale = 1.1), "task.log_scale = 1.1 is not in 0..=1");
        assert_eq!(fault(|task| task.translation = 33.0), "task.translation = 33 is not in 0..=32");
        assert_eq!(fault(|task| task.warp = 8.1), "task.warp = 8.1 is not in 0..=8");
        assert_eq!(fault(|task| task.thickness = 2.1), "task.thickness = 2.1 is not in 0..=2");
        assert_eq!(fault(|task| task.erasing = 1.1), "task.erasing = 1.1 is not in 0..=1");
        assert!(OneShotParameters::default().checked().is_ok());
        assert_all_numbers_have_limits::<OneShotParameters>(&LIMITS);
    }

    #[test]
    fn every_source_has_its_name() {
        let names = [DrawingSource::Omniglot, DrawingSource::Synthetic]
            .map(|source| toml::Value::try_from(source).unwrap());
        assert_eq!(names, DrawingSource::NAMES.map(toml::Value::from));
    }
}
