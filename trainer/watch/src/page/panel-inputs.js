// The panel of input neurons: groups of lamps, so that one sees when a cue and when a label is shown.

import { make, makeCanvas, makeSection, watchVisibility } from "./dom.js";
import { Glow, LampGrid } from "./lamps.js";
import { PhaseStrip } from "./phase.js";
import { onThemeChange } from "./theme.js";

/** Lamps up to which they have a size, pixels. */
const SIZES = [[16, 18], [64, 16], [200, 10], [1100, 7], [Infinity, 3]];

function lampLayout(count) {
  const [, size] = SIZES.find(([most]) => count <= most);
  const columns = count <= 8 ? count : Math.min(count, Math.floor(336 / size), Math.ceil(Math.sqrt(count * 3)));
  return { size, columns };
}

function makeGroup({ name, first, count }) {
  const element = make("figure", "lamps");
  const canvas = makeCanvas(`${name}: ${count} input neurons, bright where one has just spiked`);
  element.append(canvas, make("figcaption", "", name));
  return { element, grid: new LampGrid(canvas, { first, count, ...lampLayout(count) }) };
}

export class InputsPanel {
  constructor({ groups, title }, { greeting }) {
    this.element = makeSection(title ?? "What the network is shown");
    this.phase = new PhaseStrip();
    this.groups = groups.filter(({ count }) => count > 0).map(makeGroup);
    const rows = make("div", "lamp-groups");
    rows.append(...this.groups.map(({ element }) => element));
    this.element.append(this.phase.element, rows);
    this.glow = new Glow(greeting.inputs ?? 0);
    this.visibility = watchVisibility(this.element);
    this.isStale = true;
    onThemeChange(() => (this.isStale = true));
  }

  update(frame, arrays) {
    this.phase.update(frame);
    const spikes = arrays.get("inputs");
    if (spikes) this.glow.add(spikes, frame.steps_per_second);
    this.isStale = true;
  }

  clear() {
    this.glow.clear();
    this.isStale = true;
  }

  draw() {
    if (!this.isStale || !this.visibility.isVisible) return;
    this.isStale = false;
    for (const { element, grid } of this.groups) element.classList.toggle("on", grid.draw(this.glow.values));
  }
}
