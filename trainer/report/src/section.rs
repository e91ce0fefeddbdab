//! A section of the page: a figure or a table under a heading, with its legend and a caption of one or two
//! sentences.

use maud::Markup;
use plotters::style::RGBColor;

/// A heading and its content.
pub(super) struct Section {
    /// The heading.
    pub(super) title: String,
    /// The content under the heading.
    pub(super) content: Content,
    /// The meaning of the colours, in the order of the legend.
    pub(super) legend: Vec<Key>,
    /// What the content shows; for a section that is left out, the reason.
    pub(super) caption: String,
}

/// The content under a heading.
pub(super) enum Content {
    /// An `svg` element.
    Figure(Markup),
    /// Tables, lists or preformatted text.
    Table(Markup),
    /// Nothing: the data were not recorded.
    LeftOut,
}

/// One entry of a legend.
pub(super) struct Key {
    /// The colour.
    pub(super) colour: RGBColor,
    /// What it means.
    pub(super) meaning: String,
}

impl Section {
    /// A section without content, for the reason `why`.
    pub(super) fn left_out(title: &str, why: &str) -> Self {
        Self::new(title, Content::LeftOut, why.into())
    }

    /// A figure without a legend.
    pub(super) fn figure(title: &str, svg: Markup, caption: String) -> Self {
        Self::new(title, Content::Figure(svg), caption)
    }

    /// A table.
    pub(super) fn table(title: &str, table: Markup, caption: String) -> Self {
        Self::new(title, Content::Table(table), caption)
    }

    fn new(title: &str, content: Content, caption: String) -> Self {
        Self { title: title.into(), content, legend: Vec::new(), caption }
    }

    /// The same section with a legend.
    pub(super) fn with_legend(self, legend: Vec<Key>) -> Self {
        Self { legend, ..self }
    }
}

impl Key {
    /// A colour and its meaning.
    pub(super) fn new(colour: RGBColor, meaning: impl Into<String>) -> Self {
        Self { colour, meaning: meaning.into() }
    }
}
