//! A section of the page: a figure or a table under a heading, with its legend and a caption of one sentence or two.

use plotters::style::RGBColor;

/// A heading and what stands under it.
pub(super) struct Section {
    /// The heading.
    pub(super) title: String,
    /// Finished HTML: a figure's SVG or a table; none if there is nothing to show.
    pub(super) body: Option<String>,
    /// What the colours mean, in the order of the legend.
    pub(super) legend: Vec<Key>,
    /// What the reader sees; where there is nothing to show, why.
    pub(super) caption: String,
}

/// One entry of a legend.
pub(super) struct Key {
    /// The colour.
    pub(super) colour: RGBColor,
    /// What it means.
    pub(super) meaning: String,
}

impl Section {
    /// A section that says why it has nothing to show.
    pub(super) fn left_out(title: &str, why: &str) -> Self {
        Self { title: title.into(), body: None, legend: Vec::new(), caption: why.into() }
    }

    /// A section without a legend.
    pub(super) fn new(title: &str, body: String, caption: String) -> Self {
        Self { title: title.into(), body: Some(body), legend: Vec::new(), caption }
    }

    /// The same section with a legend.
    pub(super) fn with_legend(self, legend: Vec<Key>) -> Self {
        Self { legend, ..self }
    }
}

impl Key {
    /// A colour and what it means.
    pub(super) fn new(colour: RGBColor, meaning: impl Into<String>) -> Self {
        Self { colour, meaning: meaning.into() }
    }
}
