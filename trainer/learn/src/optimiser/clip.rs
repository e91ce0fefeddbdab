//! Gradient clipping by the norm over all parameters: a longer gradient keeps its direction.

/// The Euclidean norm, summed in double precision; not finite if a value is not.
#[must_use]
pub fn norm(gradient: impl Iterator<Item = f32>) -> f64 {
    gradient.map(|value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

/// Shortens a gradient of this norm to the norm `limit` if it is longer.
pub fn clip<'g>(gradient: impl Iterator<Item = &'g mut f32>, norm: f64, limit: f64) {
    if norm > limit {
        let scale = limit / norm;
        gradient.for_each(|value| *value = (f64::from(*value) * scale) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_longer_gradient_is_shortened() {
        let mut gradient = [3.0, -4.0];
        let length = norm(gradient.into_iter());
        assert_eq!(length, 5.0);
        clip(gradient.iter_mut(), length, 5.0);
        assert_eq!(gradient, [3.0, -4.0]);
        clip(gradient.iter_mut(), length, 1.0);
        assert!((gradient[0] - 0.6).abs() < 1e-6 && (gradient[1] + 0.8).abs() < 1e-6, "{gradient:?}");
        assert!(!norm([1.0, f32::INFINITY].into_iter()).is_finite() && !norm([f32::NAN].into_iter()).is_finite());
    }
}
