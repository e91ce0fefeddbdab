//! A projection in words: its shape, its formats, and its learning rule as equations with the coefficients filled
//! in.

use metaplastic_shared::artifact::{Artifact, Section};
use metaplastic_shared::format::{LeakFormat, PlasticFormat, row_length};
use metaplastic_shared::network::{Convolution, Leak, Plasticity, ThirdFactor};
use metaplastic_shared::rule::{CoefficientScope, Rule};
use serde::Serialize;

use super::quantity::{decimals, fraction, scaled};

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

/// Describes a projection by its index.
pub(super) fn projection(artifact: &Artifact<'_>, index: usize) -> ProjectionLine {
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
            equations: vec![
                eligibility_equation(artifact, index, &plasticity.rule),
                plastic_equation(plasticity, &format),
            ],
            lazy: format.decays_lazily(&plasticity.rule),
            ram_bytes: 4 * pre * row_length(post),
        }),
    }
}

fn convolution(convolution: Convolution) -> String {
    let Convolution { height, width, channels, kernel, stride, padding } = convolution;
    let (rows, columns) = convolution.post_map();
    let window = format!("{kernel}x{kernel} windows, stride {stride}, padding {padding}");
    format!("convolution of {height}x{width}x{channels}, {window}, to {rows}x{columns} positions")
}

/// The change of E, with the mean coefficient of each term.
fn eligibility_equation(artifact: &Artifact<'_>, index: usize, rule: &Rule) -> String {
    let manifest = artifact.manifest();
    let Some(format) = manifest.projections[index].plastic else { return String::new() };
    let (decay, gain) = (fraction(format.eligibility_decay), f64::from(format.eligibility_gain()) / 65536.0);
    let coefficients = artifact.i16_section(&manifest, Section::Coefficients(index));
    let rows = coefficients.chunks_exact(coefficients.len() / rule.terms.len());
    // Padding is zero, so the mean goes over the neurons alone.
    let (neurons, mean) = match rule.scope {
        CoefficientScope::Projection => (1, ""),
        CoefficientScope::Postsynaptic => {
            (manifest.network.shape(&manifest.network.projections[index]).1, "   (coefficients: mean over j)")
        }
    };
    let terms = rule.terms.iter().zip(rows).map(|(term, row)| {
        let sum: f64 = row.iter().map(|value| scaled(*value, format.coefficient_exponent())).sum();
        format!("{:+.3} {term}", sum / neurons as f64 / gain)
    });
    let terms = terms.collect::<Vec<_>>().join(" ");
    format!("E_ij = {decay:.3} E_ij + {gain:.3} ({terms}){mean}")
}

/// The change of P.
fn plastic_equation(plasticity: &Plasticity, format: &PlasticFormat) -> String {
    let factor = if plasticity.third_factor == ThirdFactor::One { "" } else { " M_j" };
    let leak = plasticity.leak.zip(format.leak).map_or_else(String::new, |(leak, format)| leak_term(leak, format));
    let rate = scaled(format.rate, format.rate_exponent.into());
    let limit = scaled(format.plastic_limit, format.plastic_exponent.into());
    let (fine, far) = (decimals(rate, 4), decimals(limit, 2));
    format!("P_ij = clamp(P_ij + {rate:.fine$}{factor} E_ij{leak}, -{limit:.far$}, {limit:.far$})")
}

/// What P loses in a step.
fn leak_term(leak: Leak, format: LeakFormat) -> String {
    let lambda = scaled(format.rate, format.exponent.into());
    let factor = if leak == Leak::Modulated { " |M_j|" } else { "" };
    let fine = decimals(lambda, 3);
    format!(" - {lambda:.fine$}{factor} P_ij")
}
