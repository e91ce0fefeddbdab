//! Commands: the format of their gain.

use metaplastic_shared::format::CommandFormat;
use metaplastic_shared::network::Command;

use super::format_line::FormatLine;
use super::grid::{exponent, to_i16};
use super::trained::TrainedNetwork;
use crate::model::Parameter;

/// The format of the gain, if the network has commands: the finest in which it fits. A gain that rounds to zero is refused
/// where the artifact is encoded.
pub(super) fn format(trained: TrainedNetwork<'_>) -> Option<CommandFormat> {
    trained.model.network.command()?;
    let gain = trained.positive(Parameter::ReadoutGain);
    let gain_exponent = exponent(gain, i16::MAX, 0, 15);
    Some(CommandFormat { gain: to_i16(gain, gain_exponent), gain_exponent: gain_exponent as u8 })
}

/// The formats of gain and commands, for the table; the range of commands is that which their format has.
pub(super) fn lines(trained: TrainedNetwork<'_>, format: Option<&CommandFormat>) -> Vec<FormatLine> {
    let (Some(Command { exponent }), Some(format)) = (trained.model.network.command(), format) else {
        return Vec::new();
    };
    let gain = trained.positive(Parameter::ReadoutGain);
    let range = (15.0 - f32::from(exponent)).exp2();
    vec![
        FormatLine::new("readout.gain".into(), gain, 16, format.gain_exponent.into()),
        FormatLine::new("readout.command".into(), range, 16, exponent.into()),
    ]
}
