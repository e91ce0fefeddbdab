//! Reads Omniglot's one-shot runs, a published benchmark of fixed episodes.
//!
//! `runNN/training/classCC.png` are the support samples, one per class; `runNN/test/itemII.png` are the query
//! samples, the items; and `runNN/class_labels.txt` has a line `runNN/test/itemII.png runNN/training/classCC.png`
//! for each item and its class. The runs may be in a folder or in a zip, below at most one folder. A run is one
//! episode.

use std::ops::RangeInclusive;
use std::path::Path;

use metaplastic_files::memory::{MemoryEstimate, MemoryLimitError};
use metaplastic_files::text::Escaped;

use super::archive::Archive;
use super::archive_error::ArchiveError;
use super::drawing::Drawing;
use super::episode_builder::OneShotEpisodeBuilder;
use super::parameters::{NAME, OneShotParameters};
use super::polarity::{Origin, PolarityCounts};
use super::scan::{DrawingError, Scan};
use super::views;
use crate::benchmark::{BenchmarkRun, BenchmarkRuns};
use crate::episode::Episode;
use crate::seed::Purpose;

/// Folders above a picture: at most one above the run, the run, and `training` or `test`.
const DEPTH: usize = 3;
const LABELS: &str = "class_labels.txt";

/// Why benchmark runs cannot be used; names the file, the entry and the line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchmarkRunsError {
    /// A file cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// There are no runs.
    #[error(
        "{}: no runs; a folder or zip with run01/{LABELS}, run01/training and run01/test is looked for",
        Escaped(.path)
    )]
    NoRuns {
        /// The zip or folder.
        path: String,
    },
    /// A picture cannot be used as a drawing.
    #[error("{}: {}: {}", Escaped(.path), Escaped(.entry), Escaped(.why))]
    Drawing {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
        /// What is wrong.
        why: DrawingError,
    },
    /// The labels are not text.
    #[error("{}: {}: not UTF-8 text", Escaped(.path), Escaped(.entry))]
    Text {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
    },
    /// A line of the labels does not name an item and its class.
    #[error("{}: {}, line {line}: {text:?} {fault}", Escaped(.path), Escaped(.entry))]
    Line {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
        /// Counted from 1.
        line: usize,
        /// The line.
        text: String,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// An item has no class.
    #[error("{}: {} is in no line of {LABELS}", Escaped(.path), Escaped(.entry))]
    Unlabelled {
        /// The zip or folder.
        path: String,
        /// The item.
        entry: String,
    },
    /// They would take too much memory.
    #[error(transparent)]
    Memory(#[from] MemoryLimitError),
    /// There are too few or too many classes or items.
    #[error("{}: {}: {count} {what}; {low} to {high} are possible", Escaped(.path), Escaped(.run))]
    Count {
        /// The zip or folder.
        path: String,
        /// The run.
        run: String,
        /// What is counted.
        what: &'static str,
        /// The count.
        count: usize,
        /// The smallest permitted count.
        low: usize,
        /// The largest permitted count.
        high: usize,
    },
}

/// Reads every run of a folder or zip, in the order of the runs' names; classes get labels in the order of their
/// names.
///
/// # Errors
/// [`BenchmarkRunsError`] for a file that is missing, damaged or malformed, and for runs with more classes than the
/// task has labels, or that would take more than `limit` bytes.
pub(super) fn read(
    path: &Path,
    parameters: &OneShotParameters,
    limit: u64,
) -> Result<BenchmarkRuns, BenchmarkRunsError> {
    read_from(Archive::open(path)?, parameters, limit)
}

/// The number of runs of a zip in memory, for whoever has no file and the parameters that are the default.
///
/// # Errors
/// [`BenchmarkRunsError`] names the entry and the limit.
pub fn runs_in_zip(bytes: Vec<u8>) -> Result<usize, BenchmarkRunsError> {
    let archive = Archive::from_bytes(Path::new("zip"), bytes)?;
    Ok(read_from(archive, &OneShotParameters::default(), u64::MAX)?.runs.len())
}

/// The memory of the runs of so many pictures, all of which are held at one time.
fn memory(parameters: &OneShotParameters, pictures: usize) -> MemoryEstimate {
    let (inputs, steps) = (parameters.requirements().inputs, parameters.steps_for(Purpose::Test));
    let each = u64::from(steps).saturating_mul(inputs.div_ceil(8) as u64);
    let field =
        format!("{pictures} pictures of {steps} steps of {inputs} neurons each, see task.steps and task.size");
    MemoryEstimate::default().with(field, each.saturating_mul(pictures as u64))
}

fn read_from(
    mut archive: Archive,
    parameters: &OneShotParameters,
    limit: u64,
) -> Result<BenchmarkRuns, BenchmarkRunsError> {
    let names = archive.names(DEPTH)?;
    let pictures = names.iter().filter(|name| is_png(name)).count();
    memory(parameters, pictures).check("the benchmark runs", limit)?;
    let is_labels = |name: &&String| name.split('/').count() <= DEPTH && name.ends_with(&format!("/{LABELS}"));
    let folders = names.iter().filter(is_labels).map(|name| &name[..name.len() - LABELS.len() - 1]);
    let mut pictures = RunPictures { archive: &mut archive, polarities: PolarityCounts::default() };
    let runs = folders.map(|folder| {
        let reader = RunReader { names: &names, folder, parameters };
        let name = reader.name().to_owned();
        Ok(BenchmarkRun { name, episode: reader.episode(&mut pictures)? })
    });
    let runs = runs.collect::<Result<Vec<_>, BenchmarkRunsError>>()?;
    if let Some((Origin { path, entry }, why)) = pictures.polarities.odd() {
        return Err(BenchmarkRunsError::Drawing { path, entry, why });
    }
    if runs.is_empty() {
        return Err(BenchmarkRunsError::NoRuns { path: archive.path() });
    }
    Ok(BenchmarkRuns {
        task: NAME,
        requirements: parameters.requirements(),
        measures: &[],
        controls: Vec::new(),
        runs,
    })
}

/// Reads one run.
struct RunReader<'a> {
    /// Paths of all files of the archive, sorted.
    names: &'a [String],
    /// The run's folder.
    folder: &'a str,
    parameters: &'a OneShotParameters,
}

/// A query of a run.
struct Item {
    /// The path of its picture.
    path: String,
    class: usize,
}

impl RunReader<'_> {
    /// The run's folder without its name.
    fn parent(&self) -> &str {
        &self.folder[..self.folder.rfind('/').map_or(0, |slash| slash + 1)]
    }

    /// The run's name.
    fn name(&self) -> &str {
        &self.folder[self.parent().len()..]
    }

    fn episode(&self, from: &mut RunPictures<'_>) -> Result<Episode, BenchmarkRunsError> {
        let classes = self.pictures("training");
        let archive = &mut *from.archive;
        self.check_count(archive, "pictures in training", classes.len(), 2..=self.parameters.labels.into())?;
        let items = self.items(archive, &classes)?;
        self.check_count(archive, "items", items.len(), 1..=classes.len() * 64)?;
        let pictures = classes.len() + items.len();
        let mut builder = OneShotEpisodeBuilder::new(self.parameters, Purpose::Test, pictures);
        for (class, path) in classes.iter().enumerate() {
            builder.add_support(&views::plain(self.parameters, &from.drawing(path)?), class);
        }
        for Item { path, class } in &items {
            builder.add_query(&views::plain(self.parameters, &from.drawing(path)?), *class, classes.len());
        }
        Ok(builder.finish())
    }

    /// PNG files in a folder of the run.
    fn pictures(&self, folder: &str) -> Vec<&str> {
        let prefix = format!("{}/{folder}/", self.folder);
        let is_picture = |name: &&str| {
            let file = name.strip_prefix(&prefix);
            file.is_some_and(|file| !file.contains('/') && !file.starts_with('.') && is_png(file))
        };
        self.names.iter().map(String::as_str).filter(is_picture).collect()
    }

    /// The items with their classes, as the labels list them.
    fn items(&self, archive: &mut Archive, classes: &[&str]) -> Result<Vec<Item>, BenchmarkRunsError> {
        let entry = format!("{}/{LABELS}", self.folder);
        let bytes = archive.read(&entry)?;
        let path = archive.path();
        let Ok(text) = String::from_utf8(bytes) else { return Err(BenchmarkRunsError::Text { path, entry }) };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace('\\', "/");
        let known = self.pictures("test");
        let mut items: Vec<Item> = Vec::new();
        for (index, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let item = self.item(text, &known, classes).and_then(|item| {
                let is_new = items.iter().all(|other| other.path != item.path);
                if is_new { Ok(item) } else { Err("names an item again") }
            });
            let fault = |fault| {
                let (path, entry) = (path.clone(), entry.clone());
                BenchmarkRunsError::Line { path, entry, line: index + 1, text: text.to_owned(), fault }
            };
            items.push(item.map_err(fault)?);
        }
        match known.into_iter().find(|known| items.iter().all(|item| item.path != *known)) {
            Some(item) => Err(BenchmarkRunsError::Unlabelled { path, entry: item.to_owned() }),
            None => Ok(items),
        }
    }

    /// The item and the class that a line names.
    fn item(&self, line: &str, known: &[&str], classes: &[&str]) -> Result<Item, &'static str> {
        let words: Vec<_> = line.split_whitespace().map(|word| format!("{}{word}", self.parent())).collect();
        let [path, class] = &words[..] else { return Err("is not the path of an item and that of its class") };
        let class = classes.iter().position(|name| name == class).ok_or("names a class that is not in training")?;
        if !known.contains(&path.as_str()) {
            return Err("names an item that is not in test");
        }
        Ok(Item { path: path.clone(), class })
    }

    fn check_count(
        &self,
        archive: &Archive,
        what: &'static str,
        count: usize,
        limits: RangeInclusive<usize>,
    ) -> Result<(), BenchmarkRunsError> {
        if limits.contains(&count) {
            return Ok(());
        }
        let (path, run, low, high) = (archive.path(), self.name().to_owned(), *limits.start(), *limits.end());
        Err(BenchmarkRunsError::Count { path, run, what, count, low, high })
    }
}

/// The pictures of an archive, as they are read.
struct RunPictures<'a> {
    archive: &'a mut Archive,
    polarities: PolarityCounts,
}

impl RunPictures<'_> {
    fn drawing(&mut self, entry: &str) -> Result<Drawing, BenchmarkRunsError> {
        let bytes = self.archive.read(entry)?;
        let origin = || Origin { path: self.archive.path(), entry: entry.to_owned() };
        let scan = Scan::from_png(&bytes).map_err(|why| {
            let Origin { path, entry } = origin();
            BenchmarkRunsError::Drawing { path, entry, why }
        })?;
        self.polarities.add(scan.is_turned, origin);
        Ok(scan.drawing)
    }
}

fn is_png(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("png"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_take_the_memory_of_all_their_pictures() {
        let parameters = OneShotParameters { steps: 1000, size: 63, ..OneShotParameters::default() };
        let refused = memory(&parameters, 60_000).check("the benchmark runs", 4_000_000_000).unwrap_err();
        let refused = refused.to_string();
        for part in ["30.0 GB", "60000 pictures of 1000 steps of 3989 neurons each", "task.steps and task.size"] {
            assert!(refused.contains(part), "{part:?} is not in: {refused}");
        }
        assert!(memory(&OneShotParameters::default(), 800).check("the benchmark runs", 100_000_000).is_ok());
    }
}
