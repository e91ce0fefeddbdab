//! `plasticity` of a projection: the keys, the rule, and what its meta-parameters start from.

use metaplastic_files::limit::within;
use metaplastic_shared::network::{Leak, Plasticity, ThirdFactor};
use metaplastic_shared::rule::{CoefficientScope, Postsynaptic, Preset, Presynaptic, Rule, Synaptic, Term};
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::given::{Given, GivenStart};
use super::list::collect;
use super::names::{NO_MODULATOR, PopulationNames};
use super::start::{PLAIN, RowDistribution, StartValues};
use super::weights::WeightsTable;
use crate::model::{Parameter, Trace};

/// `[network.projection.plasticity]`; its presence makes the projection plastic.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlasticityTable {
    rule: Preset,
    scope: CoefficientScope,
    /// The terms of a custom rule.
    terms: Option<Vec<TermTable>>,
    /// Other starts than the preset's own.
    coefficients: Option<Vec<f64>>,
    #[serde(default)]
    coefficient_noise: f64,
    /// A modulator population, or `one`.
    third_factor: String,
    third_factor_weights: Option<WeightsTable>,
    rate: f64,
    eligibility_decay: f64,
    pre_trace_decay: Option<f64>,
    pre_slow_trace_decay: Option<f64>,
    post_trace_decay: Option<f64>,
    post_slow_trace_decay: Option<f64>,
    threshold_trace_decay: Option<f64>,
    leak: Option<LeakTable>,
}

/// `leak = { when = "modulated", rate = 0.02 }`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeakTable {
    when: Leak,
    /// lambda at the start.
    rate: Option<f64>,
}

impl LeakTable {
    /// Starts that were tried in lives of hundreds of episodes.
    fn start(self) -> f64 {
        self.rate.unwrap_or(match self.when {
            Leak::Modulated => 0.02,
            Leak::Always => 0.003,
        })
    }
}

/// One term `coefficient f(pre) g(post) h(synapse)` of a custom rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TermTable {
    pre: Presynaptic,
    post: Postsynaptic,
    synapse: Synaptic,
    coefficient: f64,
}

impl PlasticityTable {
    /// Takes another preset, with its own terms and starts, and its own leak if it has one.
    pub(super) fn set_rule(&mut self, preset: Preset) {
        (self.rule, self.terms, self.coefficients) = (preset, None, None);
        self.leak = self.leak.filter(|_| !preset.decays());
    }

    /// The description; `field` is what an error calls the projection.
    pub(super) fn plasticity(&self, names: &PopulationNames<'_>, field: &str) -> Result<Plasticity, Fault> {
        let third_factor = if self.third_factor == NO_MODULATOR {
            ThirdFactor::One
        } else {
            ThirdFactor::Modulators(names.index(&format!("{field}.third_factor"), &self.third_factor)?)
        };
        let leak = self.leak().map(|leak| leak.when);
        Ok(Plasticity { rule: self.rule(field)?, third_factor, leak })
    }

    /// The given leak, or the preset's.
    fn leak(&self) -> Option<LeakTable> {
        let of_preset = self.rule.decays().then_some(LeakTable { when: Leak::Always, rate: None });
        self.leak.or(of_preset)
    }

    fn rule(&self, field: &str) -> Result<Rule, Fault> {
        let mut rule = Rule { scope: self.scope, ..self.rule.rule() };
        match (&self.terms, self.rule) {
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

    /// What the meta-parameters of projection `index` start from; `field` is what an error calls the projection.
    pub(super) fn given(&self, index: usize, field: &str) -> Result<Vec<GivenStart<'_>>, Fault> {
        let coefficients = Given::Values(self.coefficient_values(field)?);
        let mut all = vec![
            GivenStart::new(Parameter::Coefficients(index), coefficients),
            GivenStart::new(Parameter::EligibilityDecay(index), Given::Decay(self.eligibility_decay)),
            GivenStart::new(Parameter::Rate(index), Given::Positive(self.rate)),
        ];
        let leak = self.leak().map(|leak| Given::Positive(leak.start()));
        all.extend(leak.map(|leak| GivenStart::new(Parameter::Leak(index), leak)));
        for trace in Trace::ALL {
            let decay = self.trace_decay(trace).map(Given::Decay);
            all.extend(decay.map(|decay| GivenStart::new(Parameter::TraceDecay(index, trace), decay)));
        }
        let weights = self.third_factor_weights.as_ref().map(Given::Weights);
        all.extend(weights.map(|weights| GivenStart::new(Parameter::ThirdFactorWeights(index), weights)));
        Ok(all)
    }

    fn trace_decay(&self, trace: Trace) -> Option<f64> {
        match trace {
            Trace::Pre => self.pre_trace_decay,
            Trace::PreSlow => self.pre_slow_trace_decay,
            Trace::Post => self.post_trace_decay,
            Trace::PostSlow => self.post_slow_trace_decay,
            Trace::Threshold => self.threshold_trace_decay,
        }
    }

    fn coefficient_values(&self, field: &str) -> Result<StartValues, Fault> {
        within(format!("{field}.coefficient_noise"), self.coefficient_noise, 0.0..=100.0)?;
        let field = format!("{field}.coefficients");
        let deviation = self.coefficient_noise as f32;
        let row = |mean: f64| {
            within(field.as_str(), mean, PLAIN)?;
            Ok(RowDistribution { mean: mean as f32, deviation, ..RowDistribution::default() })
        };
        self.coefficients(&field)?.into_iter().map(row).collect::<Result<_, Fault>>().map(StartValues::Rows)
    }

    /// The coefficients, one per term.
    fn coefficients(&self, field: &str) -> Result<Vec<f64>, Fault> {
        if let Some(terms) = &self.terms {
            return match &self.coefficients {
                Some(_) => Err(Fault::Unused { field: field.into() }),
                None => Ok(terms.iter().map(|term| term.coefficient).collect()),
            };
        }
        let starts = self.rule.start_coefficients_thousandths();
        let starts: Vec<_> = starts.map(|thousandths| f64::from(thousandths) / 1000.0).collect();
        match &self.coefficients {
            Some(given) if given.len() != starts.len() => {
                Err(Fault::Coefficients { field: field.into(), given: given.len(), terms: starts.len() })
            }
            Some(given) => Ok(given.clone()),
            None => Ok(starts),
        }
    }
}
