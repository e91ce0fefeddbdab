// How fast the page of `metaplastic watch` is, at full speed on the host: steps and pictures a second, how late a picture is, and what page
// and program take of a processor. METAPLASTIC is the program; the arguments are those of its `watch`. Not a test: a benchmark.

import { readFileSync } from "node:fs";
import { launch, open, run, start } from "./visit.mjs";

const SECONDS = 10;
/** Ticks of a second in /proc. */
const TICKS = 100;

const programSeconds = ({ pid }) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
};

async function pageSeconds(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
}

const stepOf = async (page) => Number(await page.evaluate(() => document.documentElement.dataset.step));

const browser = await launch();
const { url, child } = await start(...process.argv.slice(2));
const page = await open(browser, url);
const session = await page.context().newCDPSession(page);
await session.send("Performance.enable");
await run(page);
await page.selectOption("#speed", "");
await page.waitForTimeout(3000);
const [program, own, first, latencies, rates] = [programSeconds(child), await pageSeconds(session), await stepOf(page), [], []];
for (let second = 0; second < SECONDS; second += 1) {
  await page.waitForTimeout(1000);
  const { latencyMilliseconds: latency, framesPerSecond: rate } = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  latencies.push(Number(latency));
  rates.push(Number(rate));
}
const steps = ((await stepOf(page)) - first) / SECONDS;
const percent = (seconds) => `${Math.round((100 * seconds) / SECONDS)} %`;
const middle = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
const missed = /(\d+) messages were missed/.exec(await page.textContent("#decimation"))?.[1] ?? 0;
console.log(await page.textContent("#file"));
console.log(`${Math.round(steps)} steps a second; pictures a second: median ${middle(rates)}, least ${Math.min(...rates)}; messages missed: ${missed}`);
console.log(`from a step to its picture: median ${middle(latencies)} ms, most ${Math.max(...latencies)} ms`);
console.log(`of a processor: page ${percent((await pageSeconds(session)) - own)}, program ${percent(programSeconds(child) - program)}`);
await browser.close();
child.kill();
