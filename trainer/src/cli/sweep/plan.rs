//! Which trainings a sweep has: every combination of values with every seed, in the order of a counter whose last wheel
//! are the seeds.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use metaplastic_learn::experiment::Override;

use super::override_values::OverrideValues;
use super::seeds::Seeds;

/// Trainings of a sweep, at most.
const MOST: usize = 10_000;

/// One training of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlannedTraining {
    /// The values that are set.
    pub(crate) overrides: Vec<Override>,
    /// The seed; if none, the experiment's.
    pub(crate) seed: Option<u64>,
    /// Its folder.
    pub(crate) folder: PathBuf,
}

/// Values that are set, in words.
pub(super) fn label(overrides: &[Override]) -> String {
    let words: Vec<_> = overrides.iter().map(|Override { key, value }| format!("{key} = {value}")).collect();
    words.join(", ")
}

/// All trainings; their folders are numbered in `out`.
///
/// # Errors
/// If they are too many.
pub(crate) fn plan(sets: &[OverrideValues], seeds: Option<Seeds>, out: &Path) -> Result<Vec<PlannedTraining>> {
    let seeds: Vec<_> = seeds.map_or_else(|| vec![None], |seeds| seeds.iter().map(Some).collect());
    let count = sets.iter().try_fold(seeds.len(), |count, set| count.checked_mul(set.values.len()));
    let count = count.unwrap_or(usize::MAX);
    ensure!(count <= MOST, "--set and --seeds: {count} trainings, at most {MOST} are allowed");
    let digits = count.to_string().len();
    let combinations = combinations(sets);
    let trainings = combinations.iter().flat_map(|overrides| seeds.iter().map(move |seed| (overrides, *seed)));
    let numbered = trainings.zip(1..).map(|((overrides, seed), number)| PlannedTraining {
        overrides: overrides.clone(),
        seed,
        folder: out.join(format!("{number:0digits$}")),
    });
    Ok(numbered.collect())
}

fn combinations(sets: &[OverrideValues]) -> Vec<Vec<Override>> {
    sets.iter().fold(vec![Vec::new()], |before, OverrideValues { key, values }| {
        let with = |overrides: &Vec<Override>, value: &toml::Value| {
            let one = Override { key: key.clone(), value: value.clone() };
            overrides.iter().cloned().chain([one]).collect()
        };
        before.iter().flat_map(|overrides| values.iter().map(move |value| with(overrides, value))).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_every_seed() {
        let sets = ["meta.batch=16,32", "task.cues=4"].map(|text| text.parse().unwrap());
        let planned = plan(&sets, Some("1..2".parse().unwrap()), Path::new("out")).unwrap();
        let all: Vec<_> =
            planned.iter().map(|one| (one.folder.display().to_string(), label(&one.overrides), one.seed)).collect();
        let row = |number: &str, batch: u32, seed| {
            (format!("out/{number}"), format!("meta.batch = {batch}, task.cues = 4"), Some(seed))
        };
        assert_eq!(all, [row("1", 16, 1), row("2", 16, 2), row("3", 32, 1), row("4", 32, 2)]);
    }

    #[test]
    fn too_many_are_refused() {
        let set: OverrideValues = format!("a={}", vec!["1"; 101].join(",")).parse().unwrap();
        let fault = plan(&[set.clone(), set], None, Path::new("")).unwrap_err().to_string();
        assert!(fault.contains("10201 trainings, at most 10000"), "{fault}");
    }
}
