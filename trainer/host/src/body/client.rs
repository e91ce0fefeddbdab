//! The host computer's end of the wire: sends a chip one request after another over any byte stream, and waits for each
//! answer until a timeout.
//!
//! It knows where the chip must be in its run, and refuses an answer from anywhere else: a chip that has restarted
//! never answers for the one that ran.

use std::io::{Read, Write};
use std::ops::Range;
use std::time::{Duration, Instant};

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::state::StateSection;
use metaplastic_shared::wire::{
    Cost, Identity, MAX_FRAME, MAX_PAYLOAD, Message, Ran, Refusal, Request, Response, RunPosition, RunStart,
    read_frame, write_frame,
};
use metaplastic_task::episode::Episode;

use super::error::BodyError;
use super::expected::Expected;
use super::frames::{FrameStream, Received};
use super::run_result::RunResult;

/// How often a chip that does not answer is asked again who it is. No wait is longer than the timeout.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);
/// The line must be silent for this long before a conversation begins: an interrupted one has then ended.
const SILENCE: Duration = Duration::from_millis(300);

/// A chip at the other end of a byte stream.
pub struct Client<W> {
    stream: FrameStream<W>,
    timeout: Duration,
    expected: Expected,
    identity: Identity,
    position: RunPosition,
    /// The nonce of the last run that was requested, begun or not.
    requested: u32,
    /// What the last steps cost.
    last_cost: u32,
}

/// A chip's answer to [`Request::Identify`].
type Identified = Message<Identity>;

impl<W: Write> Client<W> {
    /// Over the two halves of a stream on which nothing was said before. Reading goes on in a thread of its own, so that
    /// waiting for a chip that hangs ends after `timeout`.
    ///
    /// # Errors
    /// If the chip does not answer, or is not the one expected.
    pub fn start(
        reader: impl Read + Send + 'static,
        writer: W,
        expected: Expected,
        timeout: Duration,
    ) -> Result<Self, BodyError> {
        let mut stream = FrameStream::new(reader, writer);
        send_identify(&mut stream)?;
        let deadline = Instant::now() + timeout;
        let found = identified(&mut stream, deadline)?;
        let found = found.ok_or_else(|| no_answer(&mut stream, timeout))?;
        Self::with(stream, found, expected, timeout)
    }

    /// Over the two halves of a stream that existed before: a conversation may have been interrupted, the chip may
    /// still be starting, its boot loader may be saying something. Asks the chip who it is until it answers, then waits
    /// until the line is silent.
    ///
    /// # Errors
    /// If the chip does not answer within `timeout` or the line is never silent; the error says what arrived. If the
    /// chip is not the one expected.
    pub fn attach(
        reader: impl Read + Send + 'static,
        writer: W,
        expected: Expected,
        timeout: Duration,
    ) -> Result<Self, BodyError> {
        let mut stream = FrameStream::new(reader, writer);
        let found = identify(&mut stream, timeout)?;
        Self::with(stream, found, expected, timeout)
    }

    fn with(
        stream: FrameStream<W>,
        found: Identified,
        expected: Expected,
        timeout: Duration,
    ) -> Result<Self, BodyError> {
        expected.check_identity(found.content)?;
        let requested = fastrand::u32(1..);
        Ok(Self {
            stream,
            timeout,
            expected,
            identity: found.content,
            position: found.position,
            requested,
            last_cost: 0,
        })
    }

    /// The identity of the chip.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// Finds the chip again after an answer that did not arrive whole. The run it was in is to be begun anew.
    ///
    /// # Errors
    /// As [`attach`](Self::attach); or if the chip has restarted.
    pub fn recover(&mut self) -> Result<(), BodyError> {
        let found = identify(&mut self.stream, self.timeout)?;
        self.expected.check_identity(found.content)?;
        if !self.is_of_this_run(found.position) {
            return Err(BodyError::Restarted { ours: self.position, theirs: found.position });
        }
        self.position = found.position;
        Ok(())
    }

    /// Saves the plastic weights to the board's flash; returns the number of the save.
    ///
    /// # Errors
    /// If the chip does not answer or refuses: it may have no storage.
    pub fn save(&mut self) -> Result<u32, BodyError> {
        self.ask(&Request::Save, saved)
    }

    /// Begins an episode with the plastic weights saved last; returns the number of their save.
    ///
    /// # Errors
    /// If the chip does not answer or refuses: nothing may be saved.
    pub fn load(&mut self, freeze: Freeze) -> Result<u32, BodyError> {
        let start = self.run_start(freeze);
        self.ask_then(&Request::Load(start), RunPosition::start(start.nonce), saved)
    }

    /// What the last steps cost, and the unit.
    pub(super) fn cost(&self) -> (u32, Cost) {
        (self.last_cost, self.identity.cost)
    }

    /// What its chip is expected to be.
    pub(super) fn expected(&self) -> &Expected {
        &self.expected
    }

    pub(super) fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        let start = self.run_start(freeze);
        self.ask_then(&Request::Reset(start), RunPosition::start(start.nonce), is_ready)
    }

    /// The start of a run that has not been before.
    fn run_start(&mut self, freeze: Freeze) -> RunStart {
        self.requested = self.requested.wrapping_add(1).max(1);
        RunStart { freeze, nonce: self.requested }
    }

    pub(super) fn reset_state(&mut self) -> Result<(), BodyError> {
        self.ask(&Request::ResetState, is_ready)
    }

    pub(super) fn state_hash(&mut self) -> Result<u64, BodyError> {
        self.ask(&Request::StateHash, |response| match response {
            Response::StateHash(hash) => Some(hash),
            _ => None,
        })
    }

    /// Runs steps, with as many in each message as fit.
    pub(super) fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<RunResult, BodyError> {
        let mut result = RunResult::default();
        self.last_cost = 0;
        for start in steps.clone().step_by(steps_a_message(episode)) {
            let end = steps.end.min(start + steps_a_message(episode));
            let ran = self.run_message(episode, start..end)?;
            RunResult::add_class_scores(&mut result.class_scores, &ran.class_scores);
            result.modulated_steps += usize::from(ran.modulated_steps);
            self.last_cost = self.last_cost.saturating_add(ran.cost);
        }
        Ok(result)
    }

    /// Runs the steps of one message.
    pub(super) fn run_message(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Ran, BodyError> {
        let (mut inputs, mut analog) = (Vec::new(), Vec::new());
        for step in steps.clone() {
            inputs.extend_from_slice(episode.inputs_at(step));
            let integers = self.expected.analog_exponents().integers(episode.analog_at(step));
            analog.extend(integers.flat_map(i16::to_le_bytes));
        }
        let request = Request::Run { steps: steps.len() as u16, inputs: &inputs, analog: &analog };
        let then = self.position.after(steps.len() as u32);
        let ran = self.ask_then(&request, then, |response| match response {
            Response::Ran(ran) => Some(ran),
            _ => None,
        })?;
        self.expected.check_ran(&ran, steps.len(), self.identity.cost)?;
        Ok(ran)
    }

    /// Reads values of the state, as many in each message as fit.
    pub(super) fn state(&mut self, section: StateSection, values: usize) -> Result<Vec<u16>, BodyError> {
        let mut read = Vec::with_capacity(values);
        // A section without values is requested too, so that the chip can refuse one that it does not have.
        while read.len() < values || values == 0 {
            let count = (values - read.len()).min(MAX_PAYLOAD / 2) as u16;
            let request = Request::ReadState { section, first: read.len() as u32, count };
            let bytes = self.ask(&request, |response| match response {
                Response::State(bytes) => Some(bytes.to_vec()),
                _ => None,
            })?;
            if bytes.len() != 2 * usize::from(count) || count == 0 {
                return Err(BodyError::Inconsistent(format!(
                    "{} bytes for {count} values of {section}",
                    bytes.len()
                )));
            }
            read.extend(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
        }
        self.expected.check_state(section, &read)?;
        Ok(read)
    }

    pub(super) fn age(&mut self) -> Result<u32, BodyError> {
        self.ask(&Request::ReadAge, |response| match response {
            Response::Age(age) => Some(age),
            _ => None,
        })
    }

    pub(super) fn write_age(&mut self, age: u32) -> Result<(), BodyError> {
        self.ask(&Request::WriteAge(age), is_ready)
    }

    pub(super) fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        for (index, part) in weights.chunks(MAX_PAYLOAD / 2).enumerate() {
            let bytes: Vec<u8> = part.iter().flat_map(|weight| weight.to_le_bytes()).collect();
            let first = (index * (MAX_PAYLOAD / 2)) as u32;
            self.ask(&Request::WritePlastic { projection: projection as u8, first, weights: &bytes }, is_ready)?;
        }
        Ok(())
    }

    /// Sends a request that leaves the chip where it is in its run.
    fn ask<T>(
        &mut self,
        request: &Request<'_>,
        accept: impl for<'r> FnOnce(Response<'r>) -> Option<T>,
    ) -> Result<T, BodyError> {
        self.ask_then(request, self.position, accept)
    }

    /// Sends a request; `then` is where the chip must be when it has carried it out.
    fn ask_then<T>(
        &mut self,
        request: &Request<'_>,
        then: RunPosition,
        accept: impl for<'r> FnOnce(Response<'r>) -> Option<T>,
    ) -> Result<T, BodyError> {
        self.stream.arrived();
        send(&mut self.stream, &Message { content: *request, position: self.position })?;
        let mut frame = self.answer()?;
        let message = read_frame::<Message<Response<'_>>>(&mut frame);
        let Message { content, position } =
            message.map_err(|error| BodyError::Answer(format!("{error}; {}", self.stream.arrived())))?;
        match content {
            Response::Refused(Refusal::Position) => Err(self.displaced(position)),
            Response::Refused(refusal) => Err(BodyError::Refused(refusal)),
            response => {
                let accepted = accept(response).ok_or_else(|| BodyError::Answer("of another request".into()))?;
                if position != then {
                    return Err(self.displaced(position));
                }
                self.position = then;
                Ok(accepted)
            }
        }
    }

    /// The frame of the next answer. At the deadline, an empty frame shows whether the chip still waits for the end of
    /// a request that arrived damaged.
    fn answer(&mut self) -> Result<Vec<u8>, BodyError> {
        let first = self.stream.receive(Instant::now() + self.timeout)?;
        let second = if first == Received::Silence {
            self.stream.write(&[0])?;
            self.stream.receive(Instant::now() + PROBE_INTERVAL.min(self.timeout))?
        } else {
            Received::Silence
        };
        match (first, second) {
            (Received::Frame(frame), _) => Ok(frame),
            (Received::Silence, Received::Silence) => Err(no_answer(&mut self.stream, self.timeout)),
            _ => Err(BodyError::Answer(self.stream.arrived().to_string())),
        }
    }

    /// The error of an answer from another position than the one expected.
    fn displaced(&self, theirs: RunPosition) -> BodyError {
        if self.is_of_this_run(theirs) {
            let what =
                format!("from step {} of the run, this command is at step {}", theirs.steps, self.position.steps);
            return BodyError::Answer(what);
        }
        BodyError::Restarted { ours: self.position, theirs }
    }

    fn is_of_this_run(&self, theirs: RunPosition) -> bool {
        [self.position.nonce, self.requested].contains(&theirs.nonce)
    }
}

fn is_ready(response: Response<'_>) -> Option<()> {
    matches!(response, Response::Ready).then_some(())
}

/// The number of the save that a chip wrote or read.
fn saved(response: Response<'_>) -> Option<u32> {
    match response {
        Response::Saved(save) => Some(save),
        _ => None,
    }
}

/// Carried out at any position, so none needs to be known.
fn send_identify<W: Write>(stream: &mut FrameStream<W>) -> Result<(), BodyError> {
    send(stream, &Message { content: Request::Identify, position: RunPosition::default() })
}

fn send<W: Write>(stream: &mut FrameStream<W>, message: &Message<Request<'_>>) -> Result<(), BodyError> {
    let mut buffer = [0; MAX_FRAME];
    let frame = write_frame(message, &mut buffer).map_err(|error| BodyError::Request(error.to_string()))?;
    stream.write(frame)
}

/// Asks a chip who it is until it answers, then waits until the line is silent.
fn identify<W: Write>(stream: &mut FrameStream<W>, timeout: Duration) -> Result<Identified, BodyError> {
    let deadline = Instant::now() + timeout;
    loop {
        stream.write(&[0])?;
        send_identify(stream)?;
        if let Some(found) = identified(stream, deadline.min(Instant::now() + PROBE_INTERVAL))? {
            let is_silent = stream.wait_for_silence(SILENCE.min(timeout), deadline)?;
            return if is_silent { Ok(found) } else { Err(no_answer(stream, timeout)) };
        }
        if Instant::now() >= deadline {
            return Err(no_answer(stream, timeout));
        }
    }
}

/// The first identity among what arrives until a deadline.
fn identified<W: Write>(stream: &mut FrameStream<W>, deadline: Instant) -> Result<Option<Identified>, BodyError> {
    loop {
        match stream.receive(deadline)? {
            Received::Silence => return Ok(None),
            Received::Frame(frame) => {
                if let Some(found) = identity_in(&frame) {
                    return Ok(Some(found));
                }
            }
            Received::NoFrame => {}
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
    }
}

/// Reads an identity, also one without a position: protocols before 4 had none, and their number is in it.
fn identity_in(frame: &[u8]) -> Option<Identified> {
    let identity = |content: Response<'_>, position| match content {
        Response::Identity(identity) => Some(Message { content: identity, position }),
        _ => None,
    };
    if let Ok(Message { content, position }) = read_frame(&mut frame.to_vec()) {
        return identity(content, position);
    }
    identity(read_frame(&mut frame.to_vec()).ok()?, RunPosition::default())
}

fn no_answer<W: Write>(stream: &mut FrameStream<W>, timeout: Duration) -> BodyError {
    let arrived = stream.arrived();
    let seconds = timeout.as_secs();
    if arrived.is_nothing() {
        BodyError::Timeout(seconds)
    } else {
        BodyError::Noise { arrived: arrived.to_string(), seconds }
    }
}

/// How many steps of an episode fit one message.
fn steps_a_message(episode: &Episode) -> usize {
    let bytes = (episode.inputs.len() + 2 * episode.analog.len()).div_ceil(episode.steps.max(1));
    (MAX_PAYLOAD / bytes.max(1)).clamp(1, usize::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_as_many_steps_as_fit() {
        let episode = |input_bytes: usize, values: usize| Episode {
            inputs: vec![0; 7 * input_bytes],
            analog: vec![0.0; 7 * values],
            steps: 7,
            ..Episode::default()
        };
        assert_eq!(steps_a_message(&episode(9, 0)), MAX_PAYLOAD / 9);
        assert_eq!(steps_a_message(&episode(2, 3)), MAX_PAYLOAD / 8);
        assert_eq!(steps_a_message(&episode(MAX_PAYLOAD, 0)), 1);
        assert_eq!(steps_a_message(&Episode::default()), MAX_PAYLOAD);
    }
}
