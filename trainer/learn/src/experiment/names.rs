//! The names that a file uses where a network has indices.

use metaplastic_shared::network::{NetworkDescription, NetworkError, ProjectionError};

use super::error::Fault;

/// The name that means `M_j = 1`; no population may have it.
pub(super) const NO_MODULATOR: &str = "one";

/// The names of a file's populations, in order.
pub(super) struct PopulationNames<'t>(pub(super) Vec<&'t str>);

impl PopulationNames<'_> {
    /// The index of a population; `field` is what an error calls the key that names it.
    pub(super) fn index(&self, field: &str, name: &str) -> Result<u8, Fault> {
        let index = self.0.iter().position(|population| *population == name);
        index.and_then(|index| u8::try_from(index).ok()).ok_or_else(|| Fault::NoSuchPopulation {
            field: field.into(),
            name: name.into(),
            known: self.0.join(", "),
        })
    }

    /// How many populations have a name.
    pub(super) fn count(&self, name: &str) -> usize {
        self.0.iter().filter(|other| **other == name).count()
    }
}

/// What is wrong with a network, in the names of its file.
pub(super) fn fault(network: &NetworkDescription, error: NetworkError) -> Fault {
    let population = |index: usize| network.populations.get(index).map_or("", |population| &population.name);
    let (kind, entry, what) = match &error {
        NetworkError::Population { population: index, error } => {
            ("population ", population(*index).to_owned(), error.to_string())
        }
        NetworkError::Projection { projection: index, error } => {
            let projection = &network.projections[*index];
            let (pre, post) = (population(projection.pre.into()), population(projection.post.into()));
            ("projection ", format!("{pre}>{post}"), projection_fault(error, population))
        }
        NetworkError::ReadoutPopulation(index) => {
            let name = population((*index).into());
            ("", "readout".into(), format!("population {name} is not a LIF population"))
        }
        NetworkError::CommandsOfSpikes(index) => {
            let name = population((*index).into());
            (
                "",
                "readout".into(),
                format!("commands are potentials of graded neurons, and population {name} is not graded"),
            )
        }
        other => ("", String::new(), other.to_string()),
    };
    Fault::Network { kind, entry, what, error }
}

fn projection_fault<'n>(error: &ProjectionError, name: impl Fn(usize) -> &'n str) -> String {
    match error {
        ProjectionError::WrongKind { end, population, expected } => {
            format!("{end} population {} must be {expected}", name((*population).into()))
        }
        other => other.to_string(),
    }
}
