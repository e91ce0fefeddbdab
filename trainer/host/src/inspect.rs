//! What an artifact is, in words and figures: populations, projections, rules as equations, flash and RAM.

use std::collections::BTreeMap;

use metaplastic_runtime::{Network, NetworkCapacity};
use metaplastic_shared::artifact::{Artifact, Section, Training};
use metaplastic_shared::format::{PlasticFormat, PopulationFormat, TRACE_EXPONENT};
use metaplastic_shared::network::{Convolution, PopulationKind, ThirdFactor};
use metaplastic_shared::rule::{CoefficientScope, Rule};
use serde::{Deserialize, Serialize};

use crate::measured::{Figures, measured, places_bytes};
use metaplastic_files::artifact_file::ArtifactFile;

const BOARDS: &str = include_str!("../../../runtime/firmware/boards.toml");

/// What an artifact is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inspection {
    /// The task it was trained for.
    pub task: String,
    /// CRC-32 of the artifact, hexadecimal.
    pub checksum: String,
    /// Populations in the order they are updated.
    pub populations: Vec<PopulationLine>,
    /// Projections.
    pub projections: Vec<ProjectionLine>,
    /// Classes of the readout and the neurons of each.
    pub readout: (u16, u16),
    /// Flash for the artifact, bytes.
    pub flash_bytes: usize,
    /// RAM for the network's state and scratch, bytes.
    pub ram_bytes: usize,
    /// What it takes of each board.
    pub boards: Vec<BoardLine>,
    /// Synapses with a plastic weight.
    pub plastic_synapses: usize,
    /// How it was trained, and what it reached.
    pub training: Option<Training>,
}

/// What a board has and the firmware around the artifact takes of it, bytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BoardLine {
    /// The board's name.
    pub board: String,
    /// Its core.
    pub core: String,
    /// Flash for code, constants and artifact.
    pub flash_bytes: usize,
    /// Flash there is.
    pub flash_limit: usize,
    /// RAM for statics, the network's storage and the bound of the stack.
    pub ram_bytes: usize,
    /// RAM there is.
    pub ram_limit: usize,
    /// Whether it fits, beside all of what the board keeps for its stack.
    pub fits: bool,
}

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

/// A projection.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProjectionLine {
    /// `pre>post`.
    pub name: String,
    /// Synapses, or weights that those of a convolution share.
    pub synapses: usize,
    /// Shape of its convolution, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub convolution: Option<String>,
    /// Whether it carries the spikes of the step before.
    pub recurrent: bool,
    /// Exponent of the innate weights.
    pub weight_exponent: i8,
    /// How it learns, if it does.
    pub plasticity: Option<PlasticityLine>,
}

/// How a projection learns.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlasticityLine {
    /// The change of E and P, coefficients filled in.
    pub equations: Vec<String>,
    /// Whether E decays lazily, which costs about a third of decaying it densely.
    pub lazy: bool,
    /// Bytes of E and P.
    pub ram_bytes: usize,
}

/// Describes an artifact.
#[must_use]
pub fn inspect(file: &ArtifactFile) -> Inspection {
    let artifact = file.artifact();
    let manifest = artifact.manifest();
    let network = &manifest.network;
    Inspection {
        task: manifest.task.to_owned(),
        checksum: format!("{:08x}", artifact.checksum()),
        populations: (0..network.populations.len()).map(|index| population(&artifact, index)).collect(),
        projections: (0..network.projections.len()).map(|index| projection(&artifact, index)).collect(),
        readout: (network.readout.classes, network.readout.neurons_per_class),
        flash_bytes: artifact.bytes().len(),
        ram_bytes: 8 * Network::memory_words(&artifact),
        boards: boards(&artifact),
        plastic_synapses: network.plastic_synapses(),
        training: manifest.training,
    }
}

/// What `boards.toml` says of a board's memory.
#[derive(Deserialize)]
struct Memory {
    core: String,
    target: String,
    flash_kib: usize,
    ram_kib: usize,
    stack_kib: usize,
}

/// Every board whose kind of code has been measured.
fn boards(artifact: &Artifact<'_>) -> Vec<BoardLine> {
    let memories: BTreeMap<String, Memory> = toml::from_str(BOARDS).expect("boards.toml is tested");
    let measured = measured();
    let lines = memories.into_iter().filter_map(|(board, memory)| {
        let figures = measured.boards.values().find(|figures| figures.target == memory.target)?;
        Some(board_line(board, memory, figures, artifact))
    });
    lines.collect()
}

fn board_line(board: String, memory: Memory, figures: &Figures, artifact: &Artifact<'_>) -> BoardLine {
    let places = (figures.places_share * places_bytes(NetworkCapacity::of(artifact)) as f64) as usize;
    let state = 8 * Network::memory_words(artifact);
    let statics = figures.static_bytes as usize + places + state;
    let (flash_limit, ram_limit) = (1024 * memory.flash_kib, 1024 * memory.ram_kib);
    let flash_bytes = figures.code_bytes as usize + artifact.bytes().len();
    BoardLine {
        board,
        core: memory.core,
        flash_bytes,
        flash_limit,
        ram_bytes: statics + figures.stack_bytes.whole as usize,
        ram_limit,
        fits: flash_bytes <= flash_limit && statics + 1024 * memory.stack_kib <= ram_limit,
    }
}

/// A Q0.16 decay as a fraction.
fn fraction(decay: u16) -> f64 {
    f64::from(decay) / 65536.0
}

/// The decay of a population, or the range of its neurons' own.
fn decays(artifact: &Artifact<'_>, section: Section, decay: u16) -> String {
    let manifest = artifact.manifest();
    let own = artifact.u16_section(&manifest, section);
    let (Section::MembraneDecays(population) | Section::SynapseDecays(population)) = section else {
        return String::new();
    };
    // Behind the last neuron is padding.
    let neurons = own.iter().take(manifest.network.populations[population].size.into());
    match (neurons.clone().min(), neurons.max()) {
        (Some(least), Some(most)) => format!("{:.3} to {:.3}, one a neuron", fraction(*least), fraction(*most)),
        _ => format!("{:.3}", fraction(decay)),
    }
}

fn scaled(value: i16, exponent: i32) -> f64 {
    f64::from(value) * f64::from(-exponent).exp2()
}

fn population(artifact: &Artifact<'_>, index: usize) -> PopulationLine {
    let manifest = artifact.manifest();
    let population = &manifest.network.populations[index];
    let kind = match (population.kind, &manifest.populations[index]) {
        (PopulationKind::Lif(lif), PopulationFormat::Lif(format)) => {
            let neuron = if lif.graded { "graded" } else { "lif" };
            let mut kind =
                format!("{neuron}, a_v {}", decays(artifact, Section::MembraneDecays(index), format.decay));
            if let Some(decay) = format.synapse_decay {
                kind += &format!(", a_i {}", decays(artifact, Section::SynapseDecays(index), decay));
            }
            if lif.channels > 0 {
                kind += &format!(", a bias for each of {} channels", lif.channels);
            }
            if lif.refractory > 0 {
                kind += &format!(", refractory {} steps", lif.refractory);
            }
            if let Some(adaptation) = format.adaptation {
                let strength = scaled(adaptation.strength, format.exponent.into());
                kind += &format!(", beta {strength:.3}, rho {:.3}", fraction(adaptation.decay));
            }
            kind
        }
        (PopulationKind::Modulator(modulator), PopulationFormat::Modulator(format)) => {
            let mut kind = format!("modulator, a_m {:.3}", fraction(format.decay));
            if modulator.dead_zone > 0 {
                kind += &format!(", dead zone {:.3}", scaled(modulator.dead_zone, TRACE_EXPONENT));
            }
            kind
        }
        _ => "input".to_owned(),
    };
    PopulationLine { name: population.name.as_str().to_owned(), size: population.size, kind }
}

fn projection(artifact: &Artifact<'_>, index: usize) -> ProjectionLine {
    let manifest = artifact.manifest();
    let network = &manifest.network;
    let (projection, format) = (&network.projections[index], &manifest.projections[index]);
    let name = |population: u8| network.populations[usize::from(population)].name.as_str();
    let (pre, post) = network.weight_shape(projection);
    let plasticity = projection.plasticity.as_ref().zip(format.plastic);
    ProjectionLine {
        name: format!("{}>{}", name(projection.pre), name(projection.post)),
        synapses: pre * post,
        convolution: projection.convolution().map(convolution),
        recurrent: network.is_recurrent(projection),
        weight_exponent: format.weight_exponent,
        plasticity: plasticity.map(|(plasticity, format)| PlasticityLine {
            equations: equations(artifact, index, &plasticity.rule, plasticity.third_factor, &format),
            lazy: format.decays_lazily(&plasticity.rule),
            ram_bytes: 4 * pre * metaplastic_shared::format::row_length(post),
        }),
    }
}

fn convolution(convolution: Convolution) -> String {
    let Convolution { height, width, channels, kernel, stride, padding } = convolution;
    let (rows, columns) = convolution.post_map();
    let window = format!("{kernel}x{kernel} windows, stride {stride}, padding {padding}");
    format!("convolution of {height}x{width}x{channels}, {window}, to {rows}x{columns} places")
}

fn equations(
    artifact: &Artifact<'_>,
    index: usize,
    rule: &Rule,
    third_factor: ThirdFactor,
    format: &PlasticFormat,
) -> Vec<String> {
    let decay = fraction(format.eligibility_decay);
    let gain = f64::from(format.eligibility_gain()) / 65536.0;
    let coefficients = artifact.i16_section(&artifact.manifest(), Section::Coefficients(index));
    let columns = coefficients.len() / rule.terms.len();
    let terms = rule.terms.iter().zip(coefficients.chunks_exact(columns));
    let sum = terms.map(|(term, values)| {
        let mean = values.iter().map(|value| scaled(*value, format.coefficient_exponent())).sum::<f64>();
        // Padding is zero, so the mean goes over the neurons alone.
        let neurons = match rule.scope {
            CoefficientScope::Projection => 1,
            CoefficientScope::Postsynaptic => {
                artifact.manifest().network.shape(&artifact.manifest().network.projections[index]).1
            }
        };
        format!("{:+.3} {term}", mean / neurons as f64 / gain)
    });
    let sum = sum.collect::<Vec<_>>().join(" ");
    let mean = if rule.scope == CoefficientScope::Postsynaptic { "   (coefficients: mean over j)" } else { "" };
    let m = if third_factor == ThirdFactor::One { "" } else { " M_j" };
    let rate = scaled(format.rate, format.rate_exponent.into());
    let limit = scaled(format.plastic_limit, format.plastic_exponent.into());
    let (fine, far) = (decimals(rate, 4), decimals(limit, 2));
    vec![
        format!("E_ij = {decay:.3} E_ij + {gain:.3} ({sum}){mean}"),
        format!("P_ij = clamp(P_ij + {rate:.fine$}{m} E_ij, -{limit:.far$}, {limit:.far$})"),
    ]
}

/// So many decimals, or as many as two significant figures take.
fn decimals(value: f64, at_least: usize) -> usize {
    at_least.max((1.0 - value.log10().floor()).clamp(0.0, 12.0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_are_shown_with_two_significant_figures() {
        let shown = |value: f64| format!("{value:.0$}", decimals(value, 2));
        assert_eq!([2.0, 0.5, 0.042, 0.000_31].map(shown), ["2.00", "0.50", "0.042", "0.00031"]);
        assert_eq!(decimals(0.0, 4), 12);
    }
}
