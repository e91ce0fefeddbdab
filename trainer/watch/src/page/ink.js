// A sheet on which one draws with mouse, pen or touch, and its ink as a small picture.

import { onThemeChange, theme } from "./theme.js";

/** Pixels of the bitmap's side at least. */
const FEWEST_PIXELS = 520;
/** The pen's width as a fraction of the side: that of the characters with which networks are trained. */
const PEN = 1 / 34;

/** Small pictures are to be seen at a glimpse: thin strokes cover little of a pixel. */
const CONTRAST = 1.6;

const middle = ([x, y], [otherX, otherY]) => [(x + otherX) / 2, (y + otherY) / 2];

export class InkSheet {
  /** `actions` has begin(), before a stroke, and changed(), behind every part of one. */
  constructor(canvas, side, actions) {
    this.side = side;
    this.cell = Math.ceil(FEWEST_PIXELS / side);
    canvas.width = canvas.height = side * this.cell;
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.actions = actions;
    this.strokes = [];
    this.takePointer();
    onThemeChange(() => this.redraw());
  }

  takePointer() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => event.isPrimary && event.button === 0 && this.beginStroke(event);
    canvas.onpointermove = (event) => this.stroke && event.pointerId === this.pointer && this.extendStroke(event);
    canvas.onpointerup = canvas.onpointercancel = () => (this.stroke = null);
  }

  beginStroke(event) {
    event.preventDefault();
    this.actions.begin();
    this.canvas.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.area = this.canvas.getBoundingClientRect();
    this.stroke = [this.position(event)];
    this.strokes.push(this.stroke);
    this.drawDot(this.stroke[0]);
    this.actions.changed();
  }

  extendStroke(event) {
    const events = event.getCoalescedEvents?.() ?? [];
    for (const part of events.length ? events : [event]) {
      this.stroke.push(this.position(part));
      this.drawEnd(this.stroke, this.stroke.length - 1);
    }
    this.actions.changed();
  }

  position({ clientX, clientY }) {
    const { left, top, width, height } = this.area;
    return [((clientX - left) / width) * this.canvas.width, ((clientY - top) / height) * this.canvas.height];
  }

  dip() {
    this.context.strokeStyle = this.context.fillStyle = theme.ink;
    this.context.lineWidth = PEN * this.canvas.width;
    this.context.lineCap = this.context.lineJoin = "round";
  }

  drawDot([x, y]) {
    this.dip();
    this.context.beginPath();
    this.context.arc(x, y, this.context.lineWidth / 2, 0, 2 * Math.PI);
    this.context.fill();
  }

  /** Draws a stroke's part before its point `index`: curves between the middles of its segments are smooth. */
  drawEnd(stroke, index) {
    const [before, last] = [stroke[index - 1], stroke[index]];
    const from = index > 1 ? middle(stroke[index - 2], before) : before;
    this.dip();
    this.context.beginPath();
    this.context.moveTo(...from);
    this.context.quadraticCurveTo(...before, ...middle(before, last));
    this.context.lineTo(...last);
    this.context.stroke();
  }

  redraw() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const stroke of this.strokes) {
      this.drawDot(stroke[0]);
      for (let index = 1; index < stroke.length; index += 1) this.drawEnd(stroke, index);
    }
  }

  get isEmpty() {
    return this.strokes.length === 0;
  }

  clear() {
    this.strokes = [];
    this.stroke = null;
    this.redraw();
    this.actions.changed();
  }

  /** The fraction of each pixel that ink covers, row by row. */
  intensities() {
    const { side, cell } = this;
    const width = side * cell;
    const { data } = this.context.getImageData(0, 0, width, width);
    const sums = new Float32Array(side * side);
    for (let y = 0; y < width; y += 1) {
      const row = Math.floor(y / cell) * side;
      for (let x = 0; x < width; x += 1) sums[row + Math.floor(x / cell)] += data[4 * (y * width + x) + 3];
    }
    return sums.map((sum) => sum / (255 * cell * cell));
  }
}

/** Draws intensities as a picture of one pixel each. */
export function drawIntensities(canvas, intensities, side) {
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  context.fillStyle = theme.ink;
  intensities.forEach((intensity, pixel) => {
    context.globalAlpha = Math.min(1, CONTRAST * intensity);
    context.fillRect(pixel % side, Math.floor(pixel / side), 1, 1);
  });
}
