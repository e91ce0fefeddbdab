//! The life of a network that is watched: unseen episodes of its task one after another without a reset, as `evaluate --life`
//! runs them, each step when the visitor lets it run, and changed as the visitor likes.
//!
//! It does not know how messages reach a page.

use std::ops::Range;
use std::time::Duration;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, BodyError, BodyName, RunResult, SegmentRunner, run_life, run_segments};
use metaplastic_host::plastic_weights::PlasticWeights;
use metaplastic_host::state_file::StateFile;
use metaplastic_task::Task;
use metaplastic_task::episode::{Decision, Episode};
use metaplastic_task::seed::Purpose;
use metaplastic_task::unseen::{EpisodeIndex, episode};
use metaplastic_task::world::life::WorldLife;
use serde_json::json;

use crate::control::{LesionedPart, PageControl};
use crate::course::Course;
use crate::frame::{FrameArray, FrameValues, encode};
use crate::interventions::Interventions;
use crate::lesion::{Lesion, LesionExtent, has_hidden_neurons};
use crate::replay::{Replay, TimedControl, WatchedLife};
use crate::server::PageMessages;
use crate::step_source::StepSource;
use crate::stimulus::Stimulus;
use crate::view::{LABELLED, MODULATED, PRESENTED, RESET, ShownStep, View};
use crate::visitor::{Interruption, Mode, Visitor};
use crate::watched::{WatchedNetwork, episode_index};

/// Between two messages.
const BETWEEN_MESSAGES: Duration = Duration::from_millis(1000 / 60);

/// Why an episode has ended early.
#[derive(Debug)]
pub(crate) enum EarlyEnd {
    Interrupted(Interruption),
    /// The visitor's inputs are shown instead.
    Presented(Box<Stimulus>),
    /// Another part of the network is gone.
    Lesioned,
    Body(BodyError),
}

impl From<BodyError> for EarlyEnd {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl From<Interruption> for EarlyEnd {
    fn from(interruption: Interruption) -> Self {
        Self::Interrupted(interruption)
    }
}

/// Why something is not as the visitor wants it, with which the episode goes on.
#[derive(Debug)]
enum NotChanged {
    /// It cannot be, and why.
    Refused(String),
    /// It can, but not in this episode.
    Ended(EarlyEnd),
}

impl From<String> for NotChanged {
    fn from(why: String) -> Self {
        Self::Refused(why)
    }
}

impl From<BodyError> for NotChanged {
    fn from(error: BodyError) -> Self {
        Self::Ended(error.into())
    }
}

/// Why a body is not needed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyEnd {
    /// No page can ask for anything any more.
    Closed,
    /// A network goes on of which another part is gone.
    Lesioned,
}

/// Whoever sees every step.
pub(crate) struct Watcher<'t> {
    task: &'t dyn Task,
    /// The artifact without a lesion.
    artifact: &'t ArtifactFile,
    view: View,
    visitor: Visitor,
    messages: PageMessages,
    /// Whether reading the state takes long, so that only steps are looked at behind which a message is due.
    is_slow: bool,
    /// Whether lesions can be made: the body takes another artifact.
    can_lesion: bool,
    course: Course,
    interventions: Interventions,
    /// Of the life that is done again.
    replay: Replay,
    /// Plastic weights that the next body begins with.
    carried: Option<PlasticWeights>,
    /// What is shown before the next episode.
    presented: Option<Box<Stimulus>>,
}

impl<'t> Watcher<'t> {
    /// Before the first step.
    pub(crate) fn new(watched: WatchedNetwork<'t>, view: View, visitor: Visitor, messages: PageMessages) -> Self {
        let WatchedNetwork { body, artifact, task, replay, .. } = watched;
        let seed = visitor.seed;
        Self {
            task,
            artifact,
            view,
            visitor,
            messages,
            is_slow: *body != BodyName::Host,
            can_lesion: watched.can_lesion(),
            course: Course::default(),
            interventions: Interventions::none(task, seed),
            replay: replay.clone(),
            carried: None,
            presented: None,
        }
    }

    /// The artifact that the next body is to run: without the synapses that a lesion takes away. Plastic weights that it
    /// begins with are without them too.
    pub(crate) fn lesioned(&mut self) -> Option<ArtifactFile> {
        let extent = self.interventions.lesion;
        let network = self.artifact.artifact().manifest().network;
        let lesion =
            (extent != LesionExtent::default()).then(|| Lesion::draw(&network, extent, self.visitor.seed))?;
        self.carried = self.carried.take().map(|weights| lesion.plastic_weights(&weights));
        lesion.artifact(self.artifact)
    }

    /// Runs episodes on a body until it is not needed any more.
    ///
    /// # Errors
    /// If the body fails; all pages have been told.
    pub(crate) fn run(&mut self, body: &mut dyn Body) -> Result<BodyEnd, BodyError> {
        let result = self.run_on(body);
        if let Err(error) = &result {
            let header = json!({ "kind": "lost", "why": error.to_string() });
            self.messages.send(encode(header, &[]));
        }
        result
    }

    fn run_on(&mut self, body: &mut dyn Body) -> Result<BodyEnd, BodyError> {
        body.reset(self.visitor.freeze)?;
        if let Some(weights) = self.carried.take() {
            weights.write(body)?;
        }
        loop {
            match self.run_next(body) {
                Ok(()) => {}
                Err(EarlyEnd::Presented(stimulus)) => self.presented = Some(stimulus),
                Err(EarlyEnd::Lesioned) => return Ok(BodyEnd::Lesioned),
                Err(EarlyEnd::Interrupted(Interruption::Closed)) => return Ok(BodyEnd::Closed),
                Err(EarlyEnd::Interrupted(Interruption::Again)) => {
                    if self.begin_anew() {
                        return Ok(BodyEnd::Lesioned);
                    }
                    body.reset(self.visitor.freeze)?;
                }
                Err(EarlyEnd::Body(error)) => return Err(error),
            }
        }
    }

    /// Begins another life; whether a lesion heals.
    fn begin_anew(&mut self) -> bool {
        let is_lesioned = self.interventions.lesion != LesionExtent::default();
        self.course = Course::default();
        self.interventions = Interventions::none(self.task, self.visitor.seed);
        self.replay = Replay::default();
        self.view.clear();
        is_lesioned
    }

    fn run_next(&mut self, body: &mut dyn Body) -> Result<(), EarlyEnd> {
        self.course.begin_episode();
        if let Some(stimulus) = self.presented.take() {
            return self.present(body, &stimulus);
        }
        let episode = episode(self.task, self.visitor.seed, Purpose::Test, self.next_index());
        let measured = match WorldLife::begin(&episode) {
            Some(life) => self.run_in_world(body, life)?,
            None => self.run_through(body, &episode)?,
        };
        self.course.end_episode(measured, episode.decisions.len());
        self.visitor.end_episode();
        Ok(())
    }

    /// The index of the next episode, of a life or alone.
    fn next_index(&mut self) -> EpisodeIndex {
        let episode = self.course.next;
        self.course.next += 1;
        episode_index(self.visitor.keeps_weights, episode)
    }

    /// Begins an episode, which goes on with what was learned or is in the initial state. Before it resets anything, it waits:
    /// the state that a page sees there is that behind the last episode.
    fn begin(&mut self, body: &mut dyn Body, source: &mut StepSource<'_>) -> Result<(), EarlyEnd> {
        self.pause(body, source)?;
        if !self.visitor.keeps_weights {
            body.reset(self.visitor.freeze)?;
        }
        Ok(())
    }

    /// Nothing is measured: decisions are right or wrong.
    fn run_through(&mut self, body: &mut dyn Body, episode: &Episode) -> Result<Option<f64>, EarlyEnd> {
        self.begin(body, &mut StepSource::Drawn(episode))?;
        run_segments(body, episode, self)?;
        Ok(None)
    }

    /// What the world measures first.
    fn run_in_world(&mut self, body: &mut dyn Body, mut life: WorldLife) -> Result<Option<f64>, EarlyEnd> {
        self.begin(body, &mut StepSource::InWorld(&mut life))?;
        let result = run_life(body, life, |body, life, step| {
            self.step(body, &mut StepSource::InWorld(life), step).map(|result| result.class_scores)
        })?
        .result;
        self.course.see_choices(&result.record.choices);
        Ok(Some(result.measured.first().copied().unwrap_or_default()))
    }

    /// Shows the visitor's inputs, each picture from a state of zero, and then waits.
    fn present(&mut self, body: &mut dyn Body, stimulus: &Stimulus) -> Result<(), EarlyEnd> {
        let mut episode = stimulus.episode.clone();
        self.interventions.label(&mut episode, stimulus.label);
        episode.state_resets = vec![0];
        self.visitor.mode = Mode::Running;
        self.course.is_presenting = true;
        let result = run_segments(body, &episode, self);
        self.course.is_presenting = false;
        self.visitor.mode = Mode::Paused;
        result.map(|_| ())
    }

    /// Runs a step when it may run.
    fn step(
        &mut self,
        body: &mut dyn Body,
        source: &mut StepSource<'_>,
        step: usize,
    ) -> Result<RunResult, EarlyEnd> {
        self.wait(body, source)?;
        let given = self.interventions.given(source.episode(), step);
        let (episode, at) = given.as_ref().map_or((source.episode(), step), |given| (given, 0));
        let result = body.run(episode, at..at + 1)?;
        self.course.add_step(source.episode(), step, body.last_cost());
        self.course.see_choices(source.choices());
        let flags = self.flags(source.episode(), step, result.modulated_steps > 0);
        let (inputs, analog) = (episode.inputs_at(at), episode.analog_at(at));
        self.show(body, &ShownStep { flags, inputs, analog, tracking: source.tracking() })?;
        if self.is_due() {
            self.send(body, source, None)?;
        }
        Ok(result)
    }

    fn flags(&self, episode: &Episode, step: usize, is_modulated: bool) -> u8 {
        let bits = [
            (episode.is_labelled(step), LABELLED),
            (is_modulated, MODULATED),
            (episode.resets_state_before(step), RESET),
            (self.course.is_presenting, PRESENTED),
        ];
        bits.into_iter().filter(|(is_set, _)| *is_set).map(|(_, bit)| bit).sum()
    }

    fn is_due(&self) -> bool {
        self.course.last.is_none_or(|(last, _)| last.elapsed() >= BETWEEN_MESSAGES)
    }

    fn show(&mut self, body: &mut dyn Body, step: &ShownStep<'_>) -> Result<(), BodyError> {
        if self.is_slow && !self.is_due() && self.visitor.mode == Mode::Running {
            self.view.skip();
            return Ok(());
        }
        self.view.add(body, step)
    }

    /// Waits until the next step may run.
    fn wait(&mut self, body: &mut dyn Body, source: &mut StepSource<'_>) -> Result<(), EarlyEnd> {
        loop {
            self.pause(body, source)?;
            if self.visitor.wait()? {
                return Ok(());
            }
        }
    }

    /// Does what was asked for, and waits while nothing is to run; the page sees where it stands.
    fn pause(&mut self, body: &mut dyn Body, source: &mut StepSource<'_>) -> Result<(), EarlyEnd> {
        loop {
            while let Some(control) = self.replay.due(self.course.steps).or_else(|| self.visitor.next_other()) {
                self.intervene(body, source, control)?;
            }
            if self.visitor.mode != Mode::Paused {
                return Ok(());
            }
            let hash = body.state_hash()?;
            self.send(body, source, Some(hash))?;
            self.visitor.take_next()?;
        }
    }

    /// Does what the visitor asks for between two steps.
    fn intervene(
        &mut self,
        body: &mut dyn Body,
        source: &mut StepSource<'_>,
        control: PageControl,
    ) -> Result<(), EarlyEnd> {
        match control {
            PageControl::Save => return Ok(self.save(body)?),
            PageControl::Log => {
                self.send_log();
                return Ok(());
            }
            _ => {}
        }
        let timed = TimedControl { step: self.course.steps, control: control.clone() };
        match self.change(body, source, control) {
            Err(NotChanged::Refused(why)) => self.messages.refuse(&why),
            Err(NotChanged::Ended(end)) => {
                self.interventions.log.push(timed);
                return Err(end);
            }
            Ok(()) => self.interventions.log.push(timed),
        }
        Ok(())
    }

    /// Changes the network or its world.
    fn change(
        &mut self,
        body: &mut dyn Body,
        source: &mut StepSource<'_>,
        control: PageControl,
    ) -> Result<(), NotChanged> {
        match control {
            PageControl::Noise { rate } => self.interventions.set_noise(rate),
            PageControl::Swap { one, other } => self.interventions.swap(one, other)?,
            PageControl::Change { index, value } => source.change(index, value)?,
            PageControl::Present { inputs, steps, label, among } => {
                let stimulus = Stimulus::new(&inputs, steps, label, among, self.task.requirements())?;
                return Err(NotChanged::Ended(EarlyEnd::Presented(Box::new(stimulus))));
            }
            PageControl::Load { state } => {
                let state = StateFile::from_bytes(state, self.artifact);
                let state = state.map_err(|error| format!("not a state of this network: {error}"))?;
                state.plastic_weights.write(body)?;
            }
            PageControl::Lesion { what, percent } => return Err(self.lesion(body, what, percent)),
            _ => {}
        }
        Ok(())
    }

    /// Why this body cannot go on: it has another part of the network.
    fn lesion(&mut self, body: &mut dyn Body, what: LesionedPart, percent: f64) -> NotChanged {
        let network = self.artifact.artifact().manifest().network;
        if !self.can_lesion {
            return String::from("a board's firmware has its weights in flash: another body can have a lesion")
                .into();
        }
        if what == LesionedPart::Neurons && !has_hidden_neurons(&network) {
            return "the network has no hidden neurons that dense projections alone reach".to_owned().into();
        }
        match PlasticWeights::read(body, &network) {
            Ok(weights) => self.carried = Some(weights),
            Err(error) => return error.into(),
        }
        match what {
            LesionedPart::Neurons => self.interventions.lesion.neurons = percent,
            LesionedPart::Weights => self.interventions.lesion.weights = percent,
        }
        NotChanged::Ended(EarlyEnd::Lesioned)
    }

    fn send_log(&self) {
        let Visitor { seed, freeze, keeps_weights, .. } = self.visitor;
        let controls = self.interventions.log.clone().into();
        let log = WatchedLife { seed, freeze, keeps_weights, controls };
        self.messages.send_once(encode(json!({ "kind": "log", "log": log }), &[]));
    }

    fn save(&mut self, body: &mut dyn Body) -> Result<(), BodyError> {
        let network = self.artifact.artifact().manifest().network;
        let state = StateFile { save: 1, plastic_weights: PlasticWeights::read(body, &network)? };
        match state.to_bytes(self.artifact) {
            Ok(bytes) => {
                let state = FrameArray { name: "state".into(), values: FrameValues::Bytes(bytes) };
                self.messages.send_once(encode(json!({ "kind": "state", "name": "learned.state" }), &[state]));
            }
            Err(error) => self.messages.refuse(&error.to_string()),
        }
        Ok(())
    }

    fn send(
        &mut self,
        body: &mut dyn Body,
        source: &mut StepSource<'_>,
        hash: Option<u64>,
    ) -> Result<(), BodyError> {
        let mut header = self.course.described();
        header["mode"] = json!(self.visitor.mode);
        header["speed"] = json!(self.visitor.speed);
        header["seed"] = json!(self.visitor.seed);
        header["freeze"] = json!(self.visitor.freeze);
        header["keeps_weights"] = json!(self.visitor.keeps_weights);
        header["state_hash"] = json!(hash.map(|hash| format!("{hash:016x}")));
        header["noise"] = json!(self.interventions.noise());
        header["labels"] = json!(self.interventions.labels());
        header["lesion"] = json!(self.interventions.lesion);
        header["interventions"] = json!(self.interventions.log.len());
        header["changed"] = json!(source.changeable());
        let message = self.view.message(body, header)?;
        self.messages.send(message);
        Ok(())
    }
}

impl<'b> SegmentRunner<dyn Body + 'b, EarlyEnd> for Watcher<'_> {
    fn run(
        &mut self,
        body: &mut (dyn Body + 'b),
        episode: &Episode,
        steps: Range<usize>,
    ) -> Result<RunResult, EarlyEnd> {
        let mut result = RunResult::default();
        for step in steps {
            result.add(&self.step(body, &mut StepSource::Drawn(episode), step)?);
        }
        Ok(result)
    }

    fn decided(&mut self, decision: &Decision, class_scores: &[i32]) {
        self.course.decide(&self.interventions.due(decision), class_scores);
    }
}

#[cfg(test)]
mod tests;
