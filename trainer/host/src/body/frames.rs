//! Frames over a byte stream. It knows where a frame ends, which is a zero byte, but not what is in it.
//!
//! Every wait has a deadline, and what arrives takes a bounded amount of memory, however much it is.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use metaplastic_shared::wire::MAX_FRAME;

use super::error::BodyError;

/// Bytes of one read.
const CHUNK: usize = 4096;
/// Reads that may wait to be processed; the reading thread then stops until one is.
const CHUNKS: usize = 16;
/// The most bytes of what arrived that an error quotes.
const QUOTE: usize = 24;
/// A frame whose bytes stop coming for this long is not going to end.
const BREAK: Duration = Duration::from_secs(1);

/// What arrived until a deadline.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// A frame, without its zero byte.
    Frame(Vec<u8>),
    /// More bytes without a zero than a frame can have, or fewer and then none for [`BREAK`].
    NoFrame,
    /// Nothing.
    Silence,
}

/// Both halves of a byte stream.
pub(super) struct FrameStream<W> {
    writer: W,
    chunks: Receiver<Vec<u8>>,
    /// Bytes behind the last frame.
    pending: Vec<u8>,
    arrived: Arrived,
}

/// How much has arrived since it was last asked for, and the end of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arrived {
    bytes: u64,
    last: Vec<u8>,
}

impl Arrived {
    fn add(&mut self, chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        self.last.extend_from_slice(&chunk[chunk.len().saturating_sub(QUOTE)..]);
        self.last.drain(..self.last.len().saturating_sub(QUOTE));
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.bytes == 0
    }
}

impl std::fmt::Display for Arrived {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_nothing() {
            return formatter.write_str("nothing arrived");
        }
        let ending = if self.bytes > self.last.len() as u64 { "ending in " } else { "" };
        write!(formatter, "{} bytes arrived, {ending}\"{}\"", self.bytes, self.last.escape_ascii())
    }
}

impl<W: Write> FrameStream<W> {
    /// Reads in a thread of its own, so that waiting for a chip that hangs can end.
    pub(super) fn new(mut reader: impl Read + Send + 'static, writer: W) -> Self {
        let (sender, chunks) = sync_channel(CHUNKS);
        thread::spawn(move || {
            let mut buffer = [0; CHUNK];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { writer, chunks, pending: Vec::new(), arrived: Arrived::default() }
    }

    /// Writes bytes and flushes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), BodyError> {
        let written = self.writer.write_all(bytes).and_then(|()| self.writer.flush());
        written.map_err(|_| BodyError::Ended(None))
    }

    /// What has arrived since this was last asked for.
    pub(super) fn arrived(&mut self) -> Arrived {
        std::mem::take(&mut self.arrived)
    }

    /// The next frame, if it ends before the deadline.
    pub(super) fn receive(&mut self, deadline: Instant) -> Result<Received, BodyError> {
        loop {
            if let Some(zero) = self.pending.iter().position(|byte| *byte == 0) {
                let frame = self.pending.drain(..=zero).take(zero).collect();
                return Ok(Received::Frame(frame));
            }
            let is_begun = !self.pending.is_empty();
            let left = deadline.saturating_duration_since(Instant::now());
            let wait = if is_begun { left.min(BREAK) } else { left };
            let is_too_long = self.pending.len() >= MAX_FRAME;
            if is_too_long || left.is_zero() || !self.add_chunk(wait)? {
                self.pending.clear();
                return Ok(if is_begun { Received::NoFrame } else { Received::Silence });
            }
        }
    }

    /// Drops what arrives until nothing has for the given time; false if that is not so before the deadline.
    pub(super) fn wait_for_silence(&mut self, silence: Duration, deadline: Instant) -> Result<bool, BodyError> {
        while self.add_chunk(silence)? {
            self.pending.clear();
            if Instant::now() >= deadline {
                return Ok(false);
            }
        }
        self.pending.clear();
        Ok(true)
    }

    /// Adds the next bytes to those pending, if any arrive within a time.
    fn add_chunk(&mut self, within: Duration) -> Result<bool, BodyError> {
        match self.chunks.recv_timeout(within) {
            Ok(chunk) => {
                self.arrived.add(&chunk);
                self.pending.extend(chunk);
                Ok(true)
            }
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Err(RecvTimeoutError::Disconnected) => Err(BodyError::Ended(None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, repeat, sink};

    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(300)
    }

    #[test]
    fn frames_end_at_zeros_and_what_is_none_is_dropped() {
        let bytes = [&[1, 2, 0, 0, 3, 0][..], &[7; MAX_FRAME + 1], &[0, 9, 0]].concat();
        let mut stream = FrameStream::new(Cursor::new(bytes).chain(Silent), sink());
        for frame in [&[1, 2][..], &[], &[3]] {
            assert_eq!(stream.receive(soon()).unwrap(), Received::Frame(frame.to_vec()));
        }
        let whole = (0..3).map(|_| stream.receive(soon()).unwrap()).filter(|it| *it == Received::Frame(vec![9]));
        assert_eq!(whole.count(), 1);
        assert_eq!(stream.receive(soon()).unwrap(), Received::Silence);
    }

    /// A flood without a zero is no frame at once, and the reading thread stops when nobody reads on.
    #[test]
    fn a_flood_takes_a_bounded_amount_of_memory() {
        let (sender, counts) = sync_channel(1 << 20);
        let flood = Counted(repeat(1), sender);
        let mut stream = FrameStream::new(flood, sink());
        assert_eq!(stream.receive(soon()).unwrap(), Received::NoFrame);
        thread::sleep(Duration::from_millis(100));
        assert!(counts.try_iter().count() <= CHUNKS + 4);
        assert!(!stream.wait_for_silence(Duration::from_millis(50), soon()).unwrap());
        assert_eq!(stream.arrived().last.len(), QUOTE);
    }

    #[test]
    fn what_arrived_is_counted_and_its_end_is_quoted() {
        let mut arrived = Arrived::default();
        assert_eq!(arrived.to_string(), "nothing arrived");
        arrived.add(b"abc");
        assert_eq!(arrived.to_string(), "3 bytes arrived, \"abc\"");
        arrived.add(&[b'x'; QUOTE - 3]);
        assert!(arrived.to_string().starts_with("24 bytes arrived, \"abcxx"), "{arrived}");
        arrived.add(b"end");
        assert!(arrived.to_string().starts_with("27 bytes arrived, ending in \"xx"), "{arrived}");
    }

    struct Counted<R>(R, std::sync::mpsc::SyncSender<()>);

    impl<R: Read> Read for Counted<R> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let _ = self.1.send(());
            self.0.read(buffer)
        }
    }

    struct Silent;

    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            thread::sleep(Duration::from_secs(3600));
            Ok(0)
        }
    }
}
