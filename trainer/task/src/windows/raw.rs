//! A window as it is read: values in rows of all channels, some of which may be missing; and how missing ones are filled.
//!
//! It knows no file format.

/// A window as a file has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RawWindow {
    /// Sample by sample, all channels of each; NaN where a value is missing.
    pub(super) samples: Vec<f32>,
    pub(super) channels: usize,
    pub(super) label: String,
    pub(super) group: Option<String>,
    /// Where it is in its file, for errors.
    pub(super) position: String,
}

impl RawWindow {
    /// Of channels, each from its first sample to its last, all of the same length.
    pub(super) fn of_channels(channels: &[Vec<f32>], label: String, position: String) -> Self {
        let length = channels.first().map_or(0, Vec::len);
        let samples = (0..length).flat_map(|sample| channels.iter().map(move |channel| channel[sample])).collect();
        Self { samples, channels: channels.len(), label, group: None, position }
    }

    /// Samples of the window.
    pub(super) fn length(&self) -> usize {
        self.samples.len() / self.channels.max(1)
    }

    /// The window without the samples at its end in which every channel is missing, which fill windows up to one length; and
    /// with other missing values interpolated between their neighbours in time, or equal to the nearest.
    ///
    /// # Errors
    /// The first channel, from 0, of which nothing is there.
    pub(super) fn completed(mut self) -> Result<Self, usize> {
        while self.samples.len() > self.channels && self.last_is_missing() {
            self.samples.truncate(self.samples.len() - self.channels);
        }
        (0..self.channels).try_for_each(|channel| self.fill(channel))?;
        Ok(self)
    }

    fn last_is_missing(&self) -> bool {
        self.samples[self.samples.len() - self.channels..].iter().all(|value| value.is_nan())
    }

    fn fill(&mut self, channel: usize) -> Result<(), usize> {
        let (channels, length) = (self.channels, self.length());
        let at = |sample: usize| sample * channels + channel;
        let known: Vec<_> = (0..length).filter(|sample| !self.samples[at(*sample)].is_nan()).collect();
        let (Some(first), Some(last)) = (known.first(), known.last()) else { return Err(channel) };
        let (first_value, last_value) = (self.samples[at(*first)], self.samples[at(*last)]);
        (0..*first).for_each(|sample| self.samples[at(sample)] = first_value);
        (*last + 1..length).for_each(|sample| self.samples[at(sample)] = last_value);
        for (before, after) in known.iter().zip(known.iter().skip(1)) {
            let (from, to) = (self.samples[at(*before)], self.samples[at(*after)]);
            for sample in before + 1..*after {
                let fraction = (sample - before) as f32 / (after - before) as f32;
                self.samples[at(sample)] = from + (to - from) * fraction;
            }
        }
        Ok(())
    }
}

/// A value of a text; NaN where it is missing.
///
/// # Errors
/// What is wrong with it.
pub(super) fn value(text: &str) -> Result<f32, String> {
    if text.is_empty() || text == "?" || text.eq_ignore_ascii_case("nan") {
        return Ok(f32::NAN);
    }
    match text.parse::<f32>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(format!("{text} is beyond the range of numbers, 3.4e38")),
        Err(_) => Err(format!("{text:?} is not a number; write ? where a value is missing")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(samples: &[f32], channels: usize) -> RawWindow {
        RawWindow { samples: samples.to_vec(), channels, label: "a".into(), group: None, position: "1".into() }
    }

    #[test]
    fn missing_values_are_interpolated_and_the_end_is_cut() {
        let nan = f32::NAN;
        let gaps = window(&[nan, 1.0, 2.0, nan, nan, nan, 8.0, 4.0, nan, 5.0, nan, nan, nan, nan], 2);
        let completed = gaps.completed().unwrap();
        assert_eq!(completed.samples, [2.0, 1.0, 2.0, 2.0, 5.0, 3.0, 8.0, 4.0, 8.0, 5.0]);
        assert_eq!(window(&[1.0, nan, 2.0, nan], 2).completed(), Err(1));
        assert_eq!(window(&[nan], 1).completed(), Err(0));
    }

    #[test]
    fn a_value_is_a_finite_number_or_missing() {
        assert_eq!([value("1e-3"), value("-7")], [Ok(0.001), Ok(-7.0)]);
        assert!(["?", "NaN", ""].iter().all(|text| value(text).unwrap().is_nan()));
        assert!(["inf", "1e99", "seven", "0x3"].iter().all(|text| value(text).is_err()));
    }
}
