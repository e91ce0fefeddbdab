//! A library of drawings: alphabets, their characters, and how different drawers drew each. It knows no file and no
//! episode.

use std::collections::BTreeMap;

use super::drawing::Drawing;

/// Drawings by alphabet, in the order of their names.
#[derive(Debug, PartialEq)]
pub struct Library {
    alphabets: Vec<Alphabet>,
}

/// Characters that belong together.
#[derive(Debug, PartialEq)]
pub struct Alphabet {
    /// What it is called.
    pub name: String,
    /// In the order of their names.
    pub characters: Vec<Character>,
}

/// One character as several drawers drew it.
#[derive(Debug, PartialEq)]
pub struct Character {
    /// What it is called.
    pub name: String,
    /// One a drawer.
    pub drawings: Vec<Drawing>,
}

/// Drawings on their way into a library: by alphabet, character and drawing, each by its name.
pub(super) type Shelves = BTreeMap<String, BTreeMap<String, BTreeMap<String, Drawing>>>;

impl Library {
    pub(super) fn new(shelves: Shelves) -> Self {
        let character =
            |(name, drawings): (_, BTreeMap<_, _>)| Character { name, drawings: drawings.into_values().collect() };
        let alphabet = |(name, characters): (_, BTreeMap<_, _>)| Alphabet {
            name,
            characters: characters.into_iter().map(character).collect(),
        };
        Self { alphabets: shelves.into_iter().map(alphabet).collect() }
    }

    /// Every alphabet.
    #[must_use]
    pub fn alphabets(&self) -> &[Alphabet] {
        &self.alphabets
    }

    /// The places of the alphabets with these names.
    ///
    /// # Errors
    /// The first name that no alphabet has.
    pub(super) fn places<'n>(&self, names: &'n [String]) -> Result<Vec<usize>, &'n str> {
        let place = |name: &'n String| {
            self.alphabets.iter().position(|alphabet| alphabet.name == *name).ok_or(name.as_str())
        };
        names.iter().map(place).collect()
    }

    /// The alphabets' names, separated by commas.
    pub(super) fn names(&self) -> String {
        self.alphabets.iter().map(|alphabet| alphabet.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}
