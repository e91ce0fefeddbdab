//! The controls: what the nearest support sample and the nearest prototype reach in the same episodes, with the same shots,
//! on the windows as they are resampled and standardised.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::control::Control;
use crate::episode::Episode;

/// The distance of two windows.
type Distance = fn(&[f32], &[f32], usize) -> f32;

/// A classifier that compares a query with what the support samples left.
#[derive(Debug)]
struct Nearest {
    name: &'static str,
    /// The windows by their numbers.
    windows: Arc<Vec<Vec<f32>>>,
    channels: usize,
    distance: Distance,
    /// Whether a class is the mean of its support samples, rather than each of them.
    has_prototypes: bool,
}

/// Nearest neighbour by Euclidean distance and by dynamic time warping, and nearest prototype.
pub(super) fn controls(windows: &Arc<Vec<Vec<f32>>>, channels: usize) -> Vec<Box<dyn Control>> {
    let all: [(&'static str, Distance, bool); 3] = [
        ("nearest-euclidean", euclidean, false),
        ("nearest-dtw", dtw, false),
        ("nearest-prototype", euclidean, true),
    ];
    let control = |(name, distance, has_prototypes)| -> Box<dyn Control> {
        Box::new(Nearest { name, windows: Arc::clone(windows), channels, distance, has_prototypes })
    };
    all.map(control).into()
}

impl Control for Nearest {
    fn name(&self) -> &'static str {
        self.name
    }

    /// A query is compared with the support samples before it.
    fn answers(&self, episode: &Episode) -> Option<Vec<usize>> {
        let (mut support, mut known, mut answers) = (Vec::new(), Vec::new(), Vec::new());
        for (phase, number) in episode.phases.iter().zip(&episode.samples) {
            let window = self.windows.get(*number)?.as_slice();
            match phase.kind.labelled_class() {
                Some(class) => {
                    support.push((class, window));
                    known = self.known(&support);
                }
                None => answers.push(self.nearest(&known, window)),
            }
        }
        Some(answers)
    }
}

/// A class and a window that stands for it.
type KnownWindow<'w> = (usize, &'w [f32]);

impl Nearest {
    /// What queries are compared with.
    fn known(&self, support: &[KnownWindow<'_>]) -> Vec<(usize, Vec<f32>)> {
        if !self.has_prototypes {
            return support.iter().map(|(class, window)| (*class, window.to_vec())).collect();
        }
        let mut classes: BTreeMap<usize, Vec<&[f32]>> = BTreeMap::new();
        support.iter().for_each(|(class, window)| classes.entry(*class).or_default().push(window));
        classes.into_iter().map(|(class, windows)| (class, mean(&windows))).collect()
    }

    /// The class of what is nearest; of several, of the first.
    fn nearest(&self, known: &[(usize, Vec<f32>)], query: &[f32]) -> usize {
        let distance = |known: &(usize, Vec<f32>)| (self.distance)(&known.1, query, self.channels);
        let nearest = known.iter().min_by(|one, other| distance(one).total_cmp(&distance(other)));
        nearest.map_or(0, |(class, _)| *class)
    }
}

fn mean(windows: &[&[f32]]) -> Vec<f32> {
    let length = windows.first().map_or(0, |window| window.len());
    let value = |index: usize| windows.iter().map(|window| window[index]).sum::<f32>() / windows.len() as f32;
    (0..length).map(value).collect()
}

/// The squared distance, frame by frame.
fn euclidean(one: &[f32], other: &[f32], _: usize) -> f32 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum()
}

/// Dynamic time warping of all channels together over the whole window, without a band; a frame costs its squared distance.
fn dtw(one: &[f32], other: &[f32], channels: usize) -> f32 {
    let columns = other.len() / channels;
    let mut row = vec![f32::INFINITY; columns + 1];
    row[0] = 0.0;
    for frame in one.chunks_exact(channels) {
        let mut diagonal = std::mem::replace(&mut row[0], f32::INFINITY);
        for (column, second) in other.chunks_exact(channels).enumerate() {
            let least = diagonal.min(row[column]).min(row[column + 1]);
            diagonal = row[column + 1];
            row[column + 1] = euclidean(frame, second, channels) + least;
        }
    }
    row[columns]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phase::{Phase, PhaseKind};

    #[test]
    fn warping_in_time_costs_nothing_and_another_course_does() {
        assert_eq!(dtw(&[0.0, 0.0, 1.0, 2.0], &[0.0, 1.0, 1.0, 2.0], 1), 0.0);
        assert_eq!(dtw(&[0.0, 5.0, 1.0, 5.0], &[0.0, 5.0, 3.0, 5.0], 2), 4.0);
        assert_eq!(dtw(&[1.0, 2.0], &[4.0, 2.0], 1), 9.0 + 0.0 + 0.0);
        assert_eq!(euclidean(&[0.0, 0.0, 1.0], &[0.0, 1.0, 1.0], 1), 1.0);
    }

    #[test]
    fn a_query_gets_the_class_of_what_is_nearest() {
        let windows = Arc::new([[0.0], [4.0], [1.0], [9.0], [3.0]].map(Vec::from).to_vec());
        let kinds = [(0, true), (0, true), (1, true), (1, true), (0, false)];
        let phase = |(class, is_support)| {
            let kind = if is_support { PhaseKind::Support { class } } else { PhaseKind::Query { item: class } };
            Phase { steps: 0..1, kind }
        };
        let episode =
            Episode { phases: kinds.map(phase).into(), samples: vec![0, 1, 2, 3, 4], ..Episode::default() };
        let answers: Vec<_> =
            controls(&windows, 1).iter().map(|control| control.answers(&episode).unwrap()).collect();
        // The nearest sample is 4, of class 0; the prototypes are 2 and 5.
        assert_eq!(answers, [[0], [0], [0]]);
    }
}
