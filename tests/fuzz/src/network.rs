//! Arbitrary sound networks: manifests and sections from a fuzzer's bytes that the encoder accepts.
//!
//! Every number is drawn within the range that the decoder checks, its ends more often than the rest. Where ranges
//! depend on each other, the number drawn last is clamped. Only the encoder checks the bound of a neuron's summed
//! input, see [`network`].

use arbitrary::{Arbitrary, Result, Unstructured};
use metaplastic_shared::artifact::{DecodeError, EncodeError, FormatError, Manifest, Section};
use metaplastic_shared::format::{
    Adaptation, CommandFormat, LeakFormat, LifFormat, ModulatorFormat, PlasticFormat, PopulationFormat,
    ProjectionFormat, TraceDecays,
};
use metaplastic_shared::network::{
    Analog, Command, Connectivity, DecayScope, Leak, Lif, MAX_CLASSES, Modulator, Name, NetworkDescription,
    Plasticity, Population, PopulationKind, Projection, Readout, ReadoutKind, ThirdFactor,
};
use metaplastic_shared::rule::{
    CoefficientScope, MAX_TERMS, Postsynaptic, Preset, Presynaptic, Rule, Synaptic, Term,
};
use metaplastic_tests::envelope::filled_words;
use rand::RngCore;
use rand_pcg::Pcg32;

use crate::filters::filters;
use crate::maps::{Maps, maps};

/// Largest number of neurons of a population: rows of up to four times the padding's eight, and one more.
const MOST_NEURONS: u16 = 33;
/// Largest number of values of an analog population: all of a network together stay within their limit.
const MOST_VALUES: u16 = 12;
/// Largest number of populations and projections.
const MOST: usize = 6;

/// The words of the artifact of an arbitrary sound network.
///
/// # Errors
/// If the bytes do not suffice, or the analog values of the network may be too large for every potential.
///
/// # Panics
/// If the encoder refuses the network for another reason than the bound of a neuron's input.
pub fn network(bytes: &mut Unstructured<'_>) -> Result<Vec<u64>> {
    let network = description(bytes)?;
    let populations = network.populations.iter().map(|it| population_format(it, bytes)).collect::<Result<_>>()?;
    let command = network.command().map(|command| command_format(command, bytes)).transpose()?;
    let mut manifest = Manifest { network, populations, command, ..empty() };
    for index in 0..manifest.network.projections.len() {
        let format = projection_format(&manifest, index, bytes)?;
        manifest.projections.extend([format]);
    }
    let fill = Fill::arbitrary(bytes)?;
    loop {
        match filled_words(&manifest, |section, at| fill.byte(section, at)) {
            Ok(words) => return Ok(words),
            Err(EncodeError::Refused(DecodeError::Format(FormatError::Overflow { population, .. }))) => {
                coarsen(&mut manifest, population)?;
            }
            Err(error) => panic!("{error}: {manifest:?}"),
        }
    }
}

fn empty() -> Manifest<'static> {
    Manifest {
        network: NetworkDescription {
            populations: [].into_iter().collect(),
            projections: [].into_iter().collect(),
            surrogate_slope: 1,
            readout: Readout::of_classes(0, 0, 0),
        },
        populations: [].into_iter().collect(),
        projections: [].into_iter().collect(),
        command: None,
        task: "",
        task_parameters: "",
        training: None,
    }
}

/// A potential with fewer fractional bits makes the same input smaller; with none every sum of spikes fits, but values that
/// come with an exponent of their own may not.
fn coarsen(manifest: &mut Manifest<'_>, population: usize) -> Result<()> {
    let exponent = match &mut manifest.populations[population] {
        PopulationFormat::Input | PopulationFormat::Analog => panic!("an input population sums nothing"),
        PopulationFormat::Lif(format) => &mut format.exponent,
        PopulationFormat::Modulator(format) => &mut format.exponent,
    };
    *exponent = exponent.checked_sub(1).ok_or(arbitrary::Error::IncorrectFormat)?;
    Ok(())
}

fn description(bytes: &mut Unstructured<'_>) -> Result<NetworkDescription> {
    let mut populations = vec![population(PopulationKind::Input, bytes)?, population(lif(bytes)?, bytes)?];
    for _ in 0..bytes.int_in_range(0..=MOST - 2)? {
        let kind = match bytes.int_in_range(0..=4)? {
            0 => PopulationKind::Input,
            1 => lif(bytes)?,
            2 => PopulationKind::Analog(Analog { exponent: exponent(bytes)? }),
            _ => PopulationKind::Modulator(Modulator { dead_zone: extreme(bytes, 0..=i16::MAX.into())? as i16 }),
        };
        populations.push(population(kind, bytes)?);
    }
    let maps = if bytes.arbitrary()? { Some(maps(&mut populations, bytes)?) } else { None };
    // Populations are updated in order, and any population may be first.
    let (first, count) = (bytes.choose_index(populations.len())?, populations.len());
    populations.rotate_left(first);
    let maps = maps.map(|maps| maps.rotated_left(first, count));
    let of = |wanted: fn(PopulationKind) -> bool| {
        let indices = (0_u8..).zip(&populations).filter(|(_, it)| wanted(it.kind)).map(|(index, _)| index);
        indices.collect::<Vec<_>>()
    };
    let is_map = |index: &u8| maps.as_ref().is_some_and(|maps| maps.post == *index);
    let sources = of(|kind| !matches!(kind, PopulationKind::Modulator(_)) && !is_graded(kind));
    let is_analog = |index: u8| populations[usize::from(index)].is_analog();
    let mut summing = of(|kind| matches!(kind, PopulationKind::Lif(_) | PopulationKind::Modulator(_)));
    summing.retain(|index| !is_map(index));
    let modulators = of(|kind| matches!(kind, PopulationKind::Modulator(_)));
    let mut answering = of(|kind| matches!(kind, PopulationKind::Lif(_)));
    // The readout has at least two classes, for which a map may be too small.
    answering.retain(|index| populations[usize::from(*index)].size > 1);
    let projections = (0..bytes.int_in_range(1..=MOST)?).map(|_| {
        let (pre, post) = (*bytes.choose(&sources)?, *bytes.choose(&summing)?);
        let plastic = answering.contains(&post) && !is_analog(pre) && bytes.ratio(3, 4)?;
        let plasticity = if plastic { Some(plasticity(&modulators, bytes)?) } else { None };
        Ok(Projection { pre, post, connectivity: Connectivity::Dense, plasticity })
    });
    let mut projections = projections.collect::<Result<Vec<_>>>()?;
    projections.extend(maps.iter().flat_map(Maps::projections));
    let projections = projections.into_iter().collect();
    let population = *bytes.choose(&answering)?;
    let readout = readout(population, &populations[usize::from(population)], bytes)?;
    let populations = populations.into_iter().collect();
    Ok(NetworkDescription { populations, projections, surrogate_slope: bytes.int_in_range(1..=100)?, readout })
}

fn population(kind: PopulationKind, bytes: &mut Unstructured<'_>) -> Result<Population> {
    // Any LIF population may be the readout, with at least two classes.
    let least = if matches!(kind, PopulationKind::Lif(_)) { 2 } else { 1 };
    let most = if matches!(kind, PopulationKind::Analog(_)) { MOST_VALUES } else { MOST_NEURONS };
    Ok(Population { name: Name::new(), size: bytes.int_in_range(least..=most)?, kind })
}

fn is_graded(kind: PopulationKind) -> bool {
    matches!(kind, PopulationKind::Lif(Lif { graded: true, .. }))
}

fn lif(bytes: &mut Unstructured<'_>) -> Result<PopulationKind> {
    if bytes.ratio(1, 4)? {
        return Ok(PopulationKind::Lif(Lif { graded: true, ..filters(bytes)? }));
    }
    Ok(PopulationKind::Lif(Lif {
        refractory: extreme(bytes, 0..=255)? as u8,
        adaptive: bytes.arbitrary()?,
        ..filters(bytes)?
    }))
}

fn readout(index: u8, population: &Population, bytes: &mut Unstructured<'_>) -> Result<Readout> {
    let (size, commands) = (population.size, population.is_graded() && bytes.arbitrary()?);
    let classes = bytes.int_in_range(if commands { 1 } else { 2 }..=size.min(MAX_CLASSES as u16))?;
    let readout = Readout::of_classes(index, classes, bytes.int_in_range(1..=size / classes)?);
    let kind =
        if commands { ReadoutKind::Commands(Command { exponent: exponent(bytes)? }) } else { ReadoutKind::Classes };
    Ok(Readout { kind, ..readout })
}

/// With no fewer fractional bits than the command, no potential needs a left shift.
fn command_format(command: Command, bytes: &mut Unstructured<'_>) -> Result<CommandFormat> {
    let gain_exponent = extreme(bytes, command.exponent.into()..=15)? as u8;
    Ok(CommandFormat { gain: magnitude(bytes, 1)?, gain_exponent })
}

fn plasticity(modulators: &[u8], bytes: &mut Unstructured<'_>) -> Result<Plasticity> {
    let third_factor = if modulators.is_empty() || bytes.ratio(1, 4)? {
        ThirdFactor::One
    } else {
        ThirdFactor::Modulators(*bytes.choose(modulators)?)
    };
    let leak = *bytes.choose(&[None, Some(Leak::Modulated), Some(Leak::Always)])?;
    Ok(Plasticity { rule: rule(bytes)?, third_factor, leak })
}

fn rule(bytes: &mut Unstructured<'_>) -> Result<Rule> {
    let scope = if bytes.arbitrary()? { CoefficientScope::Projection } else { CoefficientScope::Postsynaptic };
    if bytes.arbitrary()? {
        return Ok(Rule { scope, ..bytes.choose(&Preset::NAMED)?.rule() });
    }
    let terms = (0..bytes.int_in_range(1..=MAX_TERMS)?).map(|_| term(bytes)).collect::<Result<_>>()?;
    Ok(Rule { terms, scope })
}

fn term(bytes: &mut Unstructured<'_>) -> Result<Term> {
    use Postsynaptic as Post;
    use Presynaptic as Pre;
    let posts = [
        Post::One,
        Post::Spike,
        Post::Trace,
        Post::SlowTrace,
        Post::TraceSquared,
        Post::TraceTimesThreshold,
        Post::Surrogate,
    ];
    Ok(Term {
        pre: *bytes.choose(&[Pre::One, Pre::Spike, Pre::Trace, Pre::SlowTrace])?,
        post: *bytes.choose(&posts)?,
        synapse: *bytes.choose(&[Synaptic::One, Synaptic::Plastic])?,
    })
}

/// A number of a range, half of the time one of its ends, where sums are largest and shifts are at their limits.
fn extreme(bytes: &mut Unstructured<'_>, range: std::ops::RangeInclusive<i32>) -> Result<i32> {
    match bytes.int_in_range(0..=3)? {
        0 => Ok(*range.start()),
        1 => Ok(*range.end()),
        _ => bytes.int_in_range(range),
    }
}

fn decay(bytes: &mut Unstructured<'_>) -> Result<u16> {
    // Below one half eligibility decays densely, from there on lazily.
    if bytes.ratio(1, 4)? {
        Ok(*bytes.choose(&[1, 0x7fff, 0x8000, 0xfffe])?)
    } else {
        Ok(extreme(bytes, 0..=0xffff)? as u16)
    }
}

/// The decay of a whole population; zero where each neuron has its own.
fn shared_decay(lif: Lif, bytes: &mut Unstructured<'_>) -> Result<u16> {
    if lif.decay_scope == DecayScope::Population { decay(bytes) } else { Ok(0) }
}

fn magnitude(bytes: &mut Unstructured<'_>, least: i32) -> Result<i16> {
    Ok(extreme(bytes, least..=i16::MAX.into())? as i16)
}

fn exponent(bytes: &mut Unstructured<'_>) -> Result<u8> {
    Ok(extreme(bytes, 0..=15)? as u8)
}

fn population_format(population: &Population, bytes: &mut Unstructured<'_>) -> Result<PopulationFormat> {
    Ok(match population.kind {
        PopulationKind::Input => PopulationFormat::Input,
        PopulationKind::Lif(lif) => PopulationFormat::Lif(LifFormat {
            exponent: exponent(bytes)?,
            threshold: magnitude(bytes, 1)?,
            decay: shared_decay(lif, bytes)?,
            synapse_decay: if lif.synaptic { Some(shared_decay(lif, bytes)?) } else { None },
            adaptation: if lif.adaptive {
                Some(Adaptation { strength: magnitude(bytes, 0)?, decay: decay(bytes)? })
            } else {
                None
            },
        }),
        PopulationKind::Modulator(_) => {
            PopulationFormat::Modulator(ModulatorFormat { exponent: exponent(bytes)?, decay: decay(bytes)? })
        }
        PopulationKind::Analog(_) => PopulationFormat::Analog,
    })
}

fn projection_format(
    manifest: &Manifest<'_>,
    index: usize,
    bytes: &mut Unstructured<'_>,
) -> Result<ProjectionFormat> {
    let projection = &manifest.network.projections[index];
    let ends = manifest.exponents(projection);
    let shift = ends.output - ends.potential;
    let weight_exponent = extreme(bytes, (-15 - shift).max(-8)..=(30 - shift).min(15))? as i8;
    let plastic = match &projection.plasticity {
        Some(plasticity) => Some(plastic_format(plasticity, bytes)?),
        None => None,
    };
    Ok(ProjectionFormat { weight_exponent, plastic })
}

fn plastic_format(plasticity: &Plasticity, bytes: &mut Unstructured<'_>) -> Result<PlasticFormat> {
    let mut format = PlasticFormat {
        plastic_exponent: exponent(bytes)?,
        plastic_limit: magnitude(bytes, 0)?,
        eligibility_exponent: exponent(bytes)?,
        eligibility_decay: decay(bytes)?,
        traces: TraceDecays {
            pre: decay(bytes)?,
            pre_slow: decay(bytes)?,
            post: decay(bytes)?,
            post_slow: decay(bytes)?,
            threshold: decay(bytes)?,
        },
        third_factor_exponent: exponent(bytes)?,
        third_factor_weight_exponent: 0,
        rate: magnitude(bytes, 0)?,
        rate_exponent: 0,
        leak: None,
    };
    // With exponents of zero so far, the negated shifts are the least exponents that need no left shift.
    let least = -format.third_factor_shift();
    format.third_factor_weight_exponent = extreme(bytes, least.max(-8)..=15)? as i8;
    // With the third factor's exponent at least one, a rate's exponent of 30 reaches a shift of zero.
    format.third_factor_exponent = format.third_factor_exponent.max(1);
    format.rate_exponent = (extreme(bytes, 0..=30)? - format.change_shift()).clamp(0, 30) as u8;
    format.leak = match plasticity.leak {
        Some(leak) => Some(leak_format(leak, format.third_factor_exponent, bytes)?),
        None => None,
    };
    Ok(format)
}

fn leak_format(leak: Leak, third_factor: u8, bytes: &mut Unstructured<'_>) -> Result<LeakFormat> {
    let rate = magnitude(bytes, 0)?;
    let least = -LeakFormat { rate, exponent: 0 }.shift(leak, third_factor);
    Ok(LeakFormat { rate, exponent: extreme(bytes, least.max(0)..=(least + 30).min(30))? as u8 })
}

/// The content of sections.
#[derive(Arbitrary, Debug)]
enum Fill {
    /// Two alternating bytes: one i16, or two i8.
    Pair([u8; 2]),
    /// Every i16 or i8 at one end of its range, the sign drawn.
    Ends(u32),
    /// Drawn.
    Drawn(u32),
}

impl Fill {
    /// The byte at a position of a section; the bytes of one i16 are drawn together.
    fn byte(&self, section: Section, at: usize) -> u8 {
        match self {
            Self::Pair(pair) => pair[at % 2],
            Self::Ends(seed) => {
                let wide = matches!(
                    section,
                    Section::Bias(_)
                        | Section::Coefficients(_)
                        | Section::MembraneDecays(_)
                        | Section::SynapseDecays(_)
                );
                let (number, high) = if wide { (at / 2, at % 2 == 1) } else { (at, true) };
                let negative = mixed(*seed, section, number) % 2 == 1;
                [[0xff, 0x00], [0x7f, 0x80]][usize::from(high)][usize::from(negative)]
            }
            Self::Drawn(seed) => mixed(*seed, section, at) as u8,
        }
    }
}

/// A number drawn from a seed at a position: the same whatever else is drawn.
fn mixed(seed: u32, section: Section, at: usize) -> u64 {
    let (kind, index) = match section {
        Section::Bias(index) => (0, index),
        Section::Weights(index) => (2, index),
        Section::Coefficients(index) => (3, index),
        Section::ThirdFactorWeights(index) => (4, index),
        Section::MembraneDecays(index) => (5, index),
        Section::SynapseDecays(index) => (6, index),
    };
    let position = (kind * 64 + index as u64) << 32 | at as u64;
    Pcg32::new(position, seed.into()).next_u64()
}
