// Potentials, M and P behind the last step, as images: only those that are on the screen, and not more often than one can see.

import { make, makeCanvas, makeSection, watchVisibility, write } from "./dom.js";
import { MatrixImage } from "./image.js";
import { onThemeChange } from "./theme.js";

/** Milliseconds between two images of the same values, where they are seen and where not. */
const BETWEEN_IMAGES = 50;
const BETWEEN_UNSEEN = 1000;
/** Milliseconds for images in a frame. */
const BUDGET = 4;

function makeValuePanel({ name, shape, scale }) {
  const element = makeSection(name);
  const canvas = makeCanvas(`${name}, ${shape.join(" by ")} values`, "matrix");
  const caption = make("p", "caption");
  element.append(canvas, caption);
  const [rows, columns] = shape.length > 1 ? shape : [1, shape[0]];
  const image = new MatrixImage(canvas, rows, columns);
  return { name, scale, element, image, caption, visibility: watchVisibility(element), isStale: true, drawn: 0 };
}

function captionOf({ image: { rows, columns }, scale }, largest) {
  const size = rows === 1 ? "" : `${rows} by ${columns}, `;
  return size + (largest > 0 ? `blue below 0, orange above; full colour is ${(largest * scale).toPrecision(3)}` : "all are 0");
}

export class ValueImages {
  constructor(root, descriptions) {
    this.panels = descriptions.map(makeValuePanel);
    root.replaceChildren(...this.panels.map(({ element }) => element));
    this.arrays = null;
    onThemeChange(() => this.update(this.arrays));
  }

  update(arrays) {
    this.arrays = arrays;
    for (const panel of this.panels) panel.isStale = true;
  }

  draw(now) {
    const interval = ({ isVisible }) => (isVisible ? BETWEEN_IMAGES : BETWEEN_UNSEEN);
    const isDue = ({ isStale, drawn, visibility }) => isStale && now - drawn >= interval(visibility);
    const due = this.arrays ? this.panels.filter(isDue).sort((one, other) => one.drawn - other.drawn) : [];
    const began = performance.now();
    for (const panel of due) {
      this.drawPanel(panel, now);
      if (performance.now() - began > BUDGET) return;
    }
  }

  drawPanel(panel, now) {
    const values = this.arrays.get(panel.name);
    if (!values) return;
    write(panel.caption, captionOf(panel, panel.image.draw(values)));
    panel.isStale = false;
    panel.drawn = now;
  }
}
