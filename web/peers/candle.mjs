// The page's Candle worker against the native program on one thread, by turns: the same training of `tiny`, in
// milliseconds a step. `node web/peers/candle.mjs [REPEATS]`, after `cargo build --release` and `web/build`.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { open } from "../tests/browser.mjs";
import { serve } from "../tests/serve.mjs";

const NATIVE = process.env.SEEDLING ?? "target/release/seedling";
const DIST = process.env.DIST ?? "web/dist";
const repeats = Number(process.argv[2] ?? 3);
/** 200 steps of 64, and the scores of 704 images after them. */
const STEPS = 200;
const SETTINGS = {
  preset: "tiny", seed: 3, rounds: 1, families: '["prune"]', measure: '"none"', "data.train": 640, "data.held-out": 64,
  "training.epochs": 20, "training.batch": 64, "learning.steps": 1, "learning.batch": 8,
};

async function native() {
  const folder = await mkdtemp(join(tmpdir(), "seedling-native-"));
  const { preset, ...rest } = SETTINGS;
  const lines = [`preset = "${preset}"`, ...Object.entries(rest).map(([name, value]) => `${name} = ${value}`)];
  await writeFile(join(folder, "settings.toml"), lines.join("\n"));
  const options = ["grow", "--quiet", "--engine", "candle", "--config", join(folder, "settings.toml"), "--out", folder + "/out"];
  await promisify(execFile)(NATIVE, options, { env: { ...process.env, RAYON_NUM_THREADS: "1" } });
  const run = JSON.parse(await readFile(join(folder, "out/run.json"), "utf8"));
  await rm(folder, { recursive: true });
  return run.rounds[0].steps.train.seconds;
}

async function page(browser) {
  const settings = { ...SETTINGS, engine: "candle", measure: "none" };
  const app = await browser.start(settings);
  await app.ready();
  await app.begin("n");
  await app.until("the seed is scored", ({ run, busy }) => run.stage === "train" && !busy, 60);
  await app.begin("n");
  const { run } = await app.until("it has trained", ({ run, busy }) => run.stage === "propose" && !busy, 300);
  await app.page.close();
  return run.rounds[0].steps.train.seconds;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const host = await serve(DIST);
const browser = await open({ webgpu: false, address: host.address });
const found = { native: [], page: [] };
try {
  for (let turn = 0; turn < repeats; turn++) {
    found.native.push((1e3 * (await native())) / STEPS);
    found.page.push((1e3 * (await page(browser))) / STEPS);
  }
} finally {
  await browser.close();
  await host.stop();
}
for (const [who, times] of Object.entries(found)) {
  console.log(`${who.padEnd(6)} ${median(times).toFixed(1)} ms a step (${times.map((time) => time.toFixed(1)).join(", ")})`);
}
console.log(`the page has ${((100 * median(found.native)) / median(found.page)).toFixed(0)} % of one native thread's speed`);
