//! A library of drawings: alphabets, their characters, and the drawings of each character by different people.
//!
//! It knows neither files nor episodes.

use std::collections::BTreeMap;

use metaplastic_files::text::escaped;
use metaplastic_shared::checksum::CRC;
use unicode_normalization::UnicodeNormalization;

use super::drawing::Drawing;

/// All alphabets, in the order of their names.
#[derive(Debug, PartialEq)]
pub(super) struct Library {
    alphabets: Vec<Alphabet>,
}

/// The characters of one alphabet.
#[derive(Debug, PartialEq)]
pub(super) struct Alphabet {
    /// Its name, [`composed`].
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

/// A name in Unicode's composed form: letters with accents have several encodings that look alike.
pub(super) fn composed(name: &str) -> String {
    name.nfc().collect()
}

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

    /// Number of drawings.
    pub(super) fn drawings(&self) -> usize {
        let characters = self.alphabets.iter().flat_map(|alphabet| &alphabet.characters);
        characters.map(|character| character.drawings.len()).sum()
    }

    /// The indices of the alphabets with these names, however their accents are encoded.
    ///
    /// # Errors
    /// The first name that no alphabet has.
    pub(super) fn indices<'n>(&self, names: &'n [String]) -> Result<Vec<usize>, &'n str> {
        names.iter().map(|name| self.index(name).ok_or(name.as_str())).collect()
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

    /// The index of the alphabet with this name.
    pub(super) fn index(&self, name: &str) -> Option<usize> {
        let wanted = composed(name);
        self.alphabets.iter().position(|alphabet| alphabet.name == wanted)
    }

    /// The alphabets' names, as they may be shown, separated by commas.
    pub(super) fn names(&self) -> String {
        self.alphabets.iter().map(|alphabet| escaped(&alphabet.name)).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alphabet_is_found_however_its_accents_are_encoded() {
        let (decomposed, one) = ("Gurmukhi\u{304}", BTreeMap::new());
        let library = Library::new([(composed(decomposed), one)].into());
        assert_eq!(library.indices(&[decomposed.into(), "Gurmukh\u{12b}".into()]), Ok(vec![0, 0]));
        assert_eq!(library.indices(&["Gurmukhi".into()]), Err("Gurmukhi"));
    }
}
