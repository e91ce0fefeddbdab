//! From many lives to curves: the mean of each window of a life with its interval, and the same around a change that comes
//! at another time in every life.

use std::ops::Range;

use metaplastic_report::world_data::{CourseCurve, CoursePoint, LifeCourse};
use metaplastic_task::measure::Estimate;

use super::series::{LifeSeries, SeriesUnit, mean};
use super::windows::SeriesWindows;

/// The courses of lives in the same worlds: for each label, all that one acted in.
pub(super) fn courses(labels: &[&str], all: &[Vec<LifeSeries>], step_seconds: Option<f64>) -> Vec<LifeCourse> {
    let Some(first) = all.first().and_then(|lives| lives.first()) else { return Vec::new() };
    let lives = LifeSet { labels, all, text: CourseText::of(first.unit, step_seconds) };
    let changes = all[0].iter().map(|life| &life.changes[..]);
    if first.values.is_empty() {
        return Vec::new();
    }
    let is_common = changes.clone().all(|changes| changes == first.changes);
    let over_life = lives.over_life(if is_common { &first.changes } else { &[] });
    let at: Option<Vec<usize>> = changes.map(|changes| (changes.len() == 1).then(|| changes[0])).collect();
    let around = at.filter(|_| !is_common).and_then(|at| lives.around(&at));
    std::iter::once(over_life).chain(around).collect()
}

/// The words of a course.
struct CourseText {
    title: &'static str,
    quantity: &'static str,
    axis: &'static str,
    /// On the axis, of a value.
    unit: f64,
    /// On the axis, of the first value.
    first: f64,
}

impl CourseText {
    fn of(unit: SeriesUnit, step_seconds: Option<f64>) -> Self {
        let error = "mean magnitude of the error";
        let step = |axis, unit| Self { title: "A life: the error", quantity: error, axis, unit, first: 0.0 };
        match (unit, step_seconds) {
            (SeriesUnit::Choice, _) => Self {
                title: "A life: the reward",
                quantity: "reward of a choice",
                axis: "number of the choice in the life",
                unit: 1.0,
                first: 1.0,
            },
            (SeriesUnit::Step, Some(seconds)) => step("time in the life (s)", seconds),
            (SeriesUnit::Step, None) => step("time in the life (steps)", 1.0),
        }
    }
}

/// The lives of all actors.
struct LifeSet<'l> {
    labels: &'l [&'l str],
    all: &'l [Vec<LifeSeries>],
    text: CourseText,
}

impl LifeSet<'_> {
    fn over_life(&self, changes: &[usize]) -> LifeCourse {
        let length = self.all.iter().flatten().map(|life| life.values.len()).min().unwrap_or(0);
        let at = |change: &usize| *change as f64 * self.text.unit + self.text.first;
        LifeCourse {
            title: self.text.title.into(),
            axis: self.text.axis.into(),
            changes: changes.iter().map(at).collect(),
            ..self.course(0, |_| 0..length)
        }
    }

    /// As many values before and behind the change of each life as all lives have; none if there are none before.
    fn around(&self, changes: &[usize]) -> Option<LifeCourse> {
        let before = changes.iter().copied().min().filter(|before| *before > 0)?;
        let lengths = self.all[0].iter().zip(changes);
        let behind = lengths.map(|(life, change)| life.values.len().saturating_sub(*change)).min()?;
        let around = |life: usize| changes[life] - before..changes[life] + behind;
        Some(LifeCourse {
            title: format!("{}, around the change", self.text.title),
            axis: self.text.axis.replace("in the life", "counted from the change"),
            changes: vec![self.text.first - 0.5 * self.text.unit],
            ..self.course(before, around)
        })
    }

    /// Of the same values of each life, by the number of the life; the axis begins at value `origin` of them.
    fn course(&self, origin: usize, values: impl Fn(usize) -> Range<usize>) -> LifeCourse {
        let windows = SeriesWindows::of(values(0).len(), self.text.unit);
        let curve = |(label, lives): (&&str, &Vec<LifeSeries>)| {
            let slices = lives.iter().enumerate().map(|(number, life)| &life.values[values(number)]);
            let slices: Vec<_> = slices.collect();
            let points = self.points(&slices, windows, origin);
            CourseCurve { label: (*label).into(), lives: lives.len() as u64, points }
        };
        let curves = self.labels.iter().zip(self.all).map(curve).collect();
        LifeCourse { quantity: self.text.quantity.into(), curves, ..LifeCourse::default() }
    }

    /// A point for each window; none where nothing is desired.
    fn points(&self, lives: &[&[f32]], windows: SeriesWindows, origin: usize) -> Vec<CoursePoint> {
        let count = lives.first().map_or(0, |values| values.len() / windows.values);
        let point = |number: usize| {
            let range = number * windows.values..(number + 1) * windows.values;
            let means = lives.iter().map(|values| mean(values[range.clone()].iter().copied().map(f64::from)));
            let means: Vec<f64> = means.filter(|mean| !mean.is_nan()).collect();
            let Estimate { mean, low, high, .. } = Estimate::of(&means);
            let at = windows.middle(number, origin) + self.text.first;
            (!means.is_empty()).then_some(CoursePoint { at, mean, low, high })
        };
        (0..count).filter_map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(unit: SeriesUnit, values: &[f32], changes: &[usize]) -> LifeSeries {
        LifeSeries { unit, values: values.to_vec(), changes: changes.to_vec(), measured: 0.0 }
    }

    fn means(course: &LifeCourse) -> Vec<(f64, f64)> {
        course.curves[0].points.iter().map(|point| ((1e9 * point.at).round() / 1e9, point.mean)).collect()
    }

    #[test]
    fn a_course_is_the_mean_of_lives_with_its_changes_in_seconds() {
        let all = [vec![life(SeriesUnit::Step, &[1.0, 3.0], &[1]), life(SeriesUnit::Step, &[2.0, 5.0], &[1])]];
        let found = courses(&["a"], &all, Some(0.5));
        assert_eq!((found.len(), &found[0].changes[..], found[0].curves[0].lives), (1, &[0.5][..], 2));
        assert_eq!(means(&found[0]), [(0.0, 1.5), (0.5, 4.0)]);
    }

    #[test]
    fn changes_at_other_times_in_every_life_have_a_course_around_them() {
        let one = life(SeriesUnit::Choice, &[0.0, 0.0, 1.0, 1.0, 1.0], &[2]);
        let other = life(SeriesUnit::Choice, &[0.0, 0.0, 0.0, 1.0, 1.0], &[3]);
        let found = courses(&["a"], &[vec![one, other]], None);
        assert_eq!(found[0].changes, [0.0; 0]);
        assert_eq!(means(&found[0]), [(1.0, 0.0), (2.0, 0.0), (3.0, 0.5), (4.0, 1.0), (5.0, 1.0)]);
        // The first choice behind the change is number 1.
        assert_eq!(means(&found[1]), [(-1.0, 0.0), (0.0, 0.0), (1.0, 1.0), (2.0, 1.0)]);
        assert_eq!(
            (&found[1].changes[..], &found[1].axis[..]),
            (&[0.5][..], "number of the choice counted from the change")
        );
    }

    #[test]
    fn where_nothing_is_desired_there_is_no_point() {
        let all =
            [vec![life(SeriesUnit::Step, &[f32::NAN, 2.0], &[]), life(SeriesUnit::Step, &[f32::NAN, 4.0], &[])]];
        assert_eq!(means(&courses(&["a"], &all, None)[0]), [(1.0, 3.0)]);
        assert_eq!(courses(&["a"], &[Vec::new()], None), []);
    }
}
