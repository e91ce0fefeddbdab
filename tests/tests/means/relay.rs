//! A network whose spikes a test chooses, and its equations in floating point.
//!
//! 16 presynaptic inputs onto 16 neurons, through a plastic projection without innate weights; 16 further inputs make
//! each neuron spike. P is too small to change that. The floating-point twin has the artifact's own constants, so that
//! what differs is rounding alone.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Freeze, Network, NetworkStorage};
use metaplastic_shared::artifact::{Manifest, Section};
use metaplastic_shared::format::{
    Adaptation, LifFormat, PlasticFormat, PopulationFormat, ProjectionFormat, TraceDecays,
};
use metaplastic_shared::network::{
    Connectivity, Lif, Name, NetworkDescription, Plasticity, Population, PopulationKind, Projection, Readout,
    ThirdFactor,
};
use metaplastic_shared::rule::{CoefficientScope, Postsynaptic, Presynaptic, Rule, Term};
use metaplastic_tests::forge;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// Presynaptic and postsynaptic neurons.
pub(crate) const SIZE: usize = 16;
/// P in LSB below which it is not clamped.
pub(crate) const LIMIT: i16 = i16::MAX;
const ELIGIBILITY_EXPONENT: u8 = 14;
const PLASTIC_EXPONENT: u8 = 15;
/// Exponent of the factor of change, `eta M`.
const CHANGE_EXPONENT: u8 = PLASTIC_EXPONENT + 16 - ELIGIBILITY_EXPONENT;

/// What a test chooses.
#[derive(Clone)]
pub(crate) struct Relay {
    /// The rule's terms, each with its coefficient in units of the chip: times `1 - a_E`, Q15 of E.
    pub(crate) terms: Vec<(Term, i16)>,
    /// a_E, Q0.16.
    pub(crate) eligibility_decay: u16,
    /// The decay of all traces, and of adaptation, Q0.16.
    pub(crate) trace_decay: u16,
    /// eta, times `2^rate_shift`, in units of the factor of change; M is 1.
    pub(crate) rate: i16,
    pub(crate) rate_shift: u8,
    /// beta, in units of the membrane potential; 0 for none.
    pub(crate) adaptation: i16,
}

/// The Q0.16 decay with a time constant in steps.
pub(crate) fn decay(time_constant: f64) -> u16 {
    ((-1.0 / time_constant).exp() * 65_536.0).round() as u16
}

pub(crate) fn fraction(decay: u16) -> f64 {
    f64::from(decay) / 65_536.0
}

impl Relay {
    pub(crate) fn new(terms: &[(Term, i16)]) -> Self {
        Self {
            terms: terms.to_vec(),
            eligibility_decay: decay(14.0),
            trace_decay: decay(10.0),
            rate: 0,
            rate_shift: 0,
            adaptation: 0,
        }
    }

    fn rule(&self) -> Rule {
        let terms = self.terms.iter().map(|(term, _)| *term).collect();
        Rule { terms, scope: CoefficientScope::Projection }
    }

    fn network(&self) -> NetworkDescription {
        let name = |name| Name::try_from(name).expect("a short name");
        let population = |it, kind| Population { name: name(it), size: SIZE as u16, kind };
        let plasticity = Plasticity { rule: self.rule(), third_factor: ThirdFactor::One, leak: None };
        let onto = |pre, plasticity| Projection { pre, post: 2, connectivity: Connectivity::Dense, plasticity };
        let lif = Lif { adaptive: self.adaptation > 0, ..Lif::default() };
        NetworkDescription {
            populations: [
                population("pre", PopulationKind::Input),
                population("drive", PopulationKind::Input),
                population("post", PopulationKind::Lif(lif)),
            ]
            .into_iter()
            .collect(),
            projections: [onto(0, Some(plasticity)), onto(1, None)].into_iter().collect(),
            surrogate_slope: 5,
            readout: Readout::of_classes(2, 2, SIZE as u16 / 2),
        }
    }

    fn plastic_format(&self) -> PlasticFormat {
        let used = |needed: bool| if needed { self.trace_decay } else { 0 };
        let rule = self.rule();
        PlasticFormat {
            plastic_exponent: PLASTIC_EXPONENT,
            plastic_limit: LIMIT,
            eligibility_exponent: ELIGIBILITY_EXPONENT,
            eligibility_decay: self.eligibility_decay,
            traces: TraceDecays {
                pre: used(rule.reads_pre(Presynaptic::Trace)),
                post: used(rule.needs_post_trace()),
                threshold: used(rule.reads_post(Postsynaptic::TraceTimesThreshold)),
                ..TraceDecays::default()
            },
            third_factor_exponent: 0,
            third_factor_weight_exponent: 0,
            rate: self.rate,
            rate_exponent: CHANGE_EXPONENT + self.rate_shift,
            leak: None,
        }
    }

    /// The relayed spike is 2032 in units of the membrane potential, at a threshold of 1000.
    pub(crate) fn artifact(&self) -> ArtifactFile {
        let adaptation =
            (self.adaptation > 0).then_some(Adaptation { strength: self.adaptation, decay: self.trace_decay });
        let lif = LifFormat { exponent: 4, threshold: 1000, decay: 0, synapse_decay: None, adaptation };
        let plastic = Some(self.plastic_format());
        let manifest = Manifest {
            network: self.network(),
            populations: [PopulationFormat::Input, PopulationFormat::Input, PopulationFormat::Lif(lif)]
                .into_iter()
                .collect(),
            projections: [
                ProjectionFormat { weight_exponent: 0, plastic },
                ProjectionFormat { weight_exponent: 0, plastic: None },
            ]
            .into_iter()
            .collect(),
            task: "means",
            command: None,
            task_parameters: "",
            training: None,
        };
        let coefficients: Vec<u8> = self.terms.iter().flat_map(|(_, it)| it.to_le_bytes()).collect();
        let byte = |section, at: usize| match section {
            Section::Coefficients(_) => coefficients.get(at).copied().unwrap_or(0),
            Section::Weights(1) if at / SIZE == at % SIZE => 127,
            _ => 0,
        };
        forge::filled(&manifest, byte).expect("a sound artifact")
    }

    /// Calls `after` behind every step, on the chip's network and on the equations, driven by the same spikes.
    pub(crate) fn run(
        &self,
        spikes: &mut dyn FnMut(u32) -> StepSpikes,
        steps: u32,
        after: &mut dyn FnMut(&Network<'_>, &Equations),
    ) {
        let file = self.artifact();
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&file.artifact())]);
        let mut network = Network::new(file.artifact(), &mut storage).expect("the storage fits");
        network.reset(Freeze::Nothing);
        let mut equations = Equations::new(self.clone());
        for step in 0..steps {
            let spikes = spikes(step);
            let [p0, p1] = spikes.pre.to_le_bytes();
            let [d0, d1] = spikes.post.to_le_bytes();
            network.step(&[p0, p1, d0, d1], &[]);
            equations.step(spikes);
            after(&network, &equations);
        }
    }
}

/// The spikes of a step, a bit a neuron.
#[derive(Clone, Copy, Default)]
pub(crate) struct StepSpikes {
    pub(crate) pre: u16,
    pub(crate) post: u16,
}

/// Independent spikes at a rate.
pub(crate) fn random_spikes(seed: u64, rate: f64) -> impl FnMut(u32) -> StepSpikes {
    let mut random = Pcg32::seed_from_u64(seed);
    let mut all = move || (0..16).fold(0, |bits, _| bits << 1 | u16::from(random.random_bool(rate)));
    move |_| StepSpikes { pre: all(), post: all() }
}

/// The equations; E and P in the chip's LSB.
pub(crate) struct Equations {
    relay: Relay,
    pub(crate) x: [f64; SIZE],
    pub(crate) y: [f64; SIZE],
    pub(crate) threshold: [f64; SIZE],
    pub(crate) e: [[f64; SIZE]; SIZE],
    pub(crate) p: [[f64; SIZE]; SIZE],
}

impl Equations {
    fn new(relay: Relay) -> Self {
        let (zeros, all) = ([0.0; SIZE], [[0.0; SIZE]; SIZE]);
        Self { relay, x: zeros, y: zeros, threshold: zeros, e: all, p: all }
    }

    fn step(&mut self, spikes: StepSpikes) {
        let spike = |bits: u16, neuron: usize| f64::from(bits >> neuron & 1);
        let (a, a_e) = (fraction(self.relay.trace_decay), fraction(self.relay.eligibility_decay));
        for neuron in 0..SIZE {
            self.x[neuron] = a * self.x[neuron] + (1.0 - a) * spike(spikes.pre, neuron);
            self.y[neuron] = a * self.y[neuron] + (1.0 - a) * spike(spikes.post, neuron);
            self.threshold[neuron] = a * self.threshold[neuron] + (1.0 - a) * self.y[neuron] * self.y[neuron];
        }
        let eta = f64::from(self.relay.rate) / f64::from(1_u32 << self.relay.rate_shift) / 65_536.0;
        for i in 0..SIZE {
            for j in 0..SIZE {
                let increment: f64 = self
                    .relay
                    .terms
                    .iter()
                    .map(|(term, c)| f64::from(*c) * self.product(*term, spikes, (i, j)))
                    .sum();
                self.e[i][j] = a_e * self.e[i][j] + increment / 2.0;
                self.p[i][j] = (self.p[i][j] + eta * self.e[i][j]).clamp(-f64::from(LIMIT), LIMIT.into());
            }
        }
    }

    fn product(&self, term: Term, spikes: StepSpikes, synapse: (usize, usize)) -> f64 {
        let (i, j) = synapse;
        let pre = match term.pre {
            Presynaptic::One => 1.0,
            Presynaptic::Spike => f64::from(spikes.pre >> i & 1),
            Presynaptic::Trace => self.x[i],
            Presynaptic::SlowTrace => unreachable!("no test reads it"),
        };
        pre * match term.post {
            Postsynaptic::One => 1.0,
            Postsynaptic::Spike => f64::from(spikes.post >> j & 1),
            Postsynaptic::Trace => self.y[j],
            Postsynaptic::TraceTimesThreshold => self.y[j] * self.threshold[j],
            other => unreachable!("no test reads {other:?}"),
        }
    }
}

pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// The mean, and its standard error over independent values.
pub(crate) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let mean = mean(values.iter().copied());
    let variance = self::mean(values.iter().map(|value| (value - mean).powi(2)));
    (mean, (variance / values.len() as f64).sqrt())
}
