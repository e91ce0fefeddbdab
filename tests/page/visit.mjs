// What tests of the page have in common: the program, the browser, what a visitor does with the sheet.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

export const PROGRAM = process.env.METAPLASTIC;
/** Drawings for which no file is needed. */
export const SYNTHETIC = "--source synthetic";
const WAIT = 120_000;

export const launch = () =>
  chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });

/** Starts the program on an artifact; its address, and its process. */
export async function start(file, ...options) {
  const child = spawn(PROGRAM, ["watch", file, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => child.kill());
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("http://")) return { url: line, child };
  }
  throw new Error("the program printed no address");
}

/** A page of an address; faults of it, and requests to anywhere else, end the test. */
export async function open(browser, url, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
  page.on("pageerror", (error) => assert.fail(error));
  page.on("request", (request) => assert.ok(request.url().startsWith(new URL(url).origin) || request.url().startsWith("data:"), request.url()));
  await page.goto(url);
  await said(page, "#status", /episode/);
  return page;
}

/** Waits for what a part of the page says. */
export const said = (page, selector, pattern) =>
  page.waitForFunction(([selector, source]) => new RegExp(source).test(document.querySelector(selector).textContent), [selector, pattern.source], { timeout: WAIT });

/** Stops or goes on, whichever it does not do yet. */
export async function pause(page) {
  if ((await page.textContent("#run")) === "Pause") await page.click("#run");
  await said(page, "#hash", /^[0-9a-f]{16}$/);
}

export async function run(page) {
  if ((await page.textContent("#run")) === "Run") await page.click("#run");
}

async function draw(page, { strokes }) {
  const { x, y, width, height } = await page.locator(".sheet .ink").boundingBox();
  const at = ([row, column]) => [x + column * width, y + row * height];
  for (const [first, ...others] of strokes) {
    await page.mouse.move(...at(first));
    await page.mouse.down();
    for (const point of others) await page.mouse.move(...at(point));
    await page.mouse.up();
  }
}

/** Shows three characters by one drawing each with its label, and asks for twenty others, as a visitor does. */
export async function drawnCharacters(page, where) {
  const { samples, queries } = JSON.parse(readFileSync(new URL("strokes.json", import.meta.url)));
  const says = (pattern) => said(page, ".sheet-answer", pattern);
  await page.selectOption("#speed", "");
  await page.locator(".sheet .ink").scrollIntoViewIfNeeded();
  for (const sample of samples) {
    const name = "ABC"[sample.symbol];
    await draw(page, sample);
    await page.click(`.classes li:nth-child(${sample.symbol + 1}) [data-part=label]`);
    await says(new RegExp(`^It has seen ${name} `));
  }
  let right = 0;
  for (const query of queries) {
    await page.evaluate(() => (document.querySelector(".sheet-answer").textContent = ""));
    await draw(page, query);
    await page.click(".sheet [data-part=query]");
    await says(/next best/);
    const answer = await page.textContent(".sheet-answer");
    right += answer.startsWith("ABC"[query.symbol]) ? 1 : 0;
  }
  console.log(`drawn characters ${where}: ${right} of ${queries.length} right, chance ${(queries.length / 3).toFixed(1)}`);
  assert.ok(right >= 15, `${right} right`);
}
