// The network in this page: the runtime as WebAssembly, with an artifact in its memory.

/** Numbers of what is frozen, as the module takes them. */
const FROZEN = ["nothing", "plasticity", "third-factor"];

/** Bytes of base64. */
export function bytesOf(text) {
  const binary = atob(text);
  return Uint8Array.from({ length: binary.length }, (_, index) => binary.charCodeAt(index));
}

export class WasmNetwork {
  /** A network of an artifact's bytes; `sections` are those of its state that are read. */
  constructor(instance, artifact, sections) {
    this.module = instance.exports;
    const address = this.module.allocate(artifact.length);
    new Uint8Array(this.memory, address, artifact.length).set(artifact);
    const most = Math.max(1, ...sections.map(({ words }) => words));
    if (this.module.begin(address, artifact.length, most) !== 0) throw new Error("the artifact cannot be used");
  }

  /** It moves when the module takes more. */
  get memory() {
    return this.module.memory.buffer;
  }

  reset(frozen) {
    this.module.reset(FROZEN.indexOf(frozen));
  }

  resetState() {
    this.module.reset_state();
  }

  /** Runs a step with packed input spikes and the integers of what is sensed; returns whether weights could change. */
  step(inputs, analog) {
    new Uint8Array(this.memory, this.module.inputs(), inputs.length).set(inputs);
    new Int16Array(this.memory, this.module.analog(), analog.length).set(analog);
    return this.module.step() !== 0;
  }

  /** Class scores or commands of the last step. */
  scores() {
    return Array.from(new Int32Array(this.memory, this.module.class_scores(), this.module.classes()));
  }

  /** A copy of a section of the state, 16 bits a value. */
  read({ quantity, index }) {
    const count = this.module.read_state(quantity, index);
    return new Int16Array(this.memory, this.module.values(), count).slice();
  }

  /** The hash of the complete state, as the command line prints it. */
  hash() {
    return BigInt.asUintN(64, this.module.state_hash()).toString(16).padStart(16, "0");
  }
}
