//! The template: real files in the folder `template`, with the name `starter` for the project's, and `%board%` and others
//! for what differs between boards.
//!
//! A folder with a `Cargo.toml` would be a package of its own and left out of this one: it is called `package.toml` there.
//! What begins with a dot is called `dot-` there. What only one board has is in a folder of its name in `boards/`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::board::ProjectBoard;
use super::files::{BOARDS, files};

/// The project's name in the template.
const NAME: &str = "starter";
/// Scripts, which can be run.
const SCRIPT: &str = ".sh";

/// Writes the template's files into a folder, with a name, for a board.
pub(super) fn write(name: &str, board: &ProjectBoard, folder: &Path) -> Result<()> {
    for (path, contents) in files() {
        let Some(target) = target(path, board) else { continue };
        let text = std::str::from_utf8(contents).with_context(|| path.to_owned())?;
        let target = folder.join(target);
        write_file(&target, &named(path, &board.fill(text), name)).with_context(|| target.display().to_string())?;
    }
    Ok(())
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, text)?;
    if path.to_string_lossy().ends_with(SCRIPT) {
        make_executable(path)?;
    }
    Ok(())
}

/// The path of a template's file in the project; none if it is another board's, or a part of another file.
fn target(path: &str, board: &ProjectBoard) -> Option<String> {
    if let Some(own) = path.strip_prefix(BOARDS) {
        return (own == format!("{}/main.rs", board.binary()))
            .then(|| format!("firmware/src/bin/{}.rs", board.binary()));
    }
    let parts = path.split('/').map(|part| match part {
        "package.toml" => "Cargo.toml".to_owned(),
        part => part.strip_prefix("dot-").map_or_else(|| part.to_owned(), |name| format!(".{name}")),
    });
    Some(parts.collect::<Vec<_>>().join("/"))
}

/// In Rust a name has no dashes.
fn named(path: &str, text: &str, name: &str) -> String {
    if !path.ends_with(".rs") {
        return text.replace(NAME, name);
    }
    // The name of the task, alone and in a command, is a text.
    let text = text
        .replace(&format!("\"{NAME}\""), &format!("\"{name}\""))
        .replace(&format!("train {NAME} "), &format!("train {name} "));
    text.replace(&capital(NAME), &name.split('-').filter(|word| !word.is_empty()).map(capital).collect::<String>())
        .replace(NAME, &name.replace('-', "_"))
}

/// The word as in the name of a type.
fn capital(word: &str) -> String {
    word[..1].to_ascii_uppercase() + &word[1..]
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
    use metaplastic_shared::board::Board;

    use super::*;

    fn pico() -> ProjectBoard {
        ProjectBoard::new(Board::named("pico").unwrap()).unwrap()
    }

    #[test]
    fn files_get_their_own_names_back() {
        let target = |path| target(path, &pico());
        assert_eq!(target("firmware/package.toml").unwrap(), "firmware/Cargo.toml");
        assert_eq!(target("dot-github/workflows/ci.yml").unwrap(), ".github/workflows/ci.yml");
        assert_eq!(target("src/lib.rs").unwrap(), "src/lib.rs");
    }

    #[test]
    fn of_the_boards_only_the_projects_own_comes_along() {
        let target = |path| target(path, &pico());
        assert_eq!(target("boards/pico/main.rs").unwrap(), "firmware/src/bin/pico.rs");
        assert_eq!(target("boards/pico/dependencies.toml"), None);
        assert_eq!(target("boards/nrf52840-dk/main.rs"), None);
    }

    #[test]
    fn the_name_is_written_as_each_file_needs_it() {
        let text =
            "//! train starter --out\nuse starter_encoder::X; const NAME: &str = \"starter\"; struct Starter;";
        let named = named("src/lib.rs", text, "my-pump");
        assert_eq!(
            named,
            "//! train my-pump --out\nuse my_pump_encoder::X; const NAME: &str = \"my-pump\"; struct MyPump;"
        );
        assert_eq!(super::named("package.toml", "starter-encoder = 1", "my-pump"), "my-pump-encoder = 1");
    }
}
