//! What an episode tells apart: which characters, put together, turned and warped in which way.
//!
//! It knows no picture and no label: how a class's drawings become spikes is its caller's business.

use std::borrow::Cow;

use rand::Rng;
use rand::seq::SliceRandom;

use super::drawing::Halves;
use super::{Character, Drawing, OneShot, Parameters, Symmetry, Warp};
use crate::TaskRng;
use crate::seed::Purpose;

/// A class of an episode.
pub(super) struct Class<'l> {
    pub(super) character: &'l Character,
    /// Another character, if the class has its right or lower half instead of the character's own.
    pub(super) joined: Option<(&'l Character, Halves)>,
    pub(super) form: Form,
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

    /// Some of the class's drawings, each by another drawer or, where two characters are joined, by two.
    pub(super) fn draw(&self, count: usize, rng: &mut TaskRng) -> Vec<Cow<'l, Drawing>> {
        let drawings = draw_drawings(self.character, count, rng);
        let Some((other, halves)) = self.joined else {
            return drawings.into_iter().map(Cow::Borrowed).collect();
        };
        let others = draw_drawings(other, count, rng);
        drawings.into_iter().zip(others).map(|(first, second)| Cow::Owned(first.joined(second, halves))).collect()
    }
}

impl OneShot {
    /// Classes in the order of their labels, which is random.
    pub(super) fn draw_classes(&self, purpose: Purpose, rng: &mut TaskRng) -> Vec<Class<'_>> {
        let form = |rng: &mut TaskRng| match purpose {
            Purpose::Training => self.draw_form(rng),
            _ => Form::default(),
        };
        let alphabets = self.split.alphabets(purpose);
        let ways = usize::from(self.parameters.ways);
        if rng.random_bool(self.parameters.within_alphabet) {
            // A turned alphabet is another alphabet: its characters have all been turned alike, and warped alike.
            let place = alphabets.large[rng.random_range(0..alphabets.large.len())];
            let form = form(rng);
            let characters = self.library.alphabets()[place].characters.iter().collect();
            return draw(characters, ways, rng).into_iter().map(|character| Class::new(character, form)).collect();
        }
        let characters = alphabets.all.iter().flat_map(|place| &self.library.alphabets()[*place].characters);
        let drawn = draw(characters.collect(), ways, rng);
        let mut classes: Vec<_> = drawn.into_iter().map(|character| Class::new(character, form(rng))).collect();
        let chimeras = self.parameters.chimeras;
        if purpose == Purpose::Training && chimeras > 0.0 && rng.random_bool(chimeras) {
            join(&mut classes, rng);
        }
        classes
    }

    fn draw_form(&self, rng: &mut TaskRng) -> Form {
        let Parameters { dihedral, corners, .. } = self.parameters;
        let symmetry = Symmetry::new(if dihedral { rng.random_range(0..Symmetry::COUNT) } else { 0 });
        let mut moves = [[[0.0; 2]; 2]; 2];
        if corners > 0.0 {
            let moved = || rng.random_range(-corners..=corners) as f32;
            moves.as_flattened_mut().as_flattened_mut().fill_with(moved);
        }
        Form { symmetry, warp: Warp::of_corners(moves) }
    }
}

/// Gives each class the second half of the next one's character, and all of them the form of the first: every character
/// is in two classes, by one half in each.
fn join(classes: &mut [Class<'_>], rng: &mut TaskRng) {
    let halves = if rng.random_bool(0.5) { Halves::LeftAndRight } else { Halves::UpperAndLower };
    let form = classes[0].form;
    let characters: Vec<_> = classes.iter().map(|class| class.character).collect();
    let next = characters.iter().cycle().skip(1);
    for (class, other) in classes.iter_mut().zip(next) {
        (class.joined, class.form) = (Some((*other, halves)), form);
    }
}

fn draw_drawings<'l>(character: &'l Character, count: usize, rng: &mut TaskRng) -> Vec<&'l Drawing> {
    draw(character.drawings.iter().collect(), count, rng)
}

/// Some of the entries, all different, in random order.
fn draw<T: Copy>(mut entries: Vec<T>, count: usize, rng: &mut TaskRng) -> Vec<T> {
    entries.partial_shuffle(rng, count).0.to_vec()
}
