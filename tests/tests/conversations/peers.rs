//! The peers: chips with a fault that strikes at one message, and what is no chip at all.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::ops::Range;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Network, NetworkStorage, serve};
use metaplastic_shared::wire::{MAX_FRAME, Message, Response, read_frame, write_frame};
use rand::Rng;
use rand_pcg::Pcg32;

/// Frames of an evaluation of three episodes on a sound line: those before the first run, three times a reset and the four
/// segments between decisions, two projections' plastic weights, the hash.
const REQUESTS: usize = BEFORE_RUNS + 3 * (1 + 4) + 2 + 1;
/// An empty frame, the identity.
const BEFORE_RUNS: usize = 2;

/// What a peer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Restarts behind an answer.
    RestartsBetweenMessages,
    /// Restarts in the middle of a request.
    RestartsInARequest,
    /// Sends a byte now and then, and no frame.
    Chatters,
    /// Sends bytes as fast as they are taken.
    Floods,
    /// Sends back what it receives.
    Echoes,
    /// Is a chip whose answer breaks off.
    Truncates,
    /// Is a chip of whose answers one comes twice.
    Duplicates,
    /// Is a chip that sends the answer before instead of one answer.
    AnswersLate,
    /// Is a chip one of whose answers has a flipped bit.
    FlipsABitOfAnAnswer,
    /// Is a chip that receives one request with a flipped bit.
    FlipsABitOfARequest,
    /// Is a chip that scores other classes than it has.
    ScoresOtherClasses,
    /// Is a chip that claims scores or modulated steps that cannot be.
    ClaimsTooMuch,
    /// Is a chip whose line ends.
    Vanishes,
}

impl Peer {
    pub(crate) const ALL: [Self; 13] = [
        Self::RestartsBetweenMessages,
        Self::RestartsInARequest,
        Self::Chatters,
        Self::Floods,
        Self::Echoes,
        Self::Truncates,
        Self::Duplicates,
        Self::AnswersLate,
        Self::FlipsABitOfAnAnswer,
        Self::FlipsABitOfARequest,
        Self::ScoresOtherClasses,
        Self::ClaimsTooMuch,
        Self::Vanishes,
    ];

    /// Whether an evaluation may have a result: the fault may be repaired or may not be reached.
    pub(crate) fn may_succeed(self) -> bool {
        use Peer::*;
        matches!(self, Truncates | Duplicates | AnswersLate | FlipsABitOfAnAnswer | FlipsABitOfARequest)
    }

    /// The messages among which it strikes. A restart before the first run or behind the last answer loses nothing.
    pub(crate) fn messages(self) -> Range<usize> {
        match self {
            Self::RestartsBetweenMessages => 2..REQUESTS - 1,
            Self::RestartsInARequest => 3..REQUESTS,
            // Plastic weights and the hash, which come last, have no scores.
            Self::ScoresOtherClasses | Self::ClaimsTooMuch => 0..REQUESTS - 3,
            _ => 0..REQUESTS,
        }
    }

    /// The same, counted from the first run on.
    pub(crate) fn messages_of_runs(self) -> Range<usize> {
        let Range { start, end } = self.messages();
        start - BEFORE_RUNS..end - BEFORE_RUNS
    }

    pub(crate) fn restarts(self) -> bool {
        matches!(self, Self::RestartsBetweenMessages | Self::RestartsInARequest)
    }
}

/// The chip's end of a line, with what the peer does to one message of it.
pub(crate) struct Line {
    socket: UnixStream,
    peer: Peer,
    /// The message at which the peer does it, counted from 0.
    at: usize,
    requests: usize,
    answers: usize,
    /// The answer that is being written, and the one before.
    answer: Vec<u8>,
    before: Vec<u8>,
    random: Pcg32,
}

impl Line {
    /// The far end of a line at which the peer strikes at message `at`.
    pub(crate) fn new(socket: UnixStream, peer: Peer, at: usize, random: Pcg32) -> Self {
        Self { socket, peer, at, requests: 0, answers: 0, answer: Vec::new(), before: Vec::new(), random }
    }
}

impl ErrorType for Line {
    type Error = ErrorKind;
}

impl Read for Line {
    /// One byte at a time, so that requests can be counted.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        if self.peer == Peer::RestartsBetweenMessages && self.requests == self.at + 1 {
            self.requests += 1;
            return Ok(0);
        }
        let count = self.socket.read(&mut buffer[..1]).map_err(|_| ErrorKind::Other)?;
        if count == 0 {
            self.peer = Peer::Vanishes;
            return Ok(0);
        }
        let is_hit = self.requests == self.at;
        self.requests += usize::from(buffer[0] == 0);
        if is_hit && (buffer[0] == 0 || self.random.random_bool(0.1)) {
            match self.peer {
                Peer::RestartsInARequest | Peer::Vanishes => {
                    self.at = usize::MAX;
                    return Ok(0);
                }
                Peer::FlipsABitOfARequest => {
                    self.at = usize::MAX;
                    buffer[0] ^= 1 << self.random.random_range(0..8);
                }
                _ => {}
            }
        }
        Ok(count)
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.answer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// At the end of an answer.
    fn flush(&mut self) -> Result<(), ErrorKind> {
        let answer = std::mem::take(&mut self.answer);
        let sent = if self.answers == self.at { self.changed(&answer) } else { answer.clone() };
        self.answers += 1;
        self.before = answer;
        self.socket.write_all(&sent).map_err(|_| ErrorKind::Other)
    }
}

impl Line {
    fn changed(&mut self, answer: &[u8]) -> Vec<u8> {
        let mut sent = answer.to_vec();
        match self.peer {
            Peer::Truncates => sent.truncate(self.random.random_range(0..answer.len())),
            Peer::Duplicates => sent.extend_from_slice(answer),
            Peer::AnswersLate => sent.clone_from(&self.before),
            Peer::FlipsABitOfAnAnswer => {
                let at = self.random.random_range(0..sent.len());
                sent[at] ^= 1 << self.random.random_range(0..8);
            }
            Peer::ScoresOtherClasses | Peer::ClaimsTooMuch => return self.untrue(answer),
            _ => {}
        }
        sent
    }

    /// An answer with scores that cannot be; of another answer, the next is tried.
    fn untrue(&mut self, answer: &[u8]) -> Vec<u8> {
        let mut bytes = answer[..answer.len() - 1].to_vec();
        let mut message: Message<Response<'_>> = read_frame(&mut bytes).unwrap();
        let Response::Ran(ran) = &mut message.content else {
            self.at += 1;
            return answer.to_vec();
        };
        match (self.peer, self.random.random_range(0..3)) {
            (Peer::ScoresOtherClasses, 0) => ran.class_scores.clear(),
            (Peer::ScoresOtherClasses, 1) => ran.class_scores.truncate(1),
            (Peer::ScoresOtherClasses, _) => ran.class_scores.push(0).unwrap(),
            (_, 0) => ran.modulated_steps = u16::MAX,
            (_, 1) => ran.class_scores[1] = i32::MAX,
            (..) => ran.class_scores[0] = -1,
        }
        let mut frame = [0; MAX_FRAME];
        write_frame(&message, &mut frame).unwrap().to_vec()
    }
}

/// The far end of a line, until it is hung up.
pub(crate) fn run_peer(file: &ArtifactFile, mut line: Line) {
    match line.peer {
        Peer::Chatters => {
            while line.socket.write_all(&[line.random.random_range(1..=255)]).is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        }
        Peer::Floods => while line.socket.write_all(&[0x5a; 4096]).is_ok() {},
        Peer::Echoes => {
            let mut buffer = [0; 512];
            while let Ok(count @ 1..) = line.socket.read(&mut buffer) {
                let _ = line.socket.write_all(&buffer[..count]);
            }
        }
        _ => run_chip(file, line),
    }
}

/// A chip that begins anew when it restarts.
fn run_chip(file: &ArtifactFile, mut line: Line) {
    let artifact = file.artifact();
    loop {
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
        let mut network = Network::new(file.artifact(), &mut storage).unwrap();
        let served = serve(&mut network, &mut line, &mut (), &mut ());
        if served.is_err() || line.peer == Peer::Vanishes {
            return line.socket.shutdown(Shutdown::Both).unwrap_or_default();
        }
    }
}
