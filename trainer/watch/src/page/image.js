// Values as an image: blue below zero, orange above it, the page's ground at zero.

import { onThemeChange, pixelRamp, theme } from "./theme.js";

const BELOW = "#0072b2";
const ABOVE = "#d55e00";
const COLOURS = 256;
const LINE_HEIGHT = "28px";

let belowRamp = [];
let aboveRamp = [];

/** Small values are to be seen too: the colour goes with the root of the magnitude. */
function rootRamp(colour) {
  const ramp = pixelRamp(theme.card, colour, COLOURS);
  return ramp.map((_, level) => ramp[Math.round(Math.sqrt(level / (COLOURS - 1)) * (COLOURS - 1))]);
}

function makeRamps() {
  belowRamp = rootRamp(BELOW);
  aboveRamp = rootRamp(ABOVE);
}

makeRamps();
onThemeChange(makeRamps);

function largestMagnitude(values) {
  let largest = 0;
  for (let index = 0; index < values.length; index += 1) {
    const magnitude = values[index] < 0 ? -values[index] : values[index];
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}

/** An image of a matrix on a canvas; its longer side is horizontal. */
export class MatrixImage {
  constructor(canvas, rows, columns) {
    const isTurned = rows > columns;
    canvas.width = isTurned ? rows : columns;
    canvas.height = isTurned ? columns : rows;
    // A single line is as high whatever its length.
    if (canvas.height === 1) canvas.style.height = LINE_HEIGHT;
    else canvas.style.aspectRatio = `${canvas.width} / ${canvas.height}`;
    this.context = canvas.getContext("2d");
    this.image = this.context.createImageData(canvas.width, canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    Object.assign(this, { rows, columns, isTurned });
  }

  /** Draws values, row by row; returns the largest magnitude, which has the full colour. */
  draw(values) {
    const { rows, columns, isTurned, pixels } = this;
    const largest = largestMagnitude(values);
    const factor = (COLOURS - 1) / Math.max(largest, 1);
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1, at += 1) {
        const level = (values[at] * factor) | 0;
        pixels[isTurned ? column * rows + row : at] = level < 0 ? belowRamp[-level] : aboveRamp[level];
      }
    }
    this.context.putImageData(this.image, 0, 0);
    return largest;
  }
}
