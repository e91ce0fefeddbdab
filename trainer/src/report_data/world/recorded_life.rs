//! A recorded life in a world: the paths, the commands and what was sensed, as the report draws them.

use metaplastic_report::data::RecordedTrace;
use metaplastic_report::world_data::{RecordedCoordinate, RecordedLife};
use metaplastic_shared::network::NetworkDescription;
use metaplastic_task::episode::Episode;
use metaplastic_task::world::record::{LifeRecord, Tracking};

/// The label of the network's path.
const NETWORK: &str = "this network";

/// A path in the same life of another that acts in it.
pub(in super::super) struct PathBeside {
    pub(super) label: String,
    pub(super) tracking: Vec<Tracking>,
}

/// The life of an episode; `analog` are the values that were sensed in it, in rows.
pub(in super::super) fn recorded_life(
    network: &NetworkDescription,
    episode: &Episode,
    record: &LifeRecord,
    analog: &[f32],
    beside: &[PathBeside],
) -> RecordedLife {
    let changes = episode.world.as_ref().map_or_else(Vec::new, |world| world.begin().changes());
    let (steps, commands) = (episode.steps, network.command().map_or(0, |_| record.commands.len() / episode.steps));
    let of_commands = |column: usize| column_trace(format!("command {column}"), &record.commands, commands, column);
    let of_senses = |(column, label): (usize, String)| column_trace(label, analog, analog.len() / steps, column);
    RecordedLife {
        changes,
        coordinates: coordinates(&record.tracking, beside, steps),
        commands: (0..commands).map(of_commands).collect(),
        senses: analog_names(network).into_iter().enumerate().map(of_senses).collect(),
    }
}

/// A column of rows.
fn column_trace(label: String, rows: &[f32], width: usize, column: usize) -> RecordedTrace {
    RecordedTrace { label, values: rows.iter().skip(column).step_by(width.max(1)).copied().collect() }
}

/// The names of the analog values of a step.
fn analog_names(network: &NetworkDescription) -> Vec<String> {
    let analog = network.populations.iter().filter(|population| population.is_analog());
    let names = analog
        .flat_map(|population| (0..population.size).map(|number| format!("{} {number}", population.name.as_str())));
    names.collect()
}

/// Desired and actual values of each coordinate, with the network's path first.
fn coordinates(tracking: &[Tracking], beside: &[PathBeside], steps: usize) -> Vec<RecordedCoordinate> {
    let count = tracking.len() / steps;
    let coordinate = |number: usize| {
        let actual = |label: &str, tracking: &[Tracking]| RecordedTrace {
            label: label.to_owned(),
            values: tracking.iter().skip(number).step_by(count).map(|step| step.actual as f32).collect(),
        };
        let others = beside.iter().map(|path| actual(&path.label, &path.tracking));
        let desired = tracking.iter().skip(number).step_by(count).map(|step| step.desired);
        RecordedCoordinate {
            label: if count == 1 { String::new() } else { format!("coordinate {}", number + 1) },
            desired: desired.map(|value| (!value.is_nan()).then_some(value as f32)).collect(),
            actual: std::iter::once(actual(NETWORK, tracking)).chain(others).collect(),
        }
    };
    (0..count).map(coordinate).collect()
}
