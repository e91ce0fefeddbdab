//! The far end of a line in memory: a chip that answers rightly, and what a fuzzer lets arrive in place of its answers.
//!
//! Nothing arrives before the client has written something, and the line ends with the script, so that a conversation waits
//! for time only where the fuzzer lets an answer be lost or unfinished.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::vec::IntoIter;

use arbitrary::Arbitrary;
use metaplastic_runtime::{Artifact, Network, NetworkStorage};
use metaplastic_shared::wire::{
    Cost, Identity, MAX_FRAME, Message, Ran, Refusal, Response, RunPosition, read_frame, write_frame,
};

use crate::chip::{Chip, Flash};
use crate::frame::framed;

/// What arrives in place of an answer of the chip.
#[derive(Debug, Arbitrary)]
pub enum Reply {
    /// The answer.
    Right,
    /// Nothing.
    Lost,
    /// The answer with a flipped bit.
    FlippedBit(u16),
    /// The beginning of the answer.
    Truncated(u8),
    /// The answer, two times.
    Twice,
    /// The answer before.
    Late,
    /// What the chip answers that restarts before it reads the request: nothing.
    RestartBefore,
    /// The answer; then the chip restarts.
    RestartAfter,
    /// Any bytes.
    Bytes(Vec<u8>),
    /// Any bytes as a message: with their CRC, in a frame.
    Message(Vec<u8>),
    /// Another answer, from where the chip is or from elsewhere.
    Claim(Claim, Option<(u32, u32)>),
    /// One value without end.
    Flood(u8),
    /// The end of the line.
    End,
}

/// An answer that the chip has not given.
#[derive(Debug, Arbitrary)]
pub enum Claim {
    /// It has carried out a request without a result.
    Ready,
    /// Who it is.
    Identity(u16, u32),
    /// The scores, modulated steps and cost of a run.
    Ran(Vec<i32>, u16, u32),
    /// The hash of its state.
    StateHash(u64),
    /// Values of its state.
    State(Vec<u8>),
    /// The number of a save.
    Saved(u32),
    /// That it refuses.
    Refused(bool),
}

/// The frame of a claim; empty where it does not fit one.
fn claimed(claim: &Claim, position: RunPosition) -> Vec<u8> {
    let content = match claim {
        Claim::Ready => Response::Ready,
        Claim::Identity(protocol, artifact) => Response::Identity(Identity {
            protocol: *protocol,
            artifact: *artifact,
            state_bytes: 0,
            cost: Cost::Cycles,
        }),
        Claim::Ran(scores, modulated_steps, cost) => {
            let class_scores = scores.iter().copied().take(4).collect();
            Response::Ran(Ran { class_scores, cost: *cost, modulated_steps: *modulated_steps })
        }
        Claim::StateHash(hash) => Response::StateHash(*hash),
        Claim::State(bytes) => Response::State(bytes),
        Claim::Saved(save) => Response::Saved(*save),
        Claim::Refused(displaced) => Response::Refused(if *displaced { Refusal::Position } else { Refusal::Frame }),
    };
    let mut frame = [0; MAX_FRAME];
    write_frame(&Message { content, position }, &mut frame).map_or_else(|_| Vec::new(), <[u8]>::to_vec)
}

/// The answers of a chip to all that it has read; most conversations begin alike.
static KNOWN: Mutex<BTreeMap<Vec<u8>, Vec<Vec<u8>>>> = Mutex::new(BTreeMap::new());
/// Largest number of conversations that are kept.
const MOST_KNOWN: usize = 10_000;

/// A chip that begins anew with every restart. All lines of a process are to chips with the same artifact.
struct RestartingChip<'a> {
    artifact: Artifact<'a>,
    /// All it has read since it started.
    requests: Vec<u8>,
    /// The frames it has answered with since it started, and since the line began.
    answered: usize,
    frames: BTreeSet<Vec<u8>>,
}

impl RestartingChip<'_> {
    /// Its answers to these bytes, each with its zero. It runs again from its start, as it knows its position only while
    /// it serves.
    fn answers(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.requests.extend(bytes);
        let all = self.all_answers();
        let new = all[self.answered..].to_vec();
        self.answered = all.len();
        self.frames.extend(new.iter().cloned());
        new.into_iter().map(|frame| [&frame[..], &[0]].concat()).collect()
    }

    fn all_answers(&self) -> Vec<Vec<u8>> {
        let mut known = KNOWN.lock().expect("nothing panics that has it");
        if let Some(answers) = known.get(&self.requests) {
            return answers.clone();
        }
        let mut storage = NetworkStorage::new(vec![0; Network::memory_words(&self.artifact)]);
        let mut network = Network::new(self.artifact, &mut storage).expect("the memory is as large as asked for");
        let board = Flash::new(&network, &[], None);
        let answers = Chip { network: &mut network, board }.responses(&self.requests, usize::MAX);
        if known.len() == MOST_KNOWN {
            known.clear();
        }
        known.insert(self.requests.clone(), answers.clone());
        answers
    }

    fn restart(&mut self) {
        self.requests.clear();
        self.answered = 0;
    }
}

/// What is sent to the client.
enum Delivery {
    Bytes(Vec<u8>),
    Flood(u8),
}

/// The line as the client writes to it: every write is answered by the script, then rightly.
pub struct RequestLine<'a> {
    chip: RestartingChip<'a>,
    script: IntoIter<Reply>,
    before: Vec<u8>,
    /// None at its end.
    sender: Option<Sender<Delivery>>,
    record: Rc<RefCell<Record>>,
}

/// The line as the client reads from it.
pub struct AnswerLine {
    receiver: Receiver<Delivery>,
    pending: Vec<u8>,
    flood: Option<u8>,
}

/// What has arrived at the client.
#[derive(Default)]
pub struct Record {
    deliveries: Vec<Vec<u8>>,
    right: BTreeSet<Vec<u8>>,
}

impl Record {
    /// Whether a frame arrived that can be read as an answer and that the chip has never sent; in one piece or in several,
    /// as the client may have dropped what came before.
    #[must_use]
    pub fn has_a_forged_answer(&self) -> bool {
        let all = self.deliveries.concat();
        let mut frames = self.deliveries.iter().chain([&all]).flat_map(|bytes| bytes.split(|byte| *byte == 0));
        frames.any(|frame| is_answer(frame) && !self.right.contains(frame))
    }
}

/// Whether the client could read a frame as an answer, with or without a position.
fn is_answer(frame: &[u8]) -> bool {
    read_frame::<Message<Response<'_>>>(&mut frame.to_vec()).is_ok()
        || read_frame::<Response<'_>>(&mut frame.to_vec()).is_ok()
}

/// Both halves of a line to a chip with this artifact, and the record of it.
#[must_use]
pub fn line<'a>(artifact: Artifact<'a>, script: Vec<Reply>) -> (AnswerLine, RequestLine<'a>, Rc<RefCell<Record>>) {
    let (sender, receiver) = channel();
    let record = Rc::new(RefCell::new(Record::default()));
    let chip = RestartingChip { artifact, requests: Vec::new(), answered: 0, frames: BTreeSet::new() };
    let answers = AnswerLine { receiver, pending: Vec::new(), flood: None };
    let script = script.into_iter();
    let requests = RequestLine { chip, script, before: Vec::new(), sender: Some(sender), record: record.clone() };
    (answers, requests, record)
}

impl Read for AnswerLine {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.pending.is_empty() && self.flood.is_none() {
            match self.receiver.recv() {
                Ok(Delivery::Bytes(bytes)) => self.pending = bytes,
                Ok(Delivery::Flood(byte)) => self.flood = Some(byte),
                Err(_) => return Ok(0),
            }
        }
        if let Some(byte) = self.flood {
            buffer.fill(byte);
            return Ok(buffer.len());
        }
        let count = self.pending.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.pending[..count]);
        self.pending.drain(..count);
        Ok(count)
    }
}

impl Write for RequestLine<'_> {
    /// Whole frames, as the client writes them.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let reply = self.script.next().unwrap_or(Reply::Right);
        if matches!(reply, Reply::RestartBefore) {
            self.chip.restart();
        } else {
            let answer = self.chip.answers(bytes).concat();
            self.deliver(&reply, &answer);
            self.before = answer;
        }
        if matches!(reply, Reply::RestartAfter) {
            self.chip.restart();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl RequestLine<'_> {
    fn deliver(&mut self, reply: &Reply, answer: &[u8]) {
        match reply {
            Reply::Flood(byte) => self.send(Delivery::Flood(*byte)),
            Reply::End => self.sender = None,
            _ => {
                let bytes = self.arriving(reply, answer);
                let mut record = self.record.borrow_mut();
                record.deliveries.push(bytes.clone());
                record.right.clone_from(&self.chip.frames);
                drop(record);
                self.send(Delivery::Bytes(bytes));
            }
        }
    }

    fn arriving(&self, reply: &Reply, answer: &[u8]) -> Vec<u8> {
        let mut bytes = answer.to_vec();
        match reply {
            Reply::Lost => bytes.clear(),
            Reply::FlippedBit(bit) => {
                let bit = usize::from(*bit) % (8 * bytes.len());
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
            Reply::Truncated(length) => bytes.truncate(usize::from(*length) % bytes.len()),
            Reply::Twice => bytes.extend(answer),
            Reply::Late => bytes.clone_from(&self.before),
            Reply::Bytes(other) => bytes.clone_from(other),
            Reply::Message(message) => bytes = framed(message),
            Reply::Claim(claim, elsewhere) => {
                let elsewhere = elsewhere.map(|(nonce, steps)| RunPosition { nonce, steps });
                bytes = claimed(claim, elsewhere.unwrap_or_else(|| position_of(answer)));
            }
            _ => {}
        }
        bytes
    }

    /// What is sent to a client that has hung up is lost.
    fn send(&mut self, delivery: Delivery) {
        let _ = self.sender.as_ref().map(|sender| sender.send(delivery));
    }
}

/// Where the chip is that has given these answers.
fn position_of(answers: &[u8]) -> RunPosition {
    let last = answers.split(|byte| *byte == 0).rev().nth(1).unwrap_or_default();
    let mut frame = last.to_vec();
    let message = read_frame::<Message<Response<'_>>>(&mut frame).expect("the chip writes sound frames");
    message.position
}
