//! What the trainings of a sweep reached: a row each in `sweep.csv`, and for every combination of values the mean over its
//! seeds with its 95 % interval (Student's t), on standard output and in `sweep.html`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use metaplastic_files::atomic;
use metaplastic_files::folder_lock::FolderLock;
use metaplastic_learn::experiment::{Experiment, Override};
use metaplastic_report::sweep::{SweepGroup, SweepReport, render_sweep};
use metaplastic_task::measure::{Estimate, Measure};
use metaplastic_task::score::Score;

use super::plan::{PlannedTraining, label};
use crate::cli::output::say;
use crate::cli::report::write_text;
use crate::cli::training_folder::{create, lock};
use crate::training_summary::Summary;

/// The table of all trainings.
const TABLE: &str = "sweep.csv";
/// The page.
const PAGE: &str = "sweep.html";

/// What one training reached.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SweepRow {
    folder: PathBuf,
    overrides: Vec<Override>,
    seed: u64,
    meta_steps: u32,
    seconds: f64,
    float: f64,
    chip: f64,
    frozen_plasticity: f64,
    frozen_third_factor: f64,
    untrained: f64,
    diagnoses: usize,
}

impl SweepRow {
    pub(crate) fn new(planned: &PlannedTraining, experiment: &Experiment, summary: &Summary, seconds: f64) -> Self {
        let value = |score: &Score| score.estimate(0).map_or_else(|| score.accuracy(), |estimate| estimate.mean);
        let chip = &summary.chip;
        Self {
            folder: planned.folder.clone(),
            overrides: planned.overrides.clone(),
            seed: experiment.meta.seed,
            meta_steps: experiment.meta.meta_steps,
            seconds,
            float: value(&summary.float),
            chip: value(&chip.learning),
            frozen_plasticity: value(&chip.frozen_plasticity),
            frozen_third_factor: value(&chip.frozen_third_factor),
            untrained: value(&summary.untrained),
            diagnoses: summary.diagnoses.len(),
        }
    }

    /// In words, as soon as it is known.
    pub(crate) fn text(&self) -> String {
        let Self { folder, seed, float, chip, frozen_plasticity, .. } = self;
        let overrides = label(&self.overrides);
        let set = if overrides.is_empty() { String::new() } else { format!("  {overrides}") };
        format!(
            "{}{set}  seed {seed}: float {float:.4}, chip {chip:.4}, P frozen {frozen_plasticity:.4}",
            folder.display()
        )
    }
}

/// The folder of a sweep, which one process at a time writes into.
pub(crate) struct SweepFolder {
    path: PathBuf,
    _lock: FolderLock,
}

impl SweepFolder {
    /// Prepares it.
    pub(crate) fn open(path: &Path, is_new: bool) -> Result<Self> {
        create(path)?;
        let lock = lock(path)?;
        if is_new && path.join(TABLE).exists() {
            bail!(
                "{}: has {TABLE} of a sweep; replace it with --overwrite, or choose another folder",
                path.display()
            );
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Writes table and page and prints the means.
    pub(crate) fn finish(&self, rows: &[SweepRow], sweep: &SweepWords<'_>) -> Result<()> {
        let table = self.path.join(TABLE);
        atomic::write(&table, &csv(rows)?).with_context(|| format!("{}: cannot be written", table.display()))?;
        let groups = groups(rows);
        print(&groups, sweep)?;
        let report = SweepReport {
            title: sweep.title.to_owned(),
            measure: sweep.measure_name(),
            is_fraction: sweep.measure.is_none(),
            groups,
            command: sweep.command.clone(),
        };
        let page = self.path.join(PAGE);
        write_text(&page, &render_sweep(&report)?)?;
        say!("{}\n{}", table.display(), page.display());
        Ok(())
    }
}

/// What a sweep is called, and what it measures.
pub(crate) struct SweepWords<'s> {
    /// The experiment's name.
    pub(crate) title: &'s str,
    /// What is measured first; none where decisions are right or wrong.
    pub(crate) measure: Option<Measure>,
    /// The command that made it.
    pub(crate) command: String,
}

impl SweepWords<'_> {
    fn measure_name(&self) -> String {
        self.measure.map_or_else(|| "accuracy".to_owned(), |measure| measure.with_unit())
    }
}

fn csv(rows: &[SweepRow]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let keys = rows.first().into_iter().flat_map(|row| row.overrides.iter().map(|one| one.key.as_str()));
    let figures =
        ["float", "chip", "plasticity_frozen", "third_factor_frozen", "untrained", "diagnoses", "seconds"];
    writer.write_record(["folder"].into_iter().chain(keys).chain(["seed", "meta_steps"]).chain(figures))?;
    for row in rows {
        let values = row
            .overrides
            .iter()
            .map(|Override { value, .. }| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        let figures = [row.float, row.chip, row.frozen_plasticity, row.frozen_third_factor, row.untrained];
        let record = [row.folder.display().to_string()].into_iter().chain(values);
        let record = record.chain([row.seed.to_string(), row.meta_steps.to_string()]);
        let record = record.chain(figures.map(|figure| figure.to_string()));
        writer.write_record(record.chain([row.diagnoses.to_string(), format!("{:.1}", row.seconds)]))?;
    }
    Ok(writer.into_inner()?)
}

/// The mean of every combination over its seeds; rows of a combination follow one another.
fn groups(rows: &[SweepRow]) -> Vec<SweepGroup> {
    let same = |one: &SweepRow, next: &SweepRow| one.overrides == next.overrides;
    rows.chunk_by(same).map(group).collect()
}

fn group(rows: &[SweepRow]) -> SweepGroup {
    let values = |figure: fn(&SweepRow) -> f64| rows.iter().map(figure).collect::<Vec<_>>();
    let chip = values(|row| row.chip);
    let Estimate { mean, low, high, .. } = Estimate::of_few(&chip);
    let label = label(&rows[0].overrides);
    SweepGroup {
        label: if label.is_empty() { "as the experiment says".into() } else { label },
        trainings: rows.len(),
        mean,
        low,
        high,
        least: chip.iter().copied().fold(f64::MAX, f64::min),
        most: chip.iter().copied().fold(f64::MIN, f64::max),
        float: Estimate::of(&values(|row| row.float)).mean,
        frozen_plasticity: Estimate::of(&values(|row| row.frozen_plasticity)).mean,
    }
}

fn print(groups: &[SweepGroup], sweep: &SweepWords<'_>) -> Result<()> {
    let measure = sweep.measure_name();
    say!("\n{} in chip arithmetic, mean over seeds and its 95 % interval (Student's t):", measure);
    for group in groups {
        let SweepGroup { label, trainings, mean, low, high, least, most, frozen_plasticity, .. } = group;
        say!(
            "  {label}: {mean:.4} ({low:.4} to {high:.4}), {trainings} trainings from {least:.4} to {most:.4}; P frozen \
             {frozen_plasticity:.4}"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(batch: i64, seed: u64, chip: f64) -> SweepRow {
        SweepRow {
            folder: format!("out/{seed}").into(),
            overrides: vec![Override { key: "meta.batch".into(), value: batch.into() }],
            seed,
            meta_steps: 10,
            seconds: 1.25,
            float: chip,
            chip,
            frozen_plasticity: 0.5,
            frozen_third_factor: 0.25,
            untrained: 0.5,
            diagnoses: 0,
        }
    }

    #[test]
    fn a_table_has_a_row_for_each_training() {
        let text = String::from_utf8(csv(&[row(16, 1, 0.75), row(32, 2, 1.0)]).unwrap()).unwrap();
        assert_eq!(
            text,
            "folder,meta.batch,seed,meta_steps,float,chip,plasticity_frozen,third_factor_frozen,untrained,diagnoses,seconds\n\
             out/1,16,1,10,0.75,0.75,0.5,0.25,0.5,0,1.2\n\
             out/2,32,2,10,1,1,0.5,0.25,0.5,0,1.2\n"
        );
    }

    #[test]
    fn a_combination_has_the_mean_over_its_seeds() {
        let groups = groups(&[row(16, 1, 0.7), row(16, 2, 0.9), row(32, 1, 1.0)]);
        let [first, second] = &groups[..] else { panic!("{groups:?}") };
        assert_eq!((first.label.as_str(), first.trainings, second.trainings), ("meta.batch = 16", 2, 1));
        assert!((first.mean - 0.8).abs() < 1e-12 && (first.least, first.most) == (0.7, 0.9));
        // Student's t for one degree of freedom is 12.706: 0.8 + 12.706 x 0.1.
        assert!((first.high - 2.0706).abs() < 1e-3, "{first:?}");
    }
}
