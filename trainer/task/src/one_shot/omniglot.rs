//! Reads a library from files in Omniglot's layout: `[FOLDERS/]ALPHABET/characterNN/IIII_DD.png`, where the file's
//! name consists of the numbers of the character and of the drawer.
//!
//! Files may be in zips or folders. The name of its file identifies a drawing of a character, so that an alphabet
//! that occurs twice, as in both of Omniglot's minimal sets, is read once.

use std::ffi::OsStr;
use std::path::Path;

use rayon::prelude::*;

use super::archive::Archive;
use super::error::DataError;
use super::library::{DrawingsByName, Library, composed};
use super::polarity::{Origin, PolarityCounts};
use super::scan::Scan;

/// Folders above a drawing, with its alphabet and its character: as many as from the root of a clone of Omniglot's
/// repository, and one more.
const DEPTH: usize = 5;
/// Folders above a zip.
const ZIP_DEPTH: usize = 2;
/// Files that are in memory at a time.
const BATCH: usize = 64;
/// Limit of the pixels with ink of all drawings together, of which each takes three bytes.
const MOST_INK: usize = 1 << 27;

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
    let mut reader = DrawingReader::default();
    let mut archive = Archive::open(path)?;
    reader.fill(&mut archive)?;
    if archive.is_folder() {
        for name in archive.names(ZIP_DEPTH)?.iter().filter(|name| is_zip(name)) {
            reader.fill(&mut Archive::open(&path.join(name))?)?;
        }
    }
    match reader.library()? {
        Some(library) => Ok(library),
        None => Err(DataError::NoAlphabets { path: path.display().to_string(), hint: hint(&archive)? }),
    }
}

/// The number of drawings of a zip in memory, for whoever has no file.
///
/// # Errors
/// [`DataError`] names the entry and the limit.
pub fn drawings_in_zip(bytes: Vec<u8>) -> Result<usize, DataError> {
    let mut reader = DrawingReader::default();
    reader.fill(&mut Archive::from_bytes(Path::new("zip"), bytes)?)?;
    Ok(reader.library()?.map_or(0, |library| library.drawings()))
}

fn is_zip(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case(OsStr::new("zip")))
}

/// The folder that should be given instead, if there are drawings without an alphabet above them.
fn hint(archive: &Archive) -> Result<&'static str, DataError> {
    let names = archive.names(1)?;
    let parts = names.iter().map(|name| name.split('/').collect::<Vec<_>>());
    let is_found = |parts: &Vec<&str>, above: usize| {
        parts.len() == above + 1
            && parts[..above].iter().all(|folder| is_character(folder))
            && is_sample(parts[above])
    };
    let above = parts.filter_map(|parts| [0, 1].into_iter().find(|above| is_found(&parts, *above))).max();
    Ok(match above {
        Some(1) => "; this is one alphabet: give the folder above it",
        Some(_) => "; this is one character: give the folder two above it",
        None => "",
    })
}

/// Drawings, as they are read.
#[derive(Default)]
struct DrawingReader {
    drawings: DrawingsByName,
    polarities: PolarityCounts,
    /// Pixels with ink.
    ink: usize,
}

impl DrawingReader {
    /// Adds the drawings of an archive that are not there yet.
    fn fill(&mut self, archive: &mut Archive) -> Result<(), DataError> {
        let names = archive.names(DEPTH)?.into_iter();
        let named = names.filter_map(|entry| drawing_path(&entry).map(|path| DrawingEntry { entry, path }));
        let new: Vec<_> = named.filter(|entry| !contains(&self.drawings, &entry.path)).collect();
        for entries in new.chunks(BATCH) {
            for decoded in decode(archive, entries)? {
                self.add(archive, decoded)?;
            }
        }
        Ok(())
    }

    /// Adds a drawing; all sheets must have the same size.
    fn add(&mut self, archive: &Archive, decoded: Decoded<'_>) -> Result<(), DataError> {
        let Decoded { scan: Scan { drawing, is_turned }, entry: DrawingEntry { entry, path: names } } = decoded;
        let origin = || Origin { path: archive.path(), entry: entry.clone() };
        if let Some(expected) = side(&self.drawings).filter(|expected| *expected != drawing.side()) {
            let Origin { path, entry } = origin();
            return Err(DataError::Sides { path, entry, side: drawing.side(), expected });
        }
        self.ink += drawing.ink().len();
        if self.ink > MOST_INK {
            let Origin { path, entry } = origin();
            return Err(DataError::TooMuchInk { path, entry, limit: MOST_INK });
        }
        self.polarities.add(is_turned, origin);
        let characters = self.drawings.entry(names.alphabet.clone()).or_default();
        characters.entry(names.character.clone()).or_default().entry(names.drawing.clone()).or_insert(drawing);
        Ok(())
    }

    /// The library; none without drawings.
    fn library(self) -> Result<Option<Library>, DataError> {
        if let Some((Origin { path, entry }, why)) = self.polarities.odd() {
            return Err(DataError::Drawing { path, entry, why });
        }
        Ok((!self.drawings.is_empty()).then(|| Library::new(self.drawings)))
    }
}

/// A file of an archive that is a drawing.
struct DrawingEntry {
    /// The file in the archive.
    entry: String,
    path: DrawingPath,
}

/// A drawing of an archive.
struct Decoded<'e> {
    scan: Scan,
    entry: &'e DrawingEntry,
}

/// Reads some files and decodes them in parallel.
fn decode<'e>(archive: &mut Archive, entries: &'e [DrawingEntry]) -> Result<Vec<Decoded<'e>>, DataError> {
    let read = entries.iter().map(|entry| archive.read(&entry.entry)).collect::<Result<Vec<_>, _>>()?;
    let path = archive.path();
    let decoded = read.par_iter().zip(entries).map(|(bytes, entry)| match Scan::from_png(bytes) {
        Ok(scan) => Ok(Decoded { scan, entry }),
        Err(why) => Err(DataError::Drawing { path: path.clone(), entry: entry.entry.clone(), why }),
    });
    // In order, so that the same file is named in every run: rayon would return whichever error comes first.
    decoded.collect::<Vec<_>>().into_iter().collect()
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
    let is_drawing = parts.len() <= DEPTH + 1 && !alphabet.is_empty() && is_character(character) && is_sample(file);
    let drawing = file.rsplit_once('.')?.0.to_owned();
    let owned = || DrawingPath { alphabet: composed(alphabet), character: character.into(), drawing };
    is_drawing.then(owned)
}

/// Whether a folder is named as a character's: `characterNN`.
fn is_character(folder: &str) -> bool {
    folder.strip_prefix("character").is_some_and(is_number)
}

/// Whether a file is named as a drawing: `IIII_DD.png`.
fn is_sample(file: &str) -> bool {
    let stem = file.rsplit_once('.').filter(|(_, ending)| ending.eq_ignore_ascii_case("png")).map(|(stem, _)| stem);
    stem.and_then(|stem| stem.split_once('_'))
        .is_some_and(|(number, drawer)| is_number(number) && is_number(drawer))
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
        assert_eq!(
            found("clone/python/images/Greek/character03/0408_17.png").unwrap(),
            "Greek character03 0408_17"
        );
        for name in [
            "a/b/c/d/Greek/character03/0408_17.png",
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
