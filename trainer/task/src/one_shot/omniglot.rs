//! Reads a library from files in Omniglot's layout: `[FOLDER/]ALPHABET/characterNN/IIII_DD.png`, where the file's name
//! consists of the numbers of the character and of the drawer.
//!
//! Files may be in zips or folders. The name of its file identifies a drawing of a character, so that an alphabet that
//! occurs twice, as in both of Omniglot's minimal sets, is read once.

use std::ffi::OsStr;
use std::path::Path;

use rayon::prelude::*;

use super::archive::Archive;
use super::drawing::Drawing;
use super::error::DataError;
use super::library::{DrawingsByName, Library};

/// Folders above a drawing: at most one on top, the alphabet, the character.
const DEPTH: usize = 3;

/// The names that identify a drawing in the library.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DrawingPath {
    alphabet: String,
    character: String,
    drawing: String,
}

/// Reads a zip, or a folder and every zip in it.
///
/// # Errors
/// [`DataError`] names the file, the entry and the limit.
pub(super) fn read(path: &Path) -> Result<Library, DataError> {
    let mut drawings = DrawingsByName::new();
    let mut archive = Archive::open(path)?;
    fill(&mut drawings, &mut archive)?;
    if matches!(archive, Archive::Folder(_)) {
        for name in archive.names(0)?.iter().filter(|name| is_zip(name)) {
            fill(&mut drawings, &mut Archive::open(&path.join(name))?)?;
        }
    }
    if drawings.is_empty() {
        return Err(DataError::NoAlphabets { path: path.display().to_string() });
    }
    Ok(Library::new(drawings))
}

fn is_zip(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case(OsStr::new("zip")))
}

/// Adds the drawings of an archive that are not there yet; all sheets must have the same size.
fn fill(drawings: &mut DrawingsByName, archive: &mut Archive) -> Result<(), DataError> {
    let path = archive.path();
    for Decoded { drawing, entry, path: names } in decode(drawings, archive)? {
        if let Some(expected) = side(drawings).filter(|expected| *expected != drawing.side()) {
            return Err(DataError::Sides { path, entry, side: drawing.side(), expected });
        }
        let characters = drawings.entry(names.alphabet).or_default();
        characters.entry(names.character).or_default().entry(names.drawing).or_insert(drawing);
    }
    Ok(())
}

/// A drawing of an archive.
struct Decoded {
    drawing: Drawing,
    /// The file in the archive.
    entry: String,
    path: DrawingPath,
}

/// Decodes the drawings of an archive that are not there yet, in parallel.
fn decode(drawings: &DrawingsByName, archive: &mut Archive) -> Result<Vec<Decoded>, DataError> {
    let archive_path = archive.path();
    let named =
        archive.names(DEPTH)?.into_iter().filter_map(|entry| drawing_path(&entry).map(|path| (entry, path)));
    let new = named.filter(|(_, path)| !contains(drawings, path)).collect::<Vec<_>>();
    let read = new.into_iter().map(|(entry, path)| Ok((archive.read(&entry)?, entry, path)));
    let read = read.collect::<Result<Vec<_>, DataError>>()?;
    let files = read.into_par_iter().map(|(bytes, entry, path)| match Drawing::from_png(&bytes) {
        Ok(drawing) => Ok(Decoded { drawing, entry, path }),
        Err(why) => Err(DataError::Drawing { path: archive_path.clone(), entry, why }),
    });
    files.collect()
}

fn contains(drawings: &DrawingsByName, path: &DrawingPath) -> bool {
    let character = drawings.get(&path.alphabet).and_then(|characters| characters.get(&path.character));
    character.is_some_and(|drawings| drawings.contains_key(&path.drawing))
}

/// Pixels a side of the drawings that are there.
fn side(drawings: &DrawingsByName) -> Option<usize> {
    Some(drawings.values().next()?.values().next()?.values().next()?.side())
}

/// The names that a file's path consists of, if it is a drawing.
fn drawing_path(entry: &str) -> Option<DrawingPath> {
    let parts: Vec<_> = entry.split('/').collect();
    let [.., alphabet, character, file] = parts[..] else { return None };
    let (stem, ending) = file.rsplit_once('.')?;
    let (number, drawer) = stem.split_once('_')?;
    let is_drawing = parts.len() <= DEPTH + 1
        && !alphabet.is_empty()
        && ending.eq_ignore_ascii_case("png")
        && character.strip_prefix("character").is_some_and(is_number)
        && is_number(number)
        && is_number(drawer);
    let owned = || DrawingPath { alphabet: alphabet.into(), character: character.into(), drawing: stem.into() };
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
        let found = |entry| drawing_path(entry).map(|path| [path.alphabet, path.character, path.drawing].join(" "));
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
