//! A real board as a body: its firmware at a serial port.

use std::io::{self, ErrorKind, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};
use std::time::Duration;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{Identity, Ran};
use serialport::{ErrorKind as PortErrorKind, SerialPort};

use super::emulator::patience;
use super::{Body, BodyError, Client, Tally};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_task::episode::Episode;

/// How long the reading thread waits before it looks whether anyone still listens.
const GLANCE: Duration = Duration::from_millis(200);
/// So long must the line be silent before a conversation begins: what an interrupted one left behind has then passed.
const SILENCE: Duration = Duration::from_millis(300);

/// A flashed board.
pub struct Serial {
    client: Client<Box<dyn SerialPort>>,
    identity: Identity,
    _listener: Listener,
}

impl Serial {
    /// Opens a port, 8 data bits, no parity, one stop bit, and asks whether the board there has this artifact.
    ///
    /// # Errors
    /// If the port cannot be opened, or the board does not answer or has other firmware or another artifact.
    pub fn open(port: &str, baud: u32, artifact: &ArtifactFile) -> Result<Self, BodyError> {
        let patience = patience()?;
        let refused = |error| refused(port, &error);
        let writer = serialport::new(port, baud).timeout(patience).open().map_err(refused)?;
        let mut reader = writer.try_clone().map_err(refused)?;
        reader.set_timeout(GLANCE).map_err(refused)?;
        let (listener, ear) = Listener::new(reader);
        let mut client = Client::new(ear, writer, patience);
        client.resynchronise(SILENCE)?;
        let identity = client.identify(artifact.artifact().checksum())?;
        Ok(Self { client, identity, _listener: listener })
    }

    /// Who the firmware says it is.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Runs as many steps as fit one message and says what they did and cost.
    ///
    /// # Errors
    /// If the firmware does not answer or refuses.
    pub fn run_some(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Ran, BodyError> {
        self.client.run_some(episode, steps)
    }
}

/// Who listens to a port. When dropped, it waits until the port is closed, so that it can be opened again.
struct Listener {
    listening: Option<Arc<()>>,
    closed: Receiver<()>,
}

/// The reading end of a port. A port that is silent has not ended; it ends when nobody listens any more.
struct Ear {
    port: Box<dyn SerialPort>,
    listening: Weak<()>,
    _closed: Sender<()>,
}

impl Listener {
    fn new(port: Box<dyn SerialPort>) -> (Self, Ear) {
        let (listening, (sender, closed)) = (Arc::new(()), channel());
        let ear = Ear { port, listening: Arc::downgrade(&listening), _closed: sender };
        (Self { listening: Some(listening), closed }, ear)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.listening = None;
        // Nothing is ever sent: this returns when the ear is gone.
        let _ = self.closed.recv();
    }
}

impl Read for Ear {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.listening.strong_count() > 0 {
            match self.port.read(buffer) {
                Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
                result => return result,
            }
        }
        Ok(0)
    }
}

fn refused(port: &str, error: &serialport::Error) -> BodyError {
    let names = ports();
    let why = match error.kind() {
        PortErrorKind::Io(ErrorKind::PermissionDenied) => {
            format!("{error}; on Linux, ports belong to the group dialout: `sudo usermod -aG dialout $USER`")
        }
        _ if !names.iter().any(|name| name == port) && !Path::new(port).exists() => {
            let there = if names.is_empty() { "none".into() } else { names.join(", ") };
            format!("no such serial port; there are: {there}")
        }
        _ => format!("{error}; is it a serial port, and not used by another program?"),
    };
    BodyError::Port { port: port.to_owned(), why }
}

fn ports() -> Vec<String> {
    serialport::available_ports().unwrap_or_default().into_iter().map(|port| port.port_name).collect()
}

impl Body for Serial {
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        self.client.reset(freeze)
    }

    fn rest(&mut self) -> Result<(), BodyError> {
        self.client.rest()
    }

    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Tally, BodyError> {
        self.client.run(episode, steps)
    }

    fn state_hash(&mut self) -> Result<u64, BodyError> {
        self.client.state_hash()
    }

    fn plastic(&mut self, projection: usize, synapses: usize) -> Result<Vec<i16>, BodyError> {
        self.client.plastic(projection, synapses)
    }

    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        self.client.write_plastic(projection, weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_open_a_port_is_told_what_helps() {
        let denied = serialport::Error::new(PortErrorKind::Io(ErrorKind::PermissionDenied), "denied");
        let said = refused("/dev/ttyACM0", &denied).to_string();
        assert!(said.starts_with("/dev/ttyACM0: denied") && said.contains("dialout"), "{said}");
    }
}
