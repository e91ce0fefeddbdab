//! A real board as a body: its firmware at a serial port.

use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};
use std::time::Duration;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_shared::wire::Identity;
use serialport::{ErrorKind as PortErrorKind, SerialPort};

use super::client::Client;
use super::error::BodyError;
use super::expected::Expected;
use super::remote::Remote;
use super::timeout::timeout;

/// How often the reading thread checks whether the port is still in use.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// A flashed board.
pub struct Serial {
    client: Client<Box<dyn SerialPort>>,
    _port_handle: PortHandle,
}

impl Serial {
    /// Opens a port, 8 data bits, no parity, one stop bit, and checks that the board there has this artifact.
    ///
    /// # Errors
    /// If the port cannot be opened, or the board does not answer or has other firmware or another artifact.
    pub fn open(port: &str, baud: u32, artifact: &ArtifactFile) -> Result<Self, BodyError> {
        let timeout = timeout()?;
        let refused = |error| refused(port, &error);
        let writer = serialport::new(port, baud).timeout(timeout).open().map_err(refused)?;
        let mut reader = writer.try_clone().map_err(refused)?;
        reader.set_timeout(POLL_INTERVAL).map_err(refused)?;
        let (port_handle, port_reader) = PortHandle::new(reader);
        let expected = Expected::of(&artifact.artifact());
        let client = Client::attach(port_reader, writer, expected, timeout).map_err(|error| error.at(port))?;
        Ok(Self { client, _port_handle: port_handle })
    }

    /// The identity of the firmware.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.client.identity()
    }
}

impl Remote for Serial {
    type Stream = Box<dyn SerialPort>;

    fn call<T>(
        &mut self,
        request: impl FnOnce(&mut Client<Self::Stream>) -> Result<T, BodyError>,
    ) -> Result<T, BodyError> {
        request(&mut self.client)
    }

    fn is_hardware(&self) -> bool {
        true
    }
}

/// Keeps a port open. Dropping it waits until the port is closed, so that it can be opened again.
struct PortHandle {
    open: Option<Arc<()>>,
    closed: Receiver<()>,
}

/// The reading end of a port. A silent port has not ended; it ends when its handle is dropped.
struct PortReader {
    port: Box<dyn SerialPort>,
    open: Weak<()>,
    _closed: Sender<()>,
}

impl PortHandle {
    fn new(port: Box<dyn SerialPort>) -> (Self, PortReader) {
        let (open, (sender, closed)) = (Arc::new(()), channel());
        let port_reader = PortReader { port, open: Arc::downgrade(&open), _closed: sender };
        (Self { open: Some(open), closed }, port_reader)
    }
}

impl Drop for PortHandle {
    fn drop(&mut self) {
        self.open = None;
        // Nothing is ever sent: this returns when the reader, which has the sender, is dropped.
        let _ = self.closed.recv();
    }
}

impl Read for PortReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.open.strong_count() > 0 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_without_permission_is_refused_with_what_helps() {
        let denied = serialport::Error::new(PortErrorKind::Io(ErrorKind::PermissionDenied), "denied");
        let message = refused("/dev/ttyACM0", &denied).to_string();
        assert!(message.starts_with("/dev/ttyACM0: denied") && message.contains("dialout"), "{message}");
    }
}
