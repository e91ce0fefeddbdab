// The recorded episodes of an exported page, whose inputs are bytes behind one another.

import { bytesOf } from "./wasm.js";

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Episodes with the inputs of every step; `sizes` has how many values a step has of each kind. */
export async function recordedEpisodes({ episodes, inputs }, sizes) {
  const bytes = await inflated(bytesOf(inputs));
  let offset = 0;
  return episodes.map((episode) => {
    const recorded = new RecordedEpisode(episode, bytes, offset, sizes);
    offset += recorded.length;
    return recorded;
  });
}

/** The visitor's drawing, as an episode of one picture. */
export function presentedEpisode({ inputs, steps, label, among }, { inputs: count }) {
  const isQuery = label === null;
  const phase = { kind: isQuery ? "query" : "support", number: label ?? 0, labelled: !isQuery, steps: [0, steps] };
  const episode = { steps, resets: [0], phases: [phase], decisions: isQuery ? [[0, steps, undefined, among]] : [] };
  return new RecordedEpisode(episode, bytesOf(inputs), 0, { inputs: count, analog: 0, tracked: 0 });
}

class RecordedEpisode {
  constructor(episode, bytes, offset, { inputs, analog, tracked }) {
    Object.assign(this, { choices: [], changed: [], resets: [], phases: [], decisions: [] }, episode);
    this.inputBytes = Math.ceil(inputs / 8);
    const spikes = this.steps * this.inputBytes;
    const values = 2 * this.steps * analog;
    const paths = 8 * this.steps * tracked;
    this.length = spikes + values + paths;
    // Copies begin where typed arrays may.
    const part = (from, length) => bytes.slice(offset + from, offset + from + length);
    this.spikes = part(0, spikes);
    this.values = new Int16Array(part(spikes, values).buffer);
    this.paths = new Float32Array(part(spikes + values, paths).buffer);
    this.sizes = { analog, tracked };
  }

  inputsAt(step) {
    return this.spikes.slice(step * this.inputBytes, (step + 1) * this.inputBytes);
  }

  analogAt(step) {
    const { analog } = this.sizes;
    return this.values.slice(step * analog, (step + 1) * analog);
  }

  trackingAt(step) {
    const { tracked } = this.sizes;
    return this.paths.slice(2 * tracked * step, 2 * tracked * (step + 1));
  }

  phaseAt(step) {
    return this.phases.find(({ steps: [start, end] }) => start <= step && step < end) ?? null;
  }

  isLabelled(step) {
    return this.phases.some(({ labelled, steps: [start, end] }) => labelled && start <= step && step < end);
  }

  resetsBefore(step) {
    return this.resets.includes(step);
  }

  decisionAt(step) {
    return this.decisions.find(([start, end]) => start <= step && step < end) ?? null;
  }
}
