//! A population in words: the kind of its neurons and their constants.

use metaplastic_shared::artifact::Artifact;
use metaplastic_shared::format::{LifFormat, ModulatorFormat, PopulationFormat, TRACE_EXPONENT};
use metaplastic_shared::network::{Lif, Modulator, PopulationKind};
use serde::Serialize;

use super::quantity::{fraction, scaled};

/// A population.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PopulationLine {
    /// Its name.
    pub name: String,
    /// Neurons.
    pub size: u16,
    /// What kind of neuron, with its constants.
    pub kind: String,
}

/// Describes a population by its index.
pub(super) fn population(artifact: &Artifact<'_>, index: usize) -> PopulationLine {
    let manifest = artifact.manifest();
    let population = &manifest.network.populations[index];
    let kind = match (&population.kind, &manifest.populations[index]) {
        (PopulationKind::Lif(kind), PopulationFormat::Lif(format)) => lif(kind, format),
        (PopulationKind::Modulator(kind), PopulationFormat::Modulator(format)) => modulator(kind, format),
        _ => "input".to_owned(),
    };
    PopulationLine { name: population.name.as_str().to_owned(), size: population.size, kind }
}

fn lif(lif: &Lif, format: &LifFormat) -> String {
    let neuron = if lif.graded { "graded" } else { "lif" };
    let mut text = format!("{neuron}, a_v {:.3}", fraction(format.decay));
    if lif.channels > 0 {
        text += &format!(", a bias for each of {} channels", lif.channels);
    }
    if lif.refractory > 0 {
        text += &format!(", refractory {} steps", lif.refractory);
    }
    if let Some(adaptation) = format.adaptation {
        let strength = scaled(adaptation.strength, format.exponent.into());
        text += &format!(", beta {strength:.3}, rho {:.3}", fraction(adaptation.decay));
    }
    text
}

fn modulator(modulator: &Modulator, format: &ModulatorFormat) -> String {
    let mut text = format!("modulator, a_m {:.3}", fraction(format.decay));
    if modulator.dead_zone > 0 {
        text += &format!(", dead zone {:.3}", scaled(modulator.dead_zone, TRACE_EXPONENT));
    }
    text
}
