//! The split of the alphabets by purpose: every alphabet serves one purpose as a whole.

use metaplastic_files::text::escaped;

use super::error::DataError;
use super::library::Library;
use super::parameters::{DrawingSource, OneShotParameters};
use crate::seed::Purpose;

/// Indices of alphabets in a library, by purpose.
#[derive(Debug)]
pub(super) struct Split {
    training: Alphabets,
    validation: Alphabets,
    test: Alphabets,
    /// Alphabets that would be held out by default, and that the library does not have; none where others were named.
    missing: Option<Vec<String>>,
}

/// The alphabets for a purpose.
#[derive(Clone, Debug)]
pub(super) struct Alphabets {
    /// All of them.
    pub(super) all: Vec<usize>,
    /// Those with at least as many characters as an episode has classes.
    pub(super) large: Vec<usize>,
}

impl Split {
    /// Splits a library, and checks that every test episode can be drawn.
    pub(super) fn new(library: &Library, parameters: &OneShotParameters) -> Result<Self, DataError> {
        let held_out = match &parameters.held_out {
            Some(names) => named(library, "task.held_out", names)?,
            None => held_out(library, parameters.source),
        };
        let missing = parameters.held_out.is_none().then(|| missing(library, parameters.source));
        if held_out.is_empty() {
            return Err(DataError::NothingHeldOut { known: library.names() });
        }
        let validation = named(library, "task.validation", &parameters.validation)?;
        if let Some(alphabet) = validation.iter().find(|alphabet| held_out.contains(alphabet)) {
            return Err(DataError::Shared { name: library.alphabets()[*alphabet].name.clone() });
        }
        let is_left = |alphabet: &usize| !held_out.contains(alphabet) && !validation.contains(alphabet);
        let training: Vec<_> = (0..library.alphabets().len()).filter(is_left).collect();
        let validation = if validation.is_empty() { training.clone() } else { validation };
        let requirement = SplitRequirement { library, parameters };
        requirement.check_drawers()?;
        requirement.check_every_alphabet(&held_out)?;
        Ok(Self {
            training: requirement.alphabets(training),
            validation: requirement.alphabets(validation),
            test: requirement.checked("test", held_out)?,
            missing,
        })
    }

    /// Checks that every episode of training and validation can be drawn.
    pub(super) fn check_training(
        &self,
        library: &Library,
        parameters: &OneShotParameters,
    ) -> Result<(), DataError> {
        if self.training.all.is_empty() {
            return Err(DataError::NothingLeft { known: library.names() });
        }
        let requirement = SplitRequirement { library, parameters };
        for (purpose, alphabets) in [("training", &self.training), ("validation", &self.validation)] {
            requirement.check(purpose, alphabets)?;
        }
        Ok(())
    }

    /// The names of the alphabets that only test episodes have.
    pub(super) fn held_out(&self, library: &Library) -> Vec<String> {
        self.test.all.iter().map(|alphabet| library.alphabets()[*alphabet].name.clone()).collect()
    }

    /// What is held out, where that is not what the source's whole data have by default.
    pub(super) fn note(&self, library: &Library) -> Option<String> {
        let missing = self.missing.as_ref().filter(|missing| !missing.is_empty())?;
        let listed = |names: &[String]| names.iter().map(escaped).collect::<Vec<_>>().join(", ");
        let held_out = self.held_out(library);
        Some(format!(
            "of the alphabets that are held out by default, the data lack {}; test episodes are of {}. In an experiment, \
             task.held_out names others",
            listed(missing),
            listed(&held_out)
        ))
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

/// The alphabets that are held out unless the parameters say others: those of the source that the library has, and
/// else the last fifth, at least one.
fn held_out(library: &Library, source: DrawingSource) -> Vec<usize> {
    let usual: Vec<_> = source.held_out().iter().filter_map(|name| library.index(name)).collect();
    let count = library.alphabets().len();
    if usual.is_empty() { (count - count.div_ceil(5)..count).collect() } else { usual }
}

/// The alphabets that the source holds out and the library does not have.
fn missing(library: &Library, source: DrawingSource) -> Vec<String> {
    source.held_out().into_iter().filter(|name| library.index(name).is_none()).collect()
}

fn named(library: &Library, field: &'static str, names: &[String]) -> Result<Vec<usize>, DataError> {
    library.indices(names).map_err(|name| DataError::NoSuchAlphabet {
        field,
        name: name.to_owned(),
        known: library.names(),
    })
}

/// What episodes require of a library.
struct SplitRequirement<'a> {
    library: &'a Library,
    parameters: &'a OneShotParameters,
}

impl SplitRequirement<'_> {
    fn ways(&self) -> usize {
        self.parameters.ways.into()
    }

    fn characters(&self, alphabet: usize) -> usize {
        self.library.alphabets()[alphabet].characters.len()
    }

    fn names(&self, alphabets: &[usize]) -> String {
        alphabets
            .iter()
            .map(|alphabet| escaped(&self.library.alphabets()[*alphabet].name))
            .collect::<Vec<_>>()
            .join(", ")
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

    /// Every alphabet held out must be large enough to be tested; training may leave out small ones.
    fn check_every_alphabet(&self, alphabets: &[usize]) -> Result<(), DataError> {
        let is_small = |alphabet: &&usize| self.characters(**alphabet) < self.ways();
        let small = if self.parameters.within_alphabet > 0.0 { alphabets.iter().find(is_small) } else { None };
        small.map_or(Ok(()), |alphabet| {
            let (name, characters) = (self.names(&[*alphabet]), self.characters(*alphabet));
            Err(DataError::SmallAlphabet { ways: self.ways(), name, characters })
        })
    }

    fn alphabets(&self, all: Vec<usize>) -> Alphabets {
        let is_large = |alphabet: &usize| self.characters(*alphabet) >= self.ways();
        Alphabets { large: all.iter().copied().filter(is_large).collect(), all }
    }

    fn checked(&self, purpose: &'static str, all: Vec<usize>) -> Result<Alphabets, DataError> {
        let alphabets = self.alphabets(all);
        self.check(purpose, &alphabets)?;
        Ok(alphabets)
    }

    fn check(&self, purpose: &'static str, alphabets: &Alphabets) -> Result<(), DataError> {
        let (ways, names) = (self.ways(), self.names(&alphabets.all));
        if alphabets.large.is_empty() && self.parameters.within_alphabet > 0.0 {
            return Err(DataError::NoAlphabetLargeEnough { ways, purpose, names });
        }
        let characters = alphabets.all.iter().map(|alphabet| self.characters(*alphabet)).sum();
        if characters < ways {
            return Err(DataError::FewCharacters { ways, purpose, characters, names });
        }
        Ok(())
    }
}
