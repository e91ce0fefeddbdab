// The panel of the picture that the network sees now.

import { make, makeCanvas, makeSection, watchVisibility } from "./dom.js";
import { Glow, LampGrid } from "./lamps.js";
import { PhaseStrip } from "./phase.js";
import { onThemeChange } from "./theme.js";

export class PicturePanel {
  constructor({ side, title }, { greeting }) {
    this.element = makeSection(title ?? "What the network sees now");
    const canvas = makeCanvas(`The picture that the network sees, ${side} by ${side} pixels`, "matrix picture");
    const row = make("div", "picture-row");
    this.phase = new PhaseStrip();
    row.append(canvas, this.phase.element);
    this.element.append(row);
    this.grid = new LampGrid(canvas, { first: 0, count: side * side, columns: side, size: 1, isPicture: true });
    canvas.style.width = "";
    this.glow = new Glow(greeting.inputs ?? side * side);
    this.visibility = watchVisibility(this.element);
    this.isStale = true;
    onThemeChange(() => (this.isStale = true));
  }

  update(frame, arrays) {
    this.phase.update(frame, arrays.get("flags"));
    const spikes = arrays.get("inputs");
    if (spikes) this.glow.addPicture(spikes, arrays.get("flags"));
    this.isStale = true;
  }

  clear() {
    this.glow.clear();
    this.isStale = true;
  }

  draw() {
    if (!this.isStale || !this.visibility.isVisible) return;
    this.isStale = false;
    this.grid.draw(this.glow.values);
  }
}
