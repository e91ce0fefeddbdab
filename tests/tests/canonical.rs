//! Only what the other end writes is a message: no value has two encodings, nothing is behind the last field.
//!
//! Lengths are read differently by machines of 32 and of 64 bits, but only where they are longer than they need be.

use metaplastic_shared::checksum::CRC;
use metaplastic_shared::freeze::Freeze;
use metaplastic_shared::state::{StateQuantity, StateSection};
use metaplastic_shared::wire::{FrameError, Message, Ran, Request, Response, RunPosition, RunStart, read_frame};
use metaplastic_tests::forge::lengthened;

/// The frame of a message's bytes, without its final zero.
fn frame(message: &[u8]) -> Vec<u8> {
    let whole = [message, &CRC.checksum(message).to_le_bytes()].concat();
    let mut frame = vec![0; cobs::max_encoding_length(whole.len())];
    let length = cobs::encode(&whole, &mut frame);
    frame.truncate(length);
    frame
}

fn requests() -> [Request<'static>; 5] {
    [
        Request::Reset(RunStart { freeze: Freeze::Plasticity, nonce: 300 }),
        Request::Run { steps: 2, inputs: &[0x80, 0, 1], analog: &[5; 4] },
        Request::ReadState { section: StateSection::new(StateQuantity::PlasticWeights, 1), first: 300, count: 2 },
        Request::WritePlastic { projection: 0, first: 0, weights: &[1, 0] },
        Request::WriteAge(1 << 20),
    ]
}

fn at<T>(content: T) -> Message<T> {
    Message { content, position: RunPosition { nonce: 1 << 20, steps: 5 } }
}

/// Requests and responses with one varint longer than it need be, or with a byte behind them.
fn not_canonical(message: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let positions = (0..message.len()).flat_map(|at| (1..=9).map(move |more| (at, more)));
    let overlong = positions.map(|(at, more)| lengthened(message, at, more));
    overlong.chain([[message, &[0]].concat()])
}

#[test]
fn a_request_has_one_encoding() {
    for request in requests().map(at) {
        let message = postcard::to_stdvec(&request).unwrap();
        assert_eq!(read_frame::<Message<Request<'_>>>(&mut frame(&message)), Ok(request));
        for other in not_canonical(&message) {
            let mut other = frame(&other);
            let read = read_frame::<Message<Request<'_>>>(&mut other);
            assert_eq!(read, Err(FrameError::Message), "{request:?}");
        }
    }
}

#[test]
fn a_response_has_one_encoding() {
    let ran = Ran { class_scores: [1, -2, 300].into_iter().collect(), cost: 7, modulated_steps: 1 };
    let responses =
        [Response::Ran(ran), Response::State(&[1, 2]), Response::Age(300), Response::StateHash(1 << 40)];
    for response in responses.map(at) {
        let message = postcard::to_stdvec(&response).unwrap();
        assert_eq!(read_frame::<Message<Response<'_>>>(&mut frame(&message)), Ok(response.clone()));
        for other in not_canonical(&message) {
            let mut other = frame(&other);
            let read = read_frame::<Message<Response<'_>>>(&mut other);
            assert_eq!(read, Err(FrameError::Message), "{response:?}");
        }
    }
}
