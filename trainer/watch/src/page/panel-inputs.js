// The panel of input neurons: groups of lamps, so that one sees when a cue and when a label is shown.

import { make, makeCanvas } from "./dom.js";
import { LampGrid, LampPanel, fadingSteps } from "./lamps.js";

/** Lamps up to which they have a size, pixels. */
const SIZES = [[64, 22], [200, 16], [400, 10], [1100, 7], [Infinity, 3]];
/** Lamps of a small group, which stands beside the others. */
const SMALL = 12;
/** Pixels of a row of lamps at most. */
const MOST_WIDTH = 352;

/** As many columns as fill all rows, if there is such a number. */
function lampLayout(count) {
  const [, size] = SIZES.find(([most]) => count <= most);
  const most = Math.min(count, Math.floor(MOST_WIDTH / size));
  const fewest = count <= SMALL ? Math.min(count, SMALL) : Math.ceil(Math.sqrt(2.5 * count));
  const fitting = Array.from({ length: most + 1 }, (_, columns) => columns).find((columns) => columns >= fewest && count % columns === 0);
  return { size, columns: fitting ?? Math.min(most, fewest) };
}

function makeGroup({ name, first, count }) {
  const element = make("figure", "lamps");
  const canvas = makeCanvas(`${name}: ${count} input neurons, bright where one has just spiked`);
  element.append(canvas, make("figcaption", "", name));
  return { element, grid: new LampGrid(canvas, { first, count, ...lampLayout(count) }) };
}

export class InputsPanel extends LampPanel {
  constructor({ groups, title }, { greeting }) {
    super(title ?? "What the network is shown", greeting.inputs ?? 0);
    this.groups = groups.filter(({ count }) => count > 0).map(makeGroup);
    const [rows, large, small] = [make("div", "lamp-groups"), make("div"), make("div")];
    for (const { element, grid } of this.groups) (grid.count > SMALL ? large : small).append(element);
    rows.append(...[large, small].filter(({ childElementCount }) => childElementCount > 0));
    this.element.append(this.phase.element, rows);
  }

  addSpikes(spikes, frame) {
    this.glow.add(spikes, fadingSteps(frame.steps_per_second));
  }

  drawLamps() {
    for (const { element, grid } of this.groups) element.classList.toggle("on", grid.draw(this.glow.values));
  }
}
