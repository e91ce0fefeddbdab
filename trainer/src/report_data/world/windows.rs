//! Windows of a series, of a length that a reader expects, few enough that each is seen.

/// Windows of a series, at most.
const MOST: usize = 50;

/// Windows of equal length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SeriesWindows {
    /// Values of a window.
    pub(super) values: usize,
    /// What a value is on the axis, such as the seconds of a step.
    pub(super) unit: f64,
}

impl SeriesWindows {
    /// The shortest of 1, 2, 5, 10, ... on the axis of which a series has few.
    pub(super) fn of(length: usize, unit: f64) -> Self {
        let lowest = unit.log10().floor() as i32;
        let widths = (lowest..).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
        let mut values = widths.map(|width| (width / unit).round() as usize).filter(|values| *values > 0);
        Self { values: values.find(|values| length.div_ceil(*values) <= MOST).unwrap_or(length), unit }
    }

    /// Where window `number` of a series stands on the axis, which begins at value `origin`.
    pub(super) fn middle(self, number: usize, origin: usize) -> f64 {
        let middle = number as f64 * self.values as f64 + (self.values as f64 - 1.0) / 2.0;
        (middle - origin as f64) * self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_round_on_the_axis() {
        let values = |length, unit| SeriesWindows::of(length, unit).values;
        assert_eq!((values(1000, 0.004), values(10_000, 0.001), values(40, 1.0), values(90, 1.0)), (25, 200, 1, 2));
        assert_eq!(values(100_000, 0.004), 2500);
    }

    #[test]
    fn a_window_stands_at_its_middle() {
        let windows = SeriesWindows { values: 5, unit: 0.1 };
        assert!((windows.middle(2, 0) - 1.2).abs() < 1e-12 && (windows.middle(0, 4) + 0.2).abs() < 1e-12);
    }
}
