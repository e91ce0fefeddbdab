// Runs Raspberry Pi Pico firmware between its pins: `node pins.mjs FIRMWARE.elf STEP INPUTS OUTPUTS`, each a pin's
// number or several with commas. The firmware holds pin STEP high while it steps.
//
// Standard input has one line per step: the level, 0 or 1, of each input pin, applied before the step begins (the
// first line before the chip starts). Standard output has one line per step: of each output pin, as it is when the
// next step begins, the width of its last pulse in nanoseconds; 0 if it stays low, `high` if it stays high.
import { readFileSync } from 'node:fs';
import { GPIOPinState } from 'rp2040js';
import { boot } from './pico.mjs';

// A pin without an edge for this long is constant.
const STEADY_NANOSECONDS = 1e6;
// The longest wait for the next step; the firmware hangs if it takes longer.
const LIMIT_NANOSECONDS = 1e9;

const numbers = (text) => text.split(',').map(Number);
const [elf, step, inputs, outputs] = process.argv.slice(2);
const lines = readFileSync(0, 'utf8').split('\n').filter((line) => line !== '');
const { rp2040, clock } = boot(elf);

// The last pulse of a pin, as an oscilloscope would show it.
class Scope {
  constructor(pin) {
    [this.high, this.edge, this.width] = [false, 0, 0];
    rp2040.gpio[pin].addListener((state) => {
      if (this.high) this.width = clock.nanos - this.edge;
      [this.high, this.edge] = [state === GPIOPinState.High, clock.nanos];
    });
  }

  pulse() {
    if (clock.nanos - this.edge < STEADY_NANOSECONDS) return Math.round(this.width);
    return this.high ? 'high' : 0;
  }
}

function apply(line) {
  numbers(inputs).forEach((pin, index) => rp2040.gpio[pin].setInputValue(line[index] === '1'));
}

const scopes = numbers(outputs).map((pin) => new Scope(pin));
let steps = 0;
let stepped = 0;
rp2040.gpio[step].addListener((state, before) => {
  if (state === GPIOPinState.High) {
    if (steps > 0) console.log(scopes.map((scope) => scope.pulse()).join(' '));
    if (steps === lines.length) process.exit(0);
  } else if (before === GPIOPinState.High) {
    [steps, stepped] = [steps + 1, clock.nanos];
    if (steps < lines.length) apply(lines[steps]);
  }
});

apply(lines[0]);
const nanosecondsPerCycle = 1e9 / clock.frequency;
while (clock.nanos - stepped < LIMIT_NANOSECONDS) {
  const { core } = rp2040;
  // The core sleeps unless an exception is pending.
  const asleep = core.waiting && !core.interruptsUpdated;
  clock.tick(asleep ? clock.nanosToNextAlarm : core.executeInstruction() * nanosecondsPerCycle);
}
console.error(`no step for ${LIMIT_NANOSECONDS} ns after step ${steps}`);
process.exit(1);
