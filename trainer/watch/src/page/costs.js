// What the network needs: memory, instructions a step, and how often its neurons spike.

import { countSpikes } from "./bits.js";
import { find, make, write } from "./dom.js";

/** Milliseconds between two numbers, so that they can be read. */
const BETWEEN_NUMBERS = 400;

function bytesText(bytes) {
  const [factor, unit] = bytes >= 1 << 20 ? [1 << 20, "MiB"] : bytes >= 1024 ? [1024, "KiB"] : [1, "bytes"];
  return `${Number((bytes / factor).toPrecision(3))} ${unit}`;
}

function makeRow(...cells) {
  const row = make("tr");
  row.append(...cells);
  return row;
}

function nameCell(name) {
  const cell = make("th", "", name);
  cell.scope = "row";
  return cell;
}

function memoryRow({ name, bytes, limit }) {
  const value = make("td", "", bytesText(bytes));
  const bar = make("td");
  if (limit) {
    const meter = make("meter");
    Object.assign(meter, { min: 0, max: limit, value: bytes, title: `${Math.round((100 * bytes) / limit)} % of ${bytesText(limit)}` });
    bar.append(meter, ` of ${bytesText(limit)}`);
  }
  return makeRow(nameCell(name), value, bar);
}

export class Costs {
  /** `populations` are those that spike: name of the array, label and size. */
  constructor({ greeting }, populations) {
    this.seconds = greeting.step_seconds ?? null;
    this.unit = greeting.cost_unit;
    this.costRow = makeRow(nameCell("a step now"), (this.cost = make("td")), make("td"));
    this.costRow.hidden = true;
    find("memory").replaceChildren(...(greeting.memory ?? []).map(memoryRow), this.costRow);
    this.populations = populations.map((population) => ({ ...population, spikes: 0, cell: make("td") }));
    find("rates").replaceChildren(...this.populations.map(({ label, size, cell }) => makeRow(nameCell(label), make("td", "", `${size}`), cell)));
    this.steps = 0;
    this.drawn = 0;
  }

  update({ cost, cost_unit: unit }, arrays) {
    this.steps += arrays.get("flags").length;
    for (const population of this.populations) population.spikes += countSpikes(arrays.get(population.name));
    if (Number.isFinite(cost)) this.lastCost = { cost, unit: unit ?? this.unit ?? "" };
  }

  draw(now) {
    if (this.steps === 0 || now - this.drawn < BETWEEN_NUMBERS) return;
    this.drawn = now;
    for (const population of this.populations) this.drawRate(population);
    this.steps = 0;
    if (!this.lastCost) return;
    this.costRow.hidden = false;
    write(this.cost, `${Math.round(this.lastCost.cost).toLocaleString("en")} ${this.lastCost.unit}`);
  }

  drawRate(population) {
    const rate = population.spikes / (this.steps * population.size);
    const hertz = this.seconds ? `, ${Number((rate / this.seconds).toPrecision(2))} a second` : "";
    write(population.cell, `${(100 * rate).toFixed(1)} %${hertz}`);
    population.spikes = 0;
  }
}
