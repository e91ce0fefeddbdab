// A class of the visitor's: its name, the button that shows a drawing with its label, and small pictures of those it was shown.

import { copyTemplate, make, write } from "./dom.js";
import { drawIntensities } from "./ink.js";

/** Small pictures of a class that are shown. */
const MOST_PICTURES = 6;

const letter = (index) => String.fromCharCode(65 + (index % 26)) + (index >= 26 ? Math.floor(index / 26) : "");

/** `actions` has labelAs(this), for its button, and renamed(). */
export class SheetClass {
  constructor(index, { labelAs, renamed }) {
    this.index = index;
    this.name = letter(index);
    this.count = 0;
    this.element = copyTemplate("sheet-class-template");
    const part = (name) => this.element.querySelector(`[data-part=${name}]`);
    [this.button, this.title, this.input, this.pictures] = ["label", "title", "name", "pictures"].map(part);
    this.button.onclick = () => labelAs(this);
    this.input.value = this.name;
    this.input.oninput = () => this.rename(renamed);
    write(this.title, this.name);
  }

  rename(renamed) {
    this.name = this.input.value.trim() || letter(this.index);
    write(this.title, this.name);
    renamed();
  }

  add(intensities, side) {
    this.count += 1;
    const picture = make("canvas", "thumbnail");
    picture.title = `shown as ${this.name}`;
    drawIntensities(picture, intensities, side);
    this.pictures.append(picture);
    if (this.pictures.childElementCount > MOST_PICTURES) this.pictures.firstElementChild.remove();
  }

  clear() {
    this.count = 0;
    this.pictures.replaceChildren();
  }
}
