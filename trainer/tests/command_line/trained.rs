//! One short training that several tests read, and nobody changes.

use std::sync::OnceLock;

use serde_json::Value;

use crate::sandbox::Sandbox;

/// Meta-steps enough for a signal to arrive in time.
pub(crate) const META_STEPS: u32 = 20;
/// The folder in the sandbox.
pub(crate) const OUT: &str = "out";

pub(crate) struct Training {
    pub sandbox: Sandbox,
    /// The object of its last line.
    pub line: Value,
}

/// The arguments of the training into a folder.
pub(crate) fn arguments(folder: &str) -> String {
    format!("train cue-association --out {folder} --meta-steps {META_STEPS} --episodes 8 --json")
}

pub(crate) fn training() -> &'static Training {
    static TRAINING: OnceLock<Training> = OnceLock::new();
    TRAINING.get_or_init(|| {
        let sandbox = Sandbox::new();
        let line = sandbox.succeeds(&arguments(OUT)).json();
        Training { sandbox, line }
    })
}
