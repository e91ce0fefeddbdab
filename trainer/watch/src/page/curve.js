// The curve of the score over the episodes of a life.

import { colour, prepared } from "./raster.js";

const LEFT = 46;
const BOTTOM = 24;

/** Draws the scores of a life; `chance` is a line where it is known. */
export function drawCurve(canvas, { episodes, scores }, chance) {
  const { context, width, height } = prepared(canvas, 180);
  context.clearRect(0, 0, width, height);
  if (scores.length === 0) {
    context.fillStyle = colour("--soft");
    context.font = "14px system-ui, sans-serif";
    context.fillText("No episode has ended yet.", 0, height / 2);
    return;
  }
  const isFraction = chance !== null;
  const known = scores.filter((score) => Number.isFinite(score));
  const low = isFraction ? 0 : Math.min(0, ...known);
  const high = isFraction ? 1 : Math.max(1e-9, ...known);
  const x = (index) => LEFT + ((index + 0.5) / Math.max(scores.length, 20)) * (width - LEFT - 8);
  const y = (score) => height - BOTTOM - ((score - low) / (high - low)) * (height - BOTTOM - 8);
  context.font = "12px system-ui, sans-serif";
  context.fillStyle = colour("--soft");
  context.strokeStyle = colour("--line");
  for (const part of [0, 0.5, 1]) {
    const score = low + part * (high - low);
    context.beginPath();
    context.moveTo(LEFT, y(score));
    context.lineTo(width, y(score));
    context.stroke();
    context.fillText(isFraction ? `${Math.round(100 * score)} %` : score.toPrecision(3), 0, y(score) + 4);
  }
  context.fillText(`1`, LEFT, height - 6);
  const last = `episode ${episodes * Math.max(scores.length, 20)}`;
  context.fillText(last, width - context.measureText(last).width - 4, height - 6);
  if (isFraction) {
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(LEFT, y(chance));
    context.lineTo(width, y(chance));
    context.stroke();
    context.setLineDash([]);
    context.fillText("chance", LEFT + 4, y(chance) - 4);
  }
  context.strokeStyle = context.fillStyle = colour("--accent");
  context.lineWidth = 2;
  context.beginPath();
  scores.forEach((score, index) => (index ? context.lineTo(x(index), y(score)) : context.moveTo(x(index), y(score))));
  context.stroke();
  scores.forEach((score, index) => context.fillRect(x(index) - 2, y(score) - 2, 4, 4));
  context.lineWidth = 1;
}
