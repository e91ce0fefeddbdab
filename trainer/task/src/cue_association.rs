//! Cue association: learn within one lifetime which action belongs to which cue.
//!
//! Cue `k` is a random set of exactly `active_channels` of the `cue_channels`, and its action is uniform over the
//! actions; both are drawn anew for every episode. With `reversal` the cues stay for a whole life, and only their actions
//! are drawn anew. Phase 1 shows each cue once, in random order, with its label:
//! the cue, a delay, then the label channels of the right action. Phase 2 queries each cue once, in another random
//! order, without labels. Spikes are independent Bernoulli draws in every step.

use std::ops::{Range, RangeInclusive};

use metaplastic_shared::network::{MAX_CLASSES, MAX_NEURONS};
use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use toml::Table;

use crate::descriptor::{OptionValue, TaskDescriptor, TaskOption, experiments};
use crate::episode::{Decision, Episode};
use crate::error::TaskError;
use crate::phase::{Phase, PhaseKind};
use crate::scene::{NeuronGroup, Scene, ScenePanel};
use crate::seed::{EpisodeDraw, Purpose, TaskRng};
use crate::table::{self, KeyLimits, check};
use crate::task::{Requirements, Task};
use metaplastic_files::limit::{OutOfRange, within};

/// Limits of the number of cues.
const CUES: RangeInclusive<f64> = 1.0..=256.0;
/// Limits of the number of actions.
const ACTIONS: RangeInclusive<f64> = 2.0..=MAX_CLASSES as f64;
/// Limits of rates.
const RATE: RangeInclusive<f64> = 0.0..=1.0;
/// Limits of the steps in which something is shown.
const STEPS: RangeInclusive<f64> = 1.0..=1000.0;
/// Limits of the steps between a cue and its label.
const DELAY: RangeInclusive<f64> = 0.0..=1000.0;
/// Limits of the number of cue channels.
const CHANNELS: RangeInclusive<f64> = 1.0..=MAX_NEURONS as f64;
/// Limits of all numbers. `active_channels` are at most `cue_channels`, besides.
const LIMITS: [KeyLimits; 12] = [
    ("cues", CUES),
    ("actions", ACTIONS),
    ("cue_channels", CHANNELS),
    ("active_channels", CHANNELS),
    ("label_channels_per_action", 1.0..=64.0),
    ("background_rate", RATE),
    ("cue_rate", RATE),
    ("label_rate", RATE),
    ("cue_steps", STEPS),
    ("delay_steps", DELAY),
    ("label_steps", STEPS),
    ("query_steps", STEPS),
];

/// What a program knows of the task before it is made.
pub(crate) const DESCRIPTOR: TaskDescriptor =
    TaskDescriptor::new(CueAssociation::NAME, |table, _| Ok(Box::new(from_table(table)?)))
        .with_options(&[
            TaskOption::new("cues", "cues", OptionValue::Integer(CUES), "N", "How many cues"),
            TaskOption::new("actions", "actions", OptionValue::Integer(ACTIONS), "N", "How many actions"),
            TaskOption::new(
                "cue-rate",
                "cue_rate",
                OptionValue::Number(RATE),
                "RATE",
                "Spikes a step of a shown cue's channels",
            ),
            TaskOption::new(
                "background-rate",
                "background_rate",
                OptionValue::Number(RATE),
                "RATE",
                "Spikes a step of all other cue channels",
            ),
            TaskOption::new(
                "label-rate",
                "label_rate",
                OptionValue::Number(RATE),
                "RATE",
                "Spikes a step of the right action's label channels",
            ),
            TaskOption::new(
                "cue-steps",
                "cue_steps",
                OptionValue::Integer(STEPS),
                "STEPS",
                "Steps a cue is shown in phase 1",
            ),
            TaskOption::new(
                "delay-steps",
                "delay_steps",
                OptionValue::Integer(DELAY),
                "STEPS",
                "Steps between cue and label",
            ),
            TaskOption::new(
                "label-steps",
                "label_steps",
                OptionValue::Integer(STEPS),
                "STEPS",
                "Steps of the label",
            ),
            TaskOption::new(
                "query-steps",
                "query_steps",
                OptionValue::Integer(STEPS),
                "STEPS",
                "Steps a cue is shown in phase 2",
            ),
            TaskOption::new(
                "reversal",
                "reversal",
                OptionValue::Flag,
                "BOOL",
                "Whether cues stay for a whole life, and only their actions change",
            ),
        ])
        .with_experiments(experiments![
            "cue-association",
            "cue-association-one-episode",
            "cue-association-reversal",
            "cue-association-8x4",
            "cue-association-sparse",
            "cue-association-16x2"
        ]);

fn from_table(table: Table) -> Result<CueAssociation, TaskError> {
    let task = table::read::<CueAssociation>(table, &LIMITS)?;
    Ok(task.checked()?)
}

/// The task's parameters.
///
/// Input neurons are the cue channels, then the label channels of action 0, of action 1, and so on. Rates are
/// spikes per neuron and step, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CueAssociation {
    /// Cues in an episode, 1 to 256.
    pub cues: u16,
    /// Actions to choose from, 2 to 64.
    pub actions: u16,
    /// Input neurons that carry cues, 1 to 16384.
    pub cue_channels: u16,
    /// Cue channels that belong to a cue, 1 to `cue_channels`.
    pub active_channels: u16,
    /// Input neurons that carry the label of each action, 1 to 64.
    pub label_channels_per_action: u16,
    /// Rate of the cue channels that do not belong to the shown cue.
    pub background_rate: f64,
    /// Rate of the channels of the shown cue.
    pub cue_rate: f64,
    /// Rate of the label channels of the right action in the steps of the label; they are silent otherwise.
    pub label_rate: f64,
    /// Steps in which a cue is shown in phase 1, 1 to 1000.
    pub cue_steps: u16,
    /// Steps between a cue and its label, 0 to 1000.
    pub delay_steps: u16,
    /// Steps in which a label is shown, 1 to 1000.
    pub label_steps: u16,
    /// Steps in which a cue is shown in phase 2, 1 to 1000.
    pub query_steps: u16,
    /// Whether cues stay for a whole life, so that only their actions change from episode to episode.
    pub reversal: bool,
}

impl Default for CueAssociation {
    fn default() -> Self {
        Self {
            cues: 4,
            actions: 2,
            cue_channels: 64,
            active_channels: 16,
            label_channels_per_action: 4,
            background_rate: 0.02,
            cue_rate: 0.4,
            label_rate: 0.5,
            cue_steps: 15,
            delay_steps: 10,
            label_steps: 5,
            query_steps: 15,
            reversal: false,
        }
    }
}

/// A cue of an episode.
struct Cue {
    /// Whether each cue channel belongs to it.
    channels: Vec<bool>,
    /// The right action.
    action: usize,
}

impl CueAssociation {
    /// The name of the task.
    pub const NAME: &str = "cue-association";

    /// Checks every parameter.
    ///
    /// # Errors
    /// The first parameter that is out of its range.
    pub fn checked(self) -> Result<Self, OutOfRange> {
        check(&self, &LIMITS)?;
        within("task.active_channels", self.active_channels, 1.0..=self.cue_channels.into())?;
        Ok(self)
    }

    fn draw_cue(&self, draw: &mut EpisodeDraw) -> Cue {
        let channels = self.draw_channels(if self.reversal { &mut draw.life } else { &mut draw.episode });
        Cue { channels, action: draw.episode.random_range(0..usize::from(self.actions)) }
    }

    fn draw_channels(&self, rng: &mut TaskRng) -> Vec<bool> {
        let active = usize::from(self.active_channels);
        let mut channels: Vec<_> = (0..usize::from(self.cue_channels)).map(|channel| channel < active).collect();
        channels.shuffle(rng);
        channels
    }

    /// The label channels of an action, which follow the cue channels.
    fn label_channels(&self, action: usize) -> Range<usize> {
        let each = usize::from(self.label_channels_per_action);
        let first = usize::from(self.cue_channels) + action * each;
        first..first + each
    }
}

impl Task for CueAssociation {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn episode(&self, _: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let cues: Vec<_> = (0..self.cues).map(|_| self.draw_cue(draw)).collect();
        let mut builder = CueEpisodeBuilder::new(self, &mut draw.episode);
        for cue in builder.draw_order() {
            builder.add_labelled(cue, &cues[cue]);
        }
        for cue in builder.draw_order() {
            builder.add_query(cue, &cues[cue]);
        }
        builder.episode
    }

    fn chance(&self) -> f64 {
        1.0 / f64::from(self.actions)
    }

    fn requirements(&self) -> Requirements {
        let actions = usize::from(self.actions);
        Requirements {
            inputs: self.label_channels(actions).start,
            analog: 0,
            classes: actions,
            ..Requirements::default()
        }
    }

    fn steps(&self, _: Purpose) -> usize {
        let each = [self.cue_steps, self.delay_steps, self.label_steps, self.query_steps];
        usize::from(self.cues) * each.into_iter().map(usize::from).sum::<usize>()
    }

    fn decisions(&self) -> usize {
        self.cues.into()
    }

    fn label_neurons(&self) -> Vec<Range<usize>> {
        (0..self.actions.into()).map(|action| self.label_channels(action)).collect()
    }

    fn scene(&self) -> Scene {
        let labels = self.label_neurons().into_iter().zip(1..);
        let labels = labels.map(|(neurons, action)| NeuronGroup::new(format!("label of action {action}"), neurons));
        let cues = NeuronGroup::new("cue", 0..self.cue_channels.into());
        Scene::new(
            "The network has never seen these cues. It is shown each once, followed by the label of the right action; then \
             the cues come again alone, and it has to answer.",
        )
        .with(ScenePanel::Inputs { groups: std::iter::once(cues).chain(labels).collect() })
    }

    fn parameters(&self) -> String {
        table::text(Self::NAME, self)
    }
}

/// An episode under construction, step by step.
struct CueEpisodeBuilder<'a> {
    task: &'a CueAssociation,
    rng: &'a mut TaskRng,
    episode: Episode,
    /// The next step.
    step: usize,
}

impl<'a> CueEpisodeBuilder<'a> {
    fn new(task: &'a CueAssociation, rng: &'a mut TaskRng) -> Self {
        let episode = task.requirements().silent_episode(task.steps(Purpose::Test));
        Self { task, rng, episode, step: 0 }
    }

    /// The numbers of all cues in random order.
    fn draw_order(&mut self) -> Vec<usize> {
        let mut order: Vec<_> = (0..usize::from(self.task.cues)).collect();
        order.shuffle(self.rng);
        order
    }

    /// Shows a cue, and its label after a delay.
    fn add_labelled(&mut self, index: usize, cue: &Cue) {
        self.add_phase(self.task.cue_steps, PhaseKind::Cue { cue: index });
        self.show(self.task.cue_steps, Some(cue), None);
        self.show(self.task.delay_steps, None, None);
        self.add_phase(self.task.label_steps, PhaseKind::Label { class: cue.action });
        self.show(self.task.label_steps, None, Some(cue.action));
    }

    /// Shows a cue as a query: its action must be decided.
    fn add_query(&mut self, index: usize, cue: &Cue) {
        let end = self.step + usize::from(self.task.query_steps);
        let among = self.task.actions.into();
        self.episode.decisions.push(Decision { start: self.step, end, target: cue.action, among });
        self.add_phase(self.task.query_steps, PhaseKind::Query { item: index });
        self.show(self.task.query_steps, Some(cue), None);
    }

    /// Adds a phase that begins with the next step.
    fn add_phase(&mut self, steps: u16, kind: PhaseKind) {
        let steps = self.step..self.step + usize::from(steps);
        self.episode.phases.push(Phase { steps, kind });
    }

    fn show(&mut self, steps: u16, cue: Option<&Cue>, label: Option<usize>) {
        for _ in 0..steps {
            for channel in 0..usize::from(self.task.cue_channels) {
                let shown = cue.is_some_and(|cue| cue.channels[channel]);
                self.draw(channel, if shown { self.task.cue_rate } else { self.task.background_rate });
            }
            for channel in label.into_iter().flat_map(|action| self.task.label_channels(action)) {
                self.draw(channel, self.task.label_rate);
            }
            self.step += 1;
        }
    }

    fn draw(&mut self, channel: usize, rate: f64) {
        if self.rng.random_bool(rate) {
            self.episode.spike(self.step, channel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::assert_all_numbers_have_limits;
    use crate::unseen::{EpisodeIndex, episode};

    fn draw(task: &CueAssociation, index: u64) -> Episode {
        draw_at(task, EpisodeIndex::alone(index))
    }

    fn draw_at(task: &CueAssociation, index: EpisodeIndex) -> Episode {
        episode(task, 1, Purpose::Test, index)
    }

    /// The default task with rates of zero and one.
    fn certain() -> CueAssociation {
        CueAssociation { background_rate: 0.0, cue_rate: 1.0, label_rate: 1.0, ..CueAssociation::default() }
    }

    #[test]
    fn every_number_has_limits() {
        assert_all_numbers_have_limits::<CueAssociation>(&LIMITS);
        let fault = |text: &str| from_table(text.parse().unwrap()).unwrap_err().to_string();
        assert_eq!(fault("cues = 70000"), "task.cues = 70000 is not in 1..=256");
        assert_eq!(fault("cue_channels = 8\nactive_channels = 9"), "task.active_channels = 9 is not in 1..=8");
    }

    #[test]
    fn sizes_are_those_of_the_design() {
        let task = CueAssociation::default();
        assert_eq!(
            task.requirements(),
            Requirements { inputs: 72, analog: 0, classes: 2, ..Requirements::default() }
        );
        assert_eq!((task.steps(Purpose::Training), task.decisions()), (180, 4));
        assert_eq!(task.chance(), 0.5);
        assert_eq!(draw(&task, 0).inputs.len(), 180 * 9);
    }

    #[test]
    fn an_episode_labels_every_cue_once_and_then_queries_every_cue_once() {
        let task = CueAssociation { cues: 5, actions: 3, query_steps: 7, ..CueAssociation::default() };
        let episode = draw(&task, 3);
        let (labelled, queries) = episode.phases.split_at(10);
        for (round, phases) in labelled.chunks(2).enumerate() {
            let start = 30 * round;
            assert_eq!(phases[0].steps, start..start + 15);
            assert_eq!(phases[1].steps, start + 25..start + 30);
        }
        for (round, (phase, decision)) in queries.iter().zip(&episode.decisions).enumerate() {
            let start = 150 + 7 * round;
            assert_eq!(phase.steps, start..start + 7);
            assert_eq!((decision.start, decision.end), (start, start + 7));
        }
        let sorted = |phases: &[Phase], number: fn(PhaseKind) -> Option<usize>| {
            let mut numbers: Vec<_> = phases.iter().filter_map(|phase| number(phase.kind)).collect();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(sorted(labelled, cue_number), [0, 1, 2, 3, 4]);
        assert_eq!(sorted(queries, query_number), [0, 1, 2, 3, 4]);
        assert_eq!((episode.steps, episode.decisions.len()), (185, 5));
    }

    fn cue_number(kind: PhaseKind) -> Option<usize> {
        if let PhaseKind::Cue { cue } = kind { Some(cue) } else { None }
    }

    fn query_number(kind: PhaseKind) -> Option<usize> {
        if let PhaseKind::Query { item } = kind { Some(item) } else { None }
    }

    #[test]
    fn the_target_is_the_label_shown() {
        let task = CueAssociation { cues: 9, actions: 4, ..CueAssociation::default() };
        let episode = draw(&task, 0);
        let pairs = episode.phases[..18].chunks(2);
        let labels: std::collections::HashMap<_, _> = pairs
            .map(|phases| (cue_number(phases[0].kind).unwrap(), phases[1].kind.labelled_class().unwrap()))
            .collect();
        for (phase, decision) in episode.phases[18..].iter().zip(&episode.decisions) {
            assert_eq!(decision.target, labels[&query_number(phase.kind).unwrap()]);
        }
    }

    #[test]
    fn a_cue_is_the_same_channels_whenever_it_is_shown_and_only_the_right_label_spikes() {
        let episode = draw(&certain(), 0);
        let channels = |step| episode.spiking_at(step).collect::<Vec<_>>();
        let mut cues = std::collections::HashMap::new();
        for Phase { steps, kind } in &episode.phases {
            let spiking = channels(steps.start);
            assert!(steps.clone().all(|step| channels(step) == spiking));
            match *kind {
                PhaseKind::Cue { cue } => {
                    assert!(cues.insert(cue, spiking.clone()).is_none() && spiking.len() == 16)
                }
                PhaseKind::Query { item } => assert_eq!(spiking, cues[&item]),
                PhaseKind::Label { class } | PhaseKind::Support { class } => {
                    assert_eq!(spiking, (64 + 4 * class..68 + 4 * class).collect::<Vec<_>>());
                }
            }
            assert!(kind.is_labelled() || spiking.iter().all(|channel| *channel < 64));
        }
        assert!(cues[&0] != cues[&1] && (15..25).all(|step| channels(step).is_empty()));
    }

    /// The channels and the action of each cue.
    type DrawnCues = (Vec<Vec<usize>>, Vec<usize>);

    fn cues(task: &CueAssociation, index: EpisodeIndex) -> DrawnCues {
        let episode = draw_at(task, index);
        let shown = episode.phases.chunks(2).take(task.cues.into()).map(|phases| {
            let channels = episode.spiking_at(phases[0].steps.start).collect();
            (cue_number(phases[0].kind), (channels, phases[1].kind.labelled_class().unwrap()))
        });
        shown.collect::<std::collections::BTreeMap<_, _>>().into_values().unzip()
    }

    #[test]
    fn cues_stay_for_a_life_where_only_actions_change() {
        let distinct = |reversal| {
            let task = CueAssociation { reversal, ..certain() };
            let drawn = (0..20).map(|episode| cues(&task, EpisodeIndex::in_lives_of(10, episode)));
            let (channels, actions): (Vec<_>, Vec<_>) = drawn.unzip();
            let channels = channels.into_iter().collect::<std::collections::HashSet<_>>().len();
            let actions = actions.into_iter().collect::<std::collections::HashSet<_>>().len();
            // Of 16 assignments of two actions to four cues, 20 draws have 11.6 in the mean.
            assert!((8..=16).contains(&actions), "{actions}");
            channels
        };
        assert_eq!([true, false].map(distinct), [2, 20]);
    }

    #[test]
    fn without_reversal_an_episode_is_the_same_in_any_life() {
        let task = CueAssociation::default();
        let in_a_life = EpisodeIndex { life: 3, episode: 8 };
        assert_eq!(draw_at(&task, in_a_life), draw(&task, 8));
    }

    #[test]
    fn rates_and_draws_are_within_five_binomial_deviations() {
        let task = CueAssociation::default();
        let (mut cue, mut delay, mut label, mut action) = ((0, 0), (0, 0), (0, 0), (0, 0));
        for index in 0..500 {
            let episode = draw(&task, index);
            let count = |steps: std::ops::Range<usize>, from: usize, to: usize| -> usize {
                steps.map(|step| episode.spiking_at(step).filter(|i| (from..to).contains(i)).count()).sum()
            };
            cue = (cue.0 + count(0..15, 0, 64), cue.1 + 15 * 64);
            delay = (delay.0 + count(15..25, 0, 64), delay.1 + 10 * 64);
            label = (label.0 + count(25..30, 64, 72), label.1 + 5 * 4);
            action =
                (action.0 + episode.decisions.iter().map(|decision| decision.target).sum::<usize>(), action.1 + 4);
            assert_eq!(count(0..25, 64, 72) + count(120..180, 64, 72), 0);
        }
        let near = |what: &str, (hits, draws): (usize, usize), rate: f64| {
            let deviation = (rate * (1.0 - rate) / draws as f64).sqrt();
            let found = hits as f64 / draws as f64;
            assert!((found - rate).abs() < 5.0 * deviation, "{what}: {found} instead of {rate}");
        };
        near("cue", cue, (16.0 * 0.4 + 48.0 * 0.02) / 64.0);
        near("background", delay, 0.02);
        near("label", label, 0.5);
        near("action", action, 0.5);
    }

    #[test]
    fn every_channel_belongs_to_a_cue_equally_often() {
        let mut belongs = [0_u32; 64];
        for index in 0..1000 {
            draw(&certain(), index).spiking_at(0).for_each(|channel| belongs[channel] += 1);
        }
        let deviation = (1000.0_f64 * 0.25 * 0.75).sqrt();
        assert!(belongs.iter().all(|count| (f64::from(*count) - 250.0).abs() < 5.0 * deviation), "{belongs:?}");
    }

    #[test]
    fn every_parameter_has_its_limits() {
        let fault = |change: fn(&mut CueAssociation)| {
            let mut task = CueAssociation::default();
            change(&mut task);
            task.checked().unwrap_err().field
        };
        assert_eq!(fault(|task| task.cues = 257), "task.cues");
        assert_eq!(fault(|task| task.actions = 1), "task.actions");
        assert_eq!(fault(|task| task.cue_channels = 0), "task.cue_channels");
        assert_eq!(fault(|task| task.active_channels = 65), "task.active_channels");
        assert_eq!(fault(|task| task.label_channels_per_action = 0), "task.label_channels_per_action");
        assert_eq!(fault(|task| task.background_rate = -0.1), "task.background_rate");
        assert_eq!(fault(|task| task.cue_rate = 1.1), "task.cue_rate");
        assert_eq!(fault(|task| task.label_rate = f64::NAN), "task.label_rate");
        assert_eq!(fault(|task| task.cue_steps = 0), "task.cue_steps");
        assert_eq!(fault(|task| task.delay_steps = 1001), "task.delay_steps");
        assert_eq!(fault(|task| task.label_steps = 0), "task.label_steps");
        assert_eq!(fault(|task| task.query_steps = 0), "task.query_steps");
        assert!(CueAssociation::default().checked().is_ok());
    }
}
