//! The coefficients that whiten channels: combinations of standardised channels in which windows of one class differ from each
//! other equally in every direction. It knows neither files nor episodes.
//!
//! With `C` the covariance of what windows of the training classes have beyond the mean of their class, frame by frame, and `s`
//! the fraction that is asked for, the rows are those of the inverse of the Cholesky factor of `s C + (1 - s) c I`, where `c` is
//! the mean of the diagonal of `C`; times a factor for all, so that the training values keep their variance in the mean. Within-
//! class covariance normalisation: Hatch, Kajarekar and Stolcke 2006.

use metaplastic_shared::encoder::COEFFICIENT_BITS;

/// Of each new channel, the coefficients of the standardised channels up to its own.
pub(super) type WhiteningRows = Vec<Vec<i16>>;

/// A square matrix by rows.
type SquareMatrix = Vec<Vec<f64>>;

/// Windows of training, by class: for each class its windows, frame by frame, all channels of each.
pub(super) struct WhitenedClasses<'w> {
    pub(super) classes: Vec<Vec<&'w [f32]>>,
    pub(super) channels: usize,
}

impl WhitenedClasses<'_> {
    /// The rows for a fraction of whitening; none where no two windows of a class differ.
    pub(super) fn rows(&self, fraction: f64) -> WhiteningRows {
        let within = self.covariance(mean);
        let diagonal =
            (0..self.channels).map(|channel| within[channel][channel]).sum::<f64>() / self.channels as f64;
        if diagonal <= 0.0 {
            return Vec::new();
        }
        let shrunk = |row: usize, column: usize| {
            fraction * within[row][column] + if row == column { (1.0 - fraction) * diagonal } else { 0.0 }
        };
        let shrunk = (0..self.channels).map(|row| (0..self.channels).map(|column| shrunk(row, column)).collect());
        let rows = inverse_factor(&shrunk.collect());
        let all = self.covariance(|windows| vec![0.0; windows.first().map_or(0, |window| window.len())]);
        let factor = (trace(&all) / transformed_trace(&rows, &all)).sqrt();
        let integer = |value: &f64| (value * factor * f64::from(COEFFICIENT_BITS).exp2()).round() as i16;
        rows.iter().map(|row| row.iter().map(integer).collect()).collect()
    }

    /// The covariance of the channels around a centre of each class.
    fn covariance(&self, centre: impl Fn(&[&[f32]]) -> Vec<f64>) -> SquareMatrix {
        let mut sums = vec![vec![0.0; self.channels]; self.channels];
        let mut count = 0.0;
        for windows in &self.classes {
            let centre = centre(windows);
            for window in windows {
                let apart: Vec<_> =
                    window.iter().zip(&centre).map(|(value, mean)| f64::from(*value) - mean).collect();
                apart.chunks_exact(self.channels).for_each(|frame| add_products(&mut sums, frame));
                count += (window.len() / self.channels) as f64;
            }
        }
        sums.iter_mut().flatten().for_each(|sum| *sum /= f64::max(count, 1.0));
        sums
    }
}

fn add_products(sums: &mut SquareMatrix, frame: &[f64]) {
    for (row, first) in sums.iter_mut().zip(frame) {
        row.iter_mut().zip(frame).for_each(|(sum, second)| *sum += first * second);
    }
}

/// The mean window of a class.
fn mean(windows: &[&[f32]]) -> Vec<f64> {
    let length = windows.first().map_or(0, |window| window.len());
    let value = |index: usize| windows.iter().map(|window| f64::from(window[index])).sum::<f64>();
    (0..length).map(|index| value(index) / windows.len() as f64).collect()
}

fn trace(matrix: &SquareMatrix) -> f64 {
    (0..matrix.len()).map(|index| matrix[index][index]).sum()
}

/// The trace of `A C A'` for the rows of `A`.
fn transformed_trace(rows: &SquareMatrix, covariance: &SquareMatrix) -> f64 {
    let of_row = |row: &Vec<f64>| -> f64 {
        let products = row.iter().zip(covariance);
        products
            .map(|(first, line)| first * row.iter().zip(line).map(|(second, value)| second * value).sum::<f64>())
            .sum()
    };
    rows.iter().map(of_row).sum()
}

/// The inverse of the lower triangular factor `L` of `matrix = L L'`, which is positive definite; rows end at the diagonal.
fn inverse_factor(matrix: &SquareMatrix) -> SquareMatrix {
    let size = matrix.len();
    let mut factor: SquareMatrix = Vec::with_capacity(size);
    for row in 0..size {
        let mut line: Vec<f64> = Vec::with_capacity(row + 1);
        for column in 0..=row {
            let known = if column < row { &factor[column] } else { &line };
            let sum: f64 = line.iter().zip(known).map(|(first, second)| first * second).sum();
            let left = matrix[row][column] - sum;
            line.push(if column < row {
                left / factor[column][column]
            } else {
                left.max(f64::MIN_POSITIVE).sqrt()
            });
        }
        factor.push(line);
    }
    inverse(&factor)
}

/// The inverse of a lower triangular matrix whose rows end at the diagonal.
fn inverse(factor: &SquareMatrix) -> SquareMatrix {
    let mut rows: SquareMatrix = Vec::with_capacity(factor.len());
    for (index, line) in factor.iter().enumerate() {
        let diagonal = line[index];
        let entry = |column: usize| {
            let sum: f64 = (column..index).map(|inner| line[inner] * rows[inner][column]).sum();
            (if column == index { 1.0 } else { -sum }) / diagonal
        };
        rows.push((0..=index).map(entry).collect());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(windows: &[Vec<f32>]) -> Vec<&[f32]> {
        windows.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn the_inverse_of_the_factor_makes_a_covariance_the_unit_matrix() {
        let matrix = vec![vec![4.0, 2.0, -1.0], vec![2.0, 5.0, 0.5], vec![-1.0, 0.5, 3.0]];
        let rows = inverse_factor(&matrix);
        let product = |first: &[f64], second: &[f64]| -> f64 {
            let line = |row: usize| {
                second.iter().enumerate().map(|(column, value)| value * matrix[row][column]).sum::<f64>()
            };
            first.iter().enumerate().map(|(row, value)| value * line(row)).sum()
        };
        for (row, first) in rows.iter().enumerate() {
            for (column, second) in rows.iter().enumerate() {
                let expected = if row == column { 1.0 } else { 0.0 };
                assert!((product(first, second) - expected).abs() < 1e-12, "{row} {column}");
            }
        }
    }

    /// Two classes of windows of one frame that differ in the second channel, and within a class in the first.
    #[test]
    fn a_direction_in_which_windows_of_a_class_differ_becomes_small() {
        let first = [vec![-3.0, 1.0], vec![3.0, 1.1]];
        let second = [vec![-3.0, -1.1], vec![3.0, -1.0]];
        let classes = WhitenedClasses { classes: vec![class(&first), class(&second)], channels: 2 };
        let rows = classes.rows(0.9);
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        assert!(i32::from(rows[1][1]) > 2 * i32::from(rows[0][0]), "{rows:?}");
        let unit = 1 << COEFFICIENT_BITS;
        assert_eq!(classes.rows(0.0), [vec![unit], vec![0, unit]]);
    }

    #[test]
    fn there_are_no_rows_where_windows_of_a_class_are_equal() {
        let windows = [vec![1.0, 2.0]];
        assert!(WhitenedClasses { classes: vec![class(&windows)], channels: 2 }.rows(0.5).is_empty());
        assert!(WhitenedClasses { classes: Vec::new(), channels: 2 }.rows(0.5).is_empty());
    }
}
