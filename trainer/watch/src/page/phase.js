// The phases of an episode in words: what is shown, and when the network has to answer.

import { make, write } from "./dom.js";

const ORDER = ["cue", "support", "label", "query"];
const PHASE_NAMES = { cue: "cue", support: "sample with its label", label: "label", query: "question" };

const WORDS = {
  cue: ({ number }) => `Cue ${number + 1} is shown.`,
  label: ({ number }, nameOf) => `The right answer is shown: ${nameOf(number)}.`,
  support: ({ number }, nameOf) => `A sample of ${nameOf(number)} is shown with its label.`,
  query: ({ number }) => `Question ${number + 1}: shown without a label. The network answers.`,
};

const OWN_DRAWING = 8;
const OWN_WORDS = { support: "Your drawing, with its label.", query: "Your drawing, without a label. The network answers." };

const phaseClass = (index) => `class ${index + 1}`;

/** The kinds of phases that were seen, with the present one emphasised, and a sentence. */
export class PhaseStrip {
  constructor() {
    this.element = make("div", "phase");
    this.steps = make("ol");
    this.sentence = make("p");
    this.element.append(this.steps, this.sentence);
    this.items = new Map();
  }

  update({ phase }, flags) {
    this.isOwn = flags.length ? (flags.at(-1) & OWN_DRAWING) > 0 : this.isOwn;
    if (phase && !this.items.has(phase.kind)) this.add(phase.kind);
    for (const [kind, item] of this.items) item.classList.toggle("on", phase?.kind === kind);
    const sentence = this.isOwn ? OWN_WORDS[phase?.kind] : phase && WORDS[phase.kind]?.(phase, phaseClass);
    write(this.sentence, sentence || (this.items.size ? "A pause: nothing is shown." : ""));
  }

  add(kind) {
    this.items.set(kind, make("li", "", PHASE_NAMES[kind] ?? kind));
    const position = ([one]) => (ORDER.includes(one) ? ORDER.indexOf(one) : ORDER.length);
    const sorted = [...this.items].sort((one, other) => position(one) - position(other));
    this.steps.replaceChildren(...sorted.map(([, item]) => item));
  }
}
