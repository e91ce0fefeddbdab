//! An experiment: read from its file and checked.

use std::ops::Range;
use std::path::{Path, PathBuf};

use metaplastic_shared::network::NetworkDescription;
use metaplastic_shared::rule::Preset;

use super::configuration::{BATCH, MetaConfiguration};
use super::constraints::constraints;
use super::document;
use super::error::{ExperimentError, Fault};
use super::file::{File, NetworkTable};
use super::network::{given, network, starts};
use super::overrides::{Override, set};
use super::projection::ProjectionTable;
use super::start::{StartValues, draw};
use crate::constraints::Constraints;
use crate::model::{Family, Model};
use crate::quantize::{StartError, check_same_network, raw_values};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::limit::within;
use metaplastic_files::regular;
use metaplastic_task::{self as task, Task, Tasks};

/// A checked experiment.
#[derive(Debug)]
pub struct Experiment {
    /// A built-in experiment's name, or the file's without its ending.
    pub name: String,
    /// The task to be learned.
    pub task: Box<dyn Task>,
    /// The network and the layout of its meta-parameters.
    pub model: Model,
    /// How it is trained; after changing it, call [`MetaConfiguration::check`].
    pub meta: MetaConfiguration,
    /// The folder of the task's data, if it reads any.
    pub data: Option<PathBuf>,
    /// Constraints of the weights.
    pub constraints: Constraints,
    network: NetworkTable,
    starts: Vec<StartValues>,
    start_artifact: Option<StartArtifact>,
}

/// The start values that an artifact gives.
#[derive(Debug)]
struct StartArtifact {
    checksum: u32,
    values: Vec<(Range<usize>, Vec<f32>)>,
}

/// Where experiments are read from: the tasks there are, and the data of the task if they are elsewhere than the file says.
///
/// ```
/// use metaplastic_learn::experiment::ExperimentReader;
/// use metaplastic_task::Tasks;
///
/// let tasks = Tasks::built_in();
/// let reader = ExperimentReader::new(&tasks);
/// assert_eq!(reader.load("bandit").unwrap().task.decisions(), 10);
/// assert!(reader.load("chess").unwrap_err().to_string().contains("bandit-close"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ExperimentReader<'r> {
    /// The tasks that an experiment can be of, with their built-in experiments.
    pub tasks: &'r Tasks,
    /// The folder or file of the task's data, in place of the one in the experiment.
    pub data: Option<&'r Path>,
    /// Values that are set before it is read.
    pub overrides: &'r [Override],
}

impl<'r> ExperimentReader<'r> {
    /// Reads experiments of some tasks as they are, with data where they say.
    #[must_use]
    pub fn new(tasks: &'r Tasks) -> Self {
        Self { tasks, data: None, overrides: &[] }
    }

    /// Loads a built-in experiment by its name, or any other by its path.
    ///
    /// # Errors
    /// [`ExperimentError`] names the file, the field, the limit and the remedy.
    pub fn load(self, name_or_path: impl AsRef<Path>) -> Result<Experiment, ExperimentError> {
        let name_or_path = name_or_path.as_ref();
        if let Some(own) = self.tasks.experiments().find(|own| Path::new(own.name) == name_or_path) {
            return self.parse(own.name, own.text);
        }
        let file = || name_or_path.display().to_string();
        let text = regular::read_text(name_or_path, regular::MOST_TEXT).map_err(|why| ExperimentError {
            file: file(),
            line: None,
            fault: Box::new(Fault::Read { why, built_in: self.names() }),
        })?;
        let stem = name_or_path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let experiment = self.parse(name_or_path, &text)?;
        Ok(Experiment { name: stem.unwrap_or_else(file), ..experiment })
    }

    /// Reads an experiment from its text; `name` is what errors call the file, and where paths in it begin.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn parse(self, name: impl AsRef<Path>, text: &str) -> Result<Experiment, ExperimentError> {
        let path = name.as_ref();
        let built = if self.overrides.is_empty() {
            self.build(path, text)
        } else {
            set(text, self.overrides).and_then(|text| self.build(path, &text).map_err(Fault::without_lines))
        };
        built.map_err(|fault| {
            let line = fault.field().filter(|field| !self.is_set(field));
            let line = line.and_then(|field| document::line(text, &field));
            ExperimentError { file: path.display().to_string(), line, fault: fault.into() }
        })
    }

    /// Whether a key is one of those that are set, and so not where the file has it.
    fn is_set(self, field: &str) -> bool {
        self.overrides.iter().any(|one| one.key == field)
    }

    fn names(self) -> String {
        built_in_names(self.tasks).join(", ")
    }

    fn build(self, path: &Path, text: &str) -> Result<Experiment, Fault> {
        let File { mut task, network: mut table, meta } = document::read(text)?;
        let data = task::locate_data(&mut task, path, self.data);
        meta.check()?;
        within("network.plastic_limit", table.plastic_limit, 0.001..=100.0)?;
        let task = self.tasks.from_table(task)?;
        task.check_training()?;
        table.complete(task.requirements().analog)?;
        let rewards_choices = !task.measures().is_empty() && task.decisions() > 0;
        if meta.rewards.is_some() && !rewards_choices {
            return Err(Fault::NoRewards { task: task.name().to_owned() });
        }
        if rewards_choices {
            // The baseline is the mean of a batch: of one episode alone, no reward is better or worse than it.
            within("meta.batch", meta.batch, 2.0..=f64::from(*BATCH.end()))?;
        }
        let network = network(&table)?;
        task::fits(&*task, &network)?;
        let ModelLayout { model, starts, constraints } = lay_out(network, &table, &meta)?;
        let name = path.display().to_string();
        Ok(Experiment { name, task, model, meta, data, constraints, network: table, starts, start_artifact: None })
    }
}

/// The names of the built-in experiments of some tasks.
#[must_use]
pub fn built_in_names(tasks: &Tasks) -> Vec<&'static str> {
    tasks.experiments().map(|experiment| experiment.name).collect()
}

impl Experiment {
    /// Loads an experiment of a built-in task: by its name, or by its path.
    ///
    /// # Errors
    /// As [`ExperimentReader::load`].
    pub fn load(name_or_path: impl AsRef<Path>) -> Result<Self, ExperimentError> {
        ExperimentReader::new(&Tasks::built_in()).load(name_or_path)
    }

    /// Reads an experiment of a built-in task from its text; `name` is what errors call the file.
    ///
    /// # Errors
    /// As [`ExperimentReader::load`].
    pub fn parse(name: &str, text: &str) -> Result<Self, ExperimentError> {
        ExperimentReader::new(&Tasks::built_in()).parse(name, text)
    }

    /// The same experiment with another preset rule in all plastic projections, its coefficients starting from the
    /// preset's own.
    ///
    /// # Errors
    /// If the file's trace decays are not those the rule needs; names the field.
    pub fn with_rule(self, preset: Preset) -> Result<Self, ExperimentError> {
        self.with_projections(|projection| {
            if let Some(plasticity) = &mut projection.plasticity {
                plasticity.set_rule(preset);
            }
        })
    }

    /// The same experiment with a network in which nothing is plastic: what its weights reach, trained alike. Weights
    /// that stayed at their start because plasticity alone was to learn there are trained.
    ///
    /// # Errors
    /// If no network is left without it; names the field.
    pub fn without_plasticity(self) -> Result<Self, ExperimentError> {
        self.with_projections(ProjectionTable::remove_plasticity)
    }

    fn with_projections(self, change: impl Fn(&mut ProjectionTable)) -> Result<Self, ExperimentError> {
        let mut table = self.network;
        table.projection.iter_mut().for_each(change);
        let ModelLayout { model, starts, constraints } = network(&table)
            .and_then(|network| lay_out(network, &table, &self.meta))
            .map_err(|fault| ExperimentError { file: self.name.clone(), line: None, fault: fault.into() })?;
        // Positions of an artifact's values are those of the model that is replaced.
        Ok(Self { model, starts, constraints, network: table, start_artifact: None, ..self })
    }

    /// The same experiment, whose families [`start_families`](MetaConfiguration::start_families) start with the values of
    /// an artifact of the same network; leaks may differ.
    ///
    /// # Errors
    /// If there are no such families, weights are standardised, or the network is another one.
    pub fn start_from(self, file: &ArtifactFile) -> Result<Self, StartRefusal> {
        let families = &self.meta.start_families;
        if families.is_empty() {
            return Err(StartRefusal::NoFamilies);
        }
        if families.contains(&Family::Weights) && !self.constraints.standardised.is_empty() {
            return Err(StartRefusal::Standardised);
        }
        check_same_network(&self.model, file)?;
        let slots = self.model.slots().iter().filter(|slot| families.contains(&slot.family));
        let values = slots.filter_map(|slot| Some((slot.range.clone(), raw_values(slot, file)?))).collect();
        let checksum = file.artifact().checksum();
        Ok(Self { start_artifact: Some(StartArtifact { checksum, values }), ..self })
    }

    /// The checksum of the artifact that it starts from.
    ///
    /// # Errors
    /// If it needs one and has none.
    pub fn start_checksum(&self) -> Result<Option<u32>, StartRefusal> {
        match &self.start_artifact {
            None if !self.meta.start_families.is_empty() => Err(StartRefusal::NoArtifact),
            start => Ok(start.as_ref().map(|start| start.checksum)),
        }
    }

    /// The meta-parameters that training starts from: the same for the same seed.
    #[must_use]
    pub fn initial(&self, seed: u64) -> Vec<f32> {
        let mut flat = draw(&self.starts, &self.model, seed);
        let given = self.start_artifact.iter().flat_map(|start| &start.values);
        given.for_each(|(range, values)| flat[range.clone()].copy_from_slice(values));
        self.constraints.standardised.iter().for_each(|tensor| tensor.standardise(&mut flat));
        flat
    }

    /// The experiment's tables as TOML, defaults included, without comments, seed and number of meta-steps: what
    /// distinguishes two experiments.
    #[must_use]
    pub fn tables(&self) -> [(&'static str, String); 3] {
        let written = "numbers, names and lists of tables are always valid TOML";
        let meta = MetaConfiguration { seed: 0, meta_steps: 0, ..self.meta.clone() };
        [
            ("task", self.task.parameters()),
            ("network", toml::to_string(&self.network).expect(written)),
            ("meta", toml::to_string(&meta).expect(written)),
        ]
    }
}

/// The reasons for which an experiment does not start from an artifact, or not without one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StartRefusal {
    /// Nothing would be taken from it.
    #[error(
        "meta.start_families is empty; it lists the families that start with the artifact's values, for example [\"weights\"]"
    )]
    NoFamilies,
    /// The experiment needs one.
    #[error("meta.start_families is not empty; --start FILE.plastic gives their values")]
    NoArtifact,
    /// Standardised weights start from their own distribution.
    #[error(
        "meta.start_families has \"weights\", but some are standardised; leave out `standardised` and \
         `batch_normalised`, which are already in the artifact's weights and biases"
    )]
    Standardised,
    /// The artifact's network is another one.
    #[error(transparent)]
    Network(#[from] StartError),
}

/// The model of a network, where its training starts, and what constrains it.
struct ModelLayout {
    model: Model,
    starts: Vec<StartValues>,
    constraints: Constraints,
}

fn lay_out(
    network: NetworkDescription,
    table: &NetworkTable,
    meta: &MetaConfiguration,
) -> Result<ModelLayout, Fault> {
    let model = Model::new(network, table.plastic_limit as f32)
        .with_modulation_cost(meta.modulation_cost as f32)
        .with_spike_cost(meta.spike_cost as f32);
    let given = given(table)?;
    let (starts, constraints) = (starts(&given, &model)?, constraints(&given, &model)?);
    Ok(ModelLayout { model, starts, constraints })
}

#[cfg(test)]
mod tests;
