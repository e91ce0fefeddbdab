// The page: shows what messages say of the network, and sends what the visitor asks for.

import { connect } from "./connection.js";
import { drawCurve } from "./curve.js";
import { drawMatrix } from "./image.js";
import { Raster } from "./raster.js";

const MOST_DECISIONS = 24;
const find = (id) => document.getElementById(id);

let greeting = null;
let raster = null;
let frame = null;
let panels = [];
let values = new Map();
let missed = 0;
let isLost = false;
let isDirty = false;

const transmit = connect({ message, note, closed });

function send(control) {
  find("fault").textContent = "";
  transmit(control);
}

function message(header, arrays) {
  if (header.kind === "greeting") greet(header);
  if (header.kind === "frame") show(header, arrays);
  if (header.kind === "lost") lose(`The network's body is lost: ${header.why}`);
}

function note({ missed: count, refused }) {
  missed += count ?? 0;
  if (refused) find("fault").textContent = `refused: ${refused}`;
}

function closed() {
  if (!isLost) lose("The program has ended. What it showed last is still here.");
}

function lose(why) {
  isLost = true;
  find("fault").textContent = why;
  for (const control of find("controls").elements) control.disabled = true;
}

function greet(header) {
  greeting = header;
  document.title = `${header.file} - metaplastic watch`;
  find("file").textContent = header.file;
  const sizes = header.populations.map(({ name, size }) => `${name} ${size}`).join(", ");
  find("about").textContent = `${header.task} on ${header.body}; neurons: ${sizes}`;
  find("score-title").textContent = header.score === "accuracy" ? "Right decisions by episode" : `${header.score} by episode`;
  const populations = header.view.spikes.map(({ name, owner, shape }) => {
    return { name, label: owner, size: shape[0], bytes: 2 * Math.ceil(shape[0] / 16) };
  });
  raster = new Raster(find("raster"), populations);
  find("values").replaceChildren();
  panels = header.view.values.map(panel);
  drawCurve(find("score"), { episodes: 1, scores: [] }, header.chance);
  find("status").textContent = `waiting for the first step on ${header.body}`;
}

function panel({ name, shape, scale }) {
  const section = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = name;
  const canvas = document.createElement("canvas");
  canvas.className = "matrix";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${name}, ${shape.join(" by ")} values`);
  const caption = document.createElement("p");
  caption.className = "caption";
  section.append(title, canvas, caption);
  find("values").append(section);
  const [rows, columns] = shape.length > 1 ? shape : [1, shape[0]];
  return { name, scale, canvas, caption, rows, columns };
}

function show(header, arrays) {
  if (frame && header.step < frame.step) {
    raster.clear();
    find("decisions").replaceChildren();
  }
  frame = header;
  raster.add(arrays.get("flags"), arrays, header.skipped);
  values = arrays;
  header.decisions.slice(-MOST_DECISIONS).forEach(addDecision);
  isDirty = true;
}

function addDecision({ answer, target, scores }) {
  const item = document.createElement("li");
  const isRight = answer === target;
  const others = scores.map((score, index) => ({ score, index })).filter(({ index }) => index !== answer);
  const second = others.sort((one, other) => other.score - one.score)[0];
  item.className = isRight ? "right" : "wrong";
  item.textContent = `${isRight ? "✓" : "✗"} ${answer + 1}`;
  item.title = `answer ${answer + 1}, right ${target + 1}` + (second ? `, runner-up ${second.index + 1}` : "");
  if (!isRight) item.textContent += ` not ${target + 1}`;
  find("decisions").append(item);
  find("decisions-section").hidden = false;
  while (find("decisions").childElementCount > MOST_DECISIONS) find("decisions").firstChild.remove();
}

function draw() {
  requestAnimationFrame(draw);
  if (!isDirty || !raster) return;
  isDirty = false;
  raster.draw();
  drawCurve(find("score"), frame.history, greeting.chance);
  const ground = matchMedia("(prefers-color-scheme: dark)").matches ? [29, 35, 42] : [255, 255, 255];
  for (const { name, scale, canvas, caption, rows, columns } of panels) {
    const largest = drawMatrix(canvas, values.get(name), rows, columns, ground);
    const size = rows === 1 ? "" : `${rows} by ${columns}, `;
    const range = largest > 0 ? `blue below 0, orange above; full colour is ${(largest * scale).toPrecision(3)}` : "all are 0";
    caption.textContent = size + range;
  }
  showStatus();
}

const where = () => (frame.episode_step > 0 ? `episode ${frame.ended + 1}` : `${frame.ended} episodes have ended`);

function showStatus() {
  const isPaused = frame.mode === "paused";
  find("run").textContent = isPaused ? "Run" : "Pause";
  const rate = frame.steps_per_second && !isPaused ? `, ${Math.round(frame.steps_per_second)} steps a second` : "";
  find("status").textContent = `${isPaused ? "paused" : "running"}: ${where()}, step ${frame.step}${rate}`;
  const skipped = frame.skipped > 0 ? `a grey line is a gap: of the last ${frame.skipped + frame.shown} steps ${frame.shown} are shown` : "";
  find("decimation").textContent = skipped + (missed ? `; ${missed} messages were missed` : "");
  find("score-caption").textContent =
    frame.history.episodes > 1 ? `Each point is the mean of ${frame.history.episodes} episodes.` : "Each point is an episode.";
  find("hash").textContent = frame.state_hash ?? "pause to see it";
  const freeze = frame.freeze === "nothing" ? "" : ` --freeze ${frame.freeze}`;
  find("command").textContent =
    `metaplastic evaluate ${greeting.file} --on ${greeting.body} --seed ${frame.seed} --life ${Math.max(1, frame.episode_step > 0 ? frame.ended + 1 : frame.ended)} --lives 1${freeze}`;
}

const toggle = () => send({ control: frame?.mode === "paused" ? "run" : "pause" });
const reset = () => send({ control: "reset", seed: Number(find("seed").value) });
find("run").onclick = toggle;
find("step").onclick = () => send({ control: "step" });
find("episode").onclick = () => send({ control: "episode" });
find("reset").onclick = reset;
find("speed").onchange = ({ target }) => {
  send({ control: "speed", steps_per_second: target.value === "" ? null : Number(target.value) });
};
find("freeze").onchange = ({ target }) => send({ control: "freeze", what: target.value });
find("controls").onsubmit = (event) => event.preventDefault();
document.onkeydown = (event) => {
  if (event.target.closest("button, select, input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = { " ": toggle, ArrowRight: find("step").onclick, e: find("episode").onclick, r: reset };
  const action = keys[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
};
addEventListener("resize", () => (isDirty = frame !== null));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (isDirty = frame !== null));
draw();
