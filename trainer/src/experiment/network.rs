//! From the names of an experiment's file to the indices of a checked [`Network`].

use heapless::{LenType, Vec};
use metaplastic_shared::network::{
    Connectivity, Convolution, Lif, Name, Network, Plasticity, Population, PopulationKind, Projection, Readout,
    ThirdFactor,
};

use super::error::Fault;
use super::file::{ConvolutionTable, NetworkTable, PlasticityTable, PopulationTable, ProjectionTable};
use super::{named, rule};
use crate::lifetime::dead_zone;
use crate::limit::within;

/// The name that means `M_j = 1`; no population may have it.
const NO_MODULATOR: &str = "one";

/// Builds and checks the network a table describes.
pub(super) fn network(table: &NetworkTable) -> Result<Network, Fault> {
    let readout = &table.readout;
    let network = Network {
        populations: collect("network.population", table.population.iter().map(|entry| population(table, entry)))?,
        projections: collect("network.projection", table.projection.iter().map(|entry| projection(table, entry)))?,
        signals: table.signals,
        surrogate_slope: table.surrogate_slope,
        readout: Readout {
            population: index(table, "network.readout.population", &readout.population)?,
            classes: readout.classes,
            neurons_per_class: readout.neurons_per_class,
        },
    };
    network.check().map_err(|error| Fault::Network { named: named::named(&network, &error.to_string()), error })?;
    Ok(network)
}

/// Collects into a list of fixed capacity; `field` is what an error calls it.
pub(super) fn collect<T, Length: LenType, const N: usize>(
    field: &str,
    entries: impl ExactSizeIterator<Item = Result<T, Fault>>,
) -> Result<Vec<T, N, Length>, Fault> {
    let count = entries.len();
    if count > N {
        return Err(Fault::TooMany { field: field.into(), count, limit: N });
    }
    entries.collect()
}

fn population(table: &NetworkTable, entry: &PopulationTable) -> Result<Population, Fault> {
    let name = entry.name();
    let namesakes = table.population.iter().filter(|other| other.name() == name).count();
    let fault = || Fault::Name(name.into());
    if name.is_empty() || name == NO_MODULATOR || namesakes > 1 {
        return Err(fault());
    }
    let name = Name::try_from(name).map_err(|_| fault())?;
    Ok(Population { name, size: entry.size(), kind: kind(entry)? })
}

fn kind(entry: &PopulationTable) -> Result<PopulationKind, Fault> {
    Ok(match entry {
        PopulationTable::Input(_) => PopulationKind::Input,
        PopulationTable::Lif(lif) => PopulationKind::Lif(Lif {
            refractory: lif.refractory,
            adaptive: lif.adaptation.is_some(),
            graded: lif.graded,
            channels: lif.channels,
            ..Lif::default()
        }),
        PopulationTable::Modulator(modulator) => {
            let field = format!("network.{}.dead_zone", modulator.name);
            within(field, modulator.dead_zone, 0.0..=0.99)?;
            PopulationKind::Modulator(dead_zone::modulator(modulator.dead_zone))
        }
    })
}

fn projection(table: &NetworkTable, entry: &ProjectionTable) -> Result<Projection, Fault> {
    let field = format!("network.{}>{}", entry.pre, entry.post);
    let pre = index(table, &format!("{field}.pre"), &entry.pre)?;
    Ok(Projection {
        pre,
        post: index(table, &format!("{field}.post"), &entry.post)?,
        connectivity: match &entry.convolution {
            Some(entry) => {
                Connectivity::Convolution(convolution(&table.population[usize::from(pre)], &field, entry)?)
            }
            None => Connectivity::Dense,
        },
        plasticity: entry.plasticity.as_ref().map(|entry| plasticity(table, &field, entry)).transpose()?,
    })
}

/// A convolution over a population; whether its map has the population's size is checked with the network.
fn convolution(pre: &PopulationTable, field: &str, entry: &ConvolutionTable) -> Result<Convolution, Fault> {
    let channels = entry.channels.unwrap_or(match pre {
        PopulationTable::Lif(lif) => lif.channels.max(1),
        _ => 1,
    });
    let places = pre.size() / channels.max(1);
    let side = |given: Option<u8>, other: Option<u8>, name| {
        let derived = other.map_or(places.isqrt(), |other| places / u16::from(other.max(1)));
        let missing = || Fault::Missing { field: format!("{field}.convolution.{name}") };
        given.or(u8::try_from(derived).ok()).ok_or_else(missing)
    };
    let (height, width) = (side(entry.height, entry.width, "height")?, side(entry.width, entry.height, "width")?);
    let ConvolutionTable { kernel, stride, padding, .. } = *entry;
    Ok(Convolution { height, width, channels, kernel, stride, padding })
}

fn plasticity(table: &NetworkTable, field: &str, entry: &PlasticityTable) -> Result<Plasticity, Fault> {
    let third_factor = if entry.third_factor == NO_MODULATOR {
        ThirdFactor::One
    } else {
        ThirdFactor::Modulators(index(table, &format!("{field}.third_factor"), &entry.third_factor)?)
    };
    Ok(Plasticity { rule: rule::rule(field, entry)?, third_factor })
}

fn index(table: &NetworkTable, field: &str, name: &str) -> Result<u8, Fault> {
    let place = table.population.iter().position(|population| population.name() == name);
    place.and_then(|place| u8::try_from(place).ok()).ok_or_else(|| {
        let known: std::vec::Vec<_> = table.population.iter().map(PopulationTable::name).collect();
        Fault::NoSuchPopulation { field: field.into(), name: name.into(), known: known.join(", ") }
    })
}
