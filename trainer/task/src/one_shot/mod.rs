//! One-shot characters: see a drawing once with its label, know the character again when another hand draws it.
//!
//! An episode has `ways` classes, each a character under a label of its own, drawn at random. First `shots` drawings of
//! each are shown in random order, with the label in every step; then `queries` others of each, in random order and
//! without. Before every picture the network rests, so that only plastic weights carry anything over.
//!
//! Alphabets serve one purpose each, so that no character that is tested, nor a relative of it, was trained on.

mod archive;
mod classes;
mod drawing;
mod error;
mod lesson;
mod library;
mod omniglot;
mod parameters;
mod picture;
mod runs;
mod split;
mod synthetic;

pub use archive::ArchiveError;
pub use drawing::{Drawing, DrawingError, Ink};
pub use error::DataError;
pub use library::{Alphabet, Character, Library};
pub use parameters::{Input, Parameters, Source};
pub use picture::{Affine, Layout, Picture, Symmetry, Warp};
pub use runs::{Runs, RunsError};

use std::path::Path;

use rand::Rng;
use rand::seq::SliceRandom;

use super::{Task, TaskError, TaskRng};
use crate::episode::Episode;
use crate::seed::Purpose;
use classes::{Class, Form};
use lesson::Lesson;
use split::Split;

/// The task with its drawings.
#[derive(Debug)]
pub struct OneShot {
    parameters: Parameters,
    library: Library,
    split: Split,
}

impl OneShot {
    /// What the task is called.
    pub const NAME: &str = "one-shot";

    /// Makes the task; `data` is a folder or zip as [`Source::Omniglot`] needs it.
    ///
    /// # Errors
    /// If a parameter is out of its range, the drawings cannot be read, or they are too few for the parameters.
    pub fn new(parameters: Parameters, data: Option<&Path>) -> Result<Self, TaskError> {
        let parameters = parameters.checked()?;
        let library = match (parameters.source, data) {
            (Source::Omniglot, Some(path)) => omniglot::read(path)?,
            (Source::Omniglot, None) => return Err(DataError::NotGiven.into()),
            (Source::Synthetic, None) => synthetic::library(),
            (Source::Synthetic, Some(_)) => return Err(DataError::NotRead.into()),
        };
        Ok(Self::of(parameters, library)?)
    }

    /// Makes the task of checked parameters and some drawings.
    fn of(parameters: Parameters, library: Library) -> Result<Self, DataError> {
        let split = Split::new(&library, &parameters)?;
        Ok(Self { parameters, library, split })
    }

    /// The drawings.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    fn draw_views(
        &self,
        drawing: &Drawing,
        class: &Class<'_>,
        purpose: Purpose,
        rng: &mut TaskRng,
    ) -> Vec<Picture> {
        if purpose == Purpose::Training {
            augmented(&self.parameters, drawing, &class.form, rng)
        } else {
            views(&self.parameters, drawing)
        }
    }
}

/// What the steps see of a drawing, in turn.
fn views(parameters: &Parameters, drawing: &Drawing) -> Vec<Picture> {
    let layout = Layout::new(drawing, parameters.size.into(), Affine::default(), &Warp::default());
    seen(parameters, &layout, Symmetry::default())
}

/// One view of a drawing, or where the eye moves one from each of four places.
fn seen(parameters: &Parameters, layout: &Layout, symmetry: Symmetry) -> Vec<Picture> {
    let gaze = parameters.gaze;
    let places = [[-gaze, 0.0], [0.0, gaze], [gaze, 0.0], [0.0, -gaze]];
    places[..if gaze > 0.0 { 4 } else { 1 }].iter().map(|place| layout.picture(*place, symmetry)).collect()
}

/// The views of a drawing with all that training varies, alike in all of them.
fn augmented(parameters: &Parameters, drawing: &Drawing, form: &Form, rng: &mut TaskRng) -> Vec<Picture> {
    let mut either_way = |largest: f64| if largest > 0.0 { rng.random_range(-largest..=largest) } else { 0.0 };
    let affine = Affine {
        rotation: either_way(parameters.rotation).to_radians(),
        shear: either_way(parameters.shear),
        log_scale: either_way(parameters.log_scale),
        shift: [either_way(parameters.translation), either_way(parameters.translation)],
    };
    let mut warp = Warp::default();
    warp.moves.as_flattened_mut().as_flattened_mut().fill_with(|| either_way(parameters.warp) as f32);
    let factor = either_way(parameters.thickness).exp() as f32;
    let layout = Layout::new(drawing, parameters.size.into(), affine, &warp.behind(&form.warp));
    let mut views = seen(parameters, &layout, form.symmetry);
    views.iter_mut().for_each(|picture| picture.scale(factor));
    if parameters.erasing > 0.0 {
        let size = usize::from(parameters.size);
        let width = (rng.random_range(0.0..=parameters.erasing) * size as f64).round() as usize;
        let corner = [0, 1].map(|_| rng.random_range(0..=size - width));
        views.iter_mut().for_each(|picture| picture.erase(corner, width));
    }
    views
}

impl Task for OneShot {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn episode(&self, purpose: Purpose, rng: &mut TaskRng) -> Episode {
        let classes = self.draw_classes(purpose, rng);
        let shots = usize::from(self.parameters.shots);
        let (mut support, mut queries) = (Vec::new(), Vec::new());
        for (label, class) in classes.iter().enumerate() {
            let mut drawings = class.draw(self.parameters.drawings(), rng);
            queries.extend(drawings.split_off(shots).into_iter().map(|drawing| (label, drawing)));
            support.extend(drawings.into_iter().map(|drawing| (label, drawing)));
        }
        support.shuffle(rng);
        queries.shuffle(rng);
        let mut lesson = Lesson::new(&self.parameters, purpose, classes.len(), support.len() + queries.len());
        for (label, drawing) in support {
            lesson.teach(&self.draw_views(&drawing, &classes[label], purpose, rng), label);
        }
        for (label, drawing) in queries {
            lesson.ask(&self.draw_views(&drawing, &classes[label], purpose, rng), label);
        }
        lesson.finish()
    }

    fn chance(&self) -> f64 {
        1.0 / f64::from(self.parameters.ways)
    }

    fn input_size(&self) -> usize {
        self.parameters.input_size()
    }

    fn signals(&self) -> usize {
        0
    }

    fn classes(&self) -> usize {
        self.parameters.labels.into()
    }

    fn steps(&self, purpose: Purpose) -> usize {
        let pictures = usize::from(self.parameters.ways) * self.parameters.drawings();
        pictures * usize::from(self.parameters.steps_for(purpose))
    }

    fn decisions(&self) -> usize {
        usize::from(self.parameters.ways) * usize::from(self.parameters.queries)
    }

    fn picture_side(&self) -> Option<usize> {
        Some(self.parameters.size.into())
    }

    fn parameters(&self) -> String {
        self.parameters.text()
    }
}

#[cfg(test)]
mod tests;
