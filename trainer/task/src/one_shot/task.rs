//! The task: draws classes and stages of them, and shows the stages' pictures.

use std::ops::Range;
use std::path::Path;

use super::classes::{Class, ClassSource};
use super::episode_builder::OneShotEpisodeBuilder;
use super::error::DataError;
use super::library::{Library, composed};
use super::parameters::{DrawingSource, NAME, OneShotParameters};
use super::picture::Picture;
use super::split::Split;
use super::stage::{Sample, Stage};
use super::{omniglot, synthetic, views};
use crate::episode::Episode;
use crate::error::TaskError;
use crate::scene::{Scene, ScenePanel};
use crate::seed::{EpisodeDraw, Purpose, TaskRng};
use crate::task::{InputLayout, Requirements, Task};

/// What is needed where no data are given.
const DRAWINGS: &str = "\
drawings: pass --data DIR with Omniglot's images_background.zip, or images_background_small1.zip and \
images_background_small2.zip (https://github.com/brendenlake/omniglot/tree/master/python)";

/// The task with its drawings.
#[derive(Debug)]
pub(super) struct OneShot {
    pub(super) parameters: OneShotParameters,
    pub(super) library: Library,
    pub(super) split: Split,
}

impl OneShot {
    /// Makes the task; `data` is a folder or zip as [`DrawingSource::Omniglot`] needs it.
    ///
    /// # Errors
    /// If a parameter is out of its range, the drawings cannot be read, or they are too few for the parameters.
    pub(super) fn new(parameters: OneShotParameters, data: Option<&Path>) -> Result<Self, TaskError> {
        let parameters = parameters.checked()?;
        let library = match (parameters.source, data) {
            (DrawingSource::Omniglot, Some(path)) => omniglot::read(path),
            (DrawingSource::Omniglot, None) => return Err(TaskError::NeedsData { task: NAME, needed: DRAWINGS }),
            (DrawingSource::Synthetic, None) => Ok(synthetic::library()),
            (DrawingSource::Synthetic, Some(_)) => Err(DataError::NotRead),
        };
        library.and_then(|library| Self::with(parameters, library)).map_err(TaskError::data)
    }

    fn with(parameters: OneShotParameters, library: Library) -> Result<Self, DataError> {
        let split = Split::new(&library, &parameters)?;
        let parameters = OneShotParameters { held_out: Some(split.held_out(&library)), ..parameters };
        Ok(Self { parameters, library, split })
    }

    /// Pictures in an episode.
    fn pictures(&self) -> usize {
        usize::from(self.parameters.ways) * usize::from(self.parameters.shots) + self.decisions()
    }

    /// Draws the classes of an episode, in the order of their labels.
    pub(super) fn draw_classes(&self, purpose: Purpose, rng: &mut TaskRng) -> Vec<Class<'_>> {
        let Self { parameters, library, split } = self;
        ClassSource { parameters, library, split }.draw(purpose, rng)
    }

    /// The pictures that the steps show of a sample, in turn; augmented while training.
    fn draw_views(&self, sample: &Sample<'_>, purpose: Purpose, rng: &mut TaskRng) -> Vec<Picture> {
        if purpose == Purpose::Training {
            views::augmented(&self.parameters, &sample.drawing, &sample.class.form, rng)
        } else {
            views::plain(&self.parameters, &sample.drawing)
        }
    }
}

impl Task for OneShot {
    fn name(&self) -> &'static str {
        NAME
    }

    fn episode(&self, purpose: Purpose, draw: &mut EpisodeDraw) -> Episode {
        let (parameters, rng) = (&self.parameters, &mut draw.episode);
        let classes = self.draw_classes(purpose, rng);
        let stages = Stage::draw_all(parameters, &classes, rng);
        let mut builder = OneShotEpisodeBuilder::new(parameters, purpose, self.pictures());
        for Stage { support, queries, known } in stages {
            for sample in support {
                builder.add_support(&self.draw_views(&sample, purpose, rng), sample.label);
            }
            for sample in queries {
                builder.add_query(&self.draw_views(&sample, purpose, rng), sample.label, known);
            }
        }
        builder.finish()
    }

    fn check_training(&self) -> Result<(), TaskError> {
        self.split.check_training(&self.library, &self.parameters).map_err(TaskError::data)
    }

    fn chance(&self) -> f64 {
        self.parameters.chance()
    }

    fn requirements(&self) -> Requirements {
        self.parameters.requirements()
    }

    fn steps(&self, purpose: Purpose) -> usize {
        self.pictures() * usize::from(self.parameters.steps_for(purpose))
    }

    /// One before each picture; that before the first is not behind the first step.
    fn state_resets(&self) -> usize {
        self.pictures() - 1
    }

    fn decisions(&self) -> usize {
        self.parameters.stages().map(|known| known * usize::from(self.parameters.queries)).sum()
    }

    fn input_layout(&self) -> InputLayout {
        InputLayout::Picture { side: self.parameters.size.into() }
    }

    fn data_fingerprint(&self) -> Option<u32> {
        Some(self.library.fingerprint())
    }

    fn notes(&self) -> Vec<String> {
        self.split.note(&self.library).into_iter().collect()
    }

    fn trained_on(&self, training: &str) -> Vec<String> {
        let Some(training) = OneShotParameters::from_text(training) else { return Vec::new() };
        let named = [training.held_out.unwrap_or_default(), training.validation].concat();
        let not_trained_on: Vec<_> = named.iter().map(|name| composed(name)).collect();
        let held_out = self.split.held_out(&self.library).into_iter();
        let has_source = training.source == self.parameters.source;
        held_out.filter(|name| has_source && !not_trained_on.contains(name)).collect()
    }

    fn label_neurons(&self) -> Vec<Range<usize>> {
        let first = self.parameters.pixels();
        (0..self.requirements().classes).map(|class| first + class..first + class + 1).collect()
    }

    fn scene(&self) -> Scene {
        let (side, classes) = (self.parameters.size.into(), self.requirements().classes);
        let thresholds = self.parameters.thresholds(Purpose::Test);
        Scene::new(
            "The network has never seen these characters. It is shown a drawing of each once, with its label, and then has to \
             know others of them. Draw some of your own.",
        )
        .with(ScenePanel::Sheet { side, thresholds, classes })
        .with(ScenePanel::Picture { side })
    }

    fn parameters(&self) -> String {
        self.parameters.text()
    }
}
