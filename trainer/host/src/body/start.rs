//! Starting a body by its name.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Network, NetworkStorage};
use metaplastic_shared::board::Board;

use super::emulator::Emulator;
use super::error::BodyError;
use super::host::Host;
use super::interface::Body;
use super::name::BodyName;
use super::serial::Serial;

/// Like [`with_body`]; an emulator that can counts the instructions of every step, in emulated time.
///
/// # Errors
/// If the body is not available; and those of the call.
pub fn with_counting_body<T, E: From<BodyError>>(
    name: &BodyName,
    artifact: &ArtifactFile,
    call: impl FnOnce(&mut dyn Body) -> Result<T, E>,
) -> Result<T, E> {
    match name {
        BodyName::Emulator(board) if Board::named(board).is_some_and(|board| board.qemu().is_some()) => {
            call(&mut Emulator::start_counting(board, artifact)?)
        }
        name => with_body(name, artifact, call),
    }
}

/// Starts the body of a name with an artifact, and calls with it; it ends behind the call.
///
/// # Errors
/// If the body is not available; and those of the call.
pub fn with_body<T, E: From<BodyError>>(
    name: &BodyName,
    artifact: &ArtifactFile,
    call: impl FnOnce(&mut dyn Body) -> Result<T, E>,
) -> Result<T, E> {
    match name {
        BodyName::Host => {
            let decoded = artifact.artifact();
            let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&decoded)]);
            call(&mut Host::new(decoded, &mut storage).map_err(BodyError::from)?)
        }
        BodyName::Emulator(board) => call(&mut Emulator::start(board, artifact)?),
        BodyName::Serial { port, baud } => call(&mut Serial::open(port, *baud, artifact)?),
    }
}
