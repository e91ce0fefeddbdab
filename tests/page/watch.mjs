// The page of `metaplastic watch` in a real browser: what a visitor does, on the host and on an emulated board, and the pictures that
// a person looks at. METAPLASTIC is the program; the first argument is the folder of the pictures.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { PROGRAM, SYNTHETIC, drawnCharacters, launch, open, pause, run, said, start } from "./visit.mjs";

const PICTURES = process.argv[2];
const artifact = (name) => `tests/artifacts/${name}.plastic`;
const CLASSES = artifact("cue-association");
const SHEET = [artifact("one-shot-small"), ...SYNTHETIC.split(" ")];
/** A scene each. */
const SCENES = {
  "cue-association": [CLASSES],
  sheet: SHEET,
  arm: [artifact("arm")],
  "adaptive-control": [artifact("adaptive-control")],
  bandit: [artifact("bandit")],
};

const step = async (page) => Number(/step (\d+)/.exec((await page.textContent("#status")).replaceAll(",", ""))[1]);

async function visitorStepsAndBeginsAnew(browser, url) {
  const page = await open(browser, url);
  await pause(page);
  const before = await step(page);
  await page.click("#step");
  await said(page, "#status", new RegExp(`step ${before + 1}$`));
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("ArrowRight");
  await said(page, "#status", new RegExp(`step ${before + 2}$`));
  await page.fill("#seed", "7");
  await page.selectOption("#speed", "");
  await page.click("#reset");
  await said(page, "#status", /paused.*step 0$/);
  await page.click("#episode");
  await said(page, "#status", /1 episodes have ended/);
  await endsAsTheCommand(page);
  await page.close();
}

async function endsAsTheCommand(page) {
  const [hash, command] = [await page.textContent("#hash"), await page.textContent("#command")];
  const printed = execFileSync(PROGRAM, command.trim().split(" ").slice(1), { encoding: "utf8" });
  assert.match(printed, new RegExp(`state hash +${hash}`), "behind an episode, the command ends in the same state");
}

/** Labels are exchanged behind those of an episode: its decisions are wrong, those of the next one right again. */
async function exchangedLabelsAreLearnedAnew(browser, url) {
  const page = await open(browser, url);
  await pause(page);
  await page.click("#reset");
  // Slow enough to stop between the last label, behind step 120, and the end of the episode.
  await page.selectOption("#speed", "60");
  await page.click("#run");
  await said(page, "#status", /episode 1,.*step 12\d/);
  await pause(page);
  assert.ok((await step(page)) < 180, "it is in its first episode still");
  await page.click("#swap");
  await said(page, "#changed", /swapped/);
  const right = [];
  for (const ended of [1, 2, 3]) {
    await page.click("#episode");
    await said(page, "#status", new RegExp(`${ended} episodes have ended`));
    const decisions = await page.locator("#decisions li").evaluateAll((items) => items.map(({ className }) => className.includes("right")));
    right.push(decisions.slice(-4).filter(Boolean).length);
  }
  console.log(`labels swapped in the first episode: ${right.join(", ")} of 4 right in it and the next`);
  assert.ok(right[0] <= 2 && right[1] + right[2] >= 7, `${right}`);
  await page.close();
}

async function twoPagesSeeOneLife(browser, url) {
  const [one, other] = [await open(browser, url), await open(browser, url)];
  await one.selectOption("#speed", "300");
  await run(one);
  await said(other, "#status", /running/);
  await pause(other);
  await said(one, "#status", /paused/);
  assert.equal(await one.textContent("#hash"), await other.textContent("#hash"));
  await one.click("#run");
  await one.waitForTimeout(1500);
  await one.reload();
  await said(one, "#status", /running/);
  await said(one, "#decisions", /./);
  await Promise.all([one.close(), other.close()]);
}

async function freezingIsSeenInTheCurve(browser, url) {
  const page = await open(browser, url);
  await page.selectOption("#speed", "");
  await page.selectOption("#freeze", "plasticity");
  await run(page);
  await said(page, "#command", /--life \d\d+ .*--freeze plasticity/);
  await page.selectOption("#freeze", "nothing");
  await page.close();
}

/** Weights are saved, the network forgets, and they are loaded again; what was done is a file too. */
async function savesAndLoads(browser, url) {
  const page = await open(browser, url);
  await pause(page);
  const download = async (button) => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
    return file.path();
  };
  const state = await download("#save");
  await page.click("#reset");
  await page.setInputFiles("#load", state);
  await said(page, "#interventions", /1 change was/);
  assert.ok(await download("#log"));
  await page.setInputFiles("#load", CLASSES);
  await said(page, "#fault", /not a state/);
  await page.click("#reset");
  await page.close();
}

async function boardThatIsLost(browser) {
  const { url, child } = await start(CLASSES, "--on", "emulator:mps2-an386");
  const page = await open(browser, url);
  await said(page, "#status", /running.*step [1-9]/);
  await said(page, "#memory", /flash.*RAM.*instructions/s);
  execFileSync("pkill", ["-P", String(child.pid)]);
  await said(page, "#fault", /lost|ended/);
  assert.ok(await page.isDisabled("#run"));
  assert.ok((await step(page)) > 0, "what was seen last is still there");
  console.log(`a board that is lost: ${await page.textContent("#fault")}`);
  await page.close();
}

async function pictures(browser, name, url) {
  for (const width of [1400, 400]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(browser, url, { viewport: { width, height: 900 }, colorScheme });
      await run(page);
      await page.selectOption("#speed", "300");
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `${PICTURES}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} at ${width} is ${overflow} pixels too wide`);
      await page.close();
    }
  }
}

async function drawsCharacters(browser, url) {
  const page = await open(browser, url);
  await drawnCharacters(page, "on the page");
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: `${PICTURES}/drawn.png` });
  await page.close();
}

const browser = await launch();
const { url, child } = await start(CLASSES);
await visitorStepsAndBeginsAnew(browser, url);
await exchangedLabelsAreLearnedAnew(browser, url);
await twoPagesSeeOneLife(browser, url);
await freezingIsSeenInTheCurve(browser, url);
await savesAndLoads(browser, url);
child.kill();
await boardThatIsLost(browser);
for (const [name, options] of Object.entries(SCENES)) {
  const { url, child } = await start(...options);
  await pictures(browser, name, url);
  if (name === "sheet") await drawsCharacters(browser, url);
  child.kill();
}
await browser.close();
console.log("the page was visited");
