//! An experiment: read from its file and checked.

use std::path::{Path, PathBuf};

use metaplastic_shared::network::NetworkDescription;
use metaplastic_shared::rule::Preset;

use super::built_in::BUILT_IN;
use super::configuration::MetaConfiguration;
use super::constraints::constraints;
use super::document;
use super::error::{ExperimentError, Fault};
use super::file::{File, NetworkTable};
use super::network::{given, network, starts};
use super::start::{StartValues, draw};
use crate::constraints::Constraints;
use crate::model::Model;
use metaplastic_files::limit::within;
use metaplastic_files::regular;
use metaplastic_task::{self as task, Task};

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
}

impl Experiment {
    /// Loads a built-in experiment by its name, or any other by its path.
    ///
    /// # Errors
    /// [`ExperimentError`] names the file, the field, the limit and the remedy.
    pub fn load(name_or_path: impl AsRef<Path>) -> Result<Self, ExperimentError> {
        Self::load_with(name_or_path.as_ref(), None)
    }

    /// As [`load`](Self::load), with the task's data from `data` instead of from the folder in the file.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_with(name_or_path: &Path, data: Option<&Path>) -> Result<Self, ExperimentError> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| Path::new(name) == name_or_path) {
            return Self::parse_with(Path::new(name), text, data);
        }
        let file = || name_or_path.display().to_string();
        let text = regular::read_text(name_or_path, regular::MOST_TEXT).map_err(|why| ExperimentError {
            file: file(),
            line: None,
            fault: Box::new(Fault::Read { why }),
        })?;
        let stem = name_or_path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let experiment = Self::parse_with(name_or_path, &text, data)?;
        Ok(Self { name: stem.unwrap_or_else(file), ..experiment })
    }

    /// Reads an experiment from its text; `name` is what errors call the file.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn parse(name: &str, text: &str) -> Result<Self, ExperimentError> {
        Self::parse_with(Path::new(name), text, None)
    }

    fn parse_with(path: &Path, text: &str, data: Option<&Path>) -> Result<Self, ExperimentError> {
        Self::build(path, text, data).map_err(|fault| {
            let line = fault.field().and_then(|field| document::line(text, &field));
            ExperimentError { file: path.display().to_string(), line, fault: fault.into() }
        })
    }

    fn build(path: &Path, text: &str, data: Option<&Path>) -> Result<Self, Fault> {
        let File { mut task, network: table, meta } = document::read(text)?;
        let data = task::locate_data(&mut task, path, data);
        meta.check()?;
        within("network.plastic_limit", table.plastic_limit, 0.001..=100.0)?;
        let task = task::from_table(task)?;
        task.check_training()?;
        let network = network(&table)?;
        task::fits(&*task, &network)?;
        let ModelLayout { model, starts, constraints } = lay_out(network, &table, &meta)?;
        let name = path.display().to_string();
        Ok(Self { name, task, model, meta, data, constraints, network: table, starts })
    }

    /// The same experiment with another preset rule in all plastic projections, its coefficients starting from the
    /// preset's own.
    ///
    /// # Errors
    /// If the file's trace decays are not those the rule needs; names the field.
    pub fn with_rule(self, preset: Preset) -> Result<Self, ExperimentError> {
        let mut table = self.network;
        for plasticity in table.projection.iter_mut().filter_map(|projection| projection.plasticity.as_mut()) {
            plasticity.set_rule(preset);
        }
        let ModelLayout { model, starts, constraints } = network(&table)
            .and_then(|network| lay_out(network, &table, &self.meta))
            .map_err(|fault| ExperimentError { file: self.name.clone(), line: None, fault: fault.into() })?;
        Ok(Self { model, starts, constraints, network: table, ..self })
    }

    /// The meta-parameters that training starts from: the same for the same seed.
    #[must_use]
    pub fn initial(&self, seed: u64) -> Vec<f32> {
        let mut flat = draw(&self.starts, &self.model, seed);
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
