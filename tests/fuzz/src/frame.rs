//! Frames around any bytes, so that a fuzzer reaches what is behind the CRC-32 of a message.

use metaplastic_shared::checksum::CRC;
use metaplastic_shared::wire::MAX_MESSAGE;

/// A frame of any message with a correct CRC; of a message that is too long, its beginning.
#[must_use]
pub fn framed(message: &[u8]) -> Vec<u8> {
    let message = &message[..message.len().min(MAX_MESSAGE - 4)];
    let plain = [message, &CRC.checksum(message).to_le_bytes()].concat();
    let mut frame = vec![0; cobs::max_encoding_length(plain.len()) + 1];
    let length = cobs::encode(&plain, &mut frame);
    frame.truncate(length + 1);
    frame
}
