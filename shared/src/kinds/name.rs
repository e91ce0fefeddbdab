//! Names that an artifact brings: of populations, and of its task. It knows nothing of what has the name.
//!
//! Reports and terminals show them, and a chip must refuse what a host computer refuses. Printable ASCII is the same
//! everywhere, and needs no table of Unicode's categories, which grows from version to version.

/// The reason for which a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name's byte 0x{0:02x} is not printable ASCII (0x20 to 0x7e)")]
pub struct NameError(pub u8);

/// Checks that a name has printable ASCII characters only, 0x20 to 0x7e.
///
/// # Errors
/// The first byte that is none.
pub fn check_name(name: &str) -> Result<(), NameError> {
    name.bytes().find(|byte| !(0x20..=0x7e).contains(byte)).map_or(Ok(()), |byte| Err(NameError(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_printable_ascii_is_a_name() {
        for name in ["", "input", "map 1>map 2 ~"] {
            assert_eq!(check_name(name), Ok(()));
        }
        for (name, byte) in
            [("a\u{1b}[2J", 0x1b), ("a\n", 0x0a), ("\u{7f}", 0x7f), ("a\u{202e}b", 0xe2), ("\u{0}", 0)]
        {
            assert_eq!(check_name(name), Err(NameError(byte)));
        }
    }
}
