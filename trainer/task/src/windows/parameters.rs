//! The parameters of the task and their limits.

use std::ops::RangeInclusive;

use metaplastic_files::limit::{OutOfRange, within};
use metaplastic_shared::network::MAX_CLASSES;
use serde::{Deserialize, Serialize};

use super::choices::{ClassName, Encoding, GroupName, HeldOut, HeldOutBy, WindowOrder, WindowSource};
use super::standardisation::ChannelScale;
use super::whitening::WhiteningRows;
use crate::table::{self, KeyLimits, check};

/// The name of the task.
pub(super) const NAME: &str = "windows";
/// Limits of the number of labels; the ways of a network are at most its labels.
pub(super) const LABELS: RangeInclusive<f64> = 2.0..=MAX_CLASSES as f64;
/// Limits of the samples of a class.
pub(super) const SAMPLES: RangeInclusive<f64> = 1.0..=64.0;
/// Limits of the frames of a window, and of the steps of a frame.
const FRAMES: RangeInclusive<f64> = 1.0..=1000.0;
/// Limits of all numbers. `ways` are at most `labels`, and `positions` the steps of a window, besides.
pub(super) const LIMITS: [KeyLimits; 18] = [
    ("labels", LABELS),
    ("ways", LABELS),
    ("shots", SAMPLES),
    ("queries", SAMPLES),
    ("frames", FRAMES),
    ("steps_per_frame", FRAMES),
    ("positions", 0.0..=64.0),
    ("whitening", 0.0..=0.95),
    ("threshold", 0.001..=7.0),
    ("envelope_decay", 0.0..=65_535.0),
    ("band_gain", 0.0..=8.0),
    ("time_warp", 0.0..=0.3),
    ("log_scale", 0.0..=2.0),
    ("noise", 0.0..=4.0),
    ("channel_drop", 0.0..=0.9),
    ("mix", 0.0..=4.0),
    ("blend", 0.0..=1.0),
    ("wide_channels", 1.0..=64.0),
];

/// The task's parameters; every one has a default.
///
/// The augmentations, `time_warp` to `blend`, apply to training episodes only, to standardised values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WindowsParameters {
    /// Classes in an episode, 2 to `labels`.
    pub(super) ways: u16,
    /// Support samples of each class, 1 to 64.
    pub(super) shots: u16,
    /// Query samples of each class, 1 to 64.
    pub(super) queries: u16,
    /// Their order.
    pub(super) order: WindowOrder,
    /// Label neurons, one for each class that a network can learn, 2 to 64.
    pub(super) labels: u16,
    /// Frames to which every window is resampled, 1 to 1000; of a filter bank, the frames in which its strengths are read.
    pub(super) frames: u16,
    /// Steps in which a frame is shown, 1 to 1000.
    pub(super) steps_per_frame: u16,
    /// Input neurons that tell which of so many equal parts of a window a step belongs to, one spike a step; 0, none, to 64.
    pub(super) positions: u16,
    /// How far channels are combined so that windows of one training class differ from each other equally in every direction:
    /// 0, not at all, to 0.95.
    pub(super) whitening: f64,
    /// How values become what the network takes.
    pub(super) encoder: Encoding,
    /// Whether analog values have their first differences beside them.
    pub(super) differences: bool,
    /// Of delta spikes: the change of a spike, in standard deviations, 0.001 to 7.
    pub(super) threshold: f64,
    /// Of a filter bank: the edges of its bands as decays of low-passes, falling, Q0.16, `65536 exp(-2 pi f)` for `f` cycles
    /// a sample. Two neighbours are the edges of a band.
    pub(super) band_edges: Vec<u16>,
    /// Of a filter bank: the decay of a strength from sample to sample, Q0.16, 0 to 65535.
    pub(super) envelope_decay: u16,
    /// Of a filter bank: strengths are multiplied by 2 to this power, 0 to 8.
    pub(super) band_gain: u16,
    /// Time warp: the largest shift of a window's middle in time, as a fraction of its length, 0 to 0.3.
    pub(super) time_warp: f64,
    /// Largest magnitude of the natural logarithm of a factor on all values of a window, 0 to 2.
    pub(super) log_scale: f64,
    /// Standard deviation of noise on every value of every frame, 0 to 4.
    pub(super) noise: f64,
    /// Probability that a channel of a window is zero, 0 to 0.9.
    pub(super) channel_drop: f64,
    /// Channels are mixed by a random matrix of the episode, the unit matrix and normal numbers of this deviation over the
    /// square root of the number of channels, 0 to 4.
    pub(super) mix: f64,
    /// The fraction of an episode's classes that are blends of two, 0 to 1.
    pub(super) blend: f64,
    /// Origin of the windows.
    pub(super) source: WindowSource,
    /// What an episode's classes are.
    pub(super) classes: ClassName,
    /// What a window's group is.
    pub(super) groups: GroupName,
    /// Of CSV: the column with the number of the window, by which rows are samples; where there is none, a row is a window.
    pub(super) window_column: String,
    /// Of CSV: the column with the label.
    pub(super) label_column: String,
    /// Of CSV: the column with the group; it may be missing.
    pub(super) group_column: String,
    /// Of CSV with a window a row: the number of channels; each has as many columns, one channel after another. 1 to 64.
    pub(super) wide_channels: u16,
    /// What serves one purpose as a whole.
    pub(super) held_out_by: HeldOutBy,
    /// Classes or groups that only test episodes have: their names, or the number of the last ones; by default as many as an
    /// episode needs, at least a fifth.
    pub(super) held_out: Option<HeldOut>,
    /// Those that only validation episodes have; if there are none, validation has those of training.
    pub(super) validation: HeldOut,
    /// What standardises each channel; taken from the training windows where there is none.
    pub(super) standardisation: Vec<ChannelScale>,
    /// The combinations of standardised channels; taken from the training windows where there is none.
    pub(super) whitening_rows: WhiteningRows,
}

impl Default for WindowsParameters {
    fn default() -> Self {
        Self {
            ways: 3,
            shots: 1,
            queries: 4,
            order: WindowOrder::SupportFirst,
            labels: 3,
            frames: 16,
            steps_per_frame: 2,
            positions: 0,
            whitening: 0.0,
            encoder: Encoding::Analog,
            differences: false,
            threshold: 0.25,
            band_edges: vec![63_511, 61_547, 57_798, 50_974, 39_648, 18_652],
            envelope_decay: 64_000,
            band_gain: 1,
            time_warp: 0.0,
            log_scale: 0.0,
            noise: 0.0,
            channel_drop: 0.0,
            mix: 0.0,
            blend: 0.0,
            source: WindowSource::Files,
            classes: ClassName::Label,
            groups: GroupName::Data,
            window_column: "window".into(),
            label_column: "label".into(),
            group_column: "group".into(),
            wide_channels: 1,
            held_out_by: HeldOutBy::Class,
            held_out: None,
            validation: HeldOut::Named(Vec::new()),
            standardisation: Vec::new(),
            whitening_rows: Vec::new(),
        }
    }
}

impl WindowsParameters {
    /// Checks every parameter that can be checked without windows.
    ///
    /// # Errors
    /// The first parameter that is out of its range.
    pub(super) fn checked(self) -> Result<Self, OutOfRange> {
        check(&self, &LIMITS)?;
        within("task.ways", self.ways, *LABELS.start()..=self.labels.into())?;
        within("task.positions", self.positions, 0.0..=self.steps_of_a_window() as f64)?;
        if self.encoder == Encoding::FilterBank {
            self.check_bands()?;
        }
        self.standardisation.iter().try_for_each(ChannelScale::check)?;
        Ok(self)
    }

    /// At least two edges, and each decay below the one before it.
    fn check_bands(&self) -> Result<(), OutOfRange> {
        within("task.band_edges: their number", self.band_edges.len() as f64, 2.0..=17.0)?;
        let edges = self.band_edges.iter().zip(self.band_edges.iter().skip(1));
        edges.enumerate().try_for_each(|(band, (slow, fast))| {
            let field = format!("task.band_edges[{}], which must be less than the one before it", band + 1);
            within(field, *fast, 0.0..=f64::from(*slow) - 1.0)
        })
    }

    /// Windows that a class must have, for support samples and queries.
    pub(super) fn windows_of_a_class(&self) -> usize {
        usize::from(self.shots) + usize::from(self.queries)
    }

    /// Windows that an episode shows.
    pub(super) fn windows_of_an_episode(&self) -> usize {
        usize::from(self.ways) * self.windows_of_a_class()
    }

    /// Steps in which a window is shown.
    pub(super) fn steps_of_a_window(&self) -> usize {
        usize::from(self.frames) * usize::from(self.steps_per_frame)
    }

    /// Values that a frame of so many channels has; none of spikes.
    pub(super) fn analog_values(&self, channels: usize) -> usize {
        match self.encoder {
            Encoding::Analog if self.differences => 2 * channels,
            Encoding::Analog => channels,
            Encoding::Delta => 0,
            Encoding::FilterBank => channels * self.band_edges.len().saturating_sub(1),
        }
    }

    /// Input neurons before those of the positions.
    pub(super) fn spiking_inputs(&self, channels: usize) -> usize {
        if self.encoder == Encoding::Delta { 2 * channels } else { 0 }
    }

    /// The position neuron that spikes in a step of a window.
    pub(super) fn position(&self, step: usize) -> Option<usize> {
        let positions = usize::from(self.positions);
        (positions > 0).then(|| step * positions / self.steps_of_a_window())
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

    fn fault(change: fn(&mut WindowsParameters)) -> String {
        let mut parameters = WindowsParameters::default();
        change(&mut parameters);
        parameters.checked().unwrap_err().to_string()
    }

    #[test]
    fn every_parameter_has_its_limits() {
        assert_eq!(fault(|task| task.ways = 4), "task.ways = 4 is not in 2..=3");
        assert_eq!(fault(|task| task.shots = 0), "task.shots = 0 is not in 1..=64");
        assert_eq!(fault(|task| task.time_warp = 0.4), "task.time_warp = 0.4 is not in 0..=0.3");
        assert_eq!(fault(|task| task.positions = 33), "task.positions = 33 is not in 0..=32");
        let bank = |edges: &[u16]| WindowsParameters {
            encoder: Encoding::FilterBank,
            band_edges: edges.to_vec(),
            ..WindowsParameters::default()
        };
        let rising = bank(&[60_000, 60_000]).checked().unwrap_err().to_string();
        assert_eq!(
            rising,
            "task.band_edges[1], which must be less than the one before it = 60000 is not in 0..=59999"
        );
        assert!(bank(&[60_000]).checked().is_err() && bank(&[60_000, 0]).checked().is_ok());
        assert!(WindowsParameters::default().checked().is_ok());
        assert_all_numbers_have_limits::<WindowsParameters>(&LIMITS);
    }

    #[test]
    fn text_makes_the_same_parameters() {
        let scale = ChannelScale { exponent: -3, offset: -5, factor: 9, shift: 4 };
        let held_out = Some(HeldOut::Named(vec!["7".into()]));
        let parameters = WindowsParameters {
            held_out,
            standardisation: vec![scale; 2],
            whitening_rows: vec![vec![4096], vec![-3, 5]],
            ..WindowsParameters::default()
        };
        assert_eq!(WindowsParameters::from_text(&parameters.text()), Some(parameters));
    }
}
