//! From the names of an experiment's file to a checked [`NetworkDescription`], and to the start values of its
//! meta-parameters.

use metaplastic_shared::network::{Name, NetworkDescription, Population};

use super::error::Fault;
use super::file::NetworkTable;
use super::given::{Given, GivenStart};
use super::list::collect;
use super::names::{NO_MODULATOR, PopulationNames, fault};
use super::population::PopulationTable;
use super::start::StartValues;
use crate::model::{Model, Parameter, ParameterSlot};

/// Builds and checks the network that a table describes.
pub(super) fn network(table: &NetworkTable) -> Result<NetworkDescription, Fault> {
    let names = table.names();
    let populations = table.population.iter().map(|entry| population(&names, entry));
    let projections = table.projection.iter().map(|entry| entry.projection(&table.population, &names));
    let network = NetworkDescription {
        populations: collect("network.population", populations)?,
        projections: collect("network.projection", projections)?,
        surrogate_slope: table.surrogate_slope,
        readout: table.readout.readout(&names)?,
    };
    network.check().map_err(|error| fault(&network, error))?;
    Ok(network)
}

fn population(names: &PopulationNames<'_>, table: &PopulationTable) -> Result<Population, Fault> {
    let name = table.name();
    let fault = || Fault::Name(name.into());
    if name.is_empty() || name == NO_MODULATOR || names.count(name) > 1 {
        return Err(fault());
    }
    let name = Name::try_from(name).map_err(|_| fault())?;
    Ok(Population { name, size: table.size(), kind: table.kind()? })
}

/// What all tensors start from, as the file gives it.
pub(super) fn given(table: &NetworkTable) -> Result<Vec<GivenStart<'_>>, Fault> {
    let mut all = vec![GivenStart::new(Parameter::ReadoutGain, Given::Positive(table.readout.gain))];
    all.extend(table.population.iter().enumerate().flat_map(|(index, population)| population.given(index)));
    for (index, projection) in table.projection.iter().enumerate() {
        all.extend(projection.given(index)?);
    }
    Ok(all)
}

/// The start values of all tensors of a model, in the order of its slots. A start that the network has no tensor
/// for is refused, and so is a tensor without a start.
pub(super) fn starts(given: &[GivenStart<'_>], model: &Model) -> Result<Vec<StartValues>, Fault> {
    if let Some(unused) = given.iter().find(|start| model.slot(start.parameter).is_none()) {
        return Err(Fault::Unused { field: field(model, unused.parameter) });
    }
    let start = |slot: &ParameterSlot| {
        let field = field(model, slot.parameter);
        match given.iter().find(|start| start.parameter == slot.parameter) {
            Some(start) => start.given.start(&field, slot.shape.0),
            None => Err(Fault::Missing { field }),
        }
    };
    model.slots().iter().map(start).collect()
}

/// What an error calls a tensor: table and key as the file writes them, such as `network.input>hidden.rate`.
pub(super) fn field(model: &Model, parameter: Parameter) -> String {
    let name = model.name(parameter);
    let (table, key) = name.rsplit_once('.').unwrap_or(("", &name));
    let key = match parameter {
        Parameter::AdaptationStrength(_) => "adaptation.strength".into(),
        Parameter::AdaptationDecay(_) => "adaptation.decay".into(),
        _ => key.replace('-', "_"),
    };
    format!("network.{table}.{key}")
}
