// Tries to lose runs of the page, and plays in it for long. docs/reliability.md has its figures.
//
//     web/check                                              # builds the page and brings the browser
//     node web/tests/campaign.mjs --losses 100 --seed 1      # graphics devices destroyed at random moments
//     node web/tests/campaign.mjs --play 60                  # minutes of run after run; memory is watched (Linux)
//
// Exit status 1 if a run was lost, or memory grew.
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { open, rememberDevices } from "./browser.mjs";
import { serve } from "./serve.mjs";

/** A round that the software adapter does in some seconds. */
const SETTINGS = {
  preset: "3-M-4", seed: 3, rounds: 1, families: '["split","prune"]', "data.classes": "[0,8]", "data.train": 80,
  "data.held-out": 40, "training.epochs": 16, "training.batch": 20, "learning.steps": 6, "learning.batch": 20,
};
/** What is pressed beside a run: panels, theme and text size. */
const BESIDE = ["1", "2", "3", "4", "5", "6", "7", "t", "p"];
/** Runs that fill caches before memory is compared, and by how much the last may be above the first. */
const WARM = 3;
const GROWTH = 1.1;

/** Numbers from 0 to below 1 that follow from a seed (mulberry32). */
function stream(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const isDone = ({ run, busy }) => run.stage === "done" && !busy;

/** What a run came to, without the seconds that it took. */
function came(run) {
  const rounds = run.rounds.map(({ steps, ...record }) => record);
  return JSON.stringify({ seed: run.seed, rounds });
}

/** Goes on until the run is done, whatever stops it; `meanwhile` is called between looks. */
async function toTheEnd(app, meanwhile, seconds = 600) {
  const end = Date.now() + 1000 * seconds;
  while (Date.now() < end) {
    const state = await app.state();
    if (isDone(state)) return state.run;
    // Three in a row end the stage, and Play is to be pressed once more.
    if (state.failure && !/graphics device was lost/.test(state.failure)) throw new Error(state.failure);
    if (!state.busy && !state.playing) await app.press("Shift+Space");
    await meanwhile(state);
    await app.page.waitForTimeout(50);
  }
  throw new Error(`the run is not done after ${seconds} s: ${JSON.stringify(await app.state()).slice(0, 1000)}`);
}

/** Destroys `count` devices at random moments of whole runs, each of which must end as an undisturbed one. */
async function losses(count, random) {
  const host = await serve("web/dist");
  const browser = await open({ webgpu: true, address: host.address });
  const whole = async (meanwhile) => {
    const app = await browser.start({ ...SETTINGS, engine: "webgpu" }, rememberDevices);
    await app.ready();
    const run = await toTheEnd(app, () => meanwhile(app));
    await app.page.close();
    return came(run);
  };
  const undisturbed = await whole(() => {});
  // Several fall into one run, so that all stages have their share.
  const pause = () => Date.now() + 6000 * random();
  let lost = 0;
  for (let runs = 0; lost < count; runs++) {
    let next = pause();
    const found = await whole(async (app) => {
      if (Date.now() < next || lost >= count) return;
      next = pause();
      lost += 1;
      await app.page.evaluate(() => globalThis.devices.at(-1)?.destroy());
    });
    if (found !== undisturbed) throw new Error(`after ${lost} losses run ${runs} ended otherwise: ${found.slice(0, 2000)}`);
    console.log(`${lost} devices lost, ${runs + 1} runs ended as the undisturbed one`);
  }
  await browser.close();
  host.stop();
}

/** Megabytes that the processes of the browser begun here hold, by what they are for. */
function held() {
  const options = { encoding: "utf8", maxBuffer: 1 << 26 };
  const lines = execFileSync("ps", ["-eo", "pid,ppid,rss,args", "--no-headers"], options).trim().split("\n");
  const processes = lines.map((line) => line.trim().split(/\s+/));
  const parents = new Map(processes.map(([id, parent]) => [id, parent]));
  const isOurs = (id) => id !== undefined && (id === String(process.pid) || isOurs(parents.get(id)));
  const sums = { page: 0, graphics: 0 };
  for (const [, , kibibytes, ...command] of processes.filter(([id]) => isOurs(id))) {
    const megabytes = Number(kibibytes) / 1024;
    if (command.includes("--type=renderer")) sums.page += megabytes;
    if (command.includes("--type=gpu-process")) sums.graphics += megabytes;
  }
  return sums;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Run after run in one page for so many minutes, each within `patience` seconds. */
async function play(minutes, random, patience) {
  const host = await serve("web/dist");
  const browser = await open({ webgpu: false, address: host.address });
  const app = await browser.start({ ...SETTINGS, "data.train": 120, "training.epochs": 20 });
  await app.ready();
  const began = Date.now();
  const all = [];
  while (Date.now() - began < 60_000 * minutes) {
    let pressed = Date.now();
    const { number } = await toTheEnd(app, async ({ busy }) => {
      if (!busy || Date.now() - pressed < 3000) return;
      pressed = Date.now();
      await app.press(BESIDE[Math.floor(random() * BESIDE.length)]);
    }, patience);
    const now = held();
    all.push(now);
    const passed = ((Date.now() - began) / 60_000).toFixed(1);
    console.log(`${passed} min  run ${all.length}  page ${now.page.toFixed(0)} MB  graphics ${now.graphics.toFixed(0)} MB`);
    // The next one, a run of the page's own settings. Keys that come while the page is busy are lost now and then.
    const isNext = ({ run, busy }) => run.number !== number && !busy;
    for (let tries = 0; tries < 5 && !isNext(await app.state()); tries++) {
      await app.press("Escape");
      await app.page.waitForTimeout(1000);
      await app.press("Control+k");
      await app.page.waitForTimeout(1000);
      await app.page.keyboard.type("run of your own", { delay: 60 });
      await app.press("Enter");
      await app.page.waitForTimeout(10_000);
    }
    await app.until("the next run is there", isNext, 120);
  }
  await browser.close();
  host.stop();
  const runs = all.slice(WARM);
  const part = Math.floor(runs.length / 3);
  if (part < 1) throw new Error(`${all.length} runs are too few to compare: ${WARM + 3} are needed`);
  for (const what of ["page", "graphics"]) {
    const [first, last] = [runs.slice(0, part), runs.slice(-part)].map((some) => median(some.map((one) => one[what])));
    console.log(`${what}: ${first.toFixed(0)} MB at first and ${last.toFixed(0)} MB at last of ${all.length} runs`);
    if (last > GROWTH * first) throw new Error(`${what}: memory grew by more than a factor of ${GROWTH}`);
  }
}

const { values } = parseArgs({
  options: {
    losses: { type: "string" }, play: { type: "string" }, seed: { type: "string", default: "1" },
    // Seconds that a run of play may take; a busy machine needs more.
    patience: { type: "string", default: "600" },
  },
});
if (!values.losses && !values.play) throw new Error("nothing to do: --losses NUMBER or --play MINUTES is expected");
const random = stream(Number(values.seed));
if (values.losses) await losses(Number(values.losses), random);
if (values.play) await play(Number(values.play), random, Number(values.patience));
