// Exported pages of `metaplastic watch --export` in a real browser, opened from disk with the network cut: a network runs in the page as it
// does on the host. METAPLASTIC is the program; the first argument is the folder of the pictures, where the pages are written too.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { PROGRAM, SYNTHETIC, drawnCharacters, launch, said } from "./visit.mjs";

const FOLDER = resolve(process.argv[2]);
/** Networks, the episodes that are run, what `evaluate` calls them, and options of the task. */
const PAGES = [
  { name: "cue-association", episodes: 6, run: "--life 6 --lives 1" },
  { name: "bandit", episodes: 10, run: "--episodes 10" },
  { name: "adaptive-control", episodes: 1, run: "--episodes 1" },
  { name: "one-shot-small", episodes: 3, run: "--episodes 3", options: SYNTHETIC },
];
/** Of a world, and its network goes on with what it has learned. */
const REPEATED = "adaptive-control-weak-drive";
/** Runtime and artifact, bytes. */
const MOST_BYTES = 300_000;

const artifact = (name) => `tests/artifacts/${name}.plastic`;
const program = (text) => execFileSync(PROGRAM, text.split(" ").filter(Boolean), { encoding: "utf8" });

function hostHash({ name, run, options = "" }) {
  return /state hash +([0-9a-f]{16})/.exec(program(`evaluate ${artifact(name)} --seed 1 ${run} ${options}`))[1];
}

async function open(browser, path) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  await context.setOffline(true);
  const page = await context.newPage();
  page.on("pageerror", (error) => assert.fail(error));
  page.on("request", (request) => assert.ok(/^(file|data|blob):/.test(request.url()), request.url()));
  await page.goto(`file://${path}`);
  await said(page, "#status", /episode/);
  return page;
}

async function endEpisode(page, ended) {
  await page.click("#episode");
  await said(page, "#status", new RegExp(`paused: ${ended} episodes`));
  return page.textContent("#hash");
}

async function beginsAnew(page) {
  await page.click("#reset");
  if ((await page.textContent("#run")) === "Pause") await page.click("#run");
  await page.click("#reset");
}

/** A world cannot answer what was learned behind its recorded episodes: with them, the network begins again too. */
async function recordedWorldRepeats(browser) {
  const path = `${FOLDER}/${REPEATED}.html`;
  program(`watch ${artifact(REPEATED)} --export ${path}`);
  const page = await open(browser, path);
  const episodes = Number(/(\d+) recorded episodes/.exec(await page.textContent("#file"))[1]);
  await beginsAnew(page);
  const first = await endEpisode(page, 1);
  for (let ended = 2; ended <= episodes; ended += 1) assert.notEqual(await endEpisode(page, ended), first);
  assert.equal(await endEpisode(page, episodes + 1), first);
  assert.match(await page.textContent("#command"), /none/);
  console.log(`${REPEATED}: ${episodes} recorded episodes, behind which the first ends in ${first} again`);
  await page.context().close();
}

async function runsAsTheHost(browser, exported) {
  const path = `${FOLDER}/${exported.name}.html`;
  program(`watch ${artifact(exported.name)} --export ${path} ${exported.options ?? ""}`);
  const page = await open(browser, path);
  await beginsAnew(page);
  for (let ended = 1; ended <= exported.episodes; ended += 1) await endEpisode(page, ended);
  const [hash, status] = [await page.textContent("#hash"), await page.textContent("#status")];
  const steps = /step (\d+)/.exec(status)[1];
  assert.equal(hash, hostHash(exported), exported.name);
  assert.ok((await page.textContent("#command")).includes(` ${exported.run}`), "the page names the command that ends in its state");
  const data = await page.evaluate(() => {
    const { module, artifact } = JSON.parse(document.getElementById("exported").textContent);
    return Math.round((module.length + artifact.length) * 0.75);
  });
  assert.ok(data < MOST_BYTES, `${data} bytes of runtime and artifact`);
  console.log(`${exported.name}: ${statSync(path).size} bytes, ${data} of them runtime and artifact; ${steps} steps end in ${hash}, as on the host`);
  return page;
}

const browser = await launch();
for (const exported of PAGES) {
  const page = await runsAsTheHost(browser, exported);
  if (exported.name === "one-shot-small") await drawnCharacters(page, "in an exported page");
  await page.screenshot({ path: `${FOLDER}/exported-${exported.name}.png`, fullPage: true });
  await page.context().close();
}
await recordedWorldRepeats(browser);
await browser.close();
console.log("exported pages run as the host");
