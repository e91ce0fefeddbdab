//! Starting a body by its name.

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Network, NetworkStorage};

use super::emulator::Emulator;
use super::error::BodyError;
use super::host::Host;
use super::interface::Body;
use super::name::BodyName;
use super::serial::Serial;

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
