//! What of a life goes into the course of many: the error of every step or the reward of every choice, and when that changed
//! which the world hides.

use metaplastic_task::episode::Episode;
use metaplastic_task::world::record::{LifeResult, Tracking};

/// What a value of a series is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum SeriesUnit {
    /// A step: its error, in the mean of all coordinates; NaN where nothing is desired.
    #[default]
    Step,
    /// A choice: its reward.
    Choice,
}

/// A life as a series.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LifeSeries {
    pub(super) unit: SeriesUnit,
    pub(super) values: Vec<f32>,
    /// The values before which something changes.
    pub(super) changes: Vec<usize>,
    /// What the task measures first of the life.
    pub(super) measured: f64,
}

impl LifeSeries {
    pub(super) fn of(episode: &Episode, life: &LifeResult) -> Self {
        let measured = life.measured.first().copied().unwrap_or_default();
        let steps = episode.world.as_ref().map_or_else(Vec::new, |world| world.begin().changes());
        if life.record.choices.is_empty() {
            let coordinates = (life.record.tracking.len() / episode.steps.max(1)).max(1);
            let values = life.record.tracking.chunks(coordinates).map(error).collect();
            return Self { unit: SeriesUnit::Step, values, changes: steps, measured };
        }
        let choice = |step: &usize| episode.decisions.iter().filter(|decision| decision.end <= *step).count();
        let values = life.record.choices.iter().map(|choice| choice.reward as f32).collect();
        Self { unit: SeriesUnit::Choice, values, changes: steps.iter().map(choice).collect(), measured }
    }
}

/// The mean magnitude of the errors of all coordinates; NaN where nothing is desired.
fn error(coordinates: &[Tracking]) -> f32 {
    mean(coordinates.iter().map(|coordinate| coordinate.error().abs())) as f32
}

/// The mean of the numbers among some values; NaN without any.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let numbers = values.filter(|value| !value.is_nan());
    let (count, sum) = numbers.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    sum / f64::from(count)
}

#[cfg(test)]
mod tests {
    use metaplastic_task::seed::{EpisodeDraw, Purpose};
    use metaplastic_task::world::record::{Choice, LifeRecord};

    use super::*;

    fn life(record: LifeRecord) -> LifeResult {
        LifeResult { record, measured: vec![7.0] }
    }

    #[test]
    fn errors_are_means_of_the_coordinates_of_a_step() {
        let at = |actual: f64| Tracking { desired: 1.0, actual };
        let record = LifeRecord { tracking: vec![at(0.0), at(4.0), at(1.0), at(0.0)], ..LifeRecord::default() };
        let series = LifeSeries::of(&Episode { steps: 2, ..Episode::default() }, &life(record));
        assert_eq!((series.unit, series.values, series.measured), (SeriesUnit::Step, vec![2.0, 0.5], 7.0));
        assert!(error(&[Tracking { desired: f64::NAN, actual: 1.0 }]).is_nan());
        assert_eq!(error(&[Tracking { desired: f64::NAN, actual: 1.0 }, at(0.0)]), 1.0);
    }

    #[test]
    fn a_change_is_counted_in_choices() {
        let table = "name = 'bandit'\npulls = 40\nreversal = true".parse().unwrap();
        let task = metaplastic_task::Tasks::built_in().from_table(table).unwrap();
        let episode = task.episode(Purpose::Test, &mut EpisodeDraw::new(1, Purpose::Test, 0, 0));
        let step = episode.world.as_ref().unwrap().begin().changes()[0];
        let choices = vec![Choice { action: 0, reward: 1.0 }; 40];
        let series = LifeSeries::of(&episode, &life(LifeRecord { choices, ..LifeRecord::default() }));
        assert_eq!((series.unit, series.values.len()), (SeriesUnit::Choice, 40));
        assert_eq!(series.changes, [step / (episode.steps / 40)]);
    }
}
