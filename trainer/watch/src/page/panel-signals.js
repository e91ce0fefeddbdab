// The panels of lines: what the network senses, and what it is to keep to.

import { ChangeDetector, ScrollingLines, makeLinesSection } from "./lines.js";
import { make } from "./dom.js";
import { theme } from "./theme.js";

const SIGNALS_HEIGHT = 190;
const TRACKING_HEIGHT = 200;

/** What both panels do with their lines. */
class LinesPanel {
  constructor(title) {
    Object.assign(this, makeLinesSection(title));
    this.lines = [];
    this.detector = new ChangeDetector();
  }

  finish() {
    this.element.append(this.caption);
  }

  begin(frame) {
    if (frame.skipped > 0) this.lines.forEach((one) => one.interrupt());
    this.detector.update(frame, this.lines);
  }

  clear() {
    this.lines.forEach((one) => one.clear());
    this.detector = new ChangeDetector();
  }

  draw(now) {
    this.lines.forEach((one) => one.draw(now));
  }
}

export class SignalsPanel extends LinesPanel {
  constructor({ names, title }, { greeting }) {
    super(title ?? "What the network senses");
    this.count = greeting.analog ?? names.length;
    const colour = (index) => () => theme.series[index % theme.series.length];
    const lines = Array.from({ length: this.count }, (_, index) => {
      return { label: names[index] ?? `input ${index + 1}`, colour: colour(index), dash: index >= theme.series.length ? [4, 3] : undefined };
    });
    this.lines = [new ScrollingLines(this.element, lines, { unit: "", stepSeconds: greeting.step_seconds, height: SIGNALS_HEIGHT })];
    this.finish();
  }

  update(frame, arrays) {
    const values = arrays.get("analog");
    if (!values) return;
    this.begin(frame);
    this.lines[0].add(frame.step, values.length / this.count, (step, line) => values[step * this.count + line]);
  }
}

export class TrackingPanel extends LinesPanel {
  constructor({ names, unit, title }, { greeting }) {
    super(title ?? "Desired and actual");
    this.count = greeting.tracked ?? names.length;
    const options = { unit, stepSeconds: greeting.step_seconds, height: TRACKING_HEIGHT };
    const desired = { label: "desired", colour: () => theme.desired, dash: [7, 5] };
    const actual = { label: "actual", colour: () => theme.accent };
    this.lines = Array.from({ length: this.count }, (_, index) => {
      if (names[index]) this.element.append(make("h3", "", names[index]));
      return new ScrollingLines(this.element, [desired, actual], options);
    });
    this.finish();
  }

  update(frame, arrays) {
    const values = arrays.get("tracking");
    if (!values) return;
    this.begin(frame);
    const each = 2 * this.count;
    this.lines.forEach((lines, index) => {
      lines.add(frame.step, values.length / each, (step, line) => values[step * each + 2 * index + line]);
    });
  }
}
