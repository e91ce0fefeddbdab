//! The task: draws classes and windows of them, and shows the windows.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use metaplastic_shared::network::MAX_ANALOG_VALUES;

use super::choices::{Encoding, HeldOut, WindowOrder, WindowSource};
use super::draw::{self, DrawnWindow, ShownWindow};
use super::encoded::EncodedWindow;
use super::episode_builder::WindowsEpisodeBuilder;
use super::error::WindowsError;
use super::nearest;
use super::parameters::{NAME, WindowsParameters};
use super::set::WindowSet;
use super::signal::{self, ChannelMix, SignalSource};
use super::split::WindowSplit;
use super::standardisation::ChannelScale;
use super::whitening::{WhitenedClasses, WhiteningRows};
use super::{source, synthetic};
use crate::control::Control;
use crate::episode::Episode;
use crate::error::TaskError;
use crate::scene::{NeuronGroup, Scene, ScenePanel, numbered};
use crate::seed::{EpisodeDraw, Purpose, TaskRng};
use crate::task::{Requirements, Task};

/// What is needed where no data are given.
const WINDOWS: &str = "\
windows: pass --data PATH with .ts, .csv, .npy or .npz files of labelled windows (docs/data.md)";

/// The task with its windows.
#[derive(Debug)]
pub(super) struct WindowsTask {
    pub(super) parameters: WindowsParameters,
    pub(super) set: WindowSet,
    pub(super) split: WindowSplit,
    /// Every window as a network takes it without augmentation.
    pub(super) encoded: Vec<EncodedWindow>,
    /// The windows as the controls see them: resampled and standardised.
    plain: Arc<Vec<Vec<f32>>>,
}

impl WindowsTask {
    /// Makes the task; `data` is where its windows are.
    ///
    /// # Errors
    /// If a parameter is out of its range, the windows cannot be read, or they are too few for the parameters.
    pub(super) fn new(parameters: WindowsParameters, data: Option<&Path>) -> Result<Self, TaskError> {
        let parameters = parameters.checked()?;
        let set = match (parameters.source, data) {
            (WindowSource::Files, Some(path)) => source::read(path, &parameters),
            (WindowSource::Files, None) => return Err(TaskError::NeedsData { task: NAME, needed: WINDOWS }),
            (WindowSource::Synthetic, None) => Ok(synthetic::windows(&parameters)),
            (WindowSource::Synthetic, Some(_)) => Err(WindowsError::NotRead),
        };
        set.and_then(|set| Self::with(parameters, set)).map_err(TaskError::data)
    }

    /// The task with windows of any origin.
    pub(super) fn with(parameters: WindowsParameters, set: WindowSet) -> Result<Self, WindowsError> {
        check_values(&parameters, set.channels)?;
        let split = WindowSplit::new(&set, &parameters)?;
        let parameters = complete(parameters, &set, &split)?;
        let source = SignalSource { set: &set, scales: &parameters.standardisation, parameters: &parameters };
        let numbers = 0..set.windows.len();
        let encode = |window| EncodedWindow::new(&source.integers(window), set.channels, &parameters);
        let encoded = numbers.clone().map(encode).collect();
        let plain = Arc::new(numbers.map(|window| source.plain(window)).collect());
        Ok(Self { parameters, set, split, encoded, plain })
    }

    fn source(&self) -> SignalSource<'_> {
        SignalSource { set: &self.set, scales: &self.parameters.standardisation, parameters: &self.parameters }
    }

    /// A window of a training episode.
    fn augmented(&self, shown: &ShownWindow, mix: Option<&ChannelMix>, rng: &mut TaskRng) -> EncodedWindow {
        let source = self.source();
        let mut signal = source.warped(shown.window, rng);
        if let Some(blended) = shown.blended {
            let other = source.warped(blended.window, rng);
            // Of a filter bank, the longer one's end has nothing beside it.
            for (value, other) in signal.iter_mut().zip(other) {
                *value += (other - *value) * blended.fraction;
            }
        }
        source.augment(&mut signal, mix, rng);
        EncodedWindow::new(&signal::integers(&signal), self.set.channels, &self.parameters)
    }
}

/// The parameters with the names of what is held out and the constants of the standardisation, so that they are whole
/// without the windows.
fn complete(
    mut parameters: WindowsParameters,
    set: &WindowSet,
    split: &WindowSplit,
) -> Result<WindowsParameters, WindowsError> {
    let by = parameters.held_out_by;
    parameters.held_out = Some(HeldOut::Named(split.held_out(set, by)));
    parameters.validation = HeldOut::Named(split.validation(set, by));
    let windows = split.training_windows(set, by);
    if parameters.standardisation.is_empty() {
        parameters.standardisation = standardisation(set, &windows);
        parameters.whitening_rows = Vec::new();
    }
    if parameters.whitening == 0.0 {
        parameters.whitening_rows = Vec::new();
    } else if parameters.whitening_rows.is_empty() {
        parameters.whitening_rows = whitening(&parameters, set, &windows);
    }
    let channels = set.channels;
    let rows = parameters.whitening_rows.len();
    let standardised = if rows == 0 { parameters.standardisation.len() } else { rows };
    if parameters.standardisation.len() == channels && standardised == channels {
        Ok(parameters)
    } else {
        Err(WindowsError::OtherChannels { standardised, channels })
    }
}

fn standardisation(set: &WindowSet, windows: &[usize]) -> Vec<ChannelScale> {
    let scale = |channel| {
        let samples = windows.iter().map(|window| &set.windows[*window].samples);
        ChannelScale::of(samples.flat_map(|samples| samples.iter().skip(channel).step_by(set.channels).copied()))
    };
    (0..set.channels).map(scale).collect()
}

/// Of the training windows as they are standardised and resampled.
fn whitening(parameters: &WindowsParameters, set: &WindowSet, windows: &[usize]) -> WhiteningRows {
    let source = SignalSource { set, scales: &parameters.standardisation, parameters };
    let signals: Vec<_> = windows.iter().map(|window| source.plain(*window)).collect();
    let of_class = |class: usize| -> Vec<&[f32]> {
        let shown = windows.iter().zip(&signals).filter(|(window, _)| set.windows[**window].class == class);
        shown.map(|(_, signal)| signal.as_slice()).collect()
    };
    let classes = (0..set.classes.len()).map(of_class).collect();
    WhitenedClasses { classes, channels: set.channels }.rows(parameters.whitening)
}

fn check_values(parameters: &WindowsParameters, channels: usize) -> Result<(), WindowsError> {
    let (values, limit) = (parameters.analog_values(channels), usize::from(MAX_ANALOG_VALUES));
    let encoder = if parameters.encoder == Encoding::FilterBank { "filter-bank" } else { "analog" };
    if values > limit { Err(WindowsError::Values { channels, encoder, values, limit }) } else { Ok(()) }
}

impl Task for WindowsTask {
    fn name(&self) -> &'static str {
        NAME
    }

    fn episode(&self, purpose: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let (parameters, rng) = (&self.parameters, &mut draw.episode);
        let drawn = draw::draw(parameters, self.split.pools(purpose), purpose, rng);
        let mix = (purpose == Purpose::Training).then(|| self.source().draw_mix(rng)).flatten();
        let mut builder = WindowsEpisodeBuilder::new(parameters, self.requirements());
        for DrawnWindow { shown, is_support } in &drawn {
            let augmented = (purpose == Purpose::Training).then(|| self.augmented(shown, mix.as_ref(), rng));
            let window = augmented.as_ref().unwrap_or(&self.encoded[shown.window]);
            if *is_support {
                builder.add_support(window, shown.window, shown.label);
            } else {
                builder.add_query(window, shown.window, shown.label);
            }
        }
        builder.finish()
    }

    fn check_training(&self) -> Result<(), TaskError> {
        self.split.check_training(&self.set, &self.parameters).map_err(TaskError::data)
    }

    fn chance(&self) -> f64 {
        1.0 / f64::from(self.parameters.ways)
    }

    fn requirements(&self) -> Requirements {
        let (channels, labels) = (self.set.channels, usize::from(self.parameters.labels));
        let (inputs, analog) = (self.parameters.spiking_inputs(channels), self.parameters.analog_values(channels));
        let positions = usize::from(self.parameters.positions);
        Requirements { inputs: inputs + positions + labels, analog, classes: labels, ..Requirements::default() }
    }

    fn steps(&self, _: Purpose) -> usize {
        self.parameters.windows_of_an_episode() * self.parameters.steps_of_a_window()
    }

    /// One before each window, but of a stream; that before the first is not behind the first step.
    fn state_resets(&self) -> usize {
        match self.parameters.order {
            WindowOrder::SupportFirst => self.parameters.windows_of_an_episode() - 1,
            WindowOrder::Stream => 0,
        }
    }

    fn decisions(&self) -> usize {
        usize::from(self.parameters.ways) * usize::from(self.parameters.queries)
    }

    fn data_fingerprint(&self) -> Option<u32> {
        Some(self.set.fingerprint())
    }

    fn notes(&self) -> Vec<String> {
        let scales = self.parameters.standardisation.iter().zip(1..);
        let constant: Vec<_> =
            scales.filter(|(scale, _)| scale.is_constant()).map(|(_, channel)| channel.to_string()).collect();
        let note = format!(
            "channels that never change in the training windows say nothing and are zero: {}",
            constant.join(", ")
        );
        let read = (self.parameters.source == WindowSource::Files).then(|| self.set.described());
        read.into_iter().chain((!constant.is_empty()).then_some(note)).collect()
    }

    fn trained_on(&self, training: &str) -> Vec<String> {
        let Some(training) = WindowsParameters::from_text(training) else { return Vec::new() };
        let has_same = training.source == self.parameters.source
            && training.held_out_by == self.parameters.held_out_by
            && training.classes == self.parameters.classes;
        let named = |names: Option<HeldOut>| match names {
            Some(HeldOut::Named(names)) => names,
            _ => Vec::new(),
        };
        let not_trained_on = [named(training.held_out), named(Some(training.validation))].concat();
        let tested = named(self.parameters.held_out.clone()).into_iter();
        tested.filter(|name| has_same && !not_trained_on.contains(name)).collect()
    }

    fn controls(&self) -> Vec<Box<dyn Control>> {
        nearest::controls(&self.plain, self.set.channels)
    }

    fn label_neurons(&self) -> Vec<Range<usize>> {
        let Requirements { inputs, classes, .. } = self.requirements();
        let first = inputs - classes;
        (0..classes).map(|class| first + class..first + class + 1).collect()
    }

    fn scene(&self) -> Scene {
        let labels = self.label_neurons().into_iter().zip(1..);
        let labels = labels.map(|(neurons, class)| NeuronGroup::new(format!("label {class}"), neurons));
        Scene::new(
            "Windows of signals of classes that the network has never seen. It is shown some of each with their labels, and then \
             has to know others.",
        )
        .with(ScenePanel::Signals { names: numbered("channel", self.requirements().analog) })
        .with(ScenePanel::Inputs { groups: labels.collect() })
    }

    fn parameters(&self) -> String {
        self.parameters.text()
    }
}
