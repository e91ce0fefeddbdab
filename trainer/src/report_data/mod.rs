//! Collects the data of a report: reads the folder of a training and records an episode on the host body.

mod collect;
mod life;
mod metrics_table;
mod pictures;
mod plastic_recorder;
mod record;
mod request;
mod world;

pub use collect::collect;
pub use record::{Recording, record};
pub use request::ReportRequest;
