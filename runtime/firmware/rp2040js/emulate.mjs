// Runs Raspberry Pi Pico firmware in rp2040js: `node emulate.mjs FIRMWARE.elf`. UART0 is this program's standard
// input and output; at the end of the input, it prints to standard error how often the LED was lit, and exits.
import { GPIOPinState } from 'rp2040js';
import { boot } from './pico.mjs';

const LED = 25;
// Instructions between two polls of the input: about a millisecond.
const BURST = 20_000;

const { rp2040, clock } = boot(process.argv[2]);
const uart = rp2040.uart[0];
const received = [];
let sent = [];
let ended = false;
let lit = 0;
process.stdin.on('data', (bytes) => received.push(...bytes));
process.stdin.on('end', () => (ended = true));
uart.onByte = (byte) => sent.push(byte);
rp2040.gpio[LED].addListener((state) => (lit += state === GPIOPinState.High ? 1 : 0));

function burst() {
  const nanosecondsPerCycle = 1e9 / clock.frequency;
  for (let i = 0; i < BURST; i++) {
    if (received.length > 0 && uart.rxEnabled && uart.rxFIFO.empty) uart.feedByte(received.shift());
    clock.tick(rp2040.core.executeInstruction() * nanosecondsPerCycle);
  }
  if (sent.length > 0) process.stdout.write(Uint8Array.from(sent));
  sent = [];
  if (ended && received.length === 0) {
    console.error(`LED lit ${lit} times`);
    process.exit(0);
  }
  setImmediate(burst);
}
burst();
