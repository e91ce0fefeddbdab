//! The files of the template, as this program carries them.

use crate::source::SOURCE;

const FOLDER: &str = "template/";
/// The folder of what a board alone has, in a folder of its binary's name.
pub(super) const BOARDS: &str = "boards/";

/// Paths in the template's folder, and contents.
pub(super) fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    SOURCE.iter().filter_map(|(path, contents)| Some((path.strip_prefix(FOLDER)?, *contents)))
}

/// The text of a file that a board alone has; none if it has none of this name.
pub(super) fn of_board(binary: &str, file: &str) -> Option<&'static str> {
    let wanted = format!("{BOARDS}{binary}/{file}");
    let (_, contents) = files().find(|(path, _)| *path == wanted)?;
    std::str::from_utf8(contents).ok()
}
