"""Checks with numpy alone that a recording is what docs/recording.md says: `python check.py FILE.npz`."""

import json
import re
import sys

import numpy as np

TYPES = {
    "spikes": np.uint8,
    "refractory": np.uint16,
    **dict.fromkeys("potential current adaptation modulation x x2 y y2 theta M E P".split(), np.int16),
}
UNIT = {"adaptation", "x", "x2", "y", "y2", "theta"}

recording = np.load(sys.argv[1])
meta = json.loads(str(recording["meta"]))
steps = recording["step"]
assert meta["format"] == 1 and re.fullmatch("[0-9a-f]{16}", meta["state_hash"]), meta
assert meta["body"] == "host" and len(steps) > 0
kept = meta["steps"]
end = kept["all"] if kept["end"] is None else min(kept["end"], kept["all"])
assert (steps == np.arange(kept["first"], end, kept["every"])).all()

sizes = {population["name"]: population["size"] for population in meta["populations"]}
seen = set()
for name in recording.files:
    owner, _, quantity = name.rpartition(".")
    if quantity not in TYPES:
        continue
    array, scale = recording[name], recording[f"{name}.scale"]
    seen.add(quantity)
    assert array.dtype == TYPES[quantity] and array.shape[0] == len(steps), name
    ends = owner.split(">")
    pre, post = sizes[ends[0]], sizes[ends[-1]]
    shape = {"E": (pre, post), "P": (pre, post), "x": (pre,), "x2": (pre,)}.get(quantity, (post,))
    assert array.shape[1:] == shape, (name, array.shape)
    values = array * scale
    assert values.shape == array.shape and np.isfinite(values).all(), name
    if scale.shape:
        assert quantity == "E" and scale.shape == (len(steps), pre, 1), (name, scale.shape)
    if quantity in UNIT:
        assert values.min() >= 0 and values.max() < 1, name
assert {"spikes", "potential", "M", "E", "P"} <= seen, seen
assert any(recording[name].any() for name in recording.files if name.endswith(".P")), "nothing was learned"

readout = "commands" if "commands" in recording else "class_scores"
assert recording[readout].dtype == np.int32 and recording[readout].shape[0] == len(steps)
if "decision.target" in recording:
    # The scores of a decision's steps, where all are kept, make its answer.
    for number in range(len(recording["decision.start"])):
        window = slice(recording["decision.start"][number], recording["decision.end"][number])
        scores = recording["class_scores"][window].sum(axis=0)[: recording["decision.among"][number]]
        assert scores.argmax() == recording["decision.answer"][number]
if "decision.reward" in recording:
    measured = recording["world.measured"]
    assert np.allclose(measured[:, 0].sum(), recording["decision.reward"].sum()), "the reward is that of the choices"
if "world.actual" in recording:
    assert recording["world.actual"].shape == recording["world.desired"].shape == (len(steps), 1)
    assert len(meta["measures"]) == recording["world.measured"].shape[1]
print(f"{sys.argv[1]}: {len(recording.files)} arrays of {len(steps)} steps are as documented")
