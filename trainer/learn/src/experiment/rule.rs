//! The plasticity rule of a projection, as an experiment's file writes it: a preset, or terms of its own.

use metaplastic_shared::rule::{Preset, Rule, Term};

use super::error::Fault;
use super::file::PlasticityTable;
use super::network::collect;

/// The rule; `field` is what an error calls the projection.
pub(super) fn rule(field: &str, table: &PlasticityTable) -> Result<Rule, Fault> {
    let mut rule = Rule { scope: table.scope, ..table.rule.rule() };
    match (&table.terms, table.rule) {
        (Some(terms), Preset::Custom) => {
            let terms = terms.iter().map(|term| Term { pre: term.pre, post: term.post, synapse: term.synapse });
            rule.terms = collect(&format!("{field}.terms"), terms.map(Ok))?;
        }
        (None, Preset::Custom) => return Err(Fault::Missing { field: format!("{field}.terms") }),
        (Some(_), _) => return Err(Fault::Unused { field: format!("{field}.terms") }),
        (None, _) => {}
    }
    Ok(rule)
}

/// What the coefficients start from, one a term.
pub(super) fn coefficients(field: &str, table: &PlasticityTable) -> Result<Vec<f64>, Fault> {
    if let Some(terms) = &table.terms {
        return match &table.coefficients {
            Some(_) => Err(Fault::Unused { field: field.into() }),
            None => Ok(terms.iter().map(|term| term.coefficient).collect()),
        };
    }
    let starts: Vec<_> = table.rule.start_coefficients().map(f64::from).collect();
    match &table.coefficients {
        Some(given) if given.len() != starts.len() => {
            Err(Fault::Coefficients { field: field.into(), given: given.len(), terms: starts.len() })
        }
        Some(given) => Ok(given.clone()),
        None => Ok(starts),
    }
}
