// Where the network is, and the command that ends in the same state.

import { find, write } from "./dom.js";

const whereIs = ({ episode_step: step, ended }) => (step > 0 ? `episode ${ended + 1}` : `${ended} episodes have ended`);

function command({ file, body }, { seed, ended, episode_step: step, freeze, keeps_weights: keeps = true }) {
  const episodes = Math.max(1, step > 0 ? ended + 1 : ended);
  const on = body === "browser" ? "host" : body;
  const frozen = freeze === "nothing" ? "" : ` --freeze ${freeze}`;
  const run = keeps ? `--life ${episodes} --lives 1` : `--episodes ${episodes}`;
  return `metaplastic evaluate ${file} --on ${on} --seed ${seed} ${run}${frozen}`;
}

function showMode(frame) {
  const { mode, steps_per_second: rate, step } = frame;
  const isPaused = mode === "paused";
  write(find("run"), isPaused ? "Run" : "Pause");
  find("run").classList.toggle("primary", isPaused);
  const speed = rate && !isPaused ? `, ${Math.round(rate).toLocaleString("en")} steps a second` : "";
  write(find("status"), `${isPaused ? "paused" : "running"}: ${whereIs(frame)}${speed}, step ${step}`);
}

function showGaps({ skipped, shown }, missed) {
  const gap = skipped > 0 ? `a grey line is a gap: of the last ${skipped + shown} steps ${shown} are shown` : "";
  write(find("decimation"), gap + (missed ? `${gap ? "; " : ""}${missed} messages were missed` : ""));
}

/** Whether an exported page has begun its recorded episodes again, which a command does not do. */
const isRepeated = ({ episodes }, { ended, episode_step: step }) => ended > episodes || (ended === episodes && step > 0);

function showCommand(greeting, frame) {
  const count = frame.interventions ?? 0;
  write(find("command"), isRepeated(greeting, frame) ? "none: the recorded episodes have come again" : command(greeting, frame));
  write(find("hash"), frame.state_hash ?? "pause to see it");
  find("done").hidden = count === 0;
  const changes = count === 1 ? "1 change was" : `${count} changes were`;
  write(find("interventions"), `This command alone does not end in the same state: ${changes} made here.`);
}

/** Shows where the network is. */
export function showStatus({ greeting }, frame, missed) {
  showMode(frame);
  showGaps(frame, missed);
  showCommand(greeting, frame);
}

/** Shows what the network is. */
export function showNetwork({ file, task, body, populations, scene, source, episodes }) {
  document.title = `${file} - metaplastic watch`;
  const sizes = populations.map(({ name, size }) => `${name} ${size}`).join(", ");
  const recorded = source === "file" && episodes ? `; ${episodes} recorded episodes, which then come again` : "";
  write(find("about"), scene?.about || "This network runs step by step, and learns while it runs.");
  write(find("file"), `${file}: ${task} on ${body}; neurons: ${sizes}${recorded}`);
  find("seed").disabled = source === "file";
  find("seed-group").hidden = source === "file";
  write(find("status"), `waiting for the first step on ${body}`);
}
