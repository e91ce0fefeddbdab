//! Where each value is among what the arm's controller senses: of each joint its PD command, angle, speed, desired angle and
//! desired speed; and all about the load behind them, if it is sensed. This file may not know their values.

use std::ops::Range;

pub(in crate::world) const COMMANDS: Range<usize> = 0..2;
pub(in crate::world) const ANGLES: Range<usize> = 2..4;
pub(in crate::world) const SPEEDS: Range<usize> = 4..6;
pub(in crate::world) const DESIRED_ANGLES: Range<usize> = 6..8;
pub(in crate::world) const DESIRED_SPEEDS: Range<usize> = 8..10;
/// Payload, frictions and strengths.
pub(in crate::world) const LOAD: Range<usize> = 10..15;
