// Runs Raspberry Pi Pico firmware in rp2040js: `node emulate.mjs FIRMWARE.elf`. UART0 is this program's standard input
// and output; when the input ends, it says on standard error how often the LED was lit, and ends.
import { readFileSync } from 'node:fs';
import { ConsoleLogger, GPIOPinState, LogLevel, Simulator } from 'rp2040js';

const FLASH = 0x10000000;
const FLASH_BYTES = 2 * 1024 * 1024;
// Behind the second-stage boot loader, which waits for a flash chip that is not emulated.
const VECTOR_TABLE = FLASH + 0x100;
const LED = 25;
// Instructions between two looks at the input: about a millisecond.
const BURST = 20_000;

// Copies every loadable segment of an ELF file to its place in flash.
function load(elf, flash) {
  const view = new DataView(elf.buffer, elf.byteOffset, elf.byteLength);
  const LOADABLE = 1;
  const [table, size, count] = [view.getUint32(28, true), view.getUint16(42, true), view.getUint16(44, true)];
  for (let at = table; at < table + count * size; at += size) {
    const [offset, address, length] = [4, 12, 16].map((field) => view.getUint32(at + field, true));
    if (view.getUint32(at, true) !== LOADABLE || length === 0) continue;
    if (address < FLASH || address + length > FLASH + FLASH_BYTES) {
      throw new Error(`segment of ${length} bytes at 0x${address.toString(16)} is not in flash`);
    }
    flash.set(elf.subarray(offset, offset + length), address - FLASH);
  }
}

const simulator = new Simulator();
const { rp2040, clock } = simulator;
// Only errors, which go to standard error: standard output is the UART's.
rp2040.logger = new ConsoleLogger(LogLevel.Error);
load(readFileSync(process.argv[2]), rp2040.flash);
rp2040.core.VTOR = VECTOR_TABLE;
rp2040.core.reset();

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
