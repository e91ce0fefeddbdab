//! The job readme: every command of README.md and of the pages of docs/ works as it is written.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, ffi};

use anyhow::{Context, Result, ensure};

use crate::process::{repository, run, run_within, seconds, target_folder};
use crate::setup::setup;

/// The page that begins in an empty folder, with the installed program.
const IN_AN_EMPTY_FOLDER: &str = "docs/first-hour.md";

/// Where the commands of a page run.
struct WorkingFolder {
    folder: PathBuf,
    /// Where programs are looked for.
    path: ffi::OsString,
}

pub(crate) fn readme() -> Result<()> {
    // The lane that runs setup may not have finished it.
    setup()?;
    let limit = Duration::from_secs(seconds("README_COMMAND_LIMIT", 600)?);
    let mut done = HashSet::new();
    pages()?.iter().try_for_each(|page| run_page(page, limit, &mut done))
}

/// README.md, then the pages by name; without those that only point to them.
fn pages() -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(repository().join("docs")).context("docs")?;
    let mut pages = files.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    pages.insert(0, repository().join("README.md"));
    Ok(pages)
}

/// Runs what no page before it has run, which `done` has.
fn run_page(page: &Path, limit: Duration, done: &mut HashSet<String>) -> Result<()> {
    let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let commands = commands(&text);
    ensure!(!commands.is_empty() || !page.ends_with("README.md"), "README.md has no command to run");
    let (skipped, commands): (Vec<_>, Vec<_>) =
        commands.into_iter().partition(|command| command.contains("tests/run.sh"));
    skipped.iter().for_each(|command| println!("SKIPPED, it would run this program again: {command}"));
    let is_alone = page.ends_with(IN_AN_EMPTY_FOLDER);
    let commands: Vec<_> =
        commands.into_iter().filter(|command| is_alone || done.insert(command.clone())).collect();
    if commands.is_empty() {
        return Ok(());
    }
    println!("{}", page.display());
    let mut working = working_folder(page)?;
    for command in &commands {
        println!("$ {command}");
        match command.strip_prefix("cd ") {
            Some(folder) => working.folder.push(folder),
            None => run_command(command, &working, limit)?,
        }
    }
    Ok(())
}

fn working_folder(page: &Path) -> Result<WorkingFolder> {
    let path = env::var_os("PATH").unwrap_or_default();
    if !page.ends_with(IN_AN_EMPTY_FOLDER) {
        return Ok(WorkingFolder { folder: repository().to_owned(), path });
    }
    run(Command::new("cargo").args(["build", "--quiet", "--release"]))?;
    let folder = target_folder().join("first-hour");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let programs = std::iter::once(target_folder().join("release")).chain(env::split_paths(&path));
    Ok(WorkingFolder { folder, path: env::join_paths(programs)? })
}

fn run_command(command: &str, working: &WorkingFolder, limit: Duration) -> Result<()> {
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", &repeatable(command)]).stdin(Stdio::null());
    run_within(limit, shell.current_dir(&working.folder).env("PATH", &working.path))
}

/// A training as it is written trains into a new folder only; the job may have been run before.
fn repeatable(command: &str) -> String {
    let overwrite = if command.contains(" train ") { " --overwrite" } else { "" };
    format!("{command}{overwrite}")
}

/// The commands in blocks of `console` and `sh`: lines that start with `$ `, and those that a backslash at the end
/// continues.
fn commands(text: &str) -> Vec<String> {
    let (mut commands, mut inside, mut continued) = (Vec::<String>::new(), false, false);
    for line in text.lines() {
        if line.starts_with("```") {
            (inside, continued) = (matches!(line, "```console" | "```sh"), false);
        } else if inside {
            let begun = line.strip_prefix("$ ");
            let (part, is_continued) = split_backslash(begun.unwrap_or(line));
            match commands.last_mut().filter(|_| continued) {
                Some(command) => *command += &format!(" {}", part.strip_prefix("> ").unwrap_or(part)),
                None if begun.is_some() => commands.push(part.to_owned()),
                None => continue,
            }
            continued = is_continued;
        }
    }
    commands
}

fn split_backslash(line: &str) -> (&str, bool) {
    line.strip_suffix('\\').map_or((line, false), |line| (line, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_taken_from_consoles_alone() {
        let text = "$ no\n```console\n$ one\nprinted\n$ two \\\n> --flag \\\n  end\n```\n```rust\n$ no\n```\n```sh\nno\n$ three\n```\n";
        assert_eq!(commands(text), ["one", "two  --flag    end", "three"]);
    }
}
