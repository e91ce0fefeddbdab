// The panel of the picture that the network sees now.

import { make, makeCanvas } from "./dom.js";
import { LampGrid, LampPanel } from "./lamps.js";

export class PicturePanel extends LampPanel {
  constructor({ side, title }, { greeting }) {
    super(title ?? "What the network sees now", greeting.inputs ?? side * side);
    const canvas = makeCanvas(`The picture that the network sees, ${side} by ${side} pixels`, "matrix picture");
    const row = make("div", "picture-row");
    row.append(canvas, this.phase.element);
    this.element.append(row);
    this.grid = new LampGrid(canvas, { first: 0, count: side * side, columns: side, size: 1, isPicture: true });
    canvas.style.width = "";
  }

  addSpikes(spikes, _frame, arrays) {
    this.glow.addPicture(spikes, arrays.get("flags"));
  }

  drawLamps() {
    this.grid.draw(this.glow.values);
  }
}
