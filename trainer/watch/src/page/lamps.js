// Input neurons as lamps: a spike lights one up, and its light fades over the next steps.

import { eachSpike } from "./bits.js";
import { makeSection, watchVisibility } from "./dom.js";
import { PhaseStrip } from "./phase.js";
import { onThemeChange, pixelRamp, theme } from "./theme.js";

const BRIGHTNESSES = 64;
/** Time over which a light fades, in steps and in seconds. */
const FEWEST_STEPS = 3;
const MOST_STEPS = 40;
const SECONDS = 0.12;
/** Steps of which a picture is the mean. */
const PICTURE_STEPS = 16;
const RESET_OF_STATE = 4;
/** What is left of a light that nobody sees any more. */
const DARK = 0.02;

let lampRamp = [];
let pictureRamp = [];

function makeLampRamps() {
  lampRamp = pixelRamp(theme.line, theme.desired, BRIGHTNESSES);
  pictureRamp = pixelRamp(theme.card, theme.ink, BRIGHTNESSES);
}

makeLampRamps();
onThemeChange(makeLampRamps);

/** Steps over which a light fades at a speed: long enough to be seen. */
export const fadingSteps = (stepsPerSecond) => Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, SECONDS * (stepsPerSecond ?? 0)));

/** The lights of all input neurons. */
export class Glow {
  constructor(inputs) {
    this.bytes = Math.ceil(inputs / 8);
    this.values = new Float32Array(this.bytes * 8);
    this.steps = 0;
  }

  /** Adds the steps of a message, over so many of which a light fades. */
  add(spikes, fading) {
    const factor = Math.exp(-1 / fading);
    const count = spikes.length / this.bytes;
    for (let step = Math.max(0, count - 3 * MOST_STEPS); step < count; step += 1) {
      this.fade(factor);
      eachSpike(spikes, step * this.bytes, this.bytes, (neuron) => (this.values[neuron] = 1));
    }
  }

  /** Adds the steps of a message as a picture: the fraction of its steps in which a neuron spiked, since the last reset. */
  addPicture(spikes, flags) {
    for (let step = Math.max(0, flags.length - 3 * MOST_STEPS); step < flags.length; step += 1) {
      if (flags[step] & RESET_OF_STATE) this.clear();
      this.steps = Math.min(this.steps + 1, PICTURE_STEPS);
      this.fade(1 - 1 / this.steps);
      eachSpike(spikes, step * this.bytes, this.bytes, (neuron) => (this.values[neuron] += 1 / this.steps));
    }
  }

  fade(factor) {
    for (let index = 0; index < this.values.length; index += 1) this.values[index] *= factor;
  }

  clear() {
    this.steps = 0;
    this.values.fill(0);
  }
}

/** A panel of lamps, which draws them where they can be seen; it has addSpikes(spikes, frame, arrays) and drawLamps(). */
export class LampPanel {
  constructor(title, inputs) {
    this.element = makeSection(title);
    this.phase = new PhaseStrip();
    this.glow = new Glow(inputs);
    this.visibility = watchVisibility(this.element);
    this.isStale = true;
    onThemeChange(() => (this.isStale = true));
  }

  update(frame, arrays) {
    this.phase.update(frame, arrays.get("flags"));
    const spikes = arrays.get("inputs");
    if (spikes) this.addSpikes(spikes, frame, arrays);
    this.isStale = true;
  }

  clear() {
    this.glow.clear();
    this.isStale = true;
  }

  draw() {
    if (!this.isStale || !this.visibility.isVisible) return;
    this.isStale = false;
    this.drawLamps();
  }
}

/** Lamps of consecutive neurons in rows on a canvas. */
export class LampGrid {
  constructor(canvas, { first, count, columns, size, isPicture = false }) {
    Object.assign(this, { first, count, columns, size, isPicture });
    canvas.width = columns * size;
    canvas.height = Math.ceil(count / columns) * size;
    canvas.style.width = `${canvas.width}px`;
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(canvas.width, canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.gap = isPicture ? 0 : Math.max(1, Math.round(size / 6));
  }

  /** Draws the lights; whether one of them is bright. */
  draw(values) {
    let brightest = 0;
    const ramp = this.isPicture ? pictureRamp : lampRamp;
    for (let lamp = 0; lamp < this.count; lamp += 1) {
      const value = values[this.first + lamp];
      if (value > brightest) brightest = value;
      this.fill(lamp, ramp[value < DARK ? 0 : Math.round(value * (BRIGHTNESSES - 1))]);
    }
    this.context.putImageData(this.image, 0, 0);
    return brightest > 0.6;
  }

  fill(lamp, pixel) {
    const { columns, size, gap, pixels } = this;
    const width = columns * size;
    const from = Math.floor(lamp / columns) * size * width + (lamp % columns) * size;
    for (let row = 0; row < size - gap; row += 1) {
      pixels.fill(pixel, from + row * width, from + row * width + size - gap);
    }
  }
}
