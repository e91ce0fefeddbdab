// Lines over a horizontal axis by uPlot, in the colours of the theme and the width of their element.

/* global uPlot */
import { watchVisibility, watchWidth } from "./dom.js";
import { onThemeChange, theme } from "./theme.js";

const FONT = "12px system-ui, sans-serif";

/** An axis of a plot. */
export const plotAxis = (more) => ({
  stroke: () => theme.soft,
  grid: { stroke: () => theme.line, width: 1 },
  ticks: { show: false },
  font: FONT,
  labelFont: FONT,
  gap: 4,
  ...more,
});

/** Milliseconds between two pictures of a plot that is not seen. */
const UNSEEN_INTERVAL = 1000;

/** A plot that draws what it was given last, and not more often than `interval` milliseconds. */
export class Plot {
  constructor(root, height, interval, options) {
    this.interval = interval;
    this.visibility = watchVisibility(root);
    this.drawn = 0;
    const fixed = { width: 300, height, legend: { show: false }, cursor: { show: false }, padding: [8, 10, 0, 0] };
    this.plot = new uPlot({ ...fixed, ...options }, options.series.map(() => []), root);
    watchWidth(root, (width) => this.plot.setSize({ width, height }));
    onThemeChange(() => this.plot.redraw(false, true));
  }

  /** Gives it values: those of the horizontal axis, then those of each line. */
  set(data) {
    this.data = data;
  }

  draw(now) {
    const interval = this.visibility.isVisible ? this.interval : UNSEEN_INTERVAL;
    if (!this.data || now - this.drawn < interval) return;
    this.plot.setData(this.data);
    this.data = null;
    this.drawn = now;
  }
}
