// The curve of the score over the episodes of a life.

import { make, write } from "./dom.js";
import { Plot, plotAxis } from "./plot.js";
import { theme } from "./theme.js";

const HEIGHT = 210;
/** Milliseconds between two curves. */
const BETWEEN_CURVES = 150;
/** Points up to which each is seen. */
const MOST_DOTS = 60;
/** Episodes that the axis has from the first on. */
const FEWEST = 10;
/** Points of which a mean is drawn where there are many: this part of all. */
const MEAN_PART = 1 / 20;
/** Episodes between two numbers of the axis. */
const EPISODE_TICKS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((power) => [power, 2 * power, 5 * power]);


/** The mean of each value and those around it. */
function smoothed(values) {
  const reach = Math.max(1, Math.round((values.length * MEAN_PART) / 2));
  return values.map((_, index) => {
    const near = values.slice(Math.max(0, index - reach), index + reach + 1).filter((value) => value !== null);
    return near.length ? near.reduce((sum, value) => sum + value, 0) / near.length : null;
  });
}

export class ScoreCurve {
  /** `chance` is known where the score is a fraction of right decisions. */
  constructor(root, { chance, score, measures = [] }) {
    this.chance = chance ?? null;
    this.unit = measures[0]?.unit ?? "";
    this.caption = make("p", "caption", "No episode has ended yet.");
    const area = make("div", "plot");
    root.append(area, this.caption);
    this.plot = new Plot(area, HEIGHT, BETWEEN_CURVES, this.options(score));
    this.update({ history: { episodes: 1, scores: [] } });
  }

  options(score) {
    const percent = (_, ticks) => ticks.map((tick) => `${tick} %`);
    const isFraction = this.chance !== null;
    const range = (_, low, high) => (isFraction ? [0, 103] : [Math.min(0, low ?? 0), Math.max(1e-9, high ?? 1) * 1.05]);
    const dots = { show: (plot) => plot.data[0].length <= MOST_DOTS, size: 6, fill: () => theme.accent };
    const faint = (plot) => (plot.data[0].length <= MOST_DOTS ? theme.accent : `${theme.accent}55`);
    const mean = { label: "mean", stroke: () => theme.accent, width: 3, points: { show: false } };
    const lines = [{}, { label: score, stroke: faint, width: 2, points: dots }, mean];
    if (isFraction) lines.push({ label: "chance", stroke: () => theme.soft, width: 1.5, dash: [6, 5], points: { show: false } });
    const vertical = plotAxis(isFraction ? { size: 52, values: percent, incrs: [20, 25, 50, 100] } : { size: 52 });
    const axes = [plotAxis({ size: 30, incrs: EPISODE_TICKS }), vertical];
    return { scales: { x: { time: false }, y: { range } }, axes, series: lines };
  }

  update({ history: { episodes, scores } }) {
    const key = `${episodes} ${scores.length} ${scores.at(-1)}`;
    if (key === this.key) return;
    this.key = key;
    const factor = this.chance === null ? 1 : 100;
    const x = scores.map((_, index) => (index + 1) * episodes);
    const y = scores.map((score) => (Number.isFinite(score) ? score * factor : null));
    while (x.length < FEWEST) {
      x.push((x.length + 1) * episodes);
      y.push(null);
    }
    const mean = x.length > MOST_DOTS ? smoothed(y) : x.map(() => null);
    this.plot.set(this.chance === null ? [x, y, mean] : [x, y, mean, x.map(() => this.chance * 100)]);
    write(this.caption, this.describe(episodes, scores));
  }

  describe(episodes, scores) {
    if (scores.length === 0) return "No episode has ended yet.";
    const point = episodes > 1 ? `Each point is the mean of ${episodes} episodes` : "Each point is an episode";
    const mean = scores.length > MOST_DOTS ? "; the thick line is their running mean" : "";
    const chance = this.chance === null ? "" : `; the dashed line is chance, ${Math.round(100 * this.chance)} %`;
    return `${point}${mean}${chance}. Last: ${this.formatted(scores.at(-1))}.`;
  }

  formatted(score) {
    if (!Number.isFinite(score)) return "unknown";
    return this.chance === null ? `${score.toPrecision(3)} ${this.unit}`.trim() : `${Math.round(100 * score)} %`;
  }

  draw(now) {
    this.plot.draw(now);
  }
}
