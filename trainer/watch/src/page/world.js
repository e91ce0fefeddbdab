// What of the world the visitor can change: a slider for each number, with its value and the way back.

import { find, make, makeButton, write } from "./dom.js";

const STEPS = 200;

const formatted = (value) => String(Number(value.toPrecision(3)));

class WorldSlider {
  constructor({ name, unit, low, high }, index, { send, kept }) {
    this.unit = unit ?? "";
    this.element = make("label", "slider");
    this.input = make("input");
    Object.assign(this.input, { type: "range", min: low, max: high, step: (high - low) / STEPS });
    this.value = make("output");
    this.back = makeButton("", () => this.restore());
    this.back.hidden = true;
    this.change = (value) => send({ control: "change", index, value });
    this.drop = () => kept.delete(index);
    this.input.oninput = () => this.begin();
    this.input.onchange = () => (this.isDragged = false);
    this.element.append(make("span", "", name), this.input, this.value, this.back);
  }

  begin() {
    this.isDragged = true;
    this.initial ??= this.shown;
    this.change(this.input.valueAsNumber);
    this.show(this.input.valueAsNumber);
  }

  restore() {
    this.change(this.initial);
    this.drop();
    this.isDragged = false;
    this.forget();
  }

  /** Another episode has another world. */
  forget() {
    this.initial = null;
    this.back.hidden = true;
  }

  update(value) {
    if (!this.isDragged && Number.isFinite(value) && value !== this.shown) {
      this.shown = value;
      this.input.value = value;
      this.show(value);
    }
  }

  show(value) {
    write(this.value, `${formatted(value)} ${this.unit}`);
    if (!Number.isFinite(this.initial)) return;
    this.back.hidden = false;
    write(this.back, `back to ${formatted(this.initial)}`);
  }
}

export class WorldControls {
  /** `first` is the first of what can be changed that no panel of the scene has. */
  constructor(group, context, first) {
    const { greeting } = context;
    this.context = context;
    this.first = first;
    const descriptions = (greeting.changeable ?? []).slice(first);
    this.sliders = descriptions.map((description, index) => new WorldSlider(description, first + index, context));
    group.hidden = (greeting.changeable ?? []).length === 0;
    const list = group.querySelector("[data-part=sliders]");
    list.replaceChildren(...this.sliders.map(({ element }) => element));
    list.hidden = this.sliders.length === 0;
  }

  /** Another episode has another world: what the visitor changed is changed again. */
  beginEpisode() {
    this.sliders.forEach((slider) => slider.forget());
    const { kept, send } = this.context;
    if (!find("keep-changes").checked) kept.clear();
    for (const [index, value] of kept) send({ control: "change", index, value });
  }

  update({ changed = [], ended }) {
    if (ended !== this.ended) this.beginEpisode();
    this.ended = ended;
    this.sliders.forEach((slider, index) => slider.update(changed[this.first + index]));
  }
}
