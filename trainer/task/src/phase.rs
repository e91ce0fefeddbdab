//! The phases of an episode: what is shown to the network, and in which steps.
//!
//! The kind of a phase is data: the loss regularises steps outside labelled phases, benchmarks and pictures look
//! for the phases of a class. Its text, as a reader sees it, is made in this file alone.
//!
//! ```
//! use metaplastic_task::phase::{Phase, PhaseKind};
//!
//! let shown = Phase { steps: 0..20, kind: PhaseKind::Support { class: 2 } };
//! let asked = Phase { steps: 20..40, kind: PhaseKind::Query { item: 2 } };
//! assert_eq!(shown.kind.labelled_class(), Some(2));
//! assert!(!asked.kind.is_labelled());
//! assert_eq!(format!("{}, {}", shown.kind, asked.kind), "label 2, query 2");
//! ```

use std::fmt;
use std::ops::Range;

/// Steps of an episode in which one thing is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// The steps.
    pub steps: Range<usize>,
    /// What is shown.
    pub kind: PhaseKind,
}

/// What is shown in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseKind {
    /// A cue without its label; the label follows in a phase of its own.
    Cue {
        /// The number of the cue.
        cue: usize,
    },
    /// The label of a class alone.
    Label {
        /// The class.
        class: usize,
    },
    /// A sample of a class together with its label.
    Support {
        /// The class.
        class: usize,
    },
    /// A cue or a sample of a class, without its label; a decision is scored.
    Query {
        /// The number of the cue, or the class of the sample.
        item: usize,
    },
}

impl PhaseKind {
    /// The class whose label is shown, if any.
    #[must_use]
    pub fn labelled_class(self) -> Option<usize> {
        match self {
            Self::Label { class } | Self::Support { class } => Some(class),
            Self::Cue { .. } | Self::Query { .. } => None,
        }
    }

    /// Whether a label is shown.
    #[must_use]
    pub fn is_labelled(self) -> bool {
        self.labelled_class().is_some()
    }
}

/// The text for readers, such as `cue 2`.
impl fmt::Display for PhaseKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cue { cue } => write!(formatter, "cue {cue}"),
            Self::Label { class } | Self::Support { class } => write!(formatter, "label {class}"),
            Self::Query { item } => write!(formatter, "query {item}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_support_samples_have_a_class_and_every_kind_has_a_text() {
        let kinds = [
            PhaseKind::Cue { cue: 3 },
            PhaseKind::Label { class: 1 },
            PhaseKind::Support { class: 2 },
            PhaseKind::Query { item: 0 },
        ];
        assert_eq!(kinds.map(PhaseKind::labelled_class), [None, Some(1), Some(2), None]);
        assert_eq!(kinds.map(|kind| kind.to_string()), ["cue 3", "label 1", "label 2", "query 0"]);
    }
}
