//! Which alphabets serve which purpose: never one for two, and never parts of one.

use super::error::DataError;
use super::library::Library;
use super::parameters::Parameters;
use crate::seed::Purpose;

/// Places of alphabets in a library, by purpose.
#[derive(Debug)]
pub(super) struct Split {
    training: Alphabets,
    validation: Alphabets,
    test: Alphabets,
}

/// The alphabets for a purpose.
#[derive(Clone, Debug)]
pub(super) struct Alphabets {
    /// All of them.
    pub(super) all: Vec<usize>,
    /// Those with as many characters as an episode has classes.
    pub(super) large: Vec<usize>,
}

impl Split {
    /// Splits a library, and checks that every episode can be drawn.
    pub(super) fn new(library: &Library, parameters: &Parameters) -> Result<Self, DataError> {
        let held_out = named(library, "task.held_out", &parameters.held_out())?;
        if held_out.is_empty() {
            return Err(DataError::NothingHeldOut { known: library.names() });
        }
        let validation = named(library, "task.validation", &parameters.validation)?;
        if let Some(place) = validation.iter().find(|place| held_out.contains(place)) {
            return Err(DataError::Shared { name: library.alphabets()[*place].name.clone() });
        }
        let is_left = |place: &usize| !held_out.contains(place) && !validation.contains(place);
        let training: Vec<_> = (0..library.alphabets().len()).filter(is_left).collect();
        if training.is_empty() {
            return Err(DataError::NothingLeft { known: library.names() });
        }
        let validation = if validation.is_empty() { training.clone() } else { validation };
        let demand = Demand { library, parameters };
        demand.check_drawers()?;
        demand.check_every_alphabet(&held_out)?;
        Ok(Self {
            training: demand.alphabets("training", training)?,
            validation: demand.alphabets("validation", validation)?,
            test: demand.alphabets("test", held_out)?,
        })
    }

    /// The alphabets for a purpose.
    pub(super) fn alphabets(&self, purpose: Purpose) -> &Alphabets {
        match purpose {
            Purpose::Initialisation | Purpose::Training => &self.training,
            Purpose::Validation => &self.validation,
            Purpose::Test => &self.test,
        }
    }
}

fn named(library: &Library, field: &'static str, names: &[String]) -> Result<Vec<usize>, DataError> {
    library.places(names).map_err(|name| DataError::NoSuchAlphabet {
        field,
        name: name.to_owned(),
        known: library.names(),
    })
}

/// What episodes ask of a library.
struct Demand<'a> {
    library: &'a Library,
    parameters: &'a Parameters,
}

impl Demand<'_> {
    fn ways(&self) -> usize {
        self.parameters.ways.into()
    }

    fn characters(&self, place: usize) -> usize {
        self.library.alphabets()[place].characters.len()
    }

    fn names(&self, places: &[usize]) -> String {
        places.iter().map(|place| self.library.alphabets()[*place].name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn check_drawers(&self) -> Result<(), DataError> {
        let characters = self
            .library
            .alphabets()
            .iter()
            .flat_map(|alphabet| alphabet.characters.iter().map(move |character| (alphabet, character)));
        let mut few = characters.filter(|(_, character)| character.drawings.len() < self.parameters.drawings());
        few.next().map_or(Ok(()), |(alphabet, character)| {
            Err(DataError::FewDrawers {
                shots: self.parameters.shots.into(),
                queries: self.parameters.queries.into(),
                character: character.name.clone(),
                alphabet: alphabet.name.clone(),
                drawers: character.drawings.len(),
            })
        })
    }

    /// What is measured is measured on every alphabet that was asked for; training may leave out small ones.
    fn check_every_alphabet(&self, places: &[usize]) -> Result<(), DataError> {
        let is_small = |place: &&usize| self.characters(**place) < self.ways();
        let small = if self.parameters.within_alphabet > 0.0 { places.iter().find(is_small) } else { None };
        small.map_or(Ok(()), |place| {
            let (name, characters) = (self.names(&[*place]), self.characters(*place));
            Err(DataError::SmallAlphabet { ways: self.ways(), name, characters })
        })
    }

    fn alphabets(&self, purpose: &'static str, all: Vec<usize>) -> Result<Alphabets, DataError> {
        let (ways, names) = (self.ways(), self.names(&all));
        let large: Vec<_> = all.iter().copied().filter(|place| self.characters(*place) >= ways).collect();
        if large.is_empty() && self.parameters.within_alphabet > 0.0 {
            return Err(DataError::NoAlphabetLargeEnough { ways, purpose, names });
        }
        let characters = all.iter().map(|place| self.characters(*place)).sum();
        if characters < ways {
            return Err(DataError::FewCharacters { ways, purpose, characters, names });
        }
        Ok(Alphabets { all, large })
    }
}
