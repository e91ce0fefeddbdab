//! A library of drawings: alphabets, their characters, and the drawings of each character by different people.
//!
//! It knows neither files nor episodes.

use std::collections::BTreeMap;

use metaplastic_shared::checksum::CRC;

use super::drawing::Drawing;

/// All alphabets, in the order of their names.
#[derive(Debug, PartialEq)]
pub(super) struct Library {
    alphabets: Vec<Alphabet>,
}

/// The characters of one alphabet.
#[derive(Debug, PartialEq)]
pub(super) struct Alphabet {
    /// Its name.
    pub(super) name: String,
    /// In the order of their names.
    pub(super) characters: Vec<Character>,
}

/// One character.
#[derive(Debug, PartialEq)]
pub(super) struct Character {
    /// Its name.
    pub(super) name: String,
    /// One drawing by each drawer.
    pub(super) drawings: Vec<Drawing>,
}

/// Drawings by the names of alphabet, character and drawing, before they are a library.
pub(super) type DrawingsByName = BTreeMap<String, BTreeMap<String, BTreeMap<String, Drawing>>>;

impl Library {
    pub(super) fn new(drawings: DrawingsByName) -> Self {
        let character =
            |(name, drawings): (_, BTreeMap<_, _>)| Character { name, drawings: drawings.into_values().collect() };
        let alphabet = |(name, characters): (_, BTreeMap<_, _>)| Alphabet {
            name,
            characters: characters.into_iter().map(character).collect(),
        };
        Self { alphabets: drawings.into_iter().map(alphabet).collect() }
    }

    /// Every alphabet.
    pub(super) fn alphabets(&self) -> &[Alphabet] {
        &self.alphabets
    }

    /// The indices of the alphabets with these names.
    ///
    /// # Errors
    /// The first name that no alphabet has.
    pub(super) fn indices<'n>(&self, names: &'n [String]) -> Result<Vec<usize>, &'n str> {
        let index = |name: &'n String| {
            self.alphabets.iter().position(|alphabet| alphabet.name == *name).ok_or(name.as_str())
        };
        names.iter().map(index).collect()
    }

    /// A checksum of all names and drawings.
    pub(super) fn fingerprint(&self) -> u32 {
        let mut digest = CRC.digest();
        for alphabet in &self.alphabets {
            digest.update(format!("{}/{}/", alphabet.name, alphabet.characters.len()).as_bytes());
            for Character { name, drawings } in &alphabet.characters {
                digest.update(format!("{name}/{}/", drawings.len()).as_bytes());
                drawings.iter().for_each(|drawing| digest.update(&drawing.bytes()));
            }
        }
        digest.finalize()
    }

    /// The alphabets' names, separated by commas.
    pub(super) fn names(&self) -> String {
        self.alphabets.iter().map(|alphabet| alphabet.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}
