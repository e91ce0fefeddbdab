// The last answer: a bar for each class score, with the winner, the right class and the runner-up.

import { make, makeSection, write } from "./dom.js";

/** Classes that have a bar. */
const MOST_BARS = 10;
/** Milliseconds between two answers, so that one can be read. */
const BETWEEN_ANSWERS = 100;

/** The classes from the largest score on; the answer is the first even where scores are equal. */
export function ranked({ answer, scores }) {
  const order = scores.map((_, index) => index).sort((one, other) => scores[other] - scores[one] || one - other);
  return [answer, ...order.filter((index) => index !== answer)];
}

/** A decision in words. */
export function describeDecision(decision, nameOf) {
  const { answer, target, presented } = decision;
  const second = ranked(decision)[1];
  const next = second === undefined ? "" : `; next best ${nameOf(second)}`;
  if (presented) return `${nameOf(answer)}${next}`;
  return answer === target ? `Right: ${nameOf(answer)}${next}` : `Wrong: ${nameOf(answer)}, right is ${nameOf(target)}`;
}

/** The ends of a bar: from zero on, or where scores are negative, from below the least. */
function barLimits(scores) {
  const [least, largest] = [Math.min(...scores), Math.max(...scores)];
  return least < 0 ? [least - 0.1 * (largest - least) - 1, largest] : [0, Math.max(1, largest)];
}

function makeBar() {
  const element = make("li");
  const [name, track, fill, score] = [make("span", "bar-name"), make("span", "bar-track"), make("span", "bar-fill"), make("span", "bar-score")];
  track.append(fill);
  element.append(name, track, score);
  return { element, name, fill, score };
}

export class AnswerPanel {
  constructor({ className }) {
    this.className = className;
    this.element = makeSection("The last answer", "answer");
    this.element.hidden = true;
    this.sentence = make("p", "verdict");
    this.list = make("ol", "bars");
    this.element.append(this.sentence, this.list);
    this.bars = [];
    this.drawn = 0;
  }

  update({ decisions }) {
    if (decisions.length) this.decision = decisions.at(-1);
  }

  clear() {
    this.decision = null;
    this.element.hidden = true;
  }

  draw(now) {
    if (!this.decision || now - this.drawn < BETWEEN_ANSWERS) return;
    this.drawn = now;
    this.show(this.decision);
    this.decision = null;
  }

  show(decision) {
    const nameOf = (index) => this.className(index, decision.presented);
    this.element.hidden = false;
    write(this.sentence, describeDecision(decision, nameOf));
    const isKnown = !decision.presented;
    this.sentence.className = `verdict ${isKnown ? (decision.answer === decision.target ? "right" : "wrong") : ""}`;
    this.shownClasses(decision).forEach((index, bar) => this.showBar(this.bar(bar), index, decision));
  }

  /** In the order of the classes; of many, those with the largest scores, and the right one. */
  shownClasses(decision) {
    const best = ranked(decision).slice(0, MOST_BARS);
    if (decision.target !== undefined && !best.includes(decision.target)) best.splice(-1, 1, decision.target);
    const shown = best.filter((index) => index < decision.scores.length).sort((one, other) => one - other);
    while (this.bars.length > shown.length) this.bars.pop().element.remove();
    return shown;
  }

  bar(index) {
    if (!this.bars[index]) {
      this.bars[index] = makeBar();
      this.list.append(this.bars[index].element);
    }
    return this.bars[index];
  }

  showBar({ element, name, fill, score }, index, { answer, target, scores, presented }) {
    const [low, high] = barLimits(scores);
    const isRight = index === target;
    element.className = (index === answer ? "winner " : "") + (index === answer && !presented ? (isRight ? "right" : "wrong") : "");
    write(name, `${this.className(index, presented)}${isRight ? " ✓" : ""}`);
    name.title = isRight ? "the right answer" : "";
    fill.style.transform = `scaleX(${(scores[index] - low) / (high - low)})`;
    write(score, String(scores[index]));
  }
}
