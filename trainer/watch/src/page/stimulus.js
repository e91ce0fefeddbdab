// A drawing as input spikes: of every step, the pixels that are darker than the step's threshold, and the label's neurons.

import { base64, setSpike } from "./bits.js";

/** Spikes of all steps, packed; `label` is [first, count] of the label's neurons, or nothing. */
export function packStimulus(intensities, { thresholds, inputs, label }) {
  const length = Math.ceil(inputs / 8);
  const spikes = new Uint8Array(length * thresholds.length);
  const [first, count] = label ?? [0, 0];
  thresholds.forEach((threshold, step) => {
    const offset = step * length;
    intensities.forEach((intensity, neuron) => intensity > threshold && setSpike(spikes, offset, neuron));
    for (let neuron = first; neuron < first + count; neuron += 1) setSpike(spikes, offset, neuron);
  });
  return spikes;
}

/** The control that shows a drawing: as a sample of a class, or else as a query among `among` classes. */
export function presentControl(intensities, panel, { inputs, label_neurons: labels }, { label, among }) {
  const { thresholds } = panel;
  const spikes = packStimulus(intensities, { thresholds, inputs, label: label === null ? null : labels[label] });
  return { control: "present", inputs: base64(spikes), steps: thresholds.length, label, among };
}
