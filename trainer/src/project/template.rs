//! The template: real files in the folder `template`, with the name `starter` for the project's.
//!
//! A folder with a `Cargo.toml` would be a package of its own and left out of this one: it is called `package.toml` there.
//! What begins with a dot is called `dot-` there.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use metaplastic_shared::board::Board;

use crate::source::SOURCE;

const FOLDER: &str = "template/";
/// The project's name in the template.
const NAME: &str = "starter";
/// Scripts, which can be run.
const SCRIPT: &str = ".sh";

/// Refuses a board that the template has no main loop for.
pub(super) fn check_board(board: &Board) -> Result<()> {
    let names: Vec<_> =
        files().filter_map(|(path, _)| path.strip_prefix("firmware/src/bin/")?.strip_suffix(".rs")).collect();
    if names.contains(&board.binary) {
        return Ok(());
    }
    let boards = metaplastic_shared::board::BOARDS.iter().filter(|board| names.contains(&board.binary));
    let boards: Vec<_> = boards.map(|board| board.name).collect();
    bail!("--board: there is no template for '{}' yet; there is one for: {}", board.name, boards.join(", "))
}

/// Writes the template's files into a folder, with a name.
pub(super) fn write(name: &str, folder: &Path) -> Result<()> {
    for (path, contents) in files() {
        let target = folder.join(target(path));
        fs::create_dir_all(target.parent().unwrap_or(folder))?;
        let text = std::str::from_utf8(contents).with_context(|| path.to_owned())?;
        fs::write(&target, named(path, text, name)).with_context(|| target.display().to_string())?;
        if path.ends_with(SCRIPT) {
            make_executable(&target)?;
        }
    }
    Ok(())
}

fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    SOURCE.iter().filter_map(|(path, contents)| Some((path.strip_prefix(FOLDER)?, *contents)))
}

/// The path of a template's file in the project.
fn target(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "package.toml" => "Cargo.toml".to_owned(),
        part => part.strip_prefix("dot-").map_or_else(|| part.to_owned(), |name| format!(".{name}")),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// In Rust a name has no dashes, and a type's begins with a capital letter.
fn named(path: &str, text: &str, name: &str) -> String {
    if !path.ends_with(".rs") {
        return text.replace(NAME, name);
    }
    // The name of the task is a text.
    let text = text.replace(&format!("\"{NAME}\""), &format!("\"{name}\""));
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    text.replace(&capital(NAME), &name.split('-').filter(|word| !word.is_empty()).map(capital).collect::<String>())
        .replace(NAME, &name.replace('-', "_"))
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_get_their_own_names_back() {
        assert_eq!(target("firmware/package.toml"), "firmware/Cargo.toml");
        assert_eq!(target("dot-github/workflows/ci.yml"), ".github/workflows/ci.yml");
        assert_eq!(target("src/lib.rs"), "src/lib.rs");
    }

    #[test]
    fn the_name_is_written_as_each_file_needs_it() {
        let text = "use starter_encoder::X; const NAME: &str = \"starter\"; struct Starter;";
        let named = named("src/lib.rs", text, "my-pump");
        assert_eq!(named, "use my_pump_encoder::X; const NAME: &str = \"my-pump\"; struct MyPump;");
        assert_eq!(super::named("package.toml", "starter-encoder = 1", "my-pump"), "my-pump-encoder = 1");
    }

    #[test]
    fn boards_without_a_main_loop_are_refused_with_those_that_have_one() {
        check_board(Board::named("pico").unwrap()).unwrap();
        check_board(Board::named("mps2-an386").unwrap()).unwrap();
        let refused = check_board(Board::named("nrf52840-dk").unwrap()).unwrap_err().to_string();
        assert!(refused.contains("'nrf52840-dk'") && refused.contains("pico"), "{refused}");
    }
}
