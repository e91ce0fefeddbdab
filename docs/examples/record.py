"""Draws a recording of `metaplastic record`: raster, potentials, third factor and plastic weights.

    metaplastic record tests/artifacts/cue-association.plastic --out life.npz
    python docs/examples/record.py life.npz figure.png

Without a second argument it draws nothing and prints what the recording holds, which needs numpy alone.
"""

import json
import sys

import numpy as np


def values(recording, name):
    """The quantity that an array's integers stand for: integer x scale, by numpy's broadcasting."""
    return recording[name] * recording[f"{name}.scale"]


def names(recording, ending):
    """The arrays of one quantity, such as every population's spikes."""
    return [name for name in recording.files if name.endswith(f".{ending}")]


def describe(recording, meta):
    print(f"{meta['task']} on {meta['body']}, artifact {meta['artifact']}, state hash {meta['state_hash']}")
    for name in recording.files:
        array = recording[name]
        if name != "meta" and not name.endswith(".scale"):
            print(f"  {name:<28} {array.dtype!s:<8} {array.shape}")
    for name in names(recording, "spikes"):
        print(f"{name}: {recording[name].mean():.4f} spikes a neuron and step")
    for name in names(recording, "P"):
        weights = values(recording, name)
        print(f"{name}: root mean square {np.sqrt((weights[-1] ** 2).mean()):.4f} behind the last step")
    if "decision.target" in recording:
        right = recording["decision.answer"] == recording["decision.target"]
        print(f"decisions: {right.sum()} of {right.size} right")


def draw(recording, meta, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    step = recording["step"]
    spikes, potentials = names(recording, "spikes"), names(recording, "potential")
    factors, weights = names(recording, "M"), names(recording, "P")
    rows = [*spikes, *potentials, *factors, *weights]
    figure, axes = plt.subplots(len(rows), sharex=True, figsize=(10, 1.8 * len(rows)), squeeze=False)
    for axis, name in zip(axes[:, 0], rows):
        if name in spikes:
            at, neuron = np.nonzero(recording[name])
            axis.plot(step[at], neuron, "|", markersize=2, color="black")
        elif name in weights:
            all_weights = values(recording, name).reshape(len(step), -1)
            largest = np.argsort(np.abs(all_weights[-1]))[-12:]
            axis.plot(step, all_weights[:, largest], linewidth=0.8)
        else:
            axis.plot(step, values(recording, name), linewidth=0.6)
        axis.set_ylabel(name, rotation=0, ha="right")
    for axis in axes[:, 0]:
        for start in step[recording["labelled"] == 1]:
            axis.axvspan(start, start + 1, color="tab:orange", alpha=0.15, linewidth=0)
    axes[-1, 0].set_xlabel("step; a label is shown where it is orange")
    figure.suptitle(f"{meta['task']} on {meta['body']}")
    figure.tight_layout()
    figure.savefig(path, dpi=120)


recording = np.load(sys.argv[1])
meta = json.loads(str(recording["meta"]))
describe(recording, meta)
if len(sys.argv) > 2:
    draw(recording, meta, sys.argv[2])
