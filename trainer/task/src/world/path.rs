//! The desired path of a controlled value: a sum of sines. This file may not know what moves along it.
//!
//! ```
//! use metaplastic_task::seed::{Purpose, rng};
//! use metaplastic_task::world::path::{DesiredPath, SineRanges};
//!
//! let ranges = SineRanges { hertz: 0.2..=1.0, amplitudes: 0.1..=0.4 };
//! let path = DesiredPath::draw_sines(3, &ranges, &mut rng(1, Purpose::Training, 0));
//! assert!((0..1000).all(|step| path.value(0.01 * f64::from(step)).abs() <= 3.0 * 0.4));
//! // The rate is the derivative.
//! let difference = (path.value(2.001) - path.value(1.999)) / 0.002;
//! assert!((path.rate(2.0) - difference).abs() < 1e-3);
//! assert_eq!(path.sampled(50, |step| 0.02 * step as f64).at(7).value, path.value(0.14));
//! ```

use std::f64::consts::TAU;
use std::fmt;
use std::hash::{DefaultHasher, Hasher};
use std::ops::RangeInclusive;

use rand::Rng;
use rand_distr::StandardNormal;

use crate::seed::TaskRng;

/// One sine: `amplitude sin(frequency t + phase)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sine {
    /// Its amplitude.
    pub amplitude: f64,
    /// Its angular frequency, radians a second.
    pub frequency: f64,
    /// Its phase, radians.
    pub phase: f64,
}

/// The ranges that sines are drawn from, uniformly.
#[derive(Clone, Debug, PartialEq)]
pub struct SineRanges {
    /// Frequencies, Hz.
    pub hertz: RangeInclusive<f64>,
    /// Amplitudes.
    pub amplitudes: RangeInclusive<f64>,
}

impl SineRanges {
    /// A sine with a random phase.
    fn draw(&self, rng: &mut TaskRng) -> Sine {
        let hertz = rng.random_range(self.hertz.clone());
        let amplitude = rng.random_range(self.amplitudes.clone());
        Sine { amplitude, frequency: TAU * hertz, phase: rng.random_range(0.0..TAU) }
    }
}

/// A sum of sines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DesiredPath(pub Vec<Sine>);

impl DesiredPath {
    /// The harmonics `0, 1, 2, ...` of a period, without phases; the first is zero.
    #[must_use]
    pub fn harmonics(amplitudes: &[f64], period_seconds: f64) -> Self {
        let sine = |number, amplitude: &f64| Sine {
            amplitude: *amplitude,
            frequency: TAU * number as f64 / period_seconds,
            phase: 0.0,
        };
        Self(amplitudes.iter().enumerate().map(|(number, amplitude)| sine(number, amplitude)).collect())
    }

    /// Harmonics whose amplitudes are the real parts of a complex normal vector that is scaled to length 1.
    #[must_use]
    pub fn draw_harmonics(count: u8, period_seconds: f64, rng: &mut TaskRng) -> Self {
        let count = usize::from(count);
        let numbers: Vec<f64> = (0..2 * count).map(|_| rng.sample(StandardNormal)).collect();
        let length = numbers.iter().map(|number| number * number).sum::<f64>().sqrt();
        let amplitudes: Vec<f64> = numbers[..count].iter().map(|number| number / length).collect();
        Self::harmonics(&amplitudes, period_seconds)
    }

    /// Sines of random frequencies, amplitudes and phases.
    #[must_use]
    pub fn draw_sines(count: u8, ranges: &SineRanges, rng: &mut TaskRng) -> Self {
        Self((0..count).map(|_| ranges.draw(rng)).collect())
    }

    /// Its values and rates at the steps of a life; `seconds` gives the time of a step.
    #[must_use]
    pub fn sampled(&self, steps: usize, seconds: impl Fn(usize) -> f64) -> SampledPath {
        let point = |time| PathPoint { value: self.value(time), rate: self.rate(time) };
        SampledPath((0..steps.max(1)).map(|step| point(seconds(step))).collect())
    }

    /// The value at a time.
    #[must_use]
    pub fn value(&self, seconds: f64) -> f64 {
        self.0.iter().map(|sine| sine.amplitude * (sine.frequency * seconds + sine.phase).sin()).sum()
    }

    /// The rate at a time, a second.
    #[must_use]
    pub fn rate(&self, seconds: f64) -> f64 {
        let rate = |sine: &Sine| sine.amplitude * sine.frequency * (sine.frequency * seconds + sine.phase).cos();
        self.0.iter().map(rate).sum()
    }
}

/// A path at one time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PathPoint {
    /// The value.
    pub value: f64,
    /// The rate, a second.
    pub rate: f64,
}

/// A path at the steps of a life: a plant reads it several times in a step, forward and backward.
#[derive(Clone, PartialEq)]
pub struct SampledPath(Vec<PathPoint>);

impl SampledPath {
    /// The path at a step; behind the last one it stays.
    #[must_use]
    pub fn at(&self, step: usize) -> PathPoint {
        self.0[step.min(self.0.len() - 1)]
    }

    /// A number that differs where a value or a rate does.
    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let values = self.0.iter().flat_map(|point| [point.value, point.rate]);
        values.for_each(|value| hasher.write_u64(value.to_bits()));
        hasher.finish()
    }
}

/// A path of many steps says how many, and in place of their values the fingerprint of them.
impl fmt::Debug for SampledPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SampledPath({} steps, {:016x})", self.0.len(), self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::{Purpose, rng};

    #[test]
    fn the_rate_of_a_path_is_its_derivative() {
        let ranges = SineRanges { hertz: 0.1..=1.0, amplitudes: 0.2..=0.8 };
        let path = DesiredPath::draw_sines(3, &ranges, &mut rng(0, Purpose::Test, 0));
        for seconds in [0.0, 0.7, 3.1] {
            let slope = (path.value(seconds + 1e-5) - path.value(seconds - 1e-5)) / 2e-5;
            assert!((path.rate(seconds) - slope).abs() < 1e-6);
        }
    }

    #[test]
    fn a_sampled_path_has_the_paths_values() {
        let path = DesiredPath::harmonics(&[0.0, 1.0, 0.5], 4.0);
        let sampled = path.sampled(10, |step| step as f64 * 0.1);
        for step in 0..10 {
            let time = step as f64 * 0.1;
            assert_eq!(sampled.at(step), PathPoint { value: path.value(time), rate: path.rate(time) });
        }
        assert_eq!(sampled.at(99), sampled.at(9));
    }

    #[test]
    fn what_a_path_prints_of_itself_is_short_and_differs_where_a_value_does() {
        let printed = |amplitude| {
            let path = DesiredPath::harmonics(&[0.0, 1.0, amplitude], 4.0);
            format!("{:?}", path.sampled(10_000, |step| step as f64 * 0.001))
        };
        assert!(printed(0.5).len() < 50, "{}", printed(0.5));
        assert_eq!(printed(0.5), printed(0.5));
        assert_ne!(printed(0.5), printed(0.5 + 1e-12));
    }

    #[test]
    fn sines_are_in_their_ranges() {
        let ranges = SineRanges { hertz: 0.1..=1.0, amplitudes: 0.2..=0.8 };
        for index in 0..200 {
            let DesiredPath(sines) = DesiredPath::draw_sines(3, &ranges, &mut rng(0, Purpose::Test, index));
            assert_eq!(sines.len(), 3);
            for sine in sines {
                let is_in =
                    ranges.hertz.contains(&(sine.frequency / TAU)) && ranges.amplitudes.contains(&sine.amplitude);
                assert!(is_in, "{sine:?}");
            }
        }
    }
}
