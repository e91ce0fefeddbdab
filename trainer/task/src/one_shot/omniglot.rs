//! Reads a library from files laid out as Omniglot's: `[FOLDER/]ALPHABET/characterNN/IIII_DD.png`, with the number of
//! the character and of the drawer in the file's name.
//!
//! Files may lie in zips or folders. A character's drawing is told apart by the name of its file, so that an alphabet
//! that comes twice, as in both of Omniglot's minimal sets, is there once.

use std::ffi::OsStr;
use std::path::Path;

use rayon::prelude::*;

use super::archive::Archive;
use super::drawing::Drawing;
use super::error::DataError;
use super::library::{Library, Shelves};

/// Folders above a drawing: at most one on top, the alphabet, the character.
const DEPTH: usize = 3;

/// A drawing's place in the library.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    alphabet: String,
    character: String,
    drawing: String,
}

/// Reads a zip, or a folder and every zip that lies in it.
///
/// # Errors
/// [`DataError`] names the file, the entry and the limit.
pub(super) fn read(path: &Path) -> Result<Library, DataError> {
    let mut shelves = Shelves::new();
    let mut archive = Archive::open(path)?;
    fill(&mut shelves, &mut archive)?;
    if matches!(archive, Archive::Folder(_)) {
        for name in archive.names(0)?.iter().filter(|name| is_zip(name)) {
            fill(&mut shelves, &mut Archive::open(&path.join(name))?)?;
        }
    }
    if shelves.is_empty() {
        return Err(DataError::NoAlphabets { path: path.display().to_string() });
    }
    Ok(Library::new(shelves))
}

fn is_zip(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case(OsStr::new("zip")))
}

/// Adds an archive's drawings that are not there yet; every sheet has to be as large as the others.
fn fill(shelves: &mut Shelves, archive: &mut Archive) -> Result<(), DataError> {
    let path = archive.path();
    let named = archive.names(DEPTH)?.into_iter().filter_map(|name| place(&name).map(|place| (name, place)));
    let new = named.filter(|(_, place)| !holds(shelves, place)).collect::<Vec<_>>();
    let read = new.into_iter().map(|(name, place)| Ok((archive.read(&name)?, name, place)));
    let read = read.collect::<Result<Vec<_>, DataError>>()?;
    let decode = |(bytes, name, place): (Vec<u8>, String, Place)| match Drawing::from_png(&bytes) {
        Ok(drawing) => Ok((drawing, name, place)),
        Err(why) => Err(DataError::Drawing { path: path.clone(), entry: name, why }),
    };
    let drawings: Vec<_> = read.into_par_iter().map(decode).collect::<Result<_, _>>()?;
    for (drawing, entry, place) in drawings {
        if let Some(expected) = side(shelves).filter(|expected| *expected != drawing.side()) {
            return Err(DataError::Sides { path, entry, side: drawing.side(), expected });
        }
        let characters = shelves.entry(place.alphabet).or_default();
        characters.entry(place.character).or_default().entry(place.drawing).or_insert(drawing);
    }
    Ok(())
}

fn holds(shelves: &Shelves, place: &Place) -> bool {
    let character = shelves.get(&place.alphabet).and_then(|characters| characters.get(&place.character));
    character.is_some_and(|drawings| drawings.contains_key(&place.drawing))
}

/// Pixels a side of the drawings there are.
fn side(shelves: &Shelves) -> Option<usize> {
    Some(shelves.values().next()?.values().next()?.values().next()?.side())
}

/// Where a file belongs, if it is a drawing.
fn place(name: &str) -> Option<Place> {
    let parts: Vec<_> = name.split('/').collect();
    let [.., alphabet, character, file] = parts[..] else { return None };
    let (stem, ending) = file.rsplit_once('.')?;
    let (number, drawer) = stem.split_once('_')?;
    let is_drawing = parts.len() <= DEPTH + 1
        && !alphabet.is_empty()
        && ending.eq_ignore_ascii_case("png")
        && character.strip_prefix("character").is_some_and(is_number)
        && is_number(number)
        && is_number(drawer);
    let owned = || Place { alphabet: alphabet.into(), character: character.into(), drawing: stem.into() };
    is_drawing.then(owned)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_known_by_its_path() {
        let found = |name| place(name).map(|place| [place.alphabet, place.character, place.drawing].join(" "));
        assert_eq!(found("Greek/character03/0408_17.png").unwrap(), "Greek character03 0408_17");
        assert_eq!(found("top/Greek/character03/0408_17.PNG").unwrap(), "Greek character03 0408_17");
        for name in [
            "a/top/Greek/character03/0408_17.png",
            "character03/0408_17.png",
            "Greek/character/0408_17.png",
            "Greek/letter03/0408_17.png",
            "Greek/character03/0408.png",
            "Greek/character03/0408_17.txt",
            "Greek/character03/._0408_17.png",
            "all_runs/run01/training/class01.png",
        ] {
            assert_eq!(found(name), None, "{name}");
        }
    }
}
