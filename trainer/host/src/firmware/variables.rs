//! The environment variables that building and flashing read, as help texts and errors name them.

/// The folder of the firmware's source.
pub const FOLDER_VARIABLE: &str = "METAPLASTIC_FIRMWARE";
/// The debug probe to flash with, where there are several; probe-rs reads it.
pub const PROBE_VARIABLE: &str = "PROBE_RS_PROBE";
