//! The classes of an episode: characters, possibly joined from two, turned and warped.
//!
//! It knows neither pictures nor labels, nor how the drawings of a class become spikes.

use std::borrow::Cow;

use rand::Rng;
use rand::seq::SliceRandom;

use super::drawing::{Drawing, Halves};
use super::library::{Character, Library};
use super::parameters::OneShotParameters;
use super::picture::Symmetry;
use super::split::Split;
use super::warp::{Corners, Warp};
use crate::seed::{Purpose, TaskRng};

/// A class of an episode.
pub(super) struct Class<'l> {
    pub(super) character: &'l Character,
    /// Another character, if the right or lower half of the class's drawings is that character's.
    pub(super) joined: Option<Joined<'l>>,
    pub(super) form: Form,
}

/// The second character of a class of half-swap mixing, and the halves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Joined<'l> {
    pub(super) character: &'l Character,
    pub(super) halves: Halves,
}

/// What makes another character of a character: all drawings of a class are turned and warped alike.
#[derive(Clone, Copy, Default)]
pub(super) struct Form {
    pub(super) symmetry: Symmetry,
    pub(super) warp: Warp,
}

impl<'l> Class<'l> {
    fn new(character: &'l Character, form: Form) -> Self {
        Self { character, joined: None, form }
    }

    /// Draws some of the class's drawings, or all where there are fewer, each by another drawer or, where two characters are joined, by two.
    pub(super) fn draw(&self, count: usize, rng: &mut TaskRng) -> Vec<Cow<'l, Drawing>> {
        let drawings = draw_drawings(self.character, count, rng);
        let Some(Joined { character, halves }) = self.joined else {
            return drawings.into_iter().map(Cow::Borrowed).collect();
        };
        let others = draw_drawings(character, count, rng);
        drawings.into_iter().zip(others).map(|(first, second)| Cow::Owned(first.joined(second, halves))).collect()
    }
}

/// What classes are drawn from.
pub(super) struct ClassSource<'l> {
    pub(super) parameters: &'l OneShotParameters,
    pub(super) library: &'l Library,
    pub(super) split: &'l Split,
}

impl<'l> ClassSource<'l> {
    /// Draws the classes of an episode, in the order of their labels, which is random.
    pub(super) fn draw(&self, purpose: Purpose, rng: &mut TaskRng) -> Vec<Class<'l>> {
        if rng.random_bool(self.parameters.within_alphabet) {
            self.draw_within_alphabet(purpose, rng)
        } else {
            self.draw_mixed(purpose, rng)
        }
    }

    /// Classes of one alphabet. A turned alphabet is another alphabet: all its characters are turned and warped
    /// alike.
    fn draw_within_alphabet(&self, purpose: Purpose, rng: &mut TaskRng) -> Vec<Class<'l>> {
        let large = &self.split.alphabets(purpose).large;
        let alphabet = large[rng.random_range(0..large.len())];
        let form = self.draw_form(purpose, rng);
        let characters = self.library.alphabets()[alphabet].characters.iter().collect();
        let drawn = draw(characters, self.parameters.ways.into(), rng);
        drawn.into_iter().map(|character| Class::new(character, form)).collect()
    }

    /// Classes of all alphabets for a purpose.
    fn draw_mixed(&self, purpose: Purpose, rng: &mut TaskRng) -> Vec<Class<'l>> {
        let alphabets = self.split.alphabets(purpose).all.iter();
        let characters = alphabets.flat_map(|alphabet| &self.library.alphabets()[*alphabet].characters);
        let drawn = draw(characters.collect(), self.parameters.ways.into(), rng);
        let class = |character| Class::new(character, self.draw_form(purpose, rng));
        let mut classes: Vec<_> = drawn.into_iter().map(class).collect();
        let mixing = self.parameters.half_swap_mixing;
        if purpose == Purpose::Training && mixing > 0.0 && rng.random_bool(mixing) {
            join(&mut classes, rng);
        }
        classes
    }

    /// A random form while training, else the form that changes nothing.
    fn draw_form(&self, purpose: Purpose, rng: &mut TaskRng) -> Form {
        if purpose != Purpose::Training {
            return Form::default();
        }
        let OneShotParameters { dihedral, class_warp, .. } = *self.parameters;
        let symmetry = Symmetry::new(if dihedral { rng.random_range(0..Symmetry::COUNT) } else { 0 });
        let mut corners = Corners::default();
        if class_warp > 0.0 {
            let moved = || rng.random_range(-class_warp..=class_warp) as f32;
            corners.as_flattened_mut().as_flattened_mut().fill_with(moved);
        }
        Form { symmetry, warp: Warp::of_corners(corners) }
    }
}

/// Gives each class the second half of the next one's character, and all of them the form of the first: every
/// character is in two classes, by one half in each.
fn join(classes: &mut [Class<'_>], rng: &mut TaskRng) {
    let halves = if rng.random_bool(0.5) { Halves::LeftAndRight } else { Halves::UpperAndLower };
    let form = classes[0].form;
    let characters: Vec<_> = classes.iter().map(|class| class.character).collect();
    let next = characters.iter().cycle().skip(1);
    for (class, character) in classes.iter_mut().zip(next) {
        (class.joined, class.form) = (Some(Joined { character, halves }), form);
    }
}

fn draw_drawings<'l>(character: &'l Character, count: usize, rng: &mut TaskRng) -> Vec<&'l Drawing> {
    draw(character.drawings.iter().collect(), count, rng)
}

/// Some of the entries, all different, in random order.
pub(super) fn draw<T: Copy>(mut entries: Vec<T>, count: usize, rng: &mut TaskRng) -> Vec<T> {
    entries.partial_shuffle(rng, count).0.to_vec()
}
