//! Gradient clipping by the norm over all meta-parameters: a longer gradient keeps its direction.

/// The Euclidean norm, summed in double precision; not finite if a value is not.
#[must_use]
pub fn norm(gradient: &[f32]) -> f64 {
    gradient.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt()
}

/// Shortens the gradient to the norm `limit` if it is longer, and says how long it was.
pub fn clip(gradient: &mut [f32], limit: f64) -> f64 {
    let norm = norm(gradient);
    if norm > limit {
        let scale = limit / norm;
        gradient.iter_mut().for_each(|value| *value = (f64::from(*value) * scale) as f32);
    }
    norm
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_longer_gradient_is_shortened() {
        let mut gradient = [3.0, -4.0];
        assert_eq!((clip(&mut gradient, 5.0), gradient), (5.0, [3.0, -4.0]));
        assert_eq!(clip(&mut gradient, 1.0), 5.0);
        assert!((gradient[0] - 0.6).abs() < 1e-6 && (gradient[1] + 0.8).abs() < 1e-6, "{gradient:?}");
        assert!(!norm(&[1.0, f32::INFINITY]).is_finite() && !norm(&[f32::NAN]).is_finite());
    }
}
