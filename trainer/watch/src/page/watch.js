// The page: passes what messages say of the network on to its parts, and draws them.

import { connect } from "./connection.js";
import { connectControls, disableControls, showControls } from "./controls.js";
import { Costs } from "./costs.js";
import { ScoreCurve } from "./curve.js";
import { Decisions } from "./decisions.js";
import { find, write } from "./dom.js";
import { Interventions, offerFile } from "./interventions.js";
import { Pace } from "./pace.js";
import { Raster } from "./raster.js";
import { countOwnChanges, makePanels } from "./scene.js";
import { showNetwork, showStatus } from "./status.js";
import { ValueImages } from "./values.js";
import { WorldControls } from "./world.js";

/** Milliseconds between two texts that change with every step. */
const BETWEEN_TEXTS = 100;

const pace = new Pace();
/** What the parts know of each other: the greeting, the last frame, the names of classes, what of the world was changed, and `send`. */
const context = { greeting: null, frame: null, names: [], kept: new Map(), className, send };
let parts = null;
let missed = 0;
let isLost = false;
let isDirty = false;
let textsDrawn = 0;

const transmit = connect({ message, note, closed });
send.bytes = (buffer) => {
  write(find("fault"), "");
  transmit.bytes(buffer);
};
connectControls(context);
requestAnimationFrame(draw);

function send(control) {
  write(find("fault"), "");
  if (control.control === "change") context.kept.set(control.index, control.value);
  transmit(control);
}

/** A class is called as the visitor calls it in what the visitor drew. */
function className(index, isPresented = false) {
  return (isPresented && context.names[index]) || `class ${index + 1}`;
}

function message(header, arrays) {
  const began = performance.now();
  if (header.kind === "greeting") greet(header);
  if (header.kind === "frame" && parts) update(header, arrays);
  if (header.kind === "lost") lose(`The network's body is lost: ${header.why}`);
  offerFile(header, arrays);
  pace.addScript(performance.now() - began);
}

function note({ missed: count, refused }) {
  missed += count ?? 0;
  if (refused) write(find("fault"), `refused: ${refused}`);
}

function closed() {
  if (!isLost) lose("The program has ended. What it showed last is still here.");
}

function lose(why) {
  isLost = true;
  write(find("fault"), why);
  disableControls();
}

function greet(greeting) {
  Object.assign(context, { greeting, frame: null, names: [] });
  showNetwork(greeting);
  write(find("score-title"), greeting.score === "accuracy" ? "Right decisions by episode" : `${greeting.score} by episode`);
  const populations = greeting.view.spikes.map(({ name, owner, shape }) => ({ name, label: owner, size: shape[0] }));
  find("score").replaceChildren();
  const panels = makePanels(context);
  const decisions = new Decisions(context);
  const costs = new Costs(context, populations);
  const curve = new ScoreCurve(find("score"), greeting);
  const raster = new Raster(find("raster"), find("raster-labels"), populations);
  const values = new ValueImages(find("values"), greeting.view.values);
  const world = new WorldControls(find("world-group"), context, countOwnChanges(greeting));
  parts = { panels, decisions, costs, curve, raster, values, world, interventions: new Interventions(context) };
}

function update(frame, arrays) {
  if (context.frame && frame.step < context.frame.step) clear();
  context.frame = frame;
  const { panels, decisions, costs, raster, values, world } = parts;
  world.update(frame);
  for (const panel of panels) panel.update(frame, arrays);
  decisions.update(frame);
  costs.update(frame, arrays);
  raster.add(arrays.get("flags"), arrays, frame.skipped);
  values.update(arrays);
  isDirty = true;
}

/** The life began anew. */
function clear() {
  const { panels, decisions, raster } = parts;
  context.kept.clear();
  for (const part of [...panels, decisions, raster]) part.clear();
}

function draw(now) {
  const began = performance.now();
  requestAnimationFrame(draw);
  if (parts) drawParts(now);
  pace.add(now, performance.now() - began);
}

function drawParts(now) {
  const { panels, decisions, costs, curve, raster, values } = parts;
  for (const part of [raster, ...panels, decisions, costs, values]) part.draw(now);
  if (isDirty) drawTexts(now);
  curve.draw(now);
}

function drawTexts(now) {
  document.documentElement.dataset.step = context.frame.step;
  pace.addLatency(context.frame.time);
  if (context.frame.mode !== "paused" && now - textsDrawn < BETWEEN_TEXTS) return;
  textsDrawn = now;
  isDirty = false;
  showStatus(context, context.frame, missed);
  showControls(context.frame);
  parts.curve.update(context.frame);
  parts.interventions.update(context.frame);
  write(find("pace"), `${Math.round(pace.framesPerSecond)} pictures a second`);
}
