//! The example of `docs/artifact.md`: a tiny artifact, and a dump with the meaning of each byte.

use std::fmt::Write as _;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::artifact::{Manifest, Section};
use metaplastic_shared::format::{
    LeakFormat, LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat, ProjectionFormat, TraceDecays,
};
use metaplastic_shared::network::{
    Analog, Connectivity, Leak, Lif, Modulator, Name, NetworkDescription, Plasticity, Population, PopulationKind,
    Projection, Readout,
};
use metaplastic_shared::rule::Preset;
use serde::Serialize;

use crate::envelope::{CHECKSUM_AT, LENGTH_AT, MANIFEST_AT, MANIFEST_LENGTH_AT, VERSION_AT, manifest_end};
use crate::forge;

/// Bytes of a line of the dump.
const WIDTH: usize = 8;

fn network() -> NetworkDescription {
    let population =
        |name, size, kind| Population { name: Name::try_from(name).expect("a short name"), size, kind };
    NetworkDescription {
        populations: [
            population("input", 3, PopulationKind::Input),
            population("output", 2, PopulationKind::Lif(Lif { refractory: 2, adaptive: false, ..Lif::default() })),
            population("modulator", 1, PopulationKind::Modulator(Modulator { dead_zone: 3277 })),
            population("reward", 1, PopulationKind::Analog(Analog { exponent: 12 })),
        ]
        .into_iter()
        .collect(),
        projections: [
            Projection {
                pre: 0,
                post: 1,
                connectivity: Connectivity::Dense,
                plasticity: Some(Plasticity {
                    leak: Some(Leak::Modulated),
                    ..Plasticity::preset(Preset::Event, 2)
                }),
            },
            Projection { pre: 0, post: 2, connectivity: Connectivity::Dense, plasticity: None },
            Projection { pre: 3, post: 2, connectivity: Connectivity::Dense, plasticity: None },
        ]
        .into_iter()
        .collect(),
        surrogate_slope: 5,
        readout: Readout::of_classes(1, 2, 1),
    }
}

fn manifest() -> Manifest<'static> {
    let plastic = PlasticFormat {
        plastic_exponent: 14,
        plastic_limit: 1 << 14,
        eligibility_exponent: 15,
        eligibility_decay: 60_948,
        traces: TraceDecays { pre: 58_982, post: 52_429, ..TraceDecays::default() },
        third_factor_exponent: 13,
        third_factor_weight_exponent: 6,
        rate: 26_214,
        rate_exponent: 18,
        leak: Some(LeakFormat { rate: 20_972, exponent: 20 }),
    };
    Manifest {
        network: network(),
        populations: [
            PopulationFormat::Input,
            PopulationFormat::Lif(LifFormat {
                exponent: 11,
                threshold: 2048,
                decay: 52_429,
                synapse_decay: None,
                adaptation: None,
            }),
            PopulationFormat::Modulator(ModulatorFormat { exponent: 12, decay: 45_875 }),
            PopulationFormat::Analog,
        ]
        .into_iter()
        .collect(),
        projections: [
            ProjectionFormat { weight_exponent: 6, plastic: Some(plastic) },
            ProjectionFormat { weight_exponent: 6, plastic: None },
            ProjectionFormat { weight_exponent: 5, plastic: None },
        ]
        .into_iter()
        .collect(),
        command: None,
        task: "example",
        task_parameters: "",
        training: None,
    }
}

/// Row padding is zero; neuron `j` of row `i` has a number that a reader can recognise.
fn byte(section: Section, at: usize) -> u8 {
    let number = |columns: usize| if at % 8 < columns { (16 * (at / 8 + 1) + at % 8) as u8 } else { 0 };
    let coefficients = [2000_i16, -1000, 600, 0].map(i16::to_le_bytes);
    match section {
        Section::Coefficients(_) => coefficients[at / 2][at % 2],
        Section::Bias(_) if at < 4 => [100_i16, -100].map(i16::to_le_bytes)[at / 2][at % 2],
        Section::Bias(_) => 0,
        Section::Weights(0) | Section::ThirdFactorWeights(_) => number(2),
        _ => number(1),
    }
}

/// The example: 3 inputs, 2 LIF neurons, 1 modulator neuron onto which an analog value leads, the event rule.
///
/// # Panics
/// If the encoder refuses it.
#[must_use]
pub fn artifact() -> ArtifactFile {
    forge::filled(&manifest(), byte).expect("the example is sound")
}

/// Fields in stored order, each with its meaning.
#[derive(Default)]
struct Fields {
    bytes: Vec<u8>,
    dump: String,
}

impl Fields {
    fn raw(&mut self, bytes: &[u8], meaning: &str) {
        for (index, line) in bytes.chunks(WIDTH).enumerate() {
            let hex: Vec<_> = line.iter().map(|byte| format!("{byte:02x}")).collect();
            let meaning = if index == 0 { meaning } else { "" };
            let text = format!("{:04x}  {:24} {meaning}", self.bytes.len(), hex.join(" "));
            let _ = writeln!(self.dump, "{}", text.trim_end());
            self.bytes.extend(line);
        }
    }

    fn field(&mut self, value: &impl Serialize, meaning: &str) {
        self.raw(&postcard::to_stdvec(value).expect("a field serialises"), meaning);
    }

    fn length(&mut self, length: usize, meaning: &str) {
        self.field(&length, &format!("{length} {meaning}"));
    }

    fn header(&mut self, bytes: &[u8]) {
        self.raw(&bytes[..VERSION_AT], "magic");
        self.raw(&bytes[VERSION_AT..VERSION_AT + 2], "format version, u16");
        self.raw(&bytes[VERSION_AT + 2..LENGTH_AT], "reserved, zero");
        self.raw(&bytes[LENGTH_AT..CHECKSUM_AT], &format!("total length: {} bytes", bytes.len()));
        self.raw(&bytes[CHECKSUM_AT..MANIFEST_LENGTH_AT], "CRC-32");
        let manifest = manifest_end(bytes) - MANIFEST_AT;
        self.raw(&bytes[MANIFEST_LENGTH_AT..MANIFEST_AT], &format!("manifest length: {manifest} bytes"));
    }

    fn network(&mut self, network: &NetworkDescription) {
        self.length(network.populations.len(), "populations");
        for (index, population) in network.populations.iter().enumerate() {
            self.field(&population.name, &format!("population {index}: name \"{}\"", population.name));
            self.field(&population.size, &format!("size {}", population.size));
            self.field(&population.kind, &format!("kind {:?}", population.kind));
        }
        self.length(network.projections.len(), "projections");
        for (index, projection) in network.projections.iter().enumerate() {
            self.field(&projection.pre, &format!("projection {index}: pre {}", projection.pre));
            self.field(&projection.post, &format!("post {}", projection.post));
            self.field(&projection.connectivity, &format!("connectivity {:?}", projection.connectivity));
            self.plasticity(projection.plasticity.as_ref());
        }
        self.field(&network.surrogate_slope, &format!("surrogate slope {}", network.surrogate_slope));
        self.field(&network.readout, "readout: population 1, 2 classes, 1 neuron each, kind Classes");
    }

    fn plasticity(&mut self, plasticity: Option<&Plasticity>) {
        let Some(Plasticity { rule, third_factor, leak }) = plasticity else {
            return self.raw(&[0], "not plastic");
        };
        self.raw(&[1], "plastic");
        self.length(rule.terms.len(), "terms of the rule");
        rule.terms.iter().for_each(|term| self.field(term, &format!("{term}")));
        self.field(&rule.scope, &format!("a coefficient a {:?}", rule.scope));
        self.field(third_factor, &format!("third factor: {third_factor:?}"));
        self.field(leak, &format!("leak: {leak:?}"));
    }

    fn formats(&mut self, manifest: &Manifest<'_>) {
        self.length(manifest.populations.len(), "population formats");
        for format in &manifest.populations {
            match format {
                PopulationFormat::Input => self.field(format, "Input"),
                PopulationFormat::Lif(_) => {
                    self.field(format, "Lif: exponent, threshold, decay, no synaptic current, no adaptation")
                }
                PopulationFormat::Modulator(_) => self.field(format, "Modulator: exponent, decay"),
                PopulationFormat::Analog => self.field(format, "Analog"),
            }
        }
        self.length(manifest.projections.len(), "projection formats");
        for ProjectionFormat { weight_exponent, plastic } in &manifest.projections {
            self.field(weight_exponent, &format!("weight exponent {weight_exponent}"));
            match plastic {
                None => self.raw(&[0], "not plastic"),
                Some(plastic) => self.plastic(plastic),
            }
        }
    }

    fn plastic(&mut self, plastic: &PlasticFormat) {
        self.raw(&[1], "plastic");
        self.field(&(plastic.plastic_exponent, plastic.plastic_limit), "exponent of P, P_max");
        self.field(&(plastic.eligibility_exponent, plastic.eligibility_decay), "exponent of E, a_E");
        self.field(&plastic.traces, "a_x, a_x2, a_y, a_y2, a_theta");
        let third_factor = (plastic.third_factor_exponent, plastic.third_factor_weight_exponent);
        self.field(&third_factor, "exponents of M and G");
        self.field(&(plastic.rate, plastic.rate_exponent), "eta and its exponent");
        self.field(&plastic.leak, "lambda and its exponent");
    }
}

/// The dump: offset, bytes, meaning. Its bytes are those of [`artifact`].
///
/// # Panics
/// If they are not, as the fields named here then differ from those stored.
#[must_use]
pub fn annotated() -> String {
    let file = artifact();
    let (artifact, bytes) = (file.artifact(), file.bytes());
    let manifest = artifact.manifest();
    let mut fields = Fields::default();
    fields.header(bytes);
    fields.network(&manifest.network);
    fields.formats(&manifest);
    fields.field(&manifest.command, "no commands");
    fields.field(&manifest.task, "task");
    fields.field(&manifest.task_parameters, "task parameters, none");
    fields.field(&manifest.training, "training, none");
    for (section, range) in artifact.sections(&manifest) {
        fields.raw(&bytes[fields.bytes.len()..range.start], "padding");
        fields.raw(&bytes[range], &format!("{section:?}"));
    }
    fields.raw(&bytes[fields.bytes.len()..], "padding");
    assert_eq!(fields.bytes, bytes);
    fields.dump
}
