//! The `[task]` table of a TOML file.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use metaplastic_files::text;
use metaplastic_task as task;
use toml::{Table, Value};

/// Tables that a file may have: those of an experiment.
const TABLES: [&str; 3] = ["task", "network", "meta"];

/// The text of the `[task]` table of a file, which may be a whole experiment; a path of data in it becomes one from
/// the working directory.
pub(super) fn read(path: &Path) -> Result<String> {
    let text = text::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
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
