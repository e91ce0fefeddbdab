// Parts of a life in an exported page: the scores so far, the steps since the last message, and noise.

const MOST_SHOWN = 1024;
const MOST_POINTS = 512;

/** Mean scores of consecutive episodes in few points, as src/history.rs has them. */
export class ScoreHistory {
  constructor() {
    Object.assign(this, { episodes: 1, points: [], filled: 1 });
  }

  add(sum, count) {
    if (this.filled === this.episodes) {
      if (this.points.length === MOST_POINTS) this.halve();
      this.points.push({ sum: 0, count: 0 });
      this.filled = 0;
    }
    this.filled += 1;
    const last = this.points.at(-1);
    last.sum += sum;
    last.count += count;
  }

  halve() {
    const pairs = this.points.filter((_, index) => index % 2 === 0);
    this.points = pairs.map(({ sum, count }, index) => {
      const other = this.points[2 * index + 1];
      return { sum: sum + other.sum, count: count + other.count };
    });
    this.episodes *= 2;
  }

  curve() {
    return { episodes: this.episodes, scores: this.points.map(({ sum, count }) => sum / count) };
  }
}

/** What is shown of the steps since the last message, as src/view.rs has it. */
export class ShownSteps {
  constructor({ sections, greeting, analog_exponents: exponents }) {
    const find = ({ name }) => sections.find((section) => section.name === name);
    this.spikes = greeting.view.spikes.map(find);
    this.values = greeting.view.values.map(find);
    this.units = exponents.map((exponent) => 2 ** -exponent);
    this.clear();
  }

  clear() {
    Object.assign(this, { rows: [], skipped: 0 });
  }

  add(network, { flags, inputs, analog, tracking }) {
    const spikes = this.spikes.map((section) => new Uint8Array(network.read(section).buffer));
    const sensed = Array.from(analog, (value, index) => value * this.units[index]);
    this.rows.push({ flags, inputs, sensed, tracking, spikes });
    if (this.rows.length <= MOST_SHOWN) return;
    this.rows.splice(0, MOST_SHOWN / 2);
    this.skipped += MOST_SHOWN / 2;
  }

  counts() {
    return { shown: this.rows.length, skipped: this.skipped };
  }

  /** The arrays of a message; what they have is not new any more. */
  take(network) {
    const { rows } = this;
    const joined = (kind, part) => kind.from(rows.flatMap((row) => [...part(row)]));
    const arrays = new Map([
      ["flags", Uint8Array.from(rows, ({ flags }) => flags)],
      ["inputs", joined(Uint8Array, ({ inputs }) => inputs)],
      ["analog", joined(Float32Array, ({ sensed }) => sensed)],
      ["tracking", joined(Float32Array, ({ tracking }) => tracking)],
    ]);
    this.spikes.forEach(({ name }, index) => arrays.set(name, joined(Uint8Array, ({ spikes }) => spikes[index])));
    for (const section of this.values) arrays.set(section.name, network.read(section));
    this.clear();
    return arrays;
  }
}

/** Random numbers of a seed: mulberry32 and its normal deviates. */
export function noiseSource(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
