//! How a page shows a task while a network runs in it, as data: a sentence about what happens, and panels with what they need to
//! know. It may not know how a page draws.
//!
//! A task of a user's own has its inputs and its world shown without a scene, and brings one by
//! [`Task::scene`](crate::Task::scene):
//!
//! ```
//! use metaplastic_task::scene::{NeuronGroup, Scene, ScenePanel};
//!
//! let groups = vec![NeuronGroup::new("left", 0..8), NeuronGroup::new("right", 8..16)];
//! let scene = Scene::new("Two microphones, and where the sound comes from.").with(ScenePanel::Inputs { groups });
//! assert_eq!(scene.panels.len(), 1);
//! ```

use std::ops::Range;

use serde::Serialize;

/// What a page shows of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Scene {
    /// What happens, in a sentence or two for a first visitor; empty if nothing is said.
    pub about: String,
    /// The panels in their order.
    pub panels: Vec<ScenePanel>,
}

/// A panel of a scene.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ScenePanel {
    /// Groups of input neurons, each a row of lamps.
    Inputs {
        /// The groups.
        groups: Vec<NeuronGroup>,
    },
    /// The first `side * side` input neurons as a picture, row by row from the top.
    Picture {
        /// Pixels a side.
        side: usize,
    },
    /// A sheet to draw on; the first `side * side` input neurons take what is drawn.
    Sheet {
        /// Pixels a side.
        side: usize,
        /// Of every step in which a drawing is shown, the intensity above which a pixel's neuron spikes, 0 to 1.
        thresholds: Vec<f32>,
        /// How many classes there are labels for.
        classes: usize,
    },
    /// The values that are sensed, as lines.
    Signals {
        /// The name of each.
        names: Vec<String>,
    },
    /// Desired and actual values of what the world tracks, as lines.
    Tracking {
        /// The name of each coordinate.
        names: Vec<String>,
        /// Their unit; empty for none.
        unit: String,
    },
    /// An arm of two links; the first two coordinates that are tracked are its angles in radians, the first from the
    /// horizontal and the second from the first link.
    Arm {
        /// The lengths of the links.
        lengths: [f64; 2],
    },
    /// Machines of which one is chosen; the first `count` of what can be changed are their probabilities of a reward.
    Machines {
        /// How many.
        count: usize,
    },
}

/// Consecutive input neurons with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NeuronGroup {
    /// The name.
    pub name: String,
    /// The first, counted over all input populations.
    pub first: usize,
    /// How many.
    pub count: usize,
}

impl NeuronGroup {
    /// A group of these input neurons.
    #[must_use]
    pub fn new(name: impl Into<String>, neurons: Range<usize>) -> Self {
        Self { name: name.into(), first: neurons.start, count: neurons.len() }
    }
}

impl Scene {
    /// A scene without panels yet.
    #[must_use]
    pub fn new(about: impl Into<String>) -> Self {
        Self { about: about.into(), panels: Vec::new() }
    }

    /// The same with another panel.
    #[must_use]
    pub fn with(mut self, panel: ScenePanel) -> Self {
        self.panels.push(panel);
        self
    }
}

/// Names with numbers from 1 on: `channel 1`, `channel 2`.
#[must_use]
pub fn numbered(name: &str, count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{name} {number}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_says_what_it_is() {
        let groups = vec![NeuronGroup::new("cue", 0..64)];
        let scene = Scene::new("about").with(ScenePanel::Inputs { groups }).with(ScenePanel::Picture { side: 28 });
        let json = serde_json::to_string(&scene).unwrap();
        let panels =
            r#"[{"kind":"inputs","groups":[{"name":"cue","first":0,"count":64}]},{"kind":"picture","side":28}]"#;
        assert_eq!(json, format!(r#"{{"about":"about","panels":{panels}}}"#));
    }
}
