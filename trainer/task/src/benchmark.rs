//! The runs of a published benchmark: named episodes that are the same for everyone.

use std::borrow::Cow;

use crate::control::Control;
use crate::episode::Episode;
use crate::measure::Measure;
use crate::task::Requirements;
use crate::unseen::Episodes;

/// Named episodes of a benchmark, each a run, in the order of their names.
#[derive(Debug)]
pub struct BenchmarkRuns {
    /// The name of the benchmark's task.
    pub task: &'static str,
    /// What a network must have to run them.
    pub requirements: Requirements,
    /// What is measured of a run; nothing where decisions are right or wrong.
    pub measures: &'static [Measure],
    /// What a network is compared with in them.
    pub controls: Vec<Box<dyn Control>>,
    /// The runs.
    pub runs: Vec<BenchmarkRun>,
}

/// One run of a benchmark.
#[derive(Clone, Debug)]
pub struct BenchmarkRun {
    /// Its name.
    pub name: String,
    /// What is shown and decided in it.
    pub episode: Episode,
}

impl BenchmarkRuns {
    /// The accuracy of guessing, 0 to 1: the mean of `1 / candidates` over all decisions.
    #[must_use]
    pub fn chance(&self) -> f64 {
        let decisions = self.runs.iter().flat_map(|run| &run.episode.decisions);
        let (sum, count) =
            decisions.fold((0.0, 0.0), |(sum, count), decision| (sum + 1.0 / decision.among as f64, count + 1.0));
        sum / f64::max(count, 1.0)
    }
}

impl Episodes for BenchmarkRuns {
    fn count(&self) -> u64 {
        self.runs.len() as u64
    }

    fn episode(&self, index: u64) -> Cow<'_, Episode> {
        Cow::Borrowed(&self.runs[index as usize].episode)
    }
}
