//! What a recording keeps, column by column, and the arrays that they become.
//!
//! It knows their names and shapes, but not when something is kept.

use metaplastic_files::npz::{NumpyArray, NumpyArrays, NumpyValues};
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::world::record::{Choice, LifeRecord};

use super::plan::{RecordedInterface, RecordingPlan};
use super::section::RecordedSection;
use crate::body::RunResult;

/// Arrays by their names.
#[derive(Default)]
pub(super) struct Arrays(pub(super) NumpyArrays);

impl Arrays {
    fn add(&mut self, name: &str, shape: Vec<usize>, values: NumpyValues) {
        self.0.insert(name.to_owned(), NumpyArray { shape, values });
    }

    fn add_scale(&mut self, name: &str, scale: f64) {
        self.0.insert(format!("{name}.scale"), NumpyArray::number(scale));
    }

    /// Floats in rows, where there are any.
    fn add_rows(&mut self, name: &str, rows: usize, values: Vec<f64>) {
        if !values.is_empty() {
            self.add(name, vec![rows, values.len() / rows.max(1)], NumpyValues::F64(values));
        }
    }

    fn add_integers(&mut self, name: &str, values: Vec<i64>) {
        if !values.is_empty() {
            self.add(name, vec![values.len()], NumpyValues::I64(values));
        }
    }
}

/// A row for each step that is kept.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) step: Vec<i64>,
    pub(super) episode: Vec<i64>,
    pub(super) state_reset: Vec<u8>,
    labelled: Vec<u8>,
    modulated: Vec<u8>,
    input_spikes: Vec<u8>,
    input_analog: Vec<i16>,
    class_scores: Vec<i32>,
    /// The bits of each section's values.
    pub(super) sections: Vec<Vec<u16>>,
    /// Of each section, the scales of its rows, Q15; none where one scale is for all.
    pub(super) row_scales: Vec<Vec<u16>>,
}

impl Columns {
    pub(super) fn new(plan: &RecordingPlan) -> Self {
        let sections = vec![Vec::new(); plan.sections().len()];
        Self { row_scales: sections.clone(), sections, ..Self::default() }
    }

    /// Adds what went into a step and came out of it.
    pub(super) fn add_interface(
        &mut self,
        plan: &RecordingPlan,
        episode: &Episode,
        step: usize,
        result: &RunResult,
    ) {
        let inputs = episode.inputs_at(step);
        let bit = |neuron: usize| inputs.get(neuron / 8).map_or(0, |byte| byte >> (neuron % 8) & 1);
        self.input_spikes.extend((0..plan.interface.inputs).map(bit));
        self.input_analog.extend(plan.interface.analog.integers(episode.analog_at(step)));
        self.labelled.push(episode.is_labelled(step).into());
        self.modulated.push((result.modulated_steps > 0).into());
        self.class_scores.extend(&result.class_scores);
    }

    pub(super) fn finish(self, plan: &RecordingPlan, arrays: &mut Arrays) {
        let steps = self.step.len();
        let RecordedInterface { inputs, analog, classes, is_commands, scale } = &plan.interface;
        arrays.add("step", vec![steps], NumpyValues::I64(self.step));
        arrays.add("episode", vec![steps], NumpyValues::I64(self.episode));
        for (name, values) in
            [("state_reset", self.state_reset), ("labelled", self.labelled), ("modulated", self.modulated)]
        {
            arrays.add(name, vec![steps], NumpyValues::U8(values));
        }
        if *inputs > 0 {
            arrays.add("input_spikes", vec![steps, *inputs], NumpyValues::U8(self.input_spikes));
            arrays.add_scale("input_spikes", 1.0);
        }
        let exponents = analog.exponents();
        if !exponents.is_empty() {
            let scales = exponents.iter().map(|exponent| (-f64::from(*exponent)).exp2()).collect();
            arrays.add("input_analog", vec![steps, exponents.len()], NumpyValues::I16(self.input_analog));
            arrays.add("input_analog.scale", vec![exponents.len()], NumpyValues::F64(scales));
        }
        let scores = if *is_commands { "commands" } else { "class_scores" };
        arrays.add(scores, vec![steps, *classes], NumpyValues::I32(self.class_scores));
        arrays.add_scale(scores, *scale);
        for ((section, words), scales) in plan.sections().iter().zip(self.sections).zip(self.row_scales) {
            add_section(arrays, section, &words, &scales);
        }
    }
}

fn add_section(arrays: &mut Arrays, section: &RecordedSection, words: &[u16], row_scales: &[u16]) {
    let steps = words.len() / section.words.max(1);
    let shape = std::iter::once(steps).chain(section.shape.iter().copied()).collect();
    arrays.add(&section.name, shape, section.typed(words));
    if section.row_scale.is_none() {
        return arrays.add_scale(&section.name, section.scale);
    }
    let scales = row_scales.iter().map(|bits| section.scale * 32768.0 / f64::from((*bits).max(1))).collect();
    let shape = vec![steps, section.shape[0], 1];
    arrays.add(&format!("{}.scale", section.name), shape, NumpyValues::F64(scales));
}

/// A value for each decision.
#[derive(Default)]
pub(super) struct Decisions {
    episode: Vec<i64>,
    start: Vec<i64>,
    end: Vec<i64>,
    among: Vec<i64>,
    answer: Vec<i64>,
    /// Where decisions are right or wrong.
    target: Vec<i64>,
    /// Where they are rewarded.
    reward: Vec<f64>,
}

impl Decisions {
    /// Adds a decision of an episode that began behind `before` steps. In a world there are no class scores: its choices
    /// are the answers.
    pub(super) fn add(&mut self, episode: i64, before: i64, decision: Decision, scores: &[i32]) {
        self.episode.push(episode);
        self.start.push(before + decision.start as i64);
        self.end.push(before + decision.end as i64);
        self.among.push(decision.among as i64);
        if !scores.is_empty() {
            self.target.push(decision.target as i64);
            self.answer.push(decision.answer(scores) as i64);
        }
    }

    pub(super) fn add_choices(&mut self, choices: &[Choice]) {
        self.answer.extend(choices.iter().map(|choice| choice.action as i64));
        self.reward.extend(choices.iter().map(|choice| choice.reward));
    }

    pub(super) fn finish(self, arrays: &mut Arrays) {
        let Self { episode, start, end, among, answer, target, reward } = self;
        let columns = [
            ("episode", episode),
            ("start", start),
            ("end", end),
            ("among", among),
            ("answer", answer),
            ("target", target),
        ];
        columns.into_iter().for_each(|(name, values)| arrays.add_integers(&format!("decision.{name}"), values));
        if !reward.is_empty() {
            arrays.add("decision.reward", vec![reward.len()], NumpyValues::F64(reward));
        }
    }
}

/// What happened in worlds: rows of the steps that are kept, and what was measured of each episode.
#[derive(Default)]
pub(super) struct WorldColumns {
    rows: usize,
    costs: Vec<f64>,
    desired: Vec<f64>,
    actual: Vec<f64>,
    episodes: usize,
    measured: Vec<f64>,
}

impl WorldColumns {
    /// Adds an episode of so many steps, of which some are kept.
    pub(super) fn add(&mut self, record: &LifeRecord, measured: &[f64], kept: &[usize], steps: usize) {
        let coordinates = record.tracking.len() / steps.max(1);
        self.rows += kept.len();
        self.costs.extend(kept.iter().filter_map(|step| record.costs.get(*step)));
        for tracking in
            kept.iter().flat_map(|step| record.tracking.iter().skip(step * coordinates).take(coordinates))
        {
            self.desired.push(tracking.desired);
            self.actual.push(tracking.actual);
        }
        self.episodes += 1;
        self.measured.extend(measured);
    }

    pub(super) fn finish(self, arrays: &mut Arrays) {
        let Self { rows, costs, desired, actual, episodes, measured } = self;
        if !costs.is_empty() {
            arrays.add("world.cost", vec![costs.len()], NumpyValues::F64(costs));
        }
        arrays.add_rows("world.desired", rows, desired);
        arrays.add_rows("world.actual", rows, actual);
        arrays.add_rows("world.measured", episodes, measured);
    }
}
