// The memory of a page that plays: `node web/peers/hour.mjs [MINUTES] [ROUNDS]`, after `web/build`. A small network trains,
// learns and measures round after round in the Candle worker; after so many rounds another run begins in the same page.
// Every minute it says what is held: the JavaScript heap and the program's memory in the page and in the worker, and what
// the browser's processes for pages hold altogether.
import { readFile } from "node:fs/promises";
import { open } from "../tests/browser.mjs";
import { serve } from "../tests/serve.mjs";

const minutes = Number(process.argv[2] ?? 60);
const rounds = Number(process.argv[3] ?? 6);
/** From here on nothing should grow any more. */
const SETTLED = Math.min(10, minutes / 2);
/** Growth after that which still counts as flat. */
const FLAT = 0.03;
const SETTINGS = {
  preset: "6-M-8", seed: 3, rounds, engine: "candle", families: '["split","prune","widen"]', "data.train": 400,
  "data.held-out": 200, "training.epochs": 24, "training.batch": 40, "learning.steps": 60, "learning.batch": 100,
  "budget.max-parameters": 2000,
};
const MEGABYTE = 1 << 20;

/** Runs in the page and in the worker; started once, the program gives what it has. */
const held = async (address) => {
  const program = await (await import(`${address}seedling.js`)).default();
  return { program: program.memory.buffer.byteLength, heap: performance.memory?.usedJSHeapSize ?? 0 };
};

/** Bytes of memory in use by the browser's processes for pages. */
async function resident(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  let sum = 0;
  for (const { id } of processInfo.filter(({ type }) => type === "renderer")) {
    const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
    sum += 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return sum;
}

/** Begins another run when one is done. */
async function play(app) {
  const { run, busy, failure } = await app.state();
  if (failure) throw new Error(failure);
  if (run.stage !== "done" || busy) return;
  await app.press("Control+n");
  await app.press("Enter");
  await app.until("another run is ready", (state) => state.run.number > run.number && !state.busy, 60);
  await app.begin("Shift+Space");
}

const host = await serve(process.env.DIST ?? "web/dist");
const browser = await open({ webgpu: false, address: host.address });
const samples = [];
try {
  const app = await browser.start(SETTINGS);
  await app.ready();
  const page = await app.page.context().newCDPSession(app.page);
  const whole = await browser.context.browser().newBrowserCDPSession();
  await app.begin("Shift+Space");
  const names = ["minute", "run", "round", "page_heap", "page_program", "worker_heap", "worker_program", "resident"];
  console.log(names.join("\t"));
  for (let minute = 0; minute <= minutes; minute++) {
    const { run } = await app.state();
    await page.send("HeapProfiler.collectGarbage");
    const here = await app.page.evaluate(held, host.address);
    const [worker] = app.page.workers().filter((worker) => worker.url().endsWith("engine.js"));
    const there = await worker.evaluate(held, host.address);
    const bytes = [here.heap, here.program, there.heap, there.program, await resident(whole)];
    samples.push({ minute, bytes });
    console.log([minute, run.number, run.round, ...bytes.map((bytes) => (bytes / MEGABYTE).toFixed(1))].join("\t"));
    const end = Date.now() + 60_000;
    while (minute < minutes && Date.now() < end) {
      await app.page.waitForTimeout(5_000);
      await play(app);
    }
  }
} finally {
  await browser.close();
  await host.stop();
}
const sum = ({ bytes: [heap, program, workerHeap, workerProgram] }) => heap + program + workerHeap + workerProgram;
// Each run has a worker of its own, which grows within it: the most of some minutes counts.
const most = (from, to) => Math.max(...samples.filter(({ minute }) => from <= minute && minute <= to).map(sum));
const [early, late] = [most(SETTLED, 2 * SETTLED), most(minutes - SETTLED, minutes)];
const growth = late / early - 1;
const said = [early, late].map((bytes) => `${(bytes / MEGABYTE).toFixed(1)} MB`);
console.log(`heaps and programs held at most ${said[0]} from minute ${SETTLED} to ${2 * SETTLED}, and ${said[1]} in the last ${SETTLED}: ${(100 * growth).toFixed(1)} % more`);
if (growth > FLAT) {
  console.log(`not flat: expected at most ${100 * FLAT} %`);
  process.exitCode = 1;
}
