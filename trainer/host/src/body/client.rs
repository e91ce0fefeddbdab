//! The host computer's end of the wire: sends a chip one request after another over any byte stream, and waits for
//! each answer until a timeout.

use std::io::{Read, Write};
use std::ops::Range;
use std::time::Duration;

use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::wire::{
    Identity, MAX_FRAME, MAX_PAYLOAD, PROTOCOL, Ran, Request, Response, read_frame, write_frame,
};
use metaplastic_task::episode::Episode;

use super::error::BodyError;
use super::frames::FrameStream;
use super::run_result::RunResult;

/// A chip at the other end of a byte stream.
pub struct Client<W> {
    stream: FrameStream<W>,
}

impl<W: Write> Client<W> {
    /// A client over the two halves of a stream. A thread of its own reads, so that waiting for a chip that hangs
    /// ends after `timeout`.
    pub fn new(reader: impl Read + Send + 'static, writer: W, timeout: Duration) -> Self {
        Self { stream: FrameStream::new(reader, writer, timeout) }
    }

    /// Ends a frame that the chip may have received in part, waits until the chip sends anything (it may refuse
    /// that frame), and drops all bytes until the chip has been silent for the given time. For streams that existed
    /// before: an earlier exchange may have been interrupted, or the chip may still be starting.
    ///
    /// # Errors
    /// If the chip sends nothing or the stream has ended.
    pub fn resynchronise(&mut self, silence: Duration) -> Result<(), BodyError> {
        self.stream.resynchronise(silence)
    }

    /// Asks the chip for its identity, and refuses one of another protocol or with another artifact.
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

    /// Saves the plastic weights to the board's flash; returns the number of the save.
    ///
    /// # Errors
    /// If the chip does not answer or refuses: it may have no storage.
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

    pub(super) fn reset(&mut self, freeze: Freeze) -> Result<(), BodyError> {
        self.ask_ready(&Request::Reset(freeze))
    }

    pub(super) fn reset_state(&mut self) -> Result<(), BodyError> {
        self.ask_ready(&Request::ResetState)
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
        for start in steps.clone().step_by(steps_a_message(episode)) {
            let end = steps.end.min(start + steps_a_message(episode));
            let ran = self.run_message(episode, start..end)?;
            RunResult::add_class_scores(&mut result.class_scores, &ran.class_scores);
            result.modulated_steps += usize::from(ran.modulated_steps);
        }
        Ok(result)
    }

    /// Runs the steps of one message.
    pub(super) fn run_message(&mut self, episode: &Episode, steps: Range<usize>) -> Result<Ran, BodyError> {
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

    pub(super) fn plastic(&mut self, projection: usize, synapses: usize) -> Result<Vec<i16>, BodyError> {
        let mut weights = Vec::with_capacity(synapses);
        // A projection without synapses is requested too, so that the chip can refuse one that is not plastic.
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

    pub(super) fn write_plastic(&mut self, projection: usize, weights: &[i16]) -> Result<(), BodyError> {
        for (index, part) in weights.chunks(MAX_PAYLOAD / 2).enumerate() {
            let bytes: Vec<u8> = part.iter().flat_map(|weight| weight.to_le_bytes()).collect();
            let first = (index * (MAX_PAYLOAD / 2)) as u32;
            self.ask_ready(&Request::WritePlastic { projection: projection as u8, first, weights: &bytes })?;
        }
        Ok(())
    }

    fn ask<T>(
        &mut self,
        request: &Request<'_>,
        accept: impl for<'r> FnOnce(Response<'r>) -> Option<T>,
    ) -> Result<T, BodyError> {
        let mut buffer = [0; MAX_FRAME];
        let frame = write_frame(request, &mut buffer).map_err(|error| BodyError::Answer(error.to_string()))?;
        self.stream.write(frame)?;
        let mut frame = self.stream.frame()?;
        match read_frame::<Response<'_>>(&mut frame) {
            Err(error) => Err(BodyError::Answer(error.to_string())),
            Ok(Response::Refused(refusal)) => Err(BodyError::Refused(refusal)),
            Ok(response) => accept(response).ok_or_else(|| BodyError::Answer("of another request".into())),
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
}

/// How many steps of an episode fit one message.
fn steps_a_message(episode: &Episode) -> usize {
    let bytes = (episode.inputs.len() + 2 * episode.signals.len()).div_ceil(episode.steps.max(1));
    (MAX_PAYLOAD / bytes.max(1)).clamp(1, usize::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use std::io::{empty, sink};

    use super::*;

    /// A firmware that never answers must not block the host computer for ever.
    #[test]
    fn waiting_for_a_firmware_that_hangs_ends() {
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
