//! A set of windows with their classes and groups, by name. It knows neither files nor episodes.

use std::cmp::Ordering;

use metaplastic_files::text::escaped;
use metaplastic_shared::checksum::CRC;

/// All windows of a data set.
#[derive(Debug, PartialEq)]
pub(super) struct WindowSet {
    pub(super) channels: usize,
    /// Names of the classes, in order.
    pub(super) classes: Vec<String>,
    /// Names of the groups, in order; one without a name where no window has a group.
    pub(super) groups: Vec<String>,
    pub(super) windows: Vec<LabelledWindow>,
}

/// One window.
#[derive(Debug, PartialEq)]
pub(super) struct LabelledWindow {
    /// Sample by sample, all channels of each.
    pub(super) samples: Vec<f32>,
    /// Its class among the set's.
    pub(super) class: usize,
    /// Its group among the set's.
    pub(super) group: usize,
}

/// A window with names in place of numbers.
#[derive(Debug)]
pub(super) struct NamedWindow {
    pub(super) samples: Vec<f32>,
    pub(super) class: String,
    pub(super) group: String,
}

impl WindowSet {
    /// Windows of so many channels.
    pub(super) fn new(channels: usize, named: Vec<NamedWindow>) -> Self {
        let classes = names(named.iter().map(|window| &window.class));
        let groups = names(named.iter().map(|window| &window.group));
        let number = |names: &[String], name: &str| names.iter().position(|known| known == name).unwrap_or(0);
        let window = |NamedWindow { samples, class, group }| LabelledWindow {
            samples,
            class: number(&classes, &class),
            group: number(&groups, &group),
        };
        let windows = named.into_iter().map(window).collect();
        Self { channels, classes, groups, windows }
    }

    /// How many windows there are of what, in words.
    pub(super) fn described(&self) -> String {
        let lengths = || self.windows.iter().map(|window| window.samples.len() / self.channels.max(1));
        let (shortest, longest) = (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0));
        let samples = if shortest == longest { longest.to_string() } else { format!("{shortest} to {longest}") };
        let (windows, channels) = (self.windows.len(), self.channels);
        let (classes, groups) = (self.classes.len(), self.groups.len());
        format!(
            "{windows} windows of {samples} samples and {channels} channels were read, {classes} classes, {groups} groups"
        )
    }

    /// A checksum of all names and values.
    pub(super) fn fingerprint(&self) -> u32 {
        let mut digest = CRC.digest();
        digest.update(format!("{}/{:?}/{:?}/", self.channels, self.classes, self.groups).as_bytes());
        for LabelledWindow { samples, class, group } in &self.windows {
            digest.update(format!("{class}/{group}/{}/", samples.len()).as_bytes());
            samples.iter().for_each(|sample| digest.update(&sample.to_le_bytes()));
        }
        digest.finalize()
    }
}

/// Different names in their order: those that are numbers first, by size, then the others.
fn names<'n>(names: impl Iterator<Item = &'n String>) -> Vec<String> {
    let mut names: Vec<_> = names.cloned().collect();
    names.sort_by(|one, other| by_number(one, other));
    names.dedup();
    names
}

fn by_number(one: &str, other: &str) -> Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(first), Ok(second)) => first.total_cmp(&second).then_with(|| one.cmp(other)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        _ => one.cmp(other),
    }
}

/// Names as they may be shown, separated by commas.
pub(super) fn listed(names: &[String]) -> String {
    names.iter().map(escaped).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_numbers_are_in_their_order() {
        let named = ["10", "b", "9", "a", "10"].map(String::from);
        assert_eq!(names(named.iter()), ["9", "10", "a", "b"]);
    }
}
