// The panel of an arm: its links as they are, behind them as they should be, and the path of its hand.

import { make, makeCanvas, makeSection, watchVisibility, watchWidth } from "./dom.js";
import { onThemeChange, theme } from "./theme.js";

const MOST_ARM_HEIGHT = 420;
/** Positions of the hand that are kept. */
const PATH = 400;
/** Parts of the path, each fainter than the next. */
const FADES = 12;

/** The elbow and the hand of links at angles. */
function positions([upper, lower], first, second) {
  const elbow = [upper * Math.cos(first), upper * Math.sin(first)];
  return [elbow, [elbow[0] + lower * Math.cos(first + second), elbow[1] + lower * Math.sin(first + second)]];
}

export class ArmPanel {
  constructor({ lengths, title }, { greeting: { changeable = [] } }) {
    this.element = makeSection(title ?? "The arm");
    this.lengths = lengths;
    this.canvas = makeCanvas("An arm of two links; behind it, as a broad line, where it should be", "arm");
    this.context = this.canvas.getContext("2d");
    const caption = make("p", "caption", "Broad and pale: where the arm should be. Thin lines: the paths of its hand. The ball is its load.");
    this.element.append(this.canvas, caption);
    this.load = changeable.findIndex(({ name }) => /load/.test(name));
    this.path = [];
    this.visibility = watchVisibility(this.element);
    watchWidth(this.element, (width) => this.resize(width));
    onThemeChange(() => (this.isStale = true));
  }

  resize(width) {
    const ratio = window.devicePixelRatio || 1;
    this.width = width;
    this.height = Math.min(MOST_ARM_HEIGHT, Math.round(width * 0.98));
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.canvas.style.height = `${this.height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.isStale = true;
  }

  update(frame, arrays) {
    const values = arrays.get("tracking");
    if (!values || !values.length) return;
    this.weight = frame.changed?.[this.load] ?? 0;
    const each = 2 * Math.max(2, Math.round(values.length / Math.max(1, frame.shown) / 2));
    for (let at = Math.max(0, values.length - PATH * each); at < values.length; at += each) {
      this.addStep(...values.subarray(at, at + 4));
    }
    this.path.splice(0, this.path.length - PATH);
    this.isStale = true;
  }

  addStep(desiredFirst, actualFirst, desiredSecond, actualSecond) {
    const [desired, actual] = [positions(this.lengths, desiredFirst, desiredSecond), positions(this.lengths, actualFirst, actualSecond)];
    this.path.push({ desired, actual });
  }

  clear() {
    this.path = [];
    this.isStale = true;
  }

  draw() {
    if (!this.isStale || !this.visibility.isVisible || !this.width) return;
    this.isStale = false;
    const { context, width, height } = this;
    context.clearRect(0, 0, width, height);
    const scale = Math.min(width, height) / 2.35 / (this.lengths[0] + this.lengths[1]);
    this.point = ([x, y]) => [width / 2 + x * scale, height / 2 - y * scale];
    this.drawReach(scale);
    const last = this.path.at(-1);
    if (!last) return;
    this.drawPath("desired", theme.desired);
    this.drawPath("actual", theme.accent);
    this.drawLinks(last.desired, theme.desired, { width: 20, opacity: 0.35 });
    this.drawLinks(last.actual, theme.accent, { width: 9, opacity: 1 });
  }

  drawReach(scale) {
    const { context } = this;
    context.strokeStyle = theme.line;
    context.lineWidth = 1;
    context.beginPath();
    context.arc(...this.point([0, 0]), (this.lengths[0] + this.lengths[1]) * scale, 0, 2 * Math.PI);
    context.stroke();
  }

  drawPath(which, colour) {
    const { context, path } = this;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    const size = Math.ceil(path.length / FADES);
    for (let from = 0; from < path.length - 1; from += size) {
      context.globalAlpha = 0.1 + 0.7 * (from / path.length);
      context.beginPath();
      path.slice(from, from + size + 1).forEach(({ [which]: [, hand] }) => context.lineTo(...this.point(hand)));
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  drawLinks([elbow, hand], colour, { width, opacity }) {
    const { context } = this;
    const joints = [[0, 0], elbow, hand].map(this.point);
    context.globalAlpha = opacity;
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = width;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    joints.forEach((joint) => context.lineTo(...joint));
    context.stroke();
    context.globalAlpha = 1;
    if (opacity === 1) this.drawJoints(joints);
  }

  drawJoints(joints) {
    const { context } = this;
    joints.forEach(([x, y], index) => {
      context.fillStyle = index === 2 ? theme.bad : theme.card;
      context.strokeStyle = theme.ink;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(x, y, index === 2 ? 7 + 3 * Math.sqrt(Math.max(0, this.weight)) : 7, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    });
  }
}
