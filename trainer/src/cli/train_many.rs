//! `metaplastic train --set KEY=VALUE,VALUE --seeds FIRST..LAST`: a sweep, of which each training is as if it were alone.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Result, ensure};
use metaplastic_learn::experiment::Experiment;
use metaplastic_learn::meta::CHECKPOINT_FILE;

use super::interrupt::StopSignals;
use super::output::{note, say};
use super::sweep::{PlannedTraining, SweepFolder, SweepRow, SweepWords, Workers, plan};
use super::train::Train;
use super::training::{Descent, check_memory, command_line, finish};
use super::training_folder::{Beginning, TrainingFolder};

/// Trains everything that is planned, then writes and prints what was reached.
pub(super) fn run(train: &Train) -> Result<()> {
    ensure!(!train.json, "--json is of one training; the figures of several are in sweep.csv");
    let planned = plan(&train.set, train.seeds, &train.out)?;
    // Everything that can be refused is refused before the first training.
    let experiments =
        planned.iter().map(|one| train.experiment(&one.overrides, one.seed)).collect::<Result<Vec<_>>>()?;
    let engine = train.engine()?;
    let mut most = 0;
    for (one, experiment) in planned.iter().zip(&experiments) {
        train.refuse_inputs(&one.folder)?;
        most = most.max(check_memory(experiment, &*engine, train.memory.limit())?);
    }
    let folder = SweepFolder::open(&train.out, !train.overwrite && !train.resume)?;
    let first = &experiments[0];
    first.task.notes().iter().for_each(|text| note(text));
    say!("{}: {} trainings", first.name, planned.len());
    let workers = Workers::new(planned.len(), rayon::current_num_threads(), most, train.memory.limit());
    let sweep = Sweep { train, signals: StopSignals::take()?, done: AtomicUsize::new(0), all: planned.len() };
    let trainings: Vec<_> = planned.iter().zip(&experiments).collect();
    let rows = workers.run(&trainings, |(one, experiment)| sweep.train(one, experiment))?;
    let measure = first.task.measures().first().copied();
    folder.finish(&rows, &SweepWords { title: &first.name, measure, command: command_line() })
}

/// What all trainings have in common.
struct Sweep<'s> {
    train: &'s Train,
    signals: StopSignals,
    done: AtomicUsize,
    all: usize,
}

impl Sweep<'_> {
    fn train(&self, planned: &PlannedTraining, experiment: &Experiment) -> Result<SweepRow> {
        ensure!(!self.signals.is_stopped(), "interrupted; `train --resume` with the same options goes on");
        let began = Instant::now();
        let resume = self.train.resume && planned.folder.join(CHECKPOINT_FILE).exists();
        let folder = TrainingFolder::open(&planned.folder, Beginning::of_options(resume, self.train.overwrite))?;
        let descent = Descent { folder: &folder, resume, quiet: true };
        let trained = descent.descend(experiment, &*self.train.engine()?, &self.signals)?;
        let artifact = finish(experiment, &trained, &descent, self.train.episodes)?;
        let row = SweepRow::new(planned, experiment, &artifact.summary, began.elapsed().as_secs_f64());
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.train.quiet {
            say!("{done}/{}  {}", self.all, row.text());
        }
        Ok(row)
    }
}
