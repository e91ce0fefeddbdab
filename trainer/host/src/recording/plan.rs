//! What is recorded: which steps, which arrays, and how a recording begins.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::memory::MemoryEstimate;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::network::ReadoutKind;

use super::error::RecordingError;
use super::section::RecordedSection;
use super::steps::RecordedSteps;
use crate::body::AnalogExponents;

/// The plan of a recording of one network.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordingPlan {
    steps: RecordedSteps,
    freeze: Freeze,
    sections: Vec<RecordedSection>,
    pub(super) interface: RecordedInterface,
}

/// What goes into a network and comes out of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RecordedInterface {
    /// Input neurons.
    pub(super) inputs: usize,
    pub(super) analog: AnalogExponents,
    /// Classes or commands.
    pub(super) classes: usize,
    pub(super) is_commands: bool,
    /// What a class score or command is times.
    pub(super) scale: f64,
}

impl RecordingPlan {
    /// Of the network of an artifact: some steps, of the populations, projections or arrays of these names; of all where
    /// none is named.
    ///
    /// # Errors
    /// If a name is none of the network's.
    pub fn new(artifact: &ArtifactFile, steps: RecordedSteps, only: &[String]) -> Result<Self, RecordingError> {
        let decoded = artifact.artifact();
        let mut sections = RecordedSection::all(&decoded.manifest());
        if let Some(name) = only.iter().find(|name| !sections.iter().any(|section| is_named(section, name))) {
            return Err(RecordingError::NoSuchName { name: name.clone(), known: known(&sections) });
        }
        sections.retain(|section| only.is_empty() || only.iter().any(|name| is_named(section, name)));
        let interface = RecordedInterface::of(artifact);
        Ok(Self { steps, freeze: Freeze::Nothing, sections, interface })
    }

    /// With a part of the learning frozen.
    #[must_use]
    pub fn with_freeze(self, freeze: Freeze) -> Self {
        Self { freeze, ..self }
    }

    /// What is frozen.
    #[must_use]
    pub fn freeze(&self) -> Freeze {
        self.freeze
    }

    /// The steps that are kept.
    #[must_use]
    pub fn steps(&self) -> RecordedSteps {
        self.steps
    }

    pub(super) fn sections(&self) -> &[RecordedSection] {
        &self.sections
    }

    /// Refuses a recording without a step, where there are `all` of them.
    ///
    /// # Errors
    /// [`RecordingError::NoSteps`].
    pub fn check_steps(&self, all: u64) -> Result<(), RecordingError> {
        if self.steps.count(all) > 0 {
            Ok(())
        } else {
            Err(RecordingError::NoSteps { first: self.steps.first, all })
        }
    }

    /// The memory of a recording of so many steps: its arrays, as they are recorded and as they are written.
    #[must_use]
    pub fn memory(&self, all: u64) -> MemoryEstimate {
        let steps = self.steps.count(all);
        let bytes = |section: &RecordedSection| 6 * section.values() as u64;
        let largest = self.sections.iter().max_by_key(|section| bytes(section));
        let largest = largest.map_or("", |section| &section.name);
        let each = self.sections.iter().map(bytes).sum::<u64>() + 8 * (self.interface.inputs + 64) as u64;
        let field = format!("{steps} recorded steps, most of it {largest}, see --steps, --every and --only");
        MemoryEstimate::default().with(field, steps.saturating_mul(each))
    }
}

impl RecordedInterface {
    fn of(artifact: &ArtifactFile) -> Self {
        let decoded = artifact.artifact();
        let manifest = decoded.manifest();
        let network = &manifest.network;
        let readout = network.readout;
        let potential = manifest.populations[usize::from(readout.population)].potential_exponent();
        let exponent = match readout.kind {
            ReadoutKind::Commands(command) => i32::from(command.exponent),
            ReadoutKind::Classes if network.has_graded_readout() => potential,
            ReadoutKind::Classes => 0,
        };
        Self {
            inputs: network.input_size(),
            analog: AnalogExponents::of(&decoded),
            classes: readout.classes.into(),
            is_commands: network.command().is_some(),
            scale: f64::from(-exponent).exp2(),
        }
    }
}

fn is_named(section: &RecordedSection, name: &str) -> bool {
    section.owner == name || section.name == name
}

/// The names that a part of the sections has, each once.
fn known(sections: &[RecordedSection]) -> String {
    let mut owners: Vec<&str> = sections.iter().map(|section| section.owner.as_str()).collect();
    owners.dedup();
    let arrays = sections.iter().map(|section| section.name.as_str());
    owners.into_iter().chain(arrays).collect::<Vec<_>>().join(", ")
}
