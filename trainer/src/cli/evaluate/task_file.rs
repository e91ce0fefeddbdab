//! The `[task]` table of a TOML file.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use metaplastic_files::regular;
use metaplastic_learn::experiment;
use metaplastic_task as task;
use toml::{Table, Value};

/// Tables that a file may have: those of an experiment.
const TABLES: [&str; 3] = ["task", "network", "meta"];

/// The file, with the line of a key such as `task.cues` if it is there.
pub(super) fn position(path: &Path, field: Option<&str>) -> String {
    let line = text(path).ok().zip(field).and_then(|(text, field)| experiment::line(&text, field));
    format!("{}{}", path.display(), line.map(|line| format!(":{line}")).unwrap_or_default())
}

fn text(path: &Path) -> Result<String> {
    let text = regular::read_text(path, regular::MOST_TEXT);
    text.with_context(|| format!("{}: cannot be read", path.display()))
}

/// The text of the `[task]` table of a file, which may be a whole experiment; a path of data in it becomes one from
/// the working directory.
pub(super) fn read(path: &Path) -> Result<String> {
    let text = text(path)?;
    let mut file: Table =
        toml::from_str(&text).map_err(|error| anyhow!("{}: {}", path.display(), error.to_string().trim_end()))?;
    if let Some(key) = file.keys().find(|key| !TABLES.contains(&key.as_str())) {
        bail!(
            "{}: unknown key {key:?}; the file has a [task] table and may have [network] and [meta]",
            path.display()
        );
    }
    let Some(Value::Table(mut task)) = file.remove("task") else {
        bail!("{}: has no [task] table; give it one, with a name", path.display());
    };
    task::locate_data(&mut task, path, None);
    Ok(toml::to_string(&task)?)
}
