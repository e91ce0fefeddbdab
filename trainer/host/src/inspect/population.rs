//! A population in words: the kind of its neurons and their constants.

use metaplastic_shared::artifact::{Artifact, Manifest, Section};
use metaplastic_shared::format::{LifFormat, ModulatorFormat, PopulationFormat, TRACE_EXPONENT};
use metaplastic_shared::network::{Analog, Lif, Modulator, PopulationKind};
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
        (PopulationKind::Lif(kind), PopulationFormat::Lif(format)) => {
            lif(kind, format, &decays(artifact, &manifest, index))
        }
        (PopulationKind::Modulator(kind), PopulationFormat::Modulator(format)) => modulator(kind, format),
        (PopulationKind::Analog(Analog { exponent }), _) => analog(*exponent),
        _ => "input".to_owned(),
    };
    PopulationLine { name: population.name.as_str().to_owned(), size: population.size, kind }
}

/// The decays that each neuron of a population has for itself; empty where all neurons share one.
struct NeuronDecays<'a> {
    membrane: &'a [u16],
    synapse: &'a [u16],
}

fn decays<'a>(artifact: &Artifact<'a>, manifest: &Manifest<'_>, index: usize) -> NeuronDecays<'a> {
    let size = usize::from(manifest.network.populations[index].size);
    let section = |section| artifact.u16_section(manifest, section).get(..size).unwrap_or_default();
    NeuronDecays {
        membrane: section(Section::MembraneDecays(index)),
        synapse: section(Section::SynapseDecays(index)),
    }
}

/// The shared decay, or the range of the neurons' own.
fn decay(shared: u16, of_neurons: &[u16]) -> String {
    match (of_neurons.iter().min(), of_neurons.iter().max()) {
        (Some(low), Some(high)) => format!("{:.3} to {:.3}, one per neuron", fraction(*low), fraction(*high)),
        _ => format!("{:.3}", fraction(shared)),
    }
}

fn lif(lif: &Lif, format: &LifFormat, of_neurons: &NeuronDecays<'_>) -> String {
    let neuron = if lif.graded { "graded" } else { "lif" };
    let mut text = format!("{neuron}, a_v {}", decay(format.decay, of_neurons.membrane));
    if let Some(shared) = format.synapse_decay {
        text += &format!(", a_i {}", decay(shared, of_neurons.synapse));
    }
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

fn analog(exponent: u8) -> String {
    format!("analog, i16 x 2^-{exponent}: -{0} to {0}", f64::from(15 - exponent).exp2())
}

fn modulator(modulator: &Modulator, format: &ModulatorFormat) -> String {
    let mut text = format!("modulator, a_m {:.3}", fraction(format.decay));
    if modulator.dead_zone > 0 {
        text += &format!(", dead zone {:.3}", scaled(modulator.dead_zone, TRACE_EXPONENT));
    }
    text
}
