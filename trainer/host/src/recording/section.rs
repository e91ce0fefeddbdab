//! The sections of a network's state as arrays of a recording: their names, shapes, types and scales.
//!
//! It knows no body, nor which of them are recorded.

use metaplastic_files::npz::NumpyValues;
use metaplastic_shared::artifact::Manifest;
use metaplastic_shared::format::{PlasticFormat, TRACE_EXPONENT};
use metaplastic_shared::network::NetworkDescription;
use metaplastic_shared::state::{SPIKES_A_VALUE, StateOwner, StateQuantity, StateSection};

/// An array with a row of values for each step.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedSection {
    /// `POPULATION.spikes`, `PRE>POST.P` and so on.
    pub name: String,
    /// The name of the population or projection alone.
    pub owner: String,
    /// What is read.
    pub section: StateSection,
    /// 16-bit values of the section.
    pub words: usize,
    /// Dimensions of a step's values.
    pub shape: Vec<usize>,
    /// What a value's integer is times.
    pub scale: f64,
    /// The section with a scale for each row, where the scale changes from step to step.
    pub row_scale: Option<StateSection>,
}

impl RecordedSection {
    /// Every array of a network, in its order.
    pub fn all(manifest: &Manifest<'_>) -> Vec<Self> {
        let sections = StateSection::all(&manifest.network);
        let sections = sections.filter(|section| section.quantity != StateQuantity::EligibilityScale);
        sections.map(|section| Self::of(manifest, section)).collect()
    }

    fn of(manifest: &Manifest<'_>, section: StateSection) -> Self {
        let owner = owner(&manifest.network, section);
        Self {
            name: format!("{owner}.{}", suffix(section.quantity)),
            owner,
            section,
            words: section.values(&manifest.network),
            shape: shape(&manifest.network, section),
            scale: (-f64::from(exponent(manifest, section))).exp2(),
            row_scale: row_scale(manifest, section),
        }
    }

    /// Values of a step.
    pub fn values(&self) -> usize {
        self.shape.iter().product()
    }

    /// The values of some steps, of which `words` are the bits.
    pub(super) fn typed(&self, words: &[u16]) -> NumpyValues {
        match self.section.quantity {
            StateQuantity::Spikes => NumpyValues::U8(self.spikes(words)),
            StateQuantity::Refractory => NumpyValues::U16(words.to_vec()),
            _ => NumpyValues::I16(words.iter().map(|bits| *bits as i16).collect()),
        }
    }

    /// A byte for each neuron.
    fn spikes(&self, words: &[u16]) -> Vec<u8> {
        let neurons = |step: &[u16]| {
            let bit = |neuron: usize| (step[neuron / SPIKES_A_VALUE] >> (neuron % SPIKES_A_VALUE)) as u8 & 1;
            (0..self.values()).map(bit).collect::<Vec<_>>()
        };
        words.chunks_exact(self.words).flat_map(neurons).collect()
    }
}

/// The name of a section's population or projection; with its index where another has the same.
fn owner(network: &NetworkDescription, section: StateSection) -> String {
    let population = |index: usize| network.populations[index].name.as_str().to_owned();
    let projection = |index: usize| {
        let projection = &network.projections[index];
        format!("{}>{}", population(projection.pre.into()), population(projection.post.into()))
    };
    let name = |index| match section.quantity.owner() {
        StateOwner::Population => population(index),
        StateOwner::Projection => projection(index),
    };
    let count = match section.quantity.owner() {
        StateOwner::Population => network.populations.len(),
        StateOwner::Projection => network.projections.len(),
    };
    let index = usize::from(section.index);
    let is_alone = (0..count).filter(|other| name(*other) == name(index)).count() == 1;
    if is_alone { name(index) } else { format!("{}#{index}", name(index)) }
}

fn suffix(quantity: StateQuantity) -> &'static str {
    match quantity {
        StateQuantity::Spikes => "spikes",
        StateQuantity::Potential => "potential",
        StateQuantity::SynapticCurrent => "current",
        StateQuantity::Adaptation => "adaptation",
        StateQuantity::Refractory => "refractory",
        StateQuantity::Modulation => "modulation",
        StateQuantity::PreTrace => "x",
        StateQuantity::SlowPreTrace => "x2",
        StateQuantity::PostTrace => "y",
        StateQuantity::SlowPostTrace => "y2",
        StateQuantity::SlidingThreshold => "theta",
        StateQuantity::ThirdFactor => "M",
        StateQuantity::Eligibility => "E",
        StateQuantity::EligibilityScale => "E.scale",
        StateQuantity::PlasticWeights => "P",
    }
}

fn shape(network: &NetworkDescription, section: StateSection) -> Vec<usize> {
    let index = usize::from(section.index);
    match section.quantity {
        StateQuantity::Spikes => vec![network.populations[index].size.into()],
        StateQuantity::Eligibility | StateQuantity::PlasticWeights => {
            let (pre, post) = network.shape(&network.projections[index]);
            vec![pre, post]
        }
        _ => vec![section.values(network)],
    }
}

/// A value is its integer times `2^-exponent`.
fn exponent(manifest: &Manifest<'_>, section: StateSection) -> i32 {
    let index = usize::from(section.index);
    let plastic =
        |exponent: fn(PlasticFormat) -> u8| manifest.projections[index].plastic.map_or(0, exponent).into();
    match section.quantity {
        StateQuantity::Spikes | StateQuantity::Refractory => 0,
        StateQuantity::Potential | StateQuantity::SynapticCurrent => {
            manifest.populations[index].potential_exponent()
        }
        StateQuantity::ThirdFactor => plastic(|format| format.third_factor_exponent),
        StateQuantity::Eligibility => plastic(|format| format.eligibility_exponent),
        StateQuantity::PlasticWeights => plastic(|format| format.plastic_exponent),
        _ => TRACE_EXPONENT,
    }
}

/// Eligibility that decays lazily is stored times a scale that grows.
fn row_scale(manifest: &Manifest<'_>, section: StateSection) -> Option<StateSection> {
    let index = usize::from(section.index);
    let is_eligibility = section.quantity == StateQuantity::Eligibility;
    let format = manifest.projections.get(index).filter(|_| is_eligibility)?.plastic?;
    let plasticity = manifest.network.projections[index].plasticity.as_ref()?;
    let scale = StateSection::new(StateQuantity::EligibilityScale, section.index);
    format.decays_lazily(&plasticity.rule).then_some(scale)
}
