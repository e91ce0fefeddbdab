//! Omniglot's one-shot runs: a fixed examination, the same for everyone.
//!
//! `runNN/training/classCC.png` are the classes, each drawn once; `runNN/test/itemII.png` is what is asked for; and
//! `runNN/class_labels.txt` says which class each item is of, a line `runNN/test/itemII.png runNN/training/classCC.png`
//! an item. All of it may lie in a folder or in a zip, below at most one folder. A run becomes one episode.

use std::collections::BTreeSet;
use std::path::Path;

use super::archive::{Archive, ArchiveError};
use super::drawing::{Drawing, DrawingError};
use super::lesson::Lesson;
use super::parameters::Parameters;
use super::views;
use crate::episode::Episode;
use crate::seed::Purpose;

/// Folders above a picture: at most one on top, the run, and `training` or `test`.
const DEPTH: usize = 3;
const LABELS: &str = "class_labels.txt";

/// Runs in the order of their names.
#[derive(Clone, Debug)]
pub struct Runs {
    names: Vec<String>,
    episodes: Vec<Episode>,
}

/// Why runs cannot be used; names the file, the entry and the line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunsError {
    /// A file cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Nothing there.
    #[error("{path}: no runs; a folder or zip with run01/{LABELS}, run01/training and run01/test is looked for")]
    NoRuns {
        /// The zip or folder.
        path: String,
    },
    /// A picture is no drawing.
    #[error("{path}: {entry}: {why}")]
    Drawing {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
        /// What is wrong.
        why: DrawingError,
    },
    /// The labels are no text.
    #[error("{path}: {entry}: not UTF-8 text")]
    Text {
        /// The zip or folder.
        path: String,
        /// The file in it.
        entry: String,
    },
    /// A line of the labels is not one item and its class.
    #[error("{path}: {entry}, line {line}: {text:?} {fault}")]
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
    /// An item without a class.
    #[error("{path}: {entry} is in no line of {LABELS}")]
    Unlabelled {
        /// The zip or folder.
        path: String,
        /// The item.
        entry: String,
    },
    /// Too few or too many classes, or nothing to ask for.
    #[error("{path}: {run}: {count} {what}; {low} to {high} are possible")]
    Count {
        /// The zip or folder.
        path: String,
        /// The run.
        run: String,
        /// What is counted.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The fewest allowed.
        low: usize,
        /// The most allowed.
        high: usize,
    },
}

impl Runs {
    /// Reads every run of a folder or zip; classes get labels in the order of their names.
    ///
    /// # Errors
    /// [`RunsError`] for a file that is missing, damaged or not as it should be, and for runs with more classes than
    /// the task has labels.
    pub fn read(path: &Path, parameters: &Parameters) -> Result<Self, RunsError> {
        let mut archive = Archive::open(path)?;
        let names = archive.names(DEPTH)?;
        let is_labels = |name: &&String| name.split('/').count() <= DEPTH && name.ends_with(&format!("/{LABELS}"));
        let folders = names.iter().filter(is_labels).map(|name| &name[..name.len() - LABELS.len() - 1]);
        let runs = folders.map(|folder| {
            let reader = Reader { names: &names, folder, parameters };
            Ok((reader.run().1.to_owned(), reader.episode(&mut archive)?))
        });
        let (names, episodes): (Vec<_>, _) = runs.collect::<Result<Vec<_>, RunsError>>()?.into_iter().unzip();
        if names.is_empty() {
            return Err(RunsError::NoRuns { path: archive.path() });
        }
        Ok(Self { names, episodes })
    }

    /// Names of the runs' folders.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Every run's classes as support, its items as queries.
    #[must_use]
    pub fn episodes(&self) -> &[Episode] {
        &self.episodes
    }

    /// The fraction of decisions a guess gets right.
    #[must_use]
    pub fn chance(&self) -> f64 {
        let decisions = self.episodes.iter().flat_map(|episode| &episode.decisions);
        let (sum, count) =
            decisions.fold((0.0, 0.0), |(sum, count), decision| (sum + 1.0 / decision.among as f64, count + 1.0));
        sum / f64::max(count, 1.0)
    }
}

/// A run being read.
struct Reader<'a> {
    /// Of all files, sorted.
    names: &'a [String],
    /// The run's folder.
    folder: &'a str,
    parameters: &'a Parameters,
}

/// Items, each with its class, by their paths.
type Answers = Vec<(String, usize)>;

impl Reader<'_> {
    /// What stands before the run's name, and the name.
    fn run(&self) -> (&str, &str) {
        self.folder.split_at(self.folder.rfind('/').map_or(0, |slash| slash + 1))
    }

    fn episode(&self, archive: &mut Archive) -> Result<Episode, RunsError> {
        let classes = self.pictures("training");
        self.check_count(archive, "pictures in training", classes.len(), (2, self.parameters.labels.into()))?;
        let answers = self.answers(archive, &classes)?;
        let most = classes.len() * 64;
        self.check_count(archive, "items", answers.len(), (1, most))?;
        let mut lesson = Lesson::new(self.parameters, Purpose::Test, classes.len(), classes.len() + answers.len());
        for (class, name) in classes.iter().enumerate() {
            lesson.teach(&views(self.parameters, &drawing(archive, name)?), class);
        }
        for (name, class) in &answers {
            lesson.ask(&views(self.parameters, &drawing(archive, name)?), *class);
        }
        Ok(lesson.finish())
    }

    /// PNG files in a folder of the run.
    fn pictures(&self, folder: &str) -> Vec<&str> {
        let prefix = format!("{}/{folder}/", self.folder);
        let is_picture = |name: &&str| {
            let file = name.strip_prefix(&prefix);
            file.is_some_and(|file| !file.contains('/') && !file.starts_with('.') && file.ends_with(".png"))
        };
        self.names.iter().map(String::as_str).filter(is_picture).collect()
    }

    fn answers(&self, archive: &mut Archive, classes: &[&str]) -> Result<Answers, RunsError> {
        let entry = format!("{}/{LABELS}", self.folder);
        let bytes = archive.read(&entry)?;
        let path = archive.path();
        let Ok(text) = String::from_utf8(bytes) else { return Err(RunsError::Text { path, entry }) };
        let items = self.pictures("test");
        let mut found = BTreeSet::new();
        let mut answers = Vec::new();
        for (index, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let answer = self.answer(text, &items, classes).and_then(|(item, class)| {
                if found.insert(item.clone()) { Ok((item, class)) } else { Err("names an item again") }
            });
            let fault = |fault| {
                let (path, entry) = (path.clone(), entry.clone());
                RunsError::Line { path, entry, line: index + 1, text: text.to_owned(), fault }
            };
            answers.push(answer.map_err(fault)?);
        }
        match items.into_iter().find(|item| !found.contains(*item)) {
            Some(item) => Err(RunsError::Unlabelled { path, entry: item.to_owned() }),
            None => Ok(answers),
        }
    }

    /// The item and the class that a line names.
    fn answer(&self, line: &str, items: &[&str], classes: &[&str]) -> Result<(String, usize), &'static str> {
        let words: Vec<_> = line.split_whitespace().map(|word| format!("{}{word}", self.run().0)).collect();
        let [item, class] = &words[..] else { return Err("is not the path of an item and that of its class") };
        let class = classes.iter().position(|name| name == class).ok_or("names a class that is not in training")?;
        if !items.contains(&item.as_str()) {
            return Err("names an item that is not in test");
        }
        Ok((item.clone(), class))
    }

    fn check_count(
        &self,
        archive: &Archive,
        what: &'static str,
        count: usize,
        (low, high): (usize, usize),
    ) -> Result<(), RunsError> {
        if (low..=high).contains(&count) {
            return Ok(());
        }
        Err(RunsError::Count { path: archive.path(), run: self.run().1.to_owned(), what, count, low, high })
    }
}

fn drawing(archive: &mut Archive, entry: &str) -> Result<Drawing, RunsError> {
    let bytes = archive.read(entry)?;
    Drawing::from_png(&bytes).map_err(|why| RunsError::Drawing {
        path: archive.path(),
        entry: entry.to_owned(),
        why,
    })
}
