// Lines that scroll: values of every step, behind each other, with what changed in the world.

import { make, makeSection } from "./dom.js";
import { Plot, plotAxis } from "./plot.js";
import { onThemeChange, theme } from "./theme.js";

/** Steps that are shown. */
const WINDOW = 1500;
/** Milliseconds between two pictures of the lines. */
const BETWEEN_LINES = 30;

/** The lines' key: a stroke in the line's colour, and its name. */
function makeKey(lines) {
  const key = make("p", "caption");
  const strokes = lines.map(({ label, colour, dash }) => {
    const stroke = make("span", "stroke");
    key.append(stroke, ` ${label} `);
    return () => (stroke.style.borderTop = `3px ${dash ? "dashed" : "solid"} ${colour()}`);
  });
  const paint = () => strokes.forEach((stroke) => stroke());
  paint();
  onThemeChange(paint);
  return key;
}

export class ScrollingLines {
  /** `lines` have label, colour() and perhaps dash; `axis` has unit, stepSeconds and height. */
  constructor(root, lines, { unit, stepSeconds, height }) {
    this.factor = stepSeconds ?? 1;
    this.columns = [[], ...lines.map(() => [])];
    this.changes = [];
    this.last = 0;
    const area = make("div", "plot");
    root.append(area, makeKey(lines));
    this.plot = new Plot(area, height, BETWEEN_LINES, this.options(lines, unit, stepSeconds));
  }

  options(lines, unit, stepSeconds) {
    const series = lines.map(({ label, colour, dash }) => {
      return { label, stroke: colour, dash, width: dash ? 2.5 : 1.75, points: { show: false }, spanGaps: false };
    });
    const range = () => {
      const first = this.columns[0][0] ?? 0;
      return [first, Math.max(first + WINDOW * this.factor, this.last * this.factor)];
    };
    const horizontal = plotAxis({ size: 24, space: 70, label: stepSeconds ? "seconds" : "step", labelSize: 16 });
    const vertical = plotAxis({ size: 52, label: unit || undefined, labelSize: 18 });
    return {
      scales: { x: { time: false, range } },
      axes: [horizontal, vertical],
      series: [{}, ...series],
      hooks: { draw: [(plot) => this.drawChanges(plot)] },
    };
  }

  /** Adds `count` steps up to `step`; `valueOf(index, line)` gives their values. */
  add(step, count, valueOf) {
    const first = Math.max(0, count - WINDOW);
    for (let index = first; index < count; index += 1) {
      this.columns[0].push((step - count + 1 + index) * this.factor);
      for (let line = 1; line < this.columns.length; line += 1) {
        const value = valueOf(index, line - 1);
        this.columns[line].push(Number.isFinite(value) ? value : null);
      }
    }
    this.last = step;
    this.forgetOldest();
  }

  /** What comes next does not continue what came before. */
  interrupt() {
    if (this.columns[0].length === 0) return;
    this.columns[0].push(this.columns[0].at(-1) + this.factor / 2);
    for (let line = 1; line < this.columns.length; line += 1) this.columns[line].push(null);
  }

  forgetOldest() {
    const excess = this.columns[0].length - WINDOW;
    if (excess > 0) this.columns.forEach((column) => column.splice(0, excess));
    while (this.changes[0]?.x < this.columns[0][0]) this.changes.shift();
    this.plot.set(this.columns);
  }

  /** Something changed before the next step: a vertical line. */
  addChange(step, isEpisode) {
    this.changes.push({ x: step * this.factor, isEpisode });
  }

  drawChanges(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    for (const { x, isEpisode } of this.changes) {
      const at = Math.round(plot.valToPos(x, "x", true));
      if (at < bbox.left) continue;
      ctx.strokeStyle = isEpisode ? theme.soft : theme.bad;
      ctx.lineWidth = isEpisode ? 1 : 2;
      ctx.setLineDash(isEpisode ? [2, 4] : [6, 4]);
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  clear() {
    this.columns.forEach((column) => column.splice(0));
    this.changes = [];
    this.plot.set(this.columns);
  }

  draw(now) {
    this.plot.draw(now);
  }
}

/** What of a frame lines show besides values: another episode, and changes of the world. */
export class ChangeDetector {
  constructor() {
    this.ended = null;
    this.changed = [];
  }

  /** Adds what is new in a frame to lines. */
  update({ ended, changed = [], step, shown }, lines) {
    const isEpisode = this.ended !== null && ended !== this.ended;
    const isChanged = !isEpisode && changed.some((value, index) => this.changed[index] !== undefined && value !== this.changed[index]);
    if (isEpisode) lines.forEach((one) => one.addChange(step - shown, true));
    if (isChanged) lines.forEach((one) => one.addChange(step - shown, false));
    this.ended = ended;
    this.changed = changed;
  }
}

/** A section of lines with a caption of what vertical lines mean. */
export function makeLinesSection(title) {
  const element = makeSection(title);
  const caption = make("p", "caption", "Dotted: another episode begins. Dashed orange: the world was changed.");
  return { element, caption };
}
