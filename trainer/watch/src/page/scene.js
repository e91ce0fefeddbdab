// The scene: the panels that a task asks for, in its order, and beside them the answer.

import { AnswerPanel } from "./answer.js";
import { find } from "./dom.js";
import { ArmPanel } from "./panel-arm.js";
import { InputsPanel } from "./panel-inputs.js";
import { MachinesPanel } from "./panel-machines.js";
import { PicturePanel } from "./panel-picture.js";
import { SheetPanel } from "./panel-sheet.js";
import { SignalsPanel, TrackingPanel } from "./panel-signals.js";

const PANEL_KINDS = {
  inputs: InputsPanel,
  picture: PicturePanel,
  sheet: SheetPanel,
  signals: SignalsPanel,
  tracking: TrackingPanel,
  arm: ArmPanel,
  machines: MachinesPanel,
};

/** The panels of a greeting; kinds that this page does not know are left out. */
export function makePanels(context) {
  const descriptions = (context.greeting.scene?.panels ?? []).filter(({ kind }) => PANEL_KINDS[kind]);
  const panels = descriptions.map((description) => new PANEL_KINDS[description.kind](description, context));
  find("presented-key").hidden = !descriptions.some(({ kind }) => kind === "sheet");
  find("scene").classList.toggle("has-arm", descriptions.some(({ kind }) => kind === "arm"));
  const answer = new AnswerPanel(context);
  find("scene").replaceChildren(...panels.map(({ element }) => element), answer.element);
  return [...panels, answer];
}

/** How many of what can be changed belong to panels of a scene. */
export function countOwnChanges({ scene }) {
  return scene?.panels?.find(({ kind }) => kind === "machines")?.count ?? 0;
}
