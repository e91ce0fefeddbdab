// The sheet: the visitor draws characters, shows each to the network with its label, and asks which another one is.

import { ranked } from "./answer.js";
import { copyTemplate, write } from "./dom.js";
import { InkSheet, drawIntensities } from "./ink.js";
import { SheetClass } from "./sheet-class.js";
import { presentControl } from "./stimulus.js";

const FIRST_CLASSES = 3;
const PRESENTED_FLAG = 8;

/** How sure an answer is: its lead, as a part of all scores' range. */
function certainty(scores, best, second) {
  const range = scores[best] - Math.min(...scores);
  if (scores.length < 3 || range <= 0) return "";
  const part = (scores[best] - scores[second]) / range;
  return part > 0.5 ? ", clearly" : part < 0.15 ? ", narrowly" : "";
}

export class SheetPanel {
  constructor(panel, context) {
    this.panel = panel;
    this.context = context;
    this.element = copyTemplate("sheet-template");
    this.part = (name) => this.element.querySelector(`[data-part=${name}]`);
    this.ink = new InkSheet(this.part("ink"), panel.side, { begin: () => this.beginStroke(), changed: () => (this.isStale = true) });
    this.classes = [];
    this.pending = null;
    this.isAnswered = false;
    this.hasAnswered = false;
    this.connectButtons();
    while (this.classes.length < Math.min(FIRST_CLASSES, panel.classes)) this.addClass();
    this.showGuide();
  }

  connectButtons() {
    this.part("clear").onclick = () => this.ink.clear();
    this.part("query").onclick = () => this.present(null);
    this.part("forget").onclick = () => this.forget();
    this.part("add").onclick = () => this.addClass().input.focus();
  }

  addClass() {
    const renamed = () => this.publishNames();
    const added = new SheetClass(this.classes.length, { labelAs: (one) => this.present(one), renamed });
    this.classes.push(added);
    this.part("classes").append(added.element);
    this.part("add").hidden = this.classes.length >= this.panel.classes;
    this.publishNames();
    return added;
  }

  /** Other parts of the page call classes by these names too. */
  publishNames() {
    this.context.names = this.classes.map(({ name }) => name);
  }

  get shown() {
    return this.classes.filter(({ count }) => count > 0);
  }

  beginStroke() {
    if (this.isAnswered) this.ink.clear();
    this.isAnswered = false;
  }

  /** Shows the drawing as a sample of a class, or as a query. */
  present(sheetClass) {
    const { greeting, send } = this.context;
    if (this.ink.isEmpty) return this.say("Draw a character first.");
    if (!sheetClass && this.shown.length < 2) return this.say(this.part("too-few").textContent);
    if (sheetClass && this.shown.length === 0) this.beginAnew();
    const intensities = this.ink.intensities();
    const among = (this.shown.at(-1)?.index ?? 0) + 1;
    const label = sheetClass ? sheetClass.index : null;
    this.pending = { sheetClass, intensities };
    send(presentControl(intensities, this.panel, greeting, { label, among }));
    this.say("The network looks at it ...");
  }

  /** What the task's own episodes wrote into the weights is none of the visitor's. */
  beginAnew() {
    const { send, frame } = this.context;
    send({ control: "pause" });
    if (frame?.step > 0) send({ control: "reset", seed: frame.seed });
  }

  forget() {
    const { send, frame } = this.context;
    send({ control: "pause" });
    send({ control: "reset", seed: frame?.seed ?? 1 });
    this.clear();
  }

  update(frame, arrays) {
    const flags = arrays.get("flags");
    const isOwn = flags.some((flag) => flag & PRESENTED_FLAG);
    if (this.pending) this.updatePending(this.pending, frame, isOwn);
    const isTask = flags.some((flag) => !(flag & PRESENTED_FLAG));
    if (isTask && this.shown.length > 0 && !frame.presenting) this.part("mixed").hidden = false;
    this.setBusy(frame.presenting);
  }

  /** The last step of a drawing, its decision and the end may come in several messages. */
  updatePending(pending, { decisions, presenting }, isOwn) {
    pending.isSeen ||= isOwn;
    pending.decision = decisions.findLast(({ presented }) => presented) ?? pending.decision;
    if (pending.isSeen && !presenting && (pending.sheetClass || pending.decision)) this.finish(pending);
  }

  setBusy(isBusy) {
    if (this.isBusy === isBusy) return;
    this.isBusy = isBusy;
    for (const button of this.element.querySelectorAll("button")) button.disabled = isBusy;
  }

  /** The network has seen the drawing. */
  finish({ sheetClass, intensities, decision }) {
    this.pending = null;
    if (sheetClass) this.finishSample(sheetClass, intensities);
    else this.finishQuery(decision);
    this.showGuide();
  }

  finishSample(sheetClass, intensities) {
    sheetClass.add(intensities, this.panel.side);
    this.ink.clear();
    const left = Math.min(FIRST_CLASSES, this.panel.classes) - this.shown.length;
    const more = sheetClass.count > 1 ? " more" : "";
    const next = left > 0 ? "Now another character." : "Draw one of them again.";
    this.say(`It has seen ${sheetClass.name} once${more}. ${next}`);
  }

  finishQuery(decision) {
    const nameOf = (index) => this.classes[index]?.name ?? `class ${index + 1}`;
    const [best, second] = ranked(decision);
    const next = second === undefined ? "" : `; next best ${nameOf(second)}`;
    const sure = second === undefined ? "" : certainty(decision.scores, best, second);
    this.say(`${nameOf(best)}${sure}${next}`, true);
    this.isAnswered = this.hasAnswered = true;
  }

  say(text, isAnswer = false) {
    const answer = this.part("answer");
    write(answer, text);
    answer.classList.toggle("is-answer", isAnswer);
  }

  /** The step of the first use at which the visitor is. */
  showGuide() {
    const enough = Math.min(FIRST_CLASSES, this.panel.classes);
    const at = this.hasAnswered ? 3 : this.shown.length >= enough ? 2 : this.shown.length > 0 ? 1 : 0;
    [...this.part("guide").children].forEach((item, index) => {
      item.classList.toggle("done", index < at);
      if (index === at) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    this.emphasise(at);
  }

  /** The button that is next in the first use. */
  emphasise(at) {
    const next = at < 2 ? this.classes.find(({ count }) => count === 0) : null;
    for (const one of this.classes) one.button.classList.toggle("primary", one === next);
    this.part("query").classList.toggle("primary", at >= 2);
  }

  /** The life began anew. */
  clear() {
    if (this.shown.length > 0) this.say("All is forgotten: the network is as it was before its first step.");
    this.classes.forEach((one) => one.clear());
    this.part("mixed").hidden = true;
    this.showGuide();
  }

  draw() {
    if (!this.isStale) return;
    this.isStale = false;
    drawIntensities(this.part("reduced"), this.ink.intensities(), this.panel.side);
    this.part("invitation").hidden = !this.ink.isEmpty;
  }
}
