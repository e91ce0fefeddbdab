//! The boards the firmware can be built for: `runtime/firmware/boards.toml`, read at compile time.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::BodyError;

const TABLE: &str = include_str!("../../../runtime/firmware/boards.toml");

/// What running an emulated board takes; the firmware's build reads the rest of the table.
#[derive(Clone, Debug, Deserialize)]
pub struct Board {
    /// The core, for readers.
    pub core: String,
    /// QEMU's machine.
    pub machine: String,
    /// QEMU's processor.
    pub cpu: String,
}

fn table() -> BTreeMap<String, Board> {
    toml::from_str(TABLE).expect("boards.toml is part of this program and is tested")
}

/// The names of all boards.
#[must_use]
pub fn names() -> Vec<String> {
    table().into_keys().collect()
}

/// A board by name.
///
/// # Errors
/// [`BodyError::UnknownBoard`], with the names there are.
pub fn board(name: &str) -> Result<Board, BodyError> {
    table().remove(name).ok_or_else(|| BodyError::UnknownBoard { name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        assert_eq!(board("mps2-an386").unwrap().cpu, "cortex-m4");
        assert!(board("abacus").unwrap_err().to_string().contains("mps2-an386"));
    }
}
