//! What the steps of unseen episodes cost on a board: instructions on an emulated one, clock cycles on a real one.
//!
//! One step a message, so that each is counted alone; the wire is not counted. Taught are the steps in which a third
//! factor was not zero, so that plastic weights could change. Nor is a rest counted, which sets the state to zero.

use std::ops::Range;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{Cost, Ran};
use serde::{Deserialize, Serialize};

use crate::body::{Body, BodyError, BodyName, Emulator, Serial};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_task::episode::Episode;
use metaplastic_task::unseen::Unseen;

/// What some steps cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// How many steps.
    pub steps: u64,
    /// Cost of the median step.
    pub median: u32,
    /// Cost of the worst step.
    pub worst: u32,
}

impl Spread {
    fn of(mut costs: Vec<u32>) -> Self {
        costs.sort_unstable();
        let at = |index: usize| costs.get(index).copied().unwrap_or_default();
        Self { steps: costs.len() as u64, median: at(costs.len() / 2), worst: at(costs.len().saturating_sub(1)) }
    }
}

/// What stretches of several steps cost, each whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretches {
    /// How many.
    pub count: u64,
    /// Steps of the longest.
    pub steps: u64,
    /// Cost of the median one.
    pub median: u64,
    /// Cost of the worst.
    pub worst: u64,
}

impl Stretches {
    /// Each is the costs of its steps.
    fn of(stretches: &[Vec<u32>]) -> Self {
        let mut sums: Vec<u64> = stretches.iter().map(|costs| costs.iter().copied().map(u64::from).sum()).collect();
        sums.sort_unstable();
        let steps = stretches.iter().map(Vec::len).max().unwrap_or_default() as u64;
        let at = |index: usize| sums.get(index).copied().unwrap_or_default();
        let (median, worst) = (at(sums.len() / 2), at(sums.len().saturating_sub(1)));
        Self { count: sums.len() as u64, steps, median, worst }
    }
}

/// What the steps of some episodes cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCosts {
    /// In what unit.
    pub unit: Cost,
    /// Steps in which nothing could be learned.
    pub untaught: Spread,
    /// Steps in which plastic weights could change.
    pub taught: Spread,
    /// Stretches in which the network was told the right answer: of characters, one labelled picture each.
    pub lessons: Stretches,
    /// Stretches at whose end it had answered: of characters, one picture each.
    pub answers: Stretches,
}

/// Why steps could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// The body does not count.
    #[error("{0} counts neither instructions nor cycles; an emulated or a real board does")]
    CountsNothing(BodyName),
    /// The body cannot be had or failed.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// Measures every step of some episodes on a board.
///
/// # Errors
/// If the body does not count, cannot be had or fails.
pub fn bench(unseen: &Unseen<'_>, body: &BodyName, artifact: &ArtifactFile) -> Result<StepCosts, BenchError> {
    match body {
        BodyName::Emulator(machine) => {
            let mut board = Emulator::start_counting(machine, artifact)?;
            let unit = board.identity().cost;
            Ok(costs(unseen, unit, &mut board, Emulator::run_some)?)
        }
        BodyName::Serial { port, baud } => {
            let mut board = Serial::open(port, *baud, artifact)?;
            let unit = board.identity().cost;
            if unit == Cost::Nothing {
                return Err(BenchError::CountsNothing(body.clone()));
            }
            Ok(costs(unseen, unit, &mut board, Serial::run_some)?)
        }
        BodyName::Host => Err(BenchError::CountsNothing(body.clone())),
    }
}

fn costs<B: Body>(
    unseen: &Unseen<'_>,
    unit: Cost,
    body: &mut B,
    run: impl Fn(&mut B, &Episode, Range<usize>) -> Result<Ran, BodyError>,
) -> Result<StepCosts, BodyError> {
    let (mut untaught, mut taught) = (Vec::new(), Vec::new());
    let (mut lessons, mut answers) = (Vec::new(), Vec::new());
    for index in 0..unseen.episodes {
        let episode = unseen.episode(index);
        let mut costs = Vec::new();
        body.reset(Freeze::Nothing)?;
        for step in 0..episode.steps {
            if episode.rests_before(step) {
                body.rest()?;
            }
            let ran = run(body, &episode, step..step + 1)?;
            if ran.taught > 0 {
                taught.push(ran.cost)
            } else {
                untaught.push(ran.cost)
            }
            costs.push(ran.cost);
        }
        let told = episode.marks.iter().filter(|mark| mark.teaches);
        lessons.extend(told.map(|mark| costs[mark.start..mark.end].to_vec()));
        answers.extend(episode.decisions.iter().map(|decision| costs[decision.start..decision.end].to_vec()));
    }
    let (untaught, taught) = (Spread::of(untaught), Spread::of(taught));
    let (lessons, answers) = (Stretches::of(&lessons), Stretches::of(&answers));
    Ok(StepCosts { unit, untaught, taught, lessons, answers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_names_the_middle_and_the_worst() {
        assert_eq!(Spread::of(vec![5, 1, 9]), Spread { steps: 3, median: 5, worst: 9 });
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }

    #[test]
    fn a_stretch_costs_what_its_steps_do() {
        let three = [vec![u32::MAX, 1], vec![5], vec![2, 2, 2]];
        let worst = u64::from(u32::MAX) + 1;
        assert_eq!(Stretches::of(&three), Stretches { count: 3, steps: 3, median: 6, worst });
        assert_eq!(Stretches::of(&[]), Stretches::default());
    }
}
