// A training step of the page's WebGPU engine against TensorFlow.js's, by turns in one headless Chromium on its software
// adapter: the same networks, batch 64, SGD with momentum. `node web/peers/tfjs.mjs [REPEATS] [NETWORK]`, after
// `web/build` and `npm ci` in web/tests and web/peers. Ours also augments its images.
import { open } from "../tests/browser.mjs";
import { serve } from "../tests/serve.mjs";

const NETWORKS = { tiny: "8-8-M-16-16-M-16", small: "16-M-32-M-32" };
/** Steps timed, after WARM: fewer of TensorFlow.js's, which take up to half a minute each. */
const STEPS = { ours: 12, theirs: 2 };
const WARM = 2;
const repeats = Number(process.argv[2] ?? 3);
const presets = process.argv[3] ? [process.argv[3]] : Object.keys(NETWORKS);

/** Seconds that a phase of `steps` steps takes in our page, with the scores at its end. */
async function phase(browser, preset, steps) {
  const app = await browser.start({
    preset, engine: "webgpu", "data.train": 64, "data.held-out": 64, "training.batch": 64, "training.epochs": steps,
  });
  await app.ready(300);
  await app.begin("n");
  await app.until("the seed is scored", ({ run, busy }) => run.stage === "train" && !busy, 300);
  await app.begin("n");
  const { run } = await app.until("it has trained", ({ run, busy }) => run.stage === "propose" && !busy, 600);
  if (run.engine !== "webgpu") throw new Error(`it computes with ${run.engine}`);
  await app.page.close();
  return run.rounds[0].steps.train.seconds;
}

/** Milliseconds a step: the difference of a long and a short phase leaves out what comes once. */
async function ours(browser, preset) {
  const short = await phase(browser, preset, WARM);
  return (1e3 * ((await phase(browser, preset, WARM + STEPS.ours)) - short)) / STEPS.ours;
}

async function theirs(browser, address, preset) {
  const page = await browser.context.newPage();
  await page.goto(`${address}tfjs.html`);
  const given = [NETWORKS[preset], WARM, STEPS.theirs];
  const time = await page.evaluate(([layers, warm, steps]) => globalThis.train(layers, warm, steps), given);
  await page.close();
  return time / STEPS.theirs;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const host = await serve(process.env.DIST ?? "web/dist");
const peers = await serve("web/peers");
const browser = await open({ webgpu: true, address: host.address });
try {
  for (const preset of presets) {
    const found = { ours: [], tfjs: [] };
    for (let turn = 0; turn < repeats; turn++) {
      found.ours.push(await ours(browser, preset));
      found.tfjs.push(await theirs(browser, peers.address, preset));
    }
    for (const [who, times] of Object.entries(found)) {
      const all = times.map((time) => time.toFixed(0)).join(", ");
      console.log(`${preset.padEnd(6)} ${who.padEnd(5)} ${median(times).toFixed(0)} ms a step (${all})`);
    }
    console.log(`${preset.padEnd(6)} ours is ${(median(found.tfjs) / median(found.ours)).toFixed(2)} times as fast`);
  }
} finally {
  await browser.close();
  await Promise.all([host.stop(), peers.stop()]);
}
