// The raster: a row for each neuron, a column for each step, the newest at the right. The bitmap is scrolled, and only new
// columns are drawn into it.

import { make, watchWidth } from "./dom.js";
import { onThemeChange, pixelOver, theme } from "./theme.js";

const ROW_GAP = 6;
const MOST_HEIGHT = 420;
const COLUMN = 3;
const FLAG_COLOURS = [[1, "labelled"], [2, "modulated"], [8, "presented"]];
const RESET_FLAG = 4;

/** Rows of the bitmap for a population from `top` on. */
function layoutRows({ name, label, size }, top, pitch) {
  const height = Math.max(14, Math.ceil(size * pitch));
  const own = height / size;
  const rows = Int32Array.from({ length: size }, (_, neuron) => top + Math.floor(neuron * own));
  return { name, label, top, height, rows, bytes: 2 * Math.ceil(size / 16), dot: Math.max(1, Math.min(Math.floor(own) - 1, 5)) };
}

export class Raster {
  /** `populations` are objects with `name` of the array, `label` and `size`. */
  constructor(canvas, labels, populations) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.layOut(populations);
    this.addLabels(labels);
    this.pending = [];
    this.width = 0;
    this.colours = this.lookUp();
    watchWidth(canvas.parentElement, () => this.resize(canvas.parentElement.clientWidth - labels.offsetWidth));
    onThemeChange(() => this.recolour());
  }

  layOut(populations) {
    const neurons = populations.reduce((sum, { size }) => sum + size, 0);
    const pitch = Math.min(7, (MOST_HEIGHT - ROW_GAP * populations.length) / Math.max(neurons, 1));
    let top = 0;
    this.populations = populations.map((population) => {
      const rows = layoutRows(population, top, pitch);
      top += rows.height + ROW_GAP;
      return rows;
    });
    this.height = Math.max(top, 1);
  }

  addLabels(labels) {
    labels.replaceChildren(...this.populations.map(({ label, top }) => {
      const text = make("span", "", label);
      text.style.top = `${top}px`;
      text.title = label;
      return text;
    }));
  }

  /** Colours as pixels; of backgrounds, one for every combination of flags. */
  lookUp() {
    const backgrounds = Array.from({ length: 16 }, (_, flags) => {
      const names = FLAG_COLOURS.filter(([bit]) => flags & bit).map(([, name]) => theme[name]);
      return pixelOver(theme.card, ...names);
    });
    const [ink, gap, reset] = [theme.ink, theme.line, theme.soft].map((colour) => pixelOver(theme.card, colour));
    return { backgrounds, ink, gap, reset };
  }

  resize(width) {
    const before = { pixels: this.pixels, width: this.width };
    this.width = Math.max(COLUMN, width - (width % COLUMN));
    this.canvas.width = this.width;
    this.canvas.height = this.height;
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.image = this.context.createImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.pixels.fill(this.colours.backgrounds[0]);
    if (before.pixels) this.keepNewest(before);
    this.context.putImageData(this.image, 0, 0);
  }

  keepNewest({ pixels, width }) {
    const kept = Math.min(width, this.width);
    for (let row = 0; row < this.height; row += 1) {
      const end = (row + 1) * width;
      this.pixels.set(pixels.subarray(end - kept, end), (row + 1) * this.width - kept);
    }
  }

  recolour() {
    const [before, after] = [this.colours, (this.colours = this.lookUp())];
    if (!this.pixels) return;
    const map = new Map(before.backgrounds.map((pixel, flags) => [pixel, after.backgrounds[flags]]));
    for (const name of ["ink", "gap", "reset"]) map.set(before[name], after[name]);
    this.pixels.forEach((pixel, at) => (this.pixels[at] = map.get(pixel) ?? pixel));
    this.context.putImageData(this.image, 0, 0);
  }

  clear() {
    this.pending = [];
    this.pixels?.fill(this.colours.backgrounds[0]);
    this.isCleared = true;
  }

  /** Adds steps: flags of each, and the bits of each population's spikes; before them, steps that are not shown. */
  add(flags, arrays, skipped) {
    this.pending.push({ flags, arrays, columns: flags.length + (skipped > 0 ? 1 : 0) });
    const most = this.width / COLUMN;
    while (this.pending.length > 1 && this.pendingColumns() - this.pending[0].columns >= most) this.pending.shift();
  }

  pendingColumns() {
    return this.pending.reduce((sum, { columns }) => sum + columns, 0);
  }

  draw() {
    if (!this.pixels || (this.pending.length === 0 && !this.isCleared)) return;
    this.isCleared = false;
    const shown = Math.min(this.pendingColumns(), this.width / COLUMN);
    this.pixels.copyWithin(0, shown * COLUMN);
    let column = this.width / COLUMN - this.pendingColumns();
    for (const message of this.pending) {
      this.drawMessage(message, column);
      column += message.columns;
    }
    this.pending = [];
    this.context.putImageData(this.image, 0, 0);
  }

  drawMessage({ flags, arrays, columns }, column) {
    const first = Math.max(0, -column);
    const gap = columns - flags.length;
    this.drawBackgrounds(flags, column, { first, columns, gap });
    for (const population of this.populations) {
      const bytes = arrays.get(population.name);
      for (let index = Math.max(first, gap); index < columns; index += 1) {
        this.drawSpikes(population, bytes, index - gap, (column + index) * COLUMN);
      }
    }
  }

  drawBackgrounds(flags, column, { first, columns, gap }) {
    const { backgrounds, gap: gapColour, reset } = this.colours;
    const line = new Uint32Array((columns - first) * COLUMN);
    for (let index = first; index < columns; index += 1) {
      const at = (index - first) * COLUMN;
      const flag = index < gap ? 0 : flags[index - gap];
      line.fill(backgrounds[flag & 15 & ~RESET_FLAG], at, at + COLUMN);
      if (index < gap) line[at + 1] = gapColour;
      if (flag & RESET_FLAG) line[at] = reset;
    }
    const x = (column + first) * COLUMN;
    for (let row = 0; row < this.height; row += 1) this.pixels.set(line, row * this.width + x);
  }

  drawSpikes({ rows, bytes: length, dot }, bytes, step, x) {
    const { pixels, width, colours: { ink } } = this;
    const offset = step * length;
    for (let index = 0; index < length; index += 1) {
      for (let bits = bytes[offset + index], neuron = 8 * index; bits > 0; bits >>= 1, neuron += 1) {
        if (!(bits & 1)) continue;
        for (let row = rows[neuron], end = row + dot; row < end; row += 1) {
          const at = row * width + x;
          pixels[at] = pixels[at + 1] = ink;
        }
      }
    }
  }
}
