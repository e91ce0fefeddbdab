//! Names and texts of the experiments that need no file.

/// Name and text of each.
pub(super) const BUILT_IN: [(&str, &str); 19] = [
    ("cue-association", include_str!("../../experiments/cue-association.toml")),
    ("cue-association-one-episode", include_str!("../../experiments/cue-association-one-episode.toml")),
    ("cue-association-reversal", include_str!("../../experiments/cue-association-reversal.toml")),
    ("cue-association-8x4", include_str!("../../experiments/cue-association-8x4.toml")),
    ("cue-association-sparse", include_str!("../../experiments/cue-association-sparse.toml")),
    ("cue-association-16x2", include_str!("../../experiments/cue-association-16x2.toml")),
    ("one-shot-small", include_str!("../../experiments/one-shot-small.toml")),
    ("one-shot-small-life", include_str!("../../experiments/one-shot-small-life.toml")),
    ("one-shot-large", include_str!("../../experiments/one-shot-large.toml")),
    ("adaptive-control", include_str!("../../experiments/adaptive-control.toml")),
    ("adaptive-control-weak-drive", include_str!("../../experiments/adaptive-control-weak-drive.toml")),
    ("arm", include_str!("../../experiments/arm.toml")),
    ("arm-oracle", include_str!("../../experiments/arm-oracle.toml")),
    ("bandit", include_str!("../../experiments/bandit.toml")),
    ("bandit-close", include_str!("../../experiments/bandit-close.toml")),
    ("bandit-reversal", include_str!("../../experiments/bandit-reversal.toml")),
    ("recall", include_str!("../../experiments/recall.toml")),
    ("vibration", include_str!("../../experiments/vibration.toml")),
    ("japanese-vowels", include_str!("../../experiments/japanese-vowels.toml")),
];

/// The names of the built-in experiments.
#[must_use]
pub fn names() -> Vec<&'static str> {
    BUILT_IN.iter().map(|(name, _)| *name).collect()
}
