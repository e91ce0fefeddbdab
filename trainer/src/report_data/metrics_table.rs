//! The metrics of a training, read from its folder, and whether they belong to the artifact beside them.
//!
//! An artifact is tied to its summary by the artifact's CRC-32, and a summary to its metrics by the fingerprint of the
//! training.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use csv::StringRecord;
use metaplastic_learn::meta::{METRICS_FILE, Metrics};
use metaplastic_report::data::CurvePoint;

use crate::training_summary::{ARTIFACT_FILE, SUMMARY_FILE, Summary};

/// A `metrics.csv`.
#[derive(Default)]
pub(super) struct MetricsTable {
    /// One point per meta-step.
    pub(super) curve: Vec<CurvePoint>,
    /// The fingerprints of the trainings in it.
    trainings: BTreeSet<String>,
}

impl MetricsTable {
    /// Reads the table of a folder; none is an empty one.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(METRICS_FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        Self::parse(&path).with_context(|| format!("{}: not a table of metrics", path.display()))
    }

    fn parse(path: &Path) -> Result<Self> {
        let mut reader = csv::Reader::from_path(path)?;
        let headers = reader.headers()?.clone();
        let training = headers.iter().position(|column| column == Metrics::COLUMNS[0]);
        let training = training.with_context(|| format!("there is no column {}", Metrics::COLUMNS[0]))?;
        let mut table = Self::default();
        for record in reader.records() {
            let record: StringRecord = record?;
            table.curve.push(record.deserialize(Some(&headers))?);
            table.trainings.extend(record.get(training).map(str::to_owned));
        }
        Ok(table)
    }

    /// Checks that the metrics are of the training of an artifact, with the summary beside it if there is one.
    pub(super) fn check(&self, folder: &Path, checksum: u32, summary: Option<&Summary>) -> Result<()> {
        if self.curve.is_empty() {
            return Ok(());
        }
        let folder = folder.display();
        let remedy = "finish one training here with `metaplastic train --resume`, or give each a folder of its own";
        let Some(summary) = summary else {
            bail!(
                "{folder}: without {SUMMARY_FILE}, {METRICS_FILE} may be of another training than {ARTIFACT_FILE}; {remedy}"
            );
        };
        let Summary { artifact, training, .. } = summary;
        if *artifact != checksum {
            bail!(
                "{folder}: {SUMMARY_FILE} and {METRICS_FILE} are of artifact {artifact:08x}, {ARTIFACT_FILE} is \
                 {checksum:08x}; {remedy}"
            );
        }
        if self.trainings.iter().any(|other| other != training) {
            let (meta_steps, others) =
                (self.curve.len(), Vec::from_iter(self.trainings.iter().map(String::as_str)));
            bail!(
                "{folder}: {ARTIFACT_FILE} and {SUMMARY_FILE} are of training {training} (`{}`), {METRICS_FILE} is of \
                 training {}, of which {meta_steps} meta-steps are done; {remedy}",
                summary.command,
                others.join(", ")
            );
        }
        Ok(())
    }
}
