// Packed spikes: the neuron with index n of a step is the bit n % 8 of the byte n / 8.

const COUNTS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

/** Calls `action(neuron)` for every spike of a step. */
export function eachSpike(bytes, offset, length, action) {
  for (let index = 0; index < length; index += 1) {
    for (let bits = bytes[offset + index], neuron = 8 * index; bits > 0; bits >>= 1, neuron += 1) {
      if (bits & 1) action(neuron);
    }
  }
}

/** The number of all spikes. */
export function countSpikes(bytes) {
  let count = 0;
  for (let index = 0; index < bytes.length; index += 1) count += COUNTS[bytes[index]];
  return count;
}

/** Sets the bit of a neuron in a step of packed spikes. */
export function setSpike(bytes, offset, neuron) {
  bytes[offset + (neuron >> 3)] |= 1 << (neuron & 7);
}

/** Bytes as base64. */
export function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
