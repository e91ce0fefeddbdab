// The controls of a run, by buttons and by keys.

import { find } from "./dom.js";

const SPEEDS = [5, 20, 60, 300, 1000];
/** Screens on which there is room for details. */
const WIDE = "(min-width: 900px)";

/** Connects the controls; `context` has send and the last frame. */
export function connectControls(context) {
  const { send } = context;
  const actions = {
    run: () => send({ control: context.frame?.mode === "paused" ? "run" : "pause" }),
    step: () => send({ control: "step" }),
    episode: () => send({ control: "episode" }),
    reset: () => send({ control: "reset", seed: Number(find("seed").value) }),
    help: () => find("help").showModal(),
  };
  for (const [name, action] of Object.entries(actions)) find(name === "help" ? "help-button" : name).onclick = action;
  find("help-close").onclick = () => find("help").close();
  find("speed").onchange = ({ target: { value } }) => send({ control: "speed", steps_per_second: value === "" ? null : Number(value) });
  find("freeze").onchange = ({ target: { value } }) => send({ control: "freeze", what: value });
  find("keep").onchange = ({ target: { value } }) => send({ control: "keep", weights: value === "life" });
  for (const form of document.forms) form.onsubmit = (event) => event.preventDefault();
  find("details").open = matchMedia(WIDE).matches;
  connectKeys(actions);
}

function connectKeys({ run, step, episode, reset, help }) {
  const keys = { " ": run, ArrowRight: step, e: episode, r: reset, "?": help };
  document.onkeydown = (event) => {
    const isTyped = event.target.closest?.("button, select, input, label, summary, dialog, [role=slider]");
    const action = keys[event.key];
    if (!action || isTyped || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };
}

/** Shows the speed and what is frozen as they are: another page may have changed them. */
export function showControls({ speed, freeze, keeps_weights: keeps }) {
  const [speeds, frozen] = [find("speed"), find("freeze")];
  const value = speed === null || speed === undefined ? "" : String(speed);
  if (document.activeElement !== speeds && (value === "" || SPEEDS.includes(Number(value)))) speeds.value = value;
  if (document.activeElement !== frozen) frozen.value = freeze;
  find("keep-group").hidden = keeps === undefined;
  if (document.activeElement !== find("keep")) find("keep").value = keeps ? "life" : "episode";
}

/** No control has an effect any more. */
export function disableControls() {
  for (const control of document.querySelectorAll("form button, form input, form select, main button, main input")) control.disabled = true;
}
