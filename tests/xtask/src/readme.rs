//! The job readme: every command of README.md works as it is written.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::{run_within, seconds};
use crate::setup::setup;

pub(crate) fn readme() -> Result<()> {
    // The lane that runs setup may not have finished it.
    setup()?;
    let limit = Duration::from_secs(seconds("README_COMMAND_LIMIT", 600)?);
    let text = fs::read_to_string("README.md").context("README.md")?;
    let commands = commands(&text);
    let (skipped, run): (Vec<_>, Vec<_>) = commands.iter().partition(|command| command.contains("tests/run.sh"));
    skipped.iter().for_each(|command| println!("SKIPPED, it would run this program again: {command}"));
    ensure!(!run.is_empty(), "README.md has no command to run");
    for command in run {
        println!("$ {command}");
        run_within(limit, Command::new("bash").args(["-euo", "pipefail", "-c", command]).stdin(Stdio::null()))?;
    }
    Ok(())
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
