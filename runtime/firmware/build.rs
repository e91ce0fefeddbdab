//! Fits the firmware to the board and the artifact that the environment names. There is nothing to fit where the package is
//! its own files as data.

#[cfg(feature = "board")]
fn main() -> Result<(), metaplastic_build::EmbedError> {
    metaplastic_build::embed_from_environment()
}

#[cfg(not(feature = "board"))]
fn main() {}
