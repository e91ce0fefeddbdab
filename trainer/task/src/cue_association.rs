//! Cue association: learn within one lifetime which action belongs to which cue.
//!
//! Cue k is a random set of exactly `active_channels` of the `cue_channels`, its action uniform over the actions;
//! both are drawn anew for every episode. Phase 1 teaches, each cue once in random order: the cue, a delay, then
//! the right action's label channels. Phase 2 asks, each cue once in a fresh order, without labels. Spikes are
//! independent Bernoulli draws in every step.

use metaplastic_shared::network::{MAX_CLASSES, MAX_NEURONS};
use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::{Task, TaskRng};
use crate::episode::{Decision, Episode, Mark};
use crate::seed::Purpose;
use metaplastic_files::limit::{OutOfRange, within};

/// The task's parameters; the default is DESIGN section 7.
///
/// Input neurons are the cue channels, then the label channels of action 0, of action 1, and so on. Rates are
/// spikes a neuron and step, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CueAssociation {
    /// Cues in an episode, 1 to 256.
    pub cues: u16,
    /// Actions to choose from, 2 to 64.
    pub actions: u16,
    /// Input neurons that carry cues.
    pub cue_channels: u16,
    /// How many of them belong to a cue.
    pub active_channels: u16,
    /// Input neurons that carry the label of each action.
    pub label_channels_per_action: u16,
    /// Rate of every cue channel that is not of the shown cue.
    pub background_rate: f64,
    /// Rate of the shown cue's channels.
    pub cue_rate: f64,
    /// Rate of the right action's label channels while teaching; they are silent otherwise.
    pub label_rate: f64,
    /// Steps a cue is shown when it is taught.
    pub cue_steps: u16,
    /// Steps between a cue and its label.
    pub delay_steps: u16,
    /// Steps a label is shown.
    pub teach_steps: u16,
    /// Steps a cue is shown when it is asked for.
    pub query_steps: u16,
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
            teach_steps: 5,
            query_steps: 15,
        }
    }
}

/// A set of channels and the action that belongs to it.
struct Cue {
    channels: Vec<bool>,
    action: usize,
}

impl CueAssociation {
    /// What the task is called.
    pub const NAME: &str = "cue-association";

    /// Checks every parameter.
    ///
    /// # Errors
    /// The first parameter that is out of its range.
    pub fn checked(self) -> Result<Self, OutOfRange> {
        let neurons = f64::from(MAX_NEURONS);
        within("task.cues", self.cues, 1.0..=256.0)?;
        within("task.actions", self.actions, 2.0..=MAX_CLASSES as f64)?;
        within("task.cue_channels", self.cue_channels, 1.0..=neurons)?;
        within("task.active_channels", self.active_channels, 1.0..=self.cue_channels.into())?;
        within("task.label_channels_per_action", self.label_channels_per_action, 1.0..=64.0)?;
        within("task.background_rate", self.background_rate, 0.0..=1.0)?;
        within("task.cue_rate", self.cue_rate, 0.0..=1.0)?;
        within("task.label_rate", self.label_rate, 0.0..=1.0)?;
        within("task.cue_steps", self.cue_steps, 1.0..=1000.0)?;
        within("task.delay_steps", self.delay_steps, 0.0..=1000.0)?;
        within("task.teach_steps", self.teach_steps, 1.0..=1000.0)?;
        within("task.query_steps", self.query_steps, 1.0..=1000.0)?;
        Ok(self)
    }

    fn draw_cue(&self, rng: &mut TaskRng) -> Cue {
        let active = usize::from(self.active_channels);
        let mut channels: Vec<_> = (0..usize::from(self.cue_channels)).map(|channel| channel < active).collect();
        channels.shuffle(rng);
        Cue { channels, action: rng.random_range(0..usize::from(self.actions)) }
    }

    /// Labels begin behind the cue channels.
    fn label_channels(&self, action: usize) -> std::ops::Range<usize> {
        let each = usize::from(self.label_channels_per_action);
        let first = usize::from(self.cue_channels) + action * each;
        first..first + each
    }
}

impl Task for CueAssociation {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn episode(&self, _: Purpose, rng: &mut TaskRng) -> Episode {
        let cues: Vec<_> = (0..self.cues).map(|_| self.draw_cue(rng)).collect();
        let mut stage = Stage::new(self, rng);
        for cue in stage.order() {
            stage.teach(cue, &cues[cue]);
        }
        for cue in stage.order() {
            stage.ask(cue, &cues[cue]);
        }
        stage.episode
    }

    fn chance(&self) -> f64 {
        1.0 / f64::from(self.actions)
    }

    fn input_size(&self) -> usize {
        self.label_channels(usize::from(self.actions)).start
    }

    fn signals(&self) -> usize {
        0
    }

    fn classes(&self) -> usize {
        self.actions.into()
    }

    fn steps(&self, _: Purpose) -> usize {
        let each = [self.cue_steps, self.delay_steps, self.teach_steps, self.query_steps];
        usize::from(self.cues) * each.into_iter().map(usize::from).sum::<usize>()
    }

    fn decisions(&self) -> usize {
        self.cues.into()
    }

    fn parameters(&self) -> String {
        let values = toml::to_string(self).expect("numbers can always be written as TOML");
        format!("name = \"{}\"\n{values}", Self::NAME)
    }
}

/// An episode being written, from its first step to its last.
struct Stage<'a> {
    task: &'a CueAssociation,
    rng: &'a mut TaskRng,
    episode: Episode,
    step: usize,
}

impl<'a> Stage<'a> {
    fn new(task: &'a CueAssociation, rng: &'a mut TaskRng) -> Self {
        let steps = task.steps(Purpose::Test);
        let inputs = vec![0; steps * task.input_size().div_ceil(8)];
        Self { task, rng, episode: Episode { inputs, steps, ..Episode::default() }, step: 0 }
    }

    /// Every cue once, in random order.
    fn order(&mut self) -> Vec<usize> {
        let mut order: Vec<_> = (0..usize::from(self.task.cues)).collect();
        order.shuffle(self.rng);
        order
    }

    fn teach(&mut self, index: usize, cue: &Cue) {
        self.mark(self.task.cue_steps, format!("cue {index}"), false);
        self.show(self.task.cue_steps, Some(cue), None);
        self.show(self.task.delay_steps, None, None);
        self.mark(self.task.teach_steps, format!("label {}", cue.action), true);
        self.show(self.task.teach_steps, None, Some(cue.action));
    }

    fn ask(&mut self, index: usize, cue: &Cue) {
        let end = self.step + usize::from(self.task.query_steps);
        let among = self.task.actions.into();
        self.episode.decisions.push(Decision { start: self.step, end, target: cue.action, among });
        self.mark(self.task.query_steps, format!("query {index}"), false);
        self.show(self.task.query_steps, Some(cue), None);
    }

    fn mark(&mut self, steps: u16, label: String, teaches: bool) {
        let end = self.step + usize::from(steps);
        self.episode.marks.push(Mark { start: self.step, end, label, teaches });
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
    use crate::seed::rng;

    fn draw(task: &CueAssociation, index: u64) -> Episode {
        task.episode(Purpose::Test, &mut rng(1, Purpose::Test, index))
    }

    /// What a mark says, such as `("cue", 2)`.
    fn read(mark: &Mark) -> (&str, usize) {
        let (kind, number) = mark.label.split_once(' ').unwrap();
        (kind, number.parse().unwrap())
    }

    /// The channels that are certain to spike when the rates are one and nothing.
    fn certain() -> CueAssociation {
        CueAssociation { background_rate: 0.0, cue_rate: 1.0, label_rate: 1.0, ..CueAssociation::default() }
    }

    #[test]
    fn sizes_are_those_of_the_design() {
        let task = CueAssociation::default();
        assert_eq!(
            (task.input_size(), task.steps(Purpose::Training), task.decisions(), task.classes()),
            (72, 180, 4, 2)
        );
        assert_eq!(task.chance(), 0.5);
        assert_eq!(draw(&task, 0).inputs.len(), 180 * 9);
    }

    #[test]
    fn an_episode_teaches_every_cue_once_and_then_asks_for_every_cue_once() {
        let task = CueAssociation { cues: 5, actions: 3, query_steps: 7, ..CueAssociation::default() };
        let episode = draw(&task, 3);
        let (teaching, asking) = episode.marks.split_at(10);
        for (round, marks) in teaching.chunks(2).enumerate() {
            let start = 30 * round;
            assert_eq!((marks[0].start, marks[0].end), (start, start + 15));
            assert_eq!((marks[1].start, marks[1].end), (start + 25, start + 30));
        }
        for (round, (mark, decision)) in asking.iter().zip(&episode.decisions).enumerate() {
            let start = 150 + 7 * round;
            assert_eq!((mark.start, mark.end), (start, start + 7));
            assert_eq!((decision.start, decision.end), (start, start + 7));
        }
        let sorted = |marks: &[Mark], kind| {
            let mut cues: Vec<_> =
                marks.iter().map(read).filter(|read| read.0 == kind).map(|read| read.1).collect();
            cues.sort_unstable();
            cues
        };
        assert_eq!(sorted(teaching, "cue"), [0, 1, 2, 3, 4]);
        assert_eq!(sorted(asking, "query"), [0, 1, 2, 3, 4]);
        assert_eq!((episode.steps, episode.decisions.len()), (185, 5));
    }

    #[test]
    fn the_answer_asked_for_is_the_label_taught() {
        let task = CueAssociation { cues: 9, actions: 4, ..CueAssociation::default() };
        let episode = draw(&task, 0);
        let taught: std::collections::HashMap<_, _> =
            episode.marks[..18].chunks(2).map(|marks| (read(&marks[0]).1, read(&marks[1]).1)).collect();
        for (mark, decision) in episode.marks[18..].iter().zip(&episode.decisions) {
            assert_eq!(decision.target, taught[&read(mark).1]);
        }
    }

    #[test]
    fn a_cue_is_the_same_channels_whenever_it_is_shown_and_only_the_right_label_speaks() {
        let episode = draw(&certain(), 0);
        let channels = |step| episode.spiking_at(step).collect::<Vec<_>>();
        let mut cues = std::collections::HashMap::new();
        for mark in &episode.marks {
            let (kind, number) = read(mark);
            let spiking = channels(mark.start);
            assert!((mark.start..mark.end).all(|step| channels(step) == spiking));
            match kind {
                "cue" => assert!(cues.insert(number, spiking.clone()).is_none() && spiking.len() == 16),
                "query" => assert_eq!(spiking, cues[&number]),
                _ => assert_eq!(spiking, (64 + 4 * number..68 + 4 * number).collect::<Vec<_>>()),
            }
            assert!(kind == "label" || spiking.iter().all(|channel| *channel < 64));
        }
        assert!(cues[&0] != cues[&1] && (15..25).all(|step| channels(step).is_empty()));
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
        assert_eq!(fault(|task| task.teach_steps = 0), "task.teach_steps");
        assert_eq!(fault(|task| task.query_steps = 0), "task.query_steps");
        assert!(CueAssociation::default().checked().is_ok());
    }
}
