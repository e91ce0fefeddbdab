//! Frames over a byte stream, with a deadline. It knows where a frame ends, which is a zero byte, but not what is
//! in it.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::error::BodyError;

/// The interval of requests to a chip that is silent.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);

/// Both halves of a byte stream.
pub(super) struct FrameStream<W> {
    writer: W,
    chunks: Receiver<Vec<u8>>,
    pending: Vec<u8>,
    timeout: Duration,
}

impl<W: Write> FrameStream<W> {
    /// Reads in a thread of its own, so that waiting for a chip that hangs can end.
    pub(super) fn new(mut reader: impl Read + Send + 'static, writer: W, timeout: Duration) -> Self {
        let (sender, chunks) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { writer, chunks, pending: Vec::new(), timeout }
    }

    /// Writes bytes and flushes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), BodyError> {
        let written = self.writer.write_all(bytes).and_then(|()| self.writer.flush());
        written.map_err(|_| BodyError::Ended(String::new()))
    }

    /// The next frame, without its zero byte.
    pub(super) fn frame(&mut self) -> Result<Vec<u8>, BodyError> {
        let deadline = Instant::now() + self.timeout;
        loop {
            if let Some(zero) = self.pending.iter().position(|byte| *byte == 0) {
                let mut frame: Vec<u8> = self.pending.drain(..=zero).collect();
                frame.pop();
                return Ok(frame);
            }
            let chunk = self.chunk(deadline.saturating_duration_since(Instant::now()))?;
            self.pending.extend(chunk.ok_or_else(|| self.timed_out())?);
        }
    }

    /// Ends the frame that the chip may be reading, waits until it sends anything, and drops what it sends until
    /// the line has been silent for the given time.
    pub(super) fn resynchronise(&mut self, silence: Duration) -> Result<(), BodyError> {
        let deadline = Instant::now() + self.timeout;
        loop {
            self.write(&[0])?;
            if self.chunk(PROBE_INTERVAL.min(self.timeout))?.is_some() {
                break;
            }
            if Instant::now() >= deadline {
                return Err(self.timed_out());
            }
        }
        while self.chunk(silence)?.is_some() {}
        self.pending.clear();
        Ok(())
    }

    /// The next bytes, if any arrive within a time.
    fn chunk(&mut self, within: Duration) -> Result<Option<Vec<u8>>, BodyError> {
        match self.chunks.recv_timeout(within) {
            Ok(chunk) => Ok(Some(chunk)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(BodyError::Ended(String::new())),
        }
    }

    fn timed_out(&self) -> BodyError {
        BodyError::Timeout(self.timeout.as_secs())
    }
}
