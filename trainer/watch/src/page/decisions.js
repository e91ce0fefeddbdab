// The last decisions behind each other: right or wrong.

import { describeDecision } from "./answer.js";
import { find, make } from "./dom.js";

const MOST_DECISIONS = 24;

export class Decisions {
  constructor({ className }) {
    this.className = className;
    this.pending = [];
    this.clear();
  }

  update({ decisions }) {
    this.pending.push(...decisions.slice(-MOST_DECISIONS));
    this.pending.splice(0, this.pending.length - MOST_DECISIONS);
  }

  clear() {
    this.pending = [];
    find("decisions").replaceChildren();
    find("decisions-section").hidden = true;
  }

  draw() {
    if (this.pending.length === 0) return;
    const list = find("decisions");
    list.append(...this.pending.map((decision) => this.item(decision)));
    this.pending = [];
    find("decisions-section").hidden = false;
    while (list.childElementCount > MOST_DECISIONS) list.firstChild.remove();
  }

  item(decision) {
    const { answer, target, presented } = decision;
    const nameOf = (index) => this.className(index, presented);
    const short = (index) => nameOf(index).replace(/^class /, "");
    const isRight = answer === target;
    const item = make("li", presented ? "" : isRight ? "right" : "wrong");
    if (presented) item.textContent = `? ${short(answer)}`;
    else item.textContent = isRight ? `✓ ${short(answer)}` : `✗ ${short(answer)} not ${short(target)}`;
    item.title = describeDecision(decision, nameOf);
    return item;
  }
}
