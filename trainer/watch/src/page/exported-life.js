// The source of an exported page's messages: the network runs in this page, in recorded episodes, as it would in the program's.

import { setSpike } from "./bits.js";
import { ScoreHistory, ShownSteps, noiseSource } from "./exported-parts.js";
import { presentedEpisode, recordedEpisodes } from "./recorded.js";
import { WasmNetwork, bytesOf } from "./wasm.js";

/** Milliseconds between two messages, and those of them in which steps run at most. */
const [BETWEEN_FRAMES, RUN_AT_MOST] = [16, 10];
/** What the chip's integers are limited to. */
const [LEAST, LARGEST] = [-(2 ** 15), 2 ** 15 - 1];
const [LABELLED, MODULATED, RESET, PRESENTED] = [1, 2, 4, 8];
/** Controls that would change what a recorded world has answered. */
const CHANGING = ["freeze", "keep", "noise", "swap", "change", "present"];

/** Begins the life that the page has; `handlers` has message(header, arrays), note(object) and closed(). */
export function connect(handlers) {
  const life = new ExportedLife(handlers);
  // What goes wrong before the first step is said on the page: a browser may lack what it needs.
  life.start().catch(({ message }) => handlers.message({ kind: "lost", why: message }, new Map()));
  const send = (control) => life.take(control);
  send.bytes = () => handlers.note({ refused: "an exported page loads no weights" });
  return send;
}

class ExportedLife {
  constructor(handlers) {
    this.handlers = handlers;
    this.data = JSON.parse(document.getElementById("exported").textContent);
    Object.assign(this, { mode: "running", speed: 60, freeze: "nothing", keeps: this.data.keeps_weights });
  }

  async start() {
    const { module, artifact, sections, greeting } = this.data;
    const { instance } = await WebAssembly.instantiate(bytesOf(module));
    this.network = new WasmNetwork(instance, bytesOf(artifact), sections);
    this.episodes = await recordedEpisodes(this.data, greeting);
    this.shown = new ShownSteps(this.data);
    this.handlers.message(greeting, new Map());
    this.beginAnew();
    this.tick(performance.now());
  }

  beginAnew() {
    this.network.reset(this.freeze);
    Object.assign(this, { steps: 0, ended: 0, next: 0, noise: 0, log: [], decisions: [], choices: [], phase: null });
    this.random = noiseSource(this.data.seed);
    this.labels = this.data.greeting.label_neurons.map((_, index) => index);
    this.history = new ScoreHistory();
    this.shown.clear();
    this.prepareEpisode();
  }

  prepareEpisode() {
    this.episode = this.episodes[this.next % this.episodes.length];
    this.next += 1;
    Object.assign(this, { at: 0, right: 0, isBegun: false, presenting: false });
  }

  take(control) {
    if (!this.network) return;
    if (this.data.is_world && CHANGING.includes(control.control)) {
      this.handlers.note({ refused: "the world of an exported page is a recording: it cannot answer" });
      return;
    }
    this.act(control);
    this.send();
  }

  act({ control, ...fields }) {
    const timed = { step: this.steps, control, ...fields };
    const actions = {
      run: () => (this.mode = "running"),
      pause: () => (this.mode = "paused"),
      step: () => (this.mode = "one-step"),
      episode: () => (this.mode = "to-episode-end"),
      speed: () => (this.speed = fields.steps_per_second),
      reset: () => this.beginAnew(),
      freeze: () => this.beginWith({ freeze: fields.what }),
      keep: () => this.beginWith({ keeps: fields.weights }),
      noise: () => this.log.push(timed) && (this.noise = fields.rate),
      swap: () => this.log.push(timed) && this.swap(fields),
      present: () => this.log.push(timed) && this.present(fields),
      log: () => this.handlers.message({ kind: "log", log: this.done() }, new Map()),
    };
    if (actions[control]) actions[control]();
    else this.handlers.note({ refused: `an exported page has no "${control}"` });
    this.due = 0;
  }

  /** What was done in this life, as `--replay` reads it. */
  done() {
    const { freeze, keeps, log } = this;
    return { seed: this.data.seed, freeze, keeps_weights: keeps, controls: log };
  }

  beginWith(choices) {
    Object.assign(this, choices);
    this.beginAnew();
  }

  swap({ one, other }) {
    [this.labels[one], this.labels[other]] = [this.labels[other], this.labels[one]];
  }

  present(fields) {
    this.episode = presentedEpisode(fields, this.data.greeting);
    Object.assign(this, { at: 0, isBegun: true, presenting: true, mode: "running" });
  }

  tick(before) {
    const now = performance.now();
    if (this.mode !== "paused") {
      this.runSteps(now, (now - before) / 1000);
      this.send();
    }
    setTimeout(() => this.tick(now), BETWEEN_FRAMES);
  }

  /** Steps that are due; time that was lost is not made up for. */
  runSteps(begun, seconds) {
    const isLimited = this.speed !== null && this.mode === "running";
    this.due = isLimited ? Math.min((this.due ?? 0) + seconds * this.speed, Math.max(1, this.speed / 5)) : Infinity;
    while (this.mode !== "paused" && this.due >= 1 && performance.now() - begun < RUN_AT_MOST) {
      this.step();
      this.due -= 1;
    }
  }

  step() {
    const { episode, at, network } = this;
    if (!this.isBegun) this.beginEpisode();
    if (episode.resetsBefore(at)) network.resetState();
    const inputs = this.given(episode.inputsAt(at));
    const analog = this.sensed(episode.analogAt(at));
    const isModulated = network.step(inputs, analog);
    this.steps += 1;
    this.phase = episode.phaseAt(at);
    this.shown.add(network, { flags: this.flags(isModulated), inputs, analog, tracking: episode.trackingAt(at) });
    this.decide(network.scores());
    this.at += 1;
    if (this.mode === "one-step") this.mode = "paused";
    if (this.at === episode.steps) this.endEpisode();
  }

  /** Behind the pause between episodes, so that a page sees the state behind the last one. */
  beginEpisode() {
    // A recorded world has answered a network that had not learned from its later episodes.
    const isRecordedAgain = this.data.is_world && (this.next - 1) % this.episodes.length === 0;
    if (!this.keeps || isRecordedAgain) this.network.reset(this.freeze);
    this.isBegun = true;
  }

  flags(isModulated) {
    const { episode, at } = this;
    const bits = [[episode.isLabelled(at), LABELLED], [isModulated, MODULATED], [episode.resetsBefore(at), RESET], [this.presenting, PRESENTED]];
    return bits.reduce((sum, [isSet, bit]) => sum + (isSet ? bit : 0), 0);
  }

  /** Input spikes with exchanged labels and noise. */
  given(drawn) {
    const inputs = drawn.slice();
    const { label_neurons: groups, inputs: count } = this.data.greeting;
    this.labels.forEach((shown, index) => {
      if (shown === index) return;
      const [[from, size], [to]] = [groups[index], groups[shown]];
      for (let neuron = 0; neuron < size; neuron += 1) {
        const isSet = drawn[(from + neuron) >> 3] & (1 << ((from + neuron) & 7));
        inputs[(to + neuron) >> 3] &= ~(1 << ((to + neuron) & 7));
        if (isSet) setSpike(inputs, 0, to + neuron);
      }
    });
    for (let neuron = 0; this.noise > 0 && neuron < count; neuron += 1) {
      if (this.random.uniform() < this.noise) inputs[neuron >> 3] ^= 1 << (neuron & 7);
    }
    return inputs;
  }

  /** Integers of what is sensed, with noise. */
  sensed(drawn) {
    if (this.noise === 0) return drawn;
    const { analog_exponents: exponents } = this.data;
    const noisy = (value, exponent) => value + Math.round(this.noise * this.random.normal() * 2 ** exponent);
    return drawn.map((value, index) => Math.min(LARGEST, Math.max(LEAST, noisy(value, exponents[index]))));
  }

  /** Adds class scores to those of the decision in progress. */
  decide(scores) {
    const decision = this.episode.decisionAt(this.at);
    if (!decision) return;
    const [start, end, target, among] = decision;
    if (this.at === start) this.sums = scores.map(() => 0);
    this.sums = this.sums.map((sum, index) => sum + scores[index]);
    if (this.at + 1 === end) this.fall(this.sums.slice(0, among), target);
  }

  fall(scores, target) {
    if (this.data.is_world) {
      const number = this.episode.decisions.findIndex(([, end]) => end === this.at + 1);
      this.choices.push(this.episode.choices[number]);
      return;
    }
    const answer = scores.indexOf(Math.max(...scores));
    const right = this.labels[target] ?? target;
    this.right += answer === right ? 1 : 0;
    const known = this.presenting ? { presented: true } : { episode: this.ended + 1, target: right };
    this.decisions.push({ answer, scores, ...known });
  }

  endEpisode() {
    if (this.presenting) {
      this.mode = "paused";
    } else {
      const { measured, decisions } = this.episode;
      this.history.add(measured ?? this.right, measured === undefined ? decisions.length : 1);
      this.ended += 1;
      if (this.mode === "to-episode-end") this.mode = "paused";
    }
    this.prepareEpisode();
  }

  send() {
    const { mode, speed, freeze, noise, labels, steps, ended, decisions, choices, presenting, log } = this;
    const [now, before] = [performance.now(), this.sent];
    const rate = before ? ((steps - before.steps) * 1000) / Math.max(1, now - before.now) : null;
    this.sent = { now, steps };
    const header = {
      ...{ kind: "frame", mode, speed, freeze, noise, labels: [...labels], step: steps, ended, decisions, choices, presenting, phase: this.phase },
      time: Date.now(),
      seed: this.data.seed,
      keeps_weights: this.keeps,
      episode_step: this.at,
      steps_per_second: rate,
      state_hash: mode === "paused" ? this.network.hash() : null,
      history: this.history.curve(),
      changed: this.episode.changed,
      interventions: log.length,
      ...this.shown.counts(),
    };
    [this.decisions, this.choices] = [[], []];
    this.handlers.message(header, this.shown.take(this.network));
  }
}
