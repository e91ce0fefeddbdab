//! What an artifact contains, in words and figures: populations, projections, rules as equations, flash and RAM.

mod board;
mod inspection;
mod population;
mod projection;
mod quantity;
mod training;

pub use board::BoardLine;
pub use inspection::{CommandLine, Inspection, inspect};
pub use population::PopulationLine;
pub use projection::{PlasticityLine, ProjectionLine};
pub use training::{ReachedLine, TrainingLine};
