//! What has decayed to nothing becomes zero before it becomes subnormal.
//!
//! On many processors an operation on a subnormal number takes a hundred times as long as another, and what decays stays
//! subnormal for good: the smallest one times 0.9 is rounded to itself. So magnitudes below [`NOTHING`] become zero, by a
//! comparison, which is the same on every machine; after every [`EVERY`]th step of an episode, which is the same for any
//! length of segments. Between two of them no decay above 0.35 comes from `NOTHING` to the subnormals.

/// A smaller magnitude is zero.
const NOTHING: f32 = 1e-30;
/// Steps from one time to the next.
const EVERY: usize = 16;

/// Whether it is done after a step forward, and before that step backward.
pub(crate) fn is_due(step: usize) -> bool {
    step.is_multiple_of(EVERY)
}

/// Sets what is nearly zero to zero.
pub(crate) fn flush(values: &mut [f32]) {
    values.iter_mut().for_each(|value| *value = if value.abs() < NOTHING { 0.0 } else { *value });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearly_zero_becomes_zero_and_nothing_else_changes() {
        let kept = [1.0, -1e-30, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
        let small = [1e-31, -1e-31, f32::MIN_POSITIVE, 1e-45, -1e-45, 0.0];
        let mut values = kept.into_iter().chain(small).collect::<Vec<_>>();
        flush(&mut values);
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&values), bits(&[&kept[..], &[0.0; 6]].concat()));
    }

    #[test]
    fn a_decay_of_035_stays_above_the_subnormals_from_one_time_to_the_next() {
        assert!((0..EVERY).fold(NOTHING, |value, _| 0.35 * value) >= f32::MIN_POSITIVE);
    }
}
