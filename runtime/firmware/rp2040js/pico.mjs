// An emulated Raspberry Pi Pico with firmware in its flash, about to start. It knows no pin.
import { readFileSync } from 'node:fs';
import { ConsoleLogger, LogLevel, Simulator } from 'rp2040js';

const FLASH = 0x10000000;
const FLASH_BYTES = 2 * 1024 * 1024;
// After the second-stage boot loader, which waits for a flash chip that is not emulated.
const VECTOR_TABLE = FLASH + 0x100;

// Copies every loadable segment of an ELF file to its address in flash.
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

// The chip and its clock, with the ELF file of this path loaded.
export function boot(path) {
  const { rp2040, clock } = new Simulator();
  // Only errors, on standard error: standard output belongs to the scripts.
  rp2040.logger = new ConsoleLogger(LogLevel.Error);
  load(readFileSync(path), rp2040.flash);
  rp2040.core.VTOR = VECTOR_TABLE;
  rp2040.core.reset();
  return { rp2040, clock };
}
