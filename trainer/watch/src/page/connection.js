// The connection to the program: messages as objects with a header and arrays, as src/frame.rs writes them.

const ALIGNMENT = 8;
const ARRAY_KINDS = { Uint8Array, Int16Array, Float32Array };

/**
 * The header and the arrays of a message.
 * @param {ArrayBuffer} buffer
 */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const payload = Math.ceil((4 + length) / ALIGNMENT) * ALIGNMENT;
  const arrays = new Map();
  for (const { name, kind, offset, length: values } of header.arrays) {
    arrays.set(name, new ARRAY_KINDS[kind](buffer, payload + offset, values));
  }
  return { header, arrays };
}

/**
 * Opens the socket; `handlers` has message(header, arrays), note(object) and closed(). Returns a function that sends a
 * control, with a method `bytes` that sends a state file.
 */
export function connect(handlers) {
  const address = new URL("socket", location.href);
  address.protocol = "ws:";
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => receive(data, handlers);
  socket.onclose = () => handlers.closed();
  const transmit = (data) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(data);
  };
  const send = (control) => transmit(JSON.stringify(control));
  send.bytes = transmit;
  return send;
}

function receive(data, handlers) {
  if (typeof data === "string") {
    handlers.note(JSON.parse(data));
  } else {
    const { header, arrays } = decode(data);
    handlers.message(header, arrays);
  }
}
