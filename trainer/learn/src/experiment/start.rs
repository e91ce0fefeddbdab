//! What every meta-parameter starts from: each row of each tensor is normal with a mean and a deviation.
//!
//! The file's tables say starts in the quantity itself; here they become raw meta-parameters (decays through the
//! logit, positive quantities through the logarithm). A start that the network has no tensor for is refused, and
//! so is a tensor without a start.

use std::ops::RangeInclusive;

use rand_distr::{Distribution, StandardNormal};

use super::error::Fault;
use super::file::{LifTable, NetworkTable, PlasticityTable, PopulationTable, Scale, WeightsTable};
use super::rule::coefficients;
use crate::meta::{Constraints, Deviation, Normalised, Standardised};
use crate::model::{Model, Parameter, Slot, Trace, logit};
use metaplastic_files::limit::within;
use metaplastic_task::seed::{Purpose, rng};

const PLAIN: RangeInclusive<f64> = -100.0..=100.0;
const DEVIATION: RangeInclusive<f64> = 0.0..=100.0;
const POSITIVE: RangeInclusive<f64> = 1e-6..=100.0;
const DECAY: RangeInclusive<f64> = 0.0001..=0.9999;

/// What a tensor starts from, by rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Start(Vec<Row>);

/// All values of a row are drawn from `N(mean, deviation²)`, and that of the row's own number has `diagonal` more; raw
/// meta-parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Row {
    mean: f32,
    deviation: f32,
    diagonal: f32,
}

/// A start as the file says it.
enum Given<'t> {
    Plain(f64),
    Positive(f64),
    Decay(f64),
    Weights(&'t WeightsTable),
    Coefficients(&'t PlasticityTable),
}

/// The starts of all tensors of a model, in the order of its slots.
pub(super) fn starts(table: &NetworkTable, model: &Model) -> Result<Vec<Start>, Fault> {
    let given = all_given(table);
    if let Some((parameter, _)) = given.iter().find(|(parameter, _)| model.slot(*parameter).is_none()) {
        return Err(Fault::Unused { field: field(model, *parameter) });
    }
    let start = |slot: &Slot| {
        let field = field(model, slot.parameter);
        match given.iter().find(|(parameter, _)| *parameter == slot.parameter) {
            Some((_, given)) => given.start(&field, slot.shape.0),
            None => Err(Fault::Missing { field }),
        }
    };
    model.slots().iter().map(start).collect()
}

/// The weights that training constrains, and how.
pub(super) fn constraints(table: &NetworkTable, model: &Model) -> Result<Constraints, Fault> {
    let mut all = Constraints::default();
    for (parameter, given) in all_given(table) {
        let (Given::Weights(weights), Some(slot)) = (given, model.slot(parameter)) else { continue };
        let field = field(model, parameter);
        if weights.rounded {
            let Parameter::Weights(index) = parameter else {
                return Err(Fault::Unused { field: format!("{field}.rounded") });
            };
            all.rounded.push((model.network.projections[index].connectivity, slot.range.clone()));
        }
        match weights.standardised {
            Some(_) if weights.held => return Err(Fault::Unused { field: format!("{field}.standardised") }),
            Some(norm) => {
                within(format!("{field}.standardised"), norm, POSITIVE)?;
                let is_learned = weights.learned_deviation;
                all.standardised.push(Standardised::new(slot, norm, is_learned && weights.normalised.is_none()));
                if let Some(start) = weights.normalised {
                    let first_gain = model.parameter_count() + all.gain_count();
                    let deviation = Deviation { start, is_learned, first_gain };
                    all.normalised.push(normalised(&field, model, slot, norm, deviation)?);
                }
            }
            None if weights.learned_deviation || weights.normalised.is_some() => {
                return Err(Fault::Missing { field: format!("{field}.standardised") });
            }
            None if weights.held => all.held.push(slot.range.clone()),
            None => {}
        }
    }
    Ok(all)
}

/// Currents can be normalised where nothing but these weights and biases of as many channels brings any.
fn normalised(
    field: &str,
    model: &Model,
    slot: &Slot,
    norm: f64,
    deviation: Deviation,
) -> Result<Normalised, Fault> {
    let field = format!("{field}.normalised");
    within(field.clone(), deviation.start, POSITIVE)?;
    let Parameter::Weights(index) = slot.parameter else { return Err(Fault::Unused { field }) };
    let projections = &model.network.projections;
    let post = projections[index].post;
    let alone = projections.iter().filter(|other| other.post == post).count() == 1;
    let biases = model.slot(Parameter::Bias(post.into())).filter(|biases| biases.range.len() == slot.shape.1);
    match biases {
        Some(biases) if alone && projections[index].plasticity.is_none() => {
            Ok(Normalised::new(post.into(), [slot, biases], norm, deviation))
        }
        _ => Err(Fault::NotAlone { field }),
    }
}

/// Draws the flat vector; each tensor has a random stream of its own.
pub(super) fn draw(starts: &[Start], model: &Model, seed: u64) -> Vec<f32> {
    let mut flat = vec![0.0; model.parameter_count()];
    for (index, (Start(rows), slot)) in starts.iter().zip(model.slots()).enumerate() {
        let mut rng = rng(seed, Purpose::Initialisation, index as u64);
        let tensor = flat[slot.range.clone()].chunks_mut(slot.shape.1);
        for (number, (row, values)) in rows.iter().zip(tensor).enumerate() {
            values.fill_with(|| {
                let normal: f32 = StandardNormal.sample(&mut rng);
                row.mean + row.deviation * normal
            });
            values.get_mut(number).into_iter().for_each(|value| *value += row.diagonal);
        }
    }
    flat
}

fn all_given(table: &NetworkTable) -> Vec<(Parameter, Given<'_>)> {
    let mut all = vec![(Parameter::ReadoutGain, Given::Positive(table.readout.gain))];
    for (index, population) in table.population.iter().enumerate() {
        match population {
            PopulationTable::Input(_) => {}
            PopulationTable::Lif(lif) => all.extend(given_lif(index, lif)),
            PopulationTable::Modulator(modulator) => {
                all.push((Parameter::ModulatorDecay(index), Given::Decay(modulator.decay)));
                let weights = modulator.signal_weights.as_ref();
                all.extend(weights.map(|weights| (Parameter::SignalWeights(index), Given::Weights(weights))));
            }
        }
    }
    for (index, projection) in table.projection.iter().enumerate() {
        all.push((Parameter::Weights(index), Given::Weights(&projection.weights)));
        all.extend(projection.plasticity.iter().flat_map(|plasticity| given_plasticity(index, plasticity)));
    }
    all
}

fn given_lif<'t>(index: usize, lif: &LifTable) -> Vec<(Parameter, Given<'t>)> {
    let mut all = vec![
        (Parameter::Bias(index), Given::Plain(lif.bias)),
        (Parameter::MembraneDecay(index), Given::Decay(lif.membrane_decay)),
    ];
    if let Some(adaptation) = &lif.adaptation {
        all.push((Parameter::AdaptationStrength(index), Given::Positive(adaptation.strength)));
        all.push((Parameter::AdaptationDecay(index), Given::Decay(adaptation.decay)));
    }
    all
}

fn given_plasticity(index: usize, table: &PlasticityTable) -> Vec<(Parameter, Given<'_>)> {
    let mut all = vec![
        (Parameter::Coefficients(index), Given::Coefficients(table)),
        (Parameter::EligibilityDecay(index), Given::Decay(table.eligibility_decay)),
        (Parameter::Rate(index), Given::Positive(table.rate)),
    ];
    for trace in Trace::ALL {
        let decay = trace_decay(table, trace);
        all.extend(decay.map(|decay| (Parameter::TraceDecay(index, trace), Given::Decay(decay))));
    }
    let weights = table.third_factor_weights.as_ref();
    all.extend(weights.map(|weights| (Parameter::ThirdFactorWeights(index), Given::Weights(weights))));
    all
}

fn trace_decay(table: &PlasticityTable, trace: Trace) -> Option<f64> {
    match trace {
        Trace::Pre => table.pre_trace_decay,
        Trace::PreSlow => table.pre_slow_trace_decay,
        Trace::Post => table.post_trace_decay,
        Trace::PostSlow => table.post_slow_trace_decay,
        Trace::Threshold => table.threshold_trace_decay,
    }
}

/// What an error calls a tensor: place and key as the file writes them, such as `network.input>hidden.rate`.
fn field(model: &Model, parameter: Parameter) -> String {
    let name = model.name(parameter);
    let (place, key) = name.rsplit_once('.').unwrap_or(("", &name));
    let key = match parameter {
        Parameter::AdaptationStrength(_) => "adaptation.strength".into(),
        Parameter::AdaptationDecay(_) => "adaptation.decay".into(),
        _ => key.replace('-', "_"),
    };
    format!("network.{place}.{key}")
}

impl Given<'_> {
    fn start(&self, field: &str, rows: usize) -> Result<Start, Fault> {
        match self {
            Self::Plain(value) => constant(field, *value, PLAIN, |value| value),
            Self::Positive(value) => constant(field, *value, POSITIVE, f32::ln),
            Self::Decay(value) => constant(field, *value, DECAY, logit),
            Self::Weights(table) => weights(field, table, rows),
            Self::Coefficients(table) => coefficient_rows(field, table),
        }
    }
}

fn constant(field: &str, value: f64, range: RangeInclusive<f64>, raw: impl Fn(f32) -> f32) -> Result<Start, Fault> {
    within(field, value, range)?;
    Ok(Start(vec![Row { mean: raw(value as f32), ..Row::default() }]))
}

fn weights(field: &str, table: &WeightsTable, rows: usize) -> Result<Start, Fault> {
    within(format!("{field}.deviation"), table.deviation, DEVIATION)?;
    let scale = match table.scale {
        Scale::Absolute => 1.0,
        Scale::FanIn => (rows as f64).sqrt().recip(),
    };
    within(format!("{field}.mean"), table.mean, PLAIN)?;
    within(format!("{field}.diagonal"), table.diagonal, PLAIN)?;
    let (mean, deviation) = (table.mean as f32, (table.deviation * scale) as f32);
    let mut all = vec![Row { mean, deviation, diagonal: table.diagonal as f32 }; rows];
    for channels in &table.channels {
        let field = format!("{field}.channels");
        within(format!("{field}.deviation"), channels.deviation, DEVIATION)?;
        let (first, last, limit) = (channels.first, channels.last, rows - 1);
        if first > last || last > limit {
            return Err(Fault::Channels { field, first, last, limit });
        }
        all[first..=last].iter_mut().for_each(|row| row.deviation = channels.deviation as f32);
    }
    Ok(Start(all))
}

fn coefficient_rows(field: &str, table: &PlasticityTable) -> Result<Start, Fault> {
    within(format!("{}_noise", field.trim_end_matches('s')), table.coefficient_noise, DEVIATION)?;
    let deviation = table.coefficient_noise as f32;
    let row = |mean: f64| {
        within(field, mean, PLAIN)?;
        Ok(Row { mean: mean as f32, deviation, ..Row::default() })
    };
    coefficients(field, table)?.into_iter().map(row).collect::<Result<_, Fault>>().map(Start)
}
