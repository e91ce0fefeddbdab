// The panel of machines that pay at random: their chances, which the visitor can drag, and what the network made of them.

import { make, makeSection, write } from "./dom.js";

/** Pulls whose course is shown. */
const RECENT = 30;
/** What an arrow key changes a chance by. */
const KEY_STEP = 0.05;

const RECORDED_HINT = "A bar is the machine's true chance of paying, which the network does not see. The dashed line is what it has paid so far.";
const HINT = "Drag a bar: it is the machine's true chance of paying, which the network does not see. The dashed line is what it has paid so far.";

const percentOf = (value) => `${Math.round(100 * value)} %`;

/** A bar that can be dragged up and down, and moved by arrow keys; `changed(value)` has the new chance. Without it, it stays. */
class ChanceBar {
  constructor(name, changed) {
    this.element = make("div", "chance");
    this.fill = make("div", "chance-fill");
    this.seen = make("div", "chance-seen");
    this.seen.title = "what it has paid so far";
    this.text = make("p", "chance-text");
    this.element.append(this.fill, this.seen);
    this.changed = changed;
    this.describe(name);
    if (!changed) return;
    this.takePointer();
    this.element.onkeydown = (event) => this.press(event);
  }

  describe(name) {
    const attributes = { role: "slider", tabindex: 0, "aria-label": `chance that ${name} pays, per cent` };
    const range = { "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": 100 };
    for (const [key, value] of Object.entries({ ...attributes, ...range })) this.element.setAttribute(key, value);
  }

  takePointer() {
    const { element } = this;
    element.onpointerdown = (event) => {
      element.setPointerCapture(event.pointerId);
      this.isDragged = true;
      this.drag(event);
    };
    element.onpointermove = (event) => this.isDragged && this.drag(event);
    element.onpointerup = element.onpointercancel = () => (this.isDragged = false);
  }

  drag(event) {
    const { top, height } = this.element.getBoundingClientRect();
    this.change(1 - (event.clientY - top) / height);
  }

  press(event) {
    const direction = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation();
    this.change(this.value + direction * KEY_STEP);
  }

  change(value) {
    const chance = Math.round(100 * Math.min(1, Math.max(0, value))) / 100;
    this.show(chance);
    this.changed(chance);
  }

  show(chance) {
    if (chance === this.value) return;
    this.value = chance;
    this.fill.style.transform = `scaleY(${chance})`;
    write(this.text, percentOf(chance));
    this.element.setAttribute("aria-valuenow", Math.round(100 * chance));
  }
}

class Machine {
  constructor(index, changed) {
    const name = `machine ${index + 1}`;
    this.element = make("div", "machine");
    this.bar = new ChanceBar(name, changed);
    this.result = make("p", "machine-result");
    this.sums = make("p", "caption");
    this.element.append(make("h3", "", name), this.bar.text, this.bar.element, this.result, this.sums);
    this.clear();
  }

  clear() {
    this.pulls = this.paid = 0;
  }

  add(reward) {
    this.pulls += 1;
    this.paid += reward;
  }

  show(last) {
    const isLast = last !== null;
    this.element.classList.toggle("on", isLast);
    this.element.classList.toggle("paid", isLast && last > 0);
    write(this.result, isLast ? (last > 0 ? "paid ✓" : "paid nothing") : "");
    const fraction = this.pulls ? this.paid / this.pulls : 0;
    write(this.sums, this.pulls ? `${this.pulls} ${this.pulls === 1 ? "pull" : "pulls"}, ${percentOf(fraction)} paid` : "not pulled yet");
    this.bar.seen.hidden = this.pulls === 0;
    this.bar.seen.style.bottom = `${100 * Math.min(1, Math.max(0, fraction))}%`;
  }
}

export class MachinesPanel {
  constructor({ count, title }, { send, greeting }) {
    const isRecorded = greeting.source === "file";
    this.element = makeSection(title ?? "The machines");
    this.machines = Array.from({ length: count }, (_, index) => {
      return new Machine(index, isRecorded ? null : (value) => send({ control: "change", index, value }));
    });
    const row = make("div", "machines");
    row.append(...this.machines.map(({ element }) => element));
    this.recent = make("ol", "recent");
    this.element.append(make("p", "hint", isRecorded ? RECORDED_HINT : HINT), row);
    this.element.append(make("p", "caption", "Its last pulls, the newest at the right; filled where it was paid:"), this.recent);
    this.pulls = [];
  }

  update({ ended, choices = [], changed = [] }) {
    if (ended !== this.ended) this.clear();
    this.ended = ended;
    for (const { action, reward } of choices) {
      this.machines[action]?.add(Number(reward));
      this.pulls.push({ action, reward: Number(reward) });
    }
    this.pulls.splice(0, this.pulls.length - RECENT);
    this.machines.forEach(({ bar }, index) => !bar.isDragged && Number.isFinite(changed[index]) && bar.show(changed[index]));
    this.isStale = true;
  }

  clear() {
    this.pulls = [];
    this.machines.forEach((machine) => machine.clear());
    this.isStale = true;
  }

  draw() {
    if (!this.isStale) return;
    this.isStale = false;
    const last = this.pulls.at(-1);
    this.machines.forEach((machine, index) => machine.show(last?.action === index ? last.reward : null));
    this.showRecent();
  }

  showRecent() {
    while (this.recent.childElementCount < this.pulls.length) this.recent.append(make("li"));
    [...this.recent.children].forEach((item, index) => {
      const pull = this.pulls[index];
      item.hidden = !pull;
      write(item, pull ? String(pull.action + 1) : "");
      item.className = pull?.reward > 0 ? "paid" : "";
    });
  }
}
