//! Resampling of a window of readings to a number of frames, by linear interpolation in integers.

/// Frame `frame` of `frames` that are evenly spread over the readings, the first and the last among them: linear
/// interpolation between neighbours, rounded half up. One frame alone is the middle; without readings it is zero. The result
/// is between two readings, so nothing overflows.
///
/// ```
/// use metaplastic_shared::encoder::resampled;
/// let frames = [0, 1, 2, 3, 4].map(|frame| resampled(&[10, 20, -20], 5, frame));
/// assert_eq!(frames, [10, 15, 20, 0, -20]);
/// ```
#[must_use]
pub fn resampled(readings: &[i32], frames: usize, frame: usize) -> i32 {
    let Some(last) = readings.len().checked_sub(1) else { return 0 };
    let (at, whole) = if frames < 2 { (1, 2) } else { (frame.min(frames - 1) as u64, frames as u64 - 1) };
    let (index, remainder) = ((at * last as u64 / whole) as usize, (at * last as u64 % whole) as i64);
    let (before, after) = (i64::from(readings[index]), i64::from(readings[(index + 1).min(last)]));
    let whole = whole as i64;
    let above = 2 * (after - before) * remainder + whole;
    (before + above.div_euclid(2 * whole)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_kept_and_as_many_frames_as_readings_are_the_readings() {
        let readings = [i32::MIN, 7, i32::MAX, -3];
        assert_eq!([0, 1, 2, 3].map(|frame| resampled(&readings, 4, frame)), readings);
        assert_eq!([0, 99, 100].map(|frame| resampled(&readings, 100, frame)), [i32::MIN, -3, -3]);
        assert_eq!([resampled(&[], 3, 1), resampled(&[5], 3, 2), resampled(&[1, 3], 1, 0)], [0, 5, 2]);
        assert_eq!(resampled(&[1, 3], 0, 0), 2);
    }

    #[test]
    fn a_frame_is_within_half_of_the_exact_value() {
        let readings = [3, -1_000_000, 14, 2_000_000_000, -2_000_000_000];
        for frame in 0..31 {
            let exact = f64::from(frame) * 4.0 / 30.0;
            let (index, remainder) = ((exact as usize).min(3), exact - (exact as usize).min(3) as f64);
            let exact = f64::from(readings[index]) * (1.0 - remainder) + f64::from(readings[index + 1]) * remainder;
            let found = f64::from(resampled(&readings, 31, frame as usize));
            assert!((found - exact).abs() <= 0.5 + 1e-5, "{frame}: {found} {exact}");
        }
    }
}
