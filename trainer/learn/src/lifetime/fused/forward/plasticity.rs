//! A plastic projection in one step, after this step's spikes of all populations:
//!
//! ```text
//! x = a_x x + (1 - a_x) s_i, x2, y, y2 likewise;   theta_y = a_theta theta_y + (1 - a_theta) y^2
//! M_j = sum_k G_kj m_k;   l_j = min(lambda |M_j|, 1/2), or min(lambda, 1/2)
//! V_fj = (1 - a_E) sum_{terms with presynaptic factor f} c_j g(post_j);   V' of the terms that read P
//! ```
//!
//! and then `E` and `P` of every synapse, see [`Learn`].

use metaplastic_shared::network::Leak;
use metaplastic_shared::rule::Postsynaptic;

use super::lif::surrogate;
use crate::lifetime::LARGEST_LOSS;
use crate::lifetime::fused::aligned::AlignedFloats;
use crate::lifetime::fused::flat::{FlatGradient, FlatValues, add, cut_rows, pad_rows};
use crate::lifetime::fused::flush::flush;
use crate::lifetime::fused::kernel::learn::Learn;
use crate::lifetime::fused::lanes::{Backend, LANES, Octet};
use crate::lifetime::fused::plan::{DRIVES, Plan, ProjectionPlan, RulePlan, Shape, drive_of};
use crate::lifetime::fused::population::PopulationState;
use crate::lifetime::fused::sparse::SparseVector;
use crate::model::{Parameter, Trace};

/// Meta-parameters of a plastic projection's rule, or gradients with respect to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlasticTensors {
    /// c, a padded row for each term.
    pub(crate) coefficients: Vec<f32>,
    /// Decays in the order of [`Trace::ALL`].
    pub(crate) trace_decays: [f64; Trace::ALL.len()],
    /// a_E.
    pub(crate) eligibility_decay: f64,
    /// eta.
    pub(crate) rate: f64,
    /// lambda; 0 without a leak.
    pub(crate) leak: f64,
    /// G, a padded row for each modulator.
    pub(crate) third_factor: Vec<f32>,
}

impl PlasticTensors {
    /// Zeros in the shapes of a projection.
    pub(crate) fn zeros(plan: &Plan, shape: Shape, rule: &RulePlan) -> Self {
        let modulators = rule.modulators.map_or(0, |population| plan.populations[population].size);
        Self {
            coefficients: vec![0.0; rule.terms.len() * shape.columns()],
            third_factor: vec![0.0; modulators * shape.columns()],
            ..Self::default()
        }
    }

    /// Floats of a rule's tensors.
    pub(crate) fn floats(plan: &Plan, shape: Shape, rule: &RulePlan) -> usize {
        let modulators = rule.modulators.map_or(0, |population| plan.populations[population].size);
        (rule.terms.len() + modulators) * shape.columns()
    }

    /// Replaces zeros by the values of projection `index`.
    pub(crate) fn load(&mut self, values: FlatValues<'_>, index: usize, shape: Shape, rule: &RulePlan) {
        let coefficients = values.raw(Parameter::Coefficients(index));
        if rule.shared_coefficients {
            let rows = self.coefficients.chunks_exact_mut(shape.columns());
            rows.zip(coefficients).for_each(|(row, value)| row[..shape.post].fill(*value));
        } else {
            pad_rows(coefficients, shape.post, &mut self.coefficients);
        }
        self.trace_decays = Trace::ALL.map(|trace| values.decay(Parameter::TraceDecay(index, trace)));
        self.eligibility_decay = values.decay(Parameter::EligibilityDecay(index));
        self.rate = values.positive(Parameter::Rate(index));
        self.leak = if rule.leak.is_some() { values.positive(Parameter::Leak(index)) } else { 0.0 };
        pad_rows(values.raw(Parameter::ThirdFactorWeights(index)), shape.post, &mut self.third_factor);
    }

    /// Adds another gradient.
    pub(crate) fn add(&mut self, other: &Self) {
        add(&mut self.coefficients, &other.coefficients);
        add(&mut self.third_factor, &other.third_factor);
        self.trace_decays.iter_mut().zip(other.trace_decays).for_each(|(sum, value)| *sum += value);
        self.eligibility_decay += other.eligibility_decay;
        self.rate += other.rate;
        self.leak += other.leak;
    }

    /// Puts this gradient of projection `index`, at `values`, into the flat one.
    pub(crate) fn flatten(
        &self,
        values: &Self,
        index: usize,
        projection: &ProjectionPlan,
        flat: &mut FlatGradient<'_>,
    ) {
        let Shape { post, .. } = projection.shape;
        let coefficients = flat.raw(Parameter::Coefficients(index));
        if projection.rule.as_ref().is_some_and(|rule| rule.shared_coefficients) {
            let rows = self.coefficients.chunks_exact(projection.shape.columns());
            let sums = rows.map(|row| row[..post].iter().sum());
            coefficients.iter_mut().zip(sums).for_each(|(value, sum)| *value = sum);
        } else {
            cut_rows(&self.coefficients, post, coefficients);
        }
        for trace in Trace::ALL {
            let of = trace as usize;
            flat.set_decay(Parameter::TraceDecay(index, trace), self.trace_decays[of], values.trace_decays[of]);
        }
        let decay = values.eligibility_decay;
        flat.set_decay(Parameter::EligibilityDecay(index), self.eligibility_decay, decay);
        flat.set_positive(Parameter::Rate(index), self.rate, values.rate);
        flat.set_positive(Parameter::Leak(index), self.leak, values.leak);
        cut_rows(&self.third_factor, post, flat.raw(Parameter::ThirdFactorWeights(index)));
    }
}

/// State of a plastic projection; empty where a projection is not plastic.
#[derive(Debug, Default)]
pub(crate) struct PlasticState {
    /// x, x2, y, y2, theta_y in the order of [`Trace::ALL`]; empty where not kept, but x is always there.
    pub(crate) traces: [Vec<f32>; Trace::ALL.len()],
    /// dx/da_x and dx2/da_x2, only of input populations: their traces depend on nothing else.
    pub(crate) tangents: [Vec<f32>; 2],
    /// M.
    pub(crate) third_factor: Vec<f32>,
    /// `1 - l_j`, the fraction of P that a step keeps.
    pub(crate) kept: Vec<f32>,
    /// V and V' of the step that made E, by presynaptic factor; see [`RulePlan::has_drive`].
    pub(crate) drives: [Vec<f32>; DRIVES],
    /// E in panels.
    pub(crate) eligibility: AlignedFloats,
    /// P in panels.
    pub(crate) plastic: AlignedFloats,
}

impl PlasticState {
    /// The initial state: zero.
    pub(crate) fn new(projection: &ProjectionPlan) -> Self {
        let Some(rule) = &projection.rule else { return Self::default() };
        let shape = projection.shape;
        let trace = |trace: Trace| {
            let size = match trace {
                Trace::Pre | Trace::PreSlow => shape.pre.next_multiple_of(LANES),
                Trace::Post | Trace::PostSlow | Trace::Threshold => shape.columns(),
            };
            vec![0.0; if rule.keeps(trace) || trace == Trace::Pre { size } else { 0 }]
        };
        let traces = Trace::ALL.map(trace);
        let tangent = |of: usize| vec![0.0; if projection.from_input { traces[of].len() } else { 0 }];
        let needed = |drive: usize| rule.has_drive(drive);
        Self {
            tangents: [tangent(0), tangent(1)],
            traces,
            third_factor: vec![0.0; shape.columns()],
            kept: vec![1.0; shape.columns()],
            drives: std::array::from_fn(|drive| vec![0.0; if needed(drive) { shape.columns() } else { 0 }]),
            eligibility: AlignedFloats::zeros(shape.len()),
            plastic: AlignedFloats::zeros(shape.len()),
        }
    }

    /// Sets all state but the plastic weights to zero.
    pub(crate) fn reset_state(&mut self) {
        let Self { traces, tangents, third_factor, kept: _, drives, eligibility, plastic: _ } = self;
        for values in traces.iter_mut().chain(tangents).chain(drives) {
            values.fill(0.0);
        }
        third_factor.fill(0.0);
        eligibility.fill(0.0);
    }

    /// Sets what has decayed to nothing to zero.
    pub(crate) fn flush(&mut self) {
        self.traces.iter_mut().chain(&mut self.tangents).for_each(|values| flush(values));
        flush(&mut self.eligibility);
        flush(&mut self.plastic);
    }

    /// An upper estimate of the floats that a projection's state takes.
    pub(crate) fn floats(projection: &ProjectionPlan) -> usize {
        if projection.rule.is_none() {
            return 0;
        }
        let shape = projection.shape;
        2 * shape.len() + (DRIVES + 5) * shape.columns() + 4 * shape.pre.next_multiple_of(LANES)
    }
}

impl Clone for PlasticState {
    fn clone(&self) -> Self {
        let mut clone = Self::default();
        clone.clone_from(self);
        clone
    }

    fn clone_from(&mut self, source: &Self) {
        self.traces.clone_from(&source.traces);
        self.tangents.clone_from(&source.tangents);
        self.third_factor.clone_from(&source.third_factor);
        self.kept.clone_from(&source.kept);
        self.drives.clone_from(&source.drives);
        self.eligibility.clone_from(&source.eligibility);
        self.plastic.clone_from(&source.plastic);
    }
}

/// A plastic projection and all that stays the same during its steps.
#[derive(Clone, Copy)]
pub(crate) struct PlasticContext<'a> {
    /// Its wiring.
    pub(crate) wiring: &'a ProjectionPlan,
    /// Its rule.
    pub(crate) rule: &'a RulePlan,
    /// Its meta-parameters.
    pub(crate) values: &'a PlasticTensors,
    /// P_max.
    pub(crate) limit: f32,
    /// k.
    pub(crate) slope: f32,
    /// Vector operations.
    pub(crate) backend: Backend,
}

/// What the populations did in a step, as far as a plastic projection reads it.
#[derive(Clone, Copy)]
pub(crate) struct PlasticInputs<'a> {
    /// Presynaptic spikes.
    pub(crate) pre: &'a SparseVector,
    /// Postsynaptic neurons.
    pub(crate) post: &'a PopulationState,
    /// m of the third factor's modulators; empty without one.
    pub(crate) modulation: &'a [f32],
}

impl PlasticContext<'_> {
    /// What it reads of all populations.
    pub(crate) fn inputs(self, neurons: &[PopulationState]) -> PlasticInputs<'_> {
        PlasticInputs {
            pre: neurons[self.wiring.pre].spikes(),
            post: &neurons[self.wiring.post],
            modulation: self.rule.modulators.map_or(&[], |population| neurons[population].modulation()),
        }
    }

    /// Traces, third factor, drives, then every synapse. With `cut`, the tangents begin anew.
    pub(crate) fn step(
        self,
        inputs: PlasticInputs<'_>,
        cut: bool,
        before: &PlasticState,
        after: &mut PlasticState,
    ) {
        self.trace(inputs, before, after);
        self.differentiate_traces(inputs.pre, cut, before, after);
        self.gate(inputs.modulation, after);
        self.leak(after);
        self.drive(inputs.post, after);
        match (self.rule.reads_slow, self.rule.reads_plastic) {
            (false, false) => self.change::<false, false>(inputs.pre, before, after),
            (false, true) => self.change::<false, true>(inputs.pre, before, after),
            (true, false) => self.change::<true, false>(inputs.pre, before, after),
            (true, true) => self.change::<true, true>(inputs.pre, before, after),
        }
    }

    fn trace(self, inputs: PlasticInputs<'_>, before: &PlasticState, after: &mut PlasticState) {
        let (pre, post) = (&inputs.pre.values, &inputs.post.spikes().values);
        for trace in Trace::ALL.into_iter().filter(|trace| self.rule.keeps(*trace)) {
            let mut values = std::mem::take(&mut after.traces[trace as usize]);
            let decay = self.trace_decay(trace);
            let previous = &before.traces[trace as usize];
            match trace {
                Trace::Pre | Trace::PreSlow => filter(&mut values, previous, decay, pre.iter().copied()),
                Trace::Post | Trace::PostSlow => filter(&mut values, previous, decay, post.iter().copied()),
                Trace::Threshold => {
                    let squares = after.traces[Trace::Post as usize].iter().map(|y| y * y);
                    filter(&mut values, previous, decay, squares);
                }
            }
            after.traces[trace as usize] = values;
        }
    }

    /// The decay of a trace.
    pub(crate) fn trace_decay(self, trace: Trace) -> f32 {
        self.values.trace_decays[trace as usize] as f32
    }

    /// `dx/da = a dx/da(t-1) + x(t-1) - s`, for traces of input populations.
    fn differentiate_traces(self, pre: &SparseVector, cut: bool, before: &PlasticState, after: &mut PlasticState) {
        for (of, trace) in [Trace::Pre, Trace::PreSlow].into_iter().enumerate() {
            let decay = if cut { 0.0 } else { self.trace_decay(trace) };
            let previous = before.tangents[of].iter().zip(&before.traces[of]).zip(&pre.values);
            for (tangent, ((before, trace), spike)) in after.tangents[of].iter_mut().zip(previous) {
                *tangent = decay * before + trace - spike;
            }
        }
    }

    fn gate(self, modulation: &[f32], synapses: &mut PlasticState) {
        let third_factor = &mut synapses.third_factor;
        if self.rule.modulators.is_none() {
            third_factor[..self.wiring.shape.post].fill(1.0);
            return;
        }
        third_factor.fill(0.0);
        let rows = self.values.third_factor.chunks_exact(third_factor.len());
        for (row, modulation) in rows.zip(modulation) {
            third_factor.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight * modulation);
        }
    }

    fn leak(self, synapses: &mut PlasticState) {
        let Some(leak) = self.rule.leak else { return };
        let PlasticState { kept, third_factor, .. } = synapses;
        kept.iter_mut().zip(third_factor).for_each(|(kept, third_factor)| {
            *kept = 1.0 - self.lost(leak, *third_factor).min(LARGEST_LOSS);
        });
    }

    /// `lambda |M_j|` or lambda, before its bound.
    pub(crate) fn lost(self, leak: Leak, third_factor: f32) -> f32 {
        let factor = if leak == Leak::Modulated { third_factor.abs() } else { 1.0 };
        self.values.leak as f32 * factor
    }

    fn drive(self, post: &PopulationState, synapses: &mut PlasticState) {
        let gain = 1.0 - self.values.eligibility_decay as f32;
        let PlasticState { drives, traces, .. } = synapses;
        drives.iter_mut().for_each(|drive| drive.fill(0.0));
        let coefficients = self.values.coefficients.chunks_exact(self.wiring.shape.columns());
        for (term, coefficients) in self.rule.terms.iter().zip(coefficients) {
            let drive = drives[drive_of(term)].as_chunks_mut::<LANES>().0.iter_mut();
            for (panel, (drive, coefficients)) in drive.zip(coefficients.as_chunks::<LANES>().0).enumerate() {
                let factor = self.factor(term.post, post, traces, panel);
                (0..LANES).for_each(|lane| drive[lane] += gain * coefficients[lane] * factor[lane]);
            }
        }
    }

    /// A postsynaptic factor of eight neurons.
    #[inline]
    pub(crate) fn factor(
        self,
        factor: Postsynaptic,
        post: &PopulationState,
        traces: &[Vec<f32>; Trace::ALL.len()],
        panel: usize,
    ) -> Octet {
        let at = |values: &[f32]| values.as_chunks().0[panel];
        let trace = |trace: Trace| at(&traces[trace as usize]);
        let product = |a: Octet, b: Octet| std::array::from_fn(|lane| a[lane] * b[lane]);
        match factor {
            Postsynaptic::One => [1.0; LANES],
            Postsynaptic::Spike => at(&post.spikes().values),
            Postsynaptic::Trace => trace(Trace::Post),
            Postsynaptic::SlowTrace => trace(Trace::PostSlow),
            Postsynaptic::TraceSquared => product(trace(Trace::Post), trace(Trace::Post)),
            Postsynaptic::TraceTimesThreshold => product(trace(Trace::Post), trace(Trace::Threshold)),
            Postsynaptic::Surrogate => post.distances(panel).map(|distance| surrogate(self.slope, distance)),
        }
    }

    fn change<const SLOW: bool, const PLASTIC: bool>(
        self,
        pre: &SparseVector,
        before: &PlasticState,
        after: &mut PlasticState,
    ) {
        let PlasticState { traces, drives, third_factor, kept, eligibility, plastic, .. } = after;
        let slow = if SLOW { &traces[Trace::PreSlow as usize] } else { &traces[Trace::Pre as usize] };
        self.backend.run(Learn::<SLOW, PLASTIC> {
            pre: [&pre.values[..self.wiring.shape.pre], &traces[Trace::Pre as usize], slow],
            drives: std::array::from_fn(|drive| drives[drive].as_chunks().0),
            third_factor: third_factor.as_chunks().0,
            kept: kept.as_chunks().0,
            rate: self.values.rate as f32,
            decay: self.values.eligibility_decay as f32,
            limit: self.limit,
            before: [before.eligibility.octets(), before.plastic.octets()],
            after: [eligibility.octets_mut(), plastic.octets_mut()],
        });
    }
}

/// A low-pass filter.
fn filter(values: &mut [f32], before: &[f32], decay: f32, inputs: impl Iterator<Item = f32>) {
    for ((value, before), input) in values.iter_mut().zip(before).zip(inputs) {
        *value = decay * before + (1.0 - decay) * input;
    }
}
