// The page of `metaplastic watch` in a real browser: what a visitor does, on the host and on an emulated board, and the pictures that
// a person looks at. METAPLASTIC is the program; the first argument is the folder of the pictures.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const PROGRAM = process.env.METAPLASTIC;
const PICTURES = process.argv[2];
const CLASSES = "tests/artifacts/cue-association.plastic";
const NETWORKS = { "cue-association": CLASSES, "adaptive-control": "tests/artifacts/adaptive-control.plastic", bandit: "tests/artifacts/bandit.plastic" };
const BROWSER = {
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
};

/** Starts the program; its address, and its process. */
async function start(file, ...options) {
  const child = spawn(PROGRAM, ["watch", file, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("http://")) return { url: line, child };
  }
  throw new Error("the program printed no address");
}

/** A page of an address; faults of it end the test. */
async function open(browser, url, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
  page.on("pageerror", (error) => assert.fail(error));
  page.on("request", (request) => assert.ok(request.url().startsWith(new URL(url).origin) || request.url().startsWith("data:"), request.url()));
  await page.goto(url);
  await said(page, "#status", /episode/);
  return page;
}

const said = (page, selector, pattern) =>
  page.waitForFunction(([selector, source]) => new RegExp(source).test(document.querySelector(selector).textContent), [selector, pattern.source], { timeout: 300_000 });

const step = async (page) => Number(/step (\d+)/.exec(await page.textContent("#status"))[1]);

async function pause(page) {
  if ((await page.textContent("#run")) === "Pause") await page.click("#run");
  await said(page, "#hash", /^[0-9a-f]{16}$/);
}

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
  const [hash, command] = [await page.textContent("#hash"), await page.textContent("#command")];
  const printed = execFileSync(PROGRAM, command.trim().split(" ").slice(1), { encoding: "utf8" });
  assert.match(printed, new RegExp(`state hash +${hash}`), "behind an episode, the command ends in the same state");
  await page.close();
}

async function twoPagesSeeOneLife(browser, url) {
  const [one, other] = [await open(browser, url), await open(browser, url)];
  await one.selectOption("#speed", "300");
  if ((await one.textContent("#run")) === "Run") await one.click("#run");
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
  if ((await page.textContent("#run")) === "Run") await page.click("#run");
  await said(page, "#command", /--life \d\d+ .*--freeze plasticity/);
  await page.selectOption("#freeze", "nothing");
  await page.close();
}

async function boardThatIsLost(browser) {
  const { url, child } = await start(CLASSES, "--on", "emulator:mps2-an386");
  const page = await open(browser, url);
  await said(page, "#status", /running.*step [1-9]/);
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
      if ((await page.textContent("#run")) === "Run") await page.click("#run");
      await page.selectOption("#speed", "300");
      await page.waitForTimeout(3000);
      await page.screenshot({ path: `${PICTURES}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name} at ${width} is ${overflow} pixels too wide`);
      await page.close();
    }
  }
}

const browser = await chromium.launch(BROWSER);
const { url, child } = await start(CLASSES);
await visitorStepsAndBeginsAnew(browser, url);
await twoPagesSeeOneLife(browser, url);
await freezingIsSeenInTheCurve(browser, url);
child.kill();
await boardThatIsLost(browser);
for (const [name, file] of Object.entries(NETWORKS)) {
  const { url, child } = await start(file);
  await pictures(browser, name, url);
  child.kill();
}
await browser.close();
console.log("the page was visited");
