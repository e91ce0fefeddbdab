// What the visitor does to the network: noise, exchanged labels, lesions, saved and loaded weights; and what has been done.

import { download, find, write } from "./dom.js";

const percentText = (value) => `${Number(value.toFixed(1))} %`;

/** Exchanged labels in words; `labels` has the class that is shown for each. */
export function describeLabels(labels = []) {
  const moved = labels.map((shown, index) => [index, shown]).filter(([index, shown]) => index !== shown);
  const isPair = moved.length === 2;
  if (isPair) return `labels ${moved[0][0] + 1} and ${moved[1][0] + 1} swapped`;
  return moved.map(([index, shown]) => `class ${index + 1} is now called ${shown + 1}`).join(", ");
}

/** Numbers of the world that were changed from here, in words. */
function describeWorld({ greeting, kept }, { changed = [] }) {
  return [...kept.keys()].map((index) => {
    const { name, unit } = greeting.changeable[index];
    return `${name} ${Number((changed[index] ?? 0).toPrecision(3))} ${unit ?? ""}`.trim();
  });
}

/** What is not as it was drawn, in words; empty if everything is. */
export function describeChanges({ noise = 0, labels, lesion = {}, freeze }) {
  const changes = [
    noise > 0 && `noise ${percentText(100 * noise)}`,
    describeLabels(labels),
    lesion.neurons > 0 && `${percentText(lesion.neurons)} of the hidden neurons gone`,
    lesion.weights > 0 && `${percentText(lesion.weights)} of the weights gone`,
    freeze === "plasticity" && "plasticity frozen",
    freeze === "third-factor" && "third factor frozen",
  ];
  return changes.filter(Boolean).join(", ");
}

export class Interventions {
  constructor(context) {
    const { greeting, send } = context;
    Object.assign(this, { context, send });
    this.classes = greeting.label_neurons?.length ?? 0;
    this.offer(greeting);
    this.connectNoise();
    this.connectLabels();
    this.connectLesion();
    this.connectFiles();
  }

  /** Only what this network and its body can do. */
  offer({ can = {} }) {
    find("swap-group").hidden = this.classes < 2;
    find("lesion-group").hidden = !can.lesion;
    find("files-group").hidden = !can.save;
  }

  connectNoise() {
    const noise = find("noise");
    noise.oninput = () => {
      this.isNoiseDragged = true;
      write(find("noise-value"), percentText(noise.valueAsNumber));
      this.send({ control: "noise", rate: noise.valueAsNumber / 100 });
    };
    noise.onchange = () => (this.isNoiseDragged = false);
  }

  connectLabels() {
    const [one, other] = [find("swap-one"), find("swap-other")];
    for (const select of [one, other]) {
      const options = Array.from({ length: this.classes }, (_, index) => new Option(`class ${index + 1}`, index));
      select.replaceChildren(...options);
    }
    other.selectedIndex = Math.min(1, this.classes - 1);
    find("swap").onclick = () => this.send({ control: "swap", one: one.selectedIndex, other: other.selectedIndex });
  }

  connectLesion() {
    const [what, percent] = [find("lesion-what"), find("lesion-percent")];
    percent.oninput = () => write(find("lesion-value"), percentText(percent.valueAsNumber));
    find("lesion").onclick = () => this.send({ control: "lesion", what: what.value, percent: percent.valueAsNumber });
  }

  connectFiles() {
    find("save").onclick = () => this.send({ control: "save" });
    find("log").onclick = () => this.send({ control: "log" });
    find("load").onchange = async ({ target }) => {
      const [file] = target.files;
      if (file) this.send.bytes(await file.arrayBuffer());
      target.value = "";
    };
  }

  update(frame) {
    const { noise = 0, labels } = frame;
    const changes = [describeChanges(frame), ...describeWorld(this.context, frame)].filter(Boolean).join(", ");
    write(find("changed"), changes && `changed: ${changes}`);
    write(find("swap-state"), describeLabels(labels));
    if (this.isNoiseDragged) return;
    find("noise").value = 100 * noise;
    write(find("noise-value"), percentText(100 * noise));
  }
}

/** Offers what the program sends as a file: plastic weights, or what was done. */
export function offerFile({ kind, name, log }, arrays) {
  if (kind === "state") download(name, arrays.get("state"), "application/octet-stream");
  // As --replay reads it.
  if (kind === "log") download("done.json", JSON.stringify(log, null, 1), "application/json");
}
