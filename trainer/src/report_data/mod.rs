//! What a report shows, collected: a training's folder is read, an episode is recorded on the host body.

mod collect;
mod pictures;
mod record;

pub use collect::collect;
pub use record::{Recording, record};
