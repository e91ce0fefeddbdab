//! What of the task is chosen by a word, or by names or a count.

use serde::{Deserialize, Serialize};

/// How the values of a window become what a network takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Encoding {
    /// Standardised values.
    Analog,
    /// Spikes, two neurons for each channel: the value rose, or fell, by the threshold.
    Delta,
    /// How strongly each channel vibrates in each band.
    FilterBank,
}

/// Origin of the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WindowSource {
    /// Files, whose path must be given.
    Files,
    /// Vibrations that this program makes.
    Synthetic,
}

impl WindowSource {
    /// The names of all sources in TOML.
    pub(super) const NAMES: [&str; 2] = ["files", "synthetic"];
}

/// The order of an episode's windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WindowOrder {
    /// All support samples, then the queries, with a state reset before each window.
    SupportFirst,
    /// All windows in random order without a reset: the first ones of each class are its support samples.
    Stream,
}

impl WindowOrder {
    /// The names of all orders in TOML.
    pub(super) const NAMES: [&str; 2] = ["support-first", "stream"];
}

/// What the classes of an episode are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ClassName {
    /// The labels.
    Label,
    /// The groups: a network learns to tell subjects, machines or sessions apart.
    Group,
}

/// What the group of a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum GroupName {
    /// What the data say, if they say anything.
    Data,
    /// The name of its file.
    File,
}

/// What serves one purpose as a whole, training, validation or test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HeldOutBy {
    /// A class: test episodes have classes that training never saw.
    Class,
    /// A group: test episodes have groups that training never saw, each episode one of them.
    Group,
}

impl HeldOutBy {
    /// What it is called in errors, in the singular.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::Group => "group",
        }
    }
}

/// Classes or groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a number, or a list of names such as [\"a\", \"b\"]")]
pub(super) enum HeldOut {
    /// The last of all, in the order of their names.
    Last(u16),
    /// Those with these names.
    Named(Vec<String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_and_order_has_its_name() {
        let names =
            [WindowSource::Files, WindowSource::Synthetic].map(|source| toml::Value::try_from(source).unwrap());
        assert_eq!(names, WindowSource::NAMES.map(toml::Value::from));
        let names =
            [WindowOrder::SupportFirst, WindowOrder::Stream].map(|order| toml::Value::try_from(order).unwrap());
        assert_eq!(names, WindowOrder::NAMES.map(toml::Value::from));
    }
}
