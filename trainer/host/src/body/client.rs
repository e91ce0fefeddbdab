//! The desk's end of the wire: asks a chip over any byte stream and waits for each answer, but not for ever.

use std::io::{Read, Write};
use std::ops::Range;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{
    Identity, MAX_FRAME, MAX_PAYLOAD, PROTOCOL, Ran, Request, Response, read_frame, write_frame,
};

use super::{Body, BodyError, Tally};
use metaplastic_task::episode::Episode;

/// A chip at the other end of a byte stream.
pub struct Client<W> {
    writer: W,
    chunks: Receiver<Vec<u8>>,
    pending: Vec<u8>,
    patience: Duration,
}

impl<W: Write> Client<W> {
    /// Over the two halves of a stream. Reading goes on in a thread of its own, so that a chip that hangs can be
    /// given up after `patience`.
    pub fn new(mut reader: impl Read + Send + 'static, writer: W, patience: Duration) -> Self {
        let (sender, chunks) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { writer, chunks, pending: Vec::new(), patience }
    }

    /// Ends whatever frame the chip may be in the middle of, waits until it says anything, if only that it refuses
    /// that frame, and forgets what it says until it has been silent for as long as asked. For streams that were there
    /// before: a conversation may have been interrupted, or the chip may still be starting.
    ///
    /// # Errors
    /// If the chip says nothing or the stream has ended.
    pub fn resynchronise(&mut self, silence: Duration) -> Result<(), BodyError> {
        let deadline = Instant::now() + self.patience;
        while !self.says_something(Duration::from_secs(1).min(self.patience), Some(0))? {
            if Instant::now() >= deadline {
                return Err(BodyError::Timeout(self.patience.as_secs()));
            }
        }
        while self.says_something(silence, None)? {}
        self.pending.clear();
        Ok(())
    }

    /// Sends a byte, if one is given, and says whether anything arrives within a time.
    fn says_something(&mut self, within: Duration, byte: Option<u8>) -> Result<bool, BodyError> {
        let sent = self.writer.write_all(byte.as_slice()).and_then(|()| self.writer.flush());
        sent.map_err(|_| BodyError::Ended(String::new()))?;
        match self.chunks.recv_timeout(within) {
            Ok(_) => Ok(true),
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Err(RecvTimeoutError::Disconnected) => Err(BodyError::Ended(String::new())),
        }
    }

    /// Asks who the chip is, and refuses one of another protocol or with another artifact.
    ///
    /// # Errors
    /// If it does not answer or is not the one expected.
    pub fn identify(&mut self, artifact: u32) -> Result<Identity, BodyError> {
        let identity = self.ask(&Request::Identify, |response| match response {
            Response::Identity(identity) => Some(identity),
            _ => None,
        })?;
        let same = |what, theirs, ours| {
            if theirs == ours { Ok(()) } else { Err(BodyError::Identity { what, theirs, ours }) }
        };
        same("protocol", u32::from(identity.protocol), u32::from(PROTOCOL))?;
        same("artifact", identity.artifact, artifact)?;
        Ok(identity)
    }

    fn ask<T>(
        &mut self,
        request: &Request<'_>,
        accept: impl for<'r> FnOnce(Response<'r>) -> Option<T>,
    ) -> Result<T, BodyError> {
        let mut buffer = [0; MAX_FRAME];
        let frame = write_frame(request, &mut buffer).map_err(|error| BodyError::Answer(error.to_string()))?;
        let sent = self.writer.write_all(frame).and_then(|()| self.writer.flush());
        sent.map_err(|_| BodyError::Ended(String::new()))?;
        let mut frame = self.frame()?;
        match read_frame::<Response<'_>>(&mut frame) {
            Err(error) => Err(BodyError::Answer(error.to_string())),
            Ok(Response::Refused(refusal)) => Err(BodyError::Refused(refusal)),
            Ok(response) => accept(response).ok_or_else(|| BodyError::Answer("another question's".into())),
        }
    }

    fn ask_ready(&mut self, request: &Request<'_>) -> Result<(), BodyError> {
        self.ask(request, |response| matches!(response, Response::Ready).then_some(()))
    }

    fn ask_saved(&mut self, request: &Request<'_>) -> Result<u32, BodyError> {
        self.ask(request, |response| match response {
            Response::Saved(save) => Some(save),
            _ => None,
        })
    }

    /// Saves the plastic weights to the board's flash; returns the number of the save.
    ///
    /// # Errors
    /// If the chip does not answer or refuses, for want of storage for one.
    pub fn save(&mut self) -> Result<u32, BodyError> {
        self.ask_saved(&Request::Save)
    }

    /// Begins an episode with the plastic weights saved last; returns the number of their save.
    ///
    /// # Errors
    /// If the chip does not answer or refuses: nothing may be saved.
    pub fn load(&mut self, freeze: Freeze) -> Result<u32, BodyError> {
        self.ask_saved(&Request::Load(freeze))
    }

    fn frame(&mut self) -> Result<Vec<u8>, BodyError> {
        let deadline = Instant::now() + self.patience;
        loop {
            if let Some(zero) = self.pending.iter().position(|byte| *byte == 0) {
                let mut frame: Vec<u8> = self.pending.drain(..=zero).collect();
                frame.pop();
                return Ok(frame);
            }
            match self.chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(chunk) => self.pending.extend(chunk),
                Err(RecvTimeoutError::Timeout) => return Err(BodyError::Timeout(self.patience.as_secs())),
                Err(RecvTimeoutError::Disconnected) => return Err(BodyError::Ended(String::new())),
            }
        }
    }

    /// Runs as many steps as fit one message and says what they did and cost.
    ///
    /// # Errors
    /// If the chip does not answer or refuses.
    pub fn run_some(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Ran, BodyError> {
        let (mut inputs, mut signals) = (Vec::new(), Vec::new());
        for step in steps.clone() {
            inputs.extend_from_slice(episode.inputs_at(step));
            signals.extend(episode.signals_at(step).iter().flat_map(|signal| signal.to_le_bytes()));
        }
        let request = Request::Run { steps: steps.len() as u16, inputs: &inputs, signals: &signals };
        self.ask(&request, |response| match response {
            Response::Ran(ran) => Some(ran),
            _ => None,
        })
    }
}

/// How many steps of an episode fit one message.
fn steps_a_message(episode: &Episode) -> usize {
    let bytes = (episode.inputs.len() + 2 * episode.signals.len()).div_ceil(episode.steps.max(1));
    (MAX_PAYLOAD / bytes.max(1)).clamp(1, usize::from(u16::MAX))
}

impl<W: Write> Body for Client<W> {
    fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        self.ask_ready(&Request::Reset(freeze))
    }

    fn rest(&mut self) -> Result<(), BodyError> {
        self.ask_ready(&Request::Rest)
    }

    fn run(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Tally, BodyError> {
        let mut tally = Tally::default();
        for start in steps.clone().step_by(steps_a_message(episode)) {
            let end = steps.end.min(start + steps_a_message(episode));
            let some = self.run_some(episode, start..end)?;
            tally.votes.resize(some.votes.len(), 0);
            tally.votes.iter_mut().zip(some.votes).for_each(|(sum, more)| *sum = sum.saturating_add(more));
            tally.taught += usize::from(some.taught);
        }
        Ok(tally)
    }

    fn state_hash(&mut self) -> Result<u64, BodyError> {
        self.ask(&Request::StateHash, |response| match response {
            Response::StateHash(hash) => Some(hash),
            _ => None,
        })
    }

    fn plastic(&mut self, projection: usize, synapses: usize) -> Result<Vec<i16>, BodyError> {
        let mut weights = Vec::with_capacity(synapses);
        while weights.len() < synapses || synapses == 0 {
            let count = (synapses - weights.len()).min(MAX_PAYLOAD / 2) as u16;
            let request = Request::ReadPlastic { projection: projection as u8, first: weights.len() as u32, count };
            let bytes = self.ask(&request, |response| match response {
                Response::Plastic(bytes) => Some(bytes.to_vec()),
                _ => None,
            })?;
            if bytes.len() != 2 * usize::from(count) || count == 0 {
                return Err(BodyError::Answer(format!("{} bytes for {count} plastic weights", bytes.len())));
            }
            weights.extend(bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])));
        }
        Ok(weights)
    }

    fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        for (index, part) in weights.chunks(MAX_PAYLOAD / 2).enumerate() {
            let bytes: Vec<u8> = part.iter().flat_map(|weight| weight.to_le_bytes()).collect();
            let first = (index * MAX_PAYLOAD / 2) as u32;
            self.ask_ready(&Request::WritePlastic { projection: projection as u8, first, weights: &bytes })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{empty, sink};

    use super::*;

    /// A firmware that never answers must not hold the desk for ever.
    #[test]
    fn a_firmware_that_hangs_is_given_up() {
        let reader = empty().chain(Silent);
        let mut client = Client::new(reader, sink(), Duration::from_millis(50));
        assert!(matches!(client.identify(0), Err(BodyError::Timeout(0))));
    }

    struct Silent;

    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            std::thread::sleep(Duration::from_secs(3600));
            Ok(0)
        }
    }
}
