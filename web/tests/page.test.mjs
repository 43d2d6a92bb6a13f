// The page in a browser, against the native program on the same settings.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { open, rememberDevices } from "./browser.mjs";
import { serve } from "./serve.mjs";

const NATIVE = process.env.SEEDLING ?? "target/debug/seedling";
/** A round that takes seconds. */
const SMALL = {
  preset: "6-M-8",
  seed: 3,
  rounds: 1,
  families: '["split","prune","widen"]',
  "data.classes": "[0,1,8]",
  "data.train": 120,
  "data.held-out": 90,
  "training.epochs": 6,
  "training.batch": 30,
  "learning.steps": 12,
  "learning.batch": 60,
};
/** Floating-point sums come in another order: gains agree to this part of the largest. */
const TOLERANCE = { candle: 1e-3, webgpu: 1e-2 };

/** A smaller one still: the software adapter is a hundred times slower than the processor. */
const SMALLER = {
  ...SMALL, preset: "3-M-4", families: '["split","prune"]', "data.classes": "[0,8]", "data.train": 40, "data.held-out": 40,
  "training.epochs": 3, "training.batch": 20, "learning.steps": 3, "learning.batch": 20,
};

let host, native, smaller;

before(async () => {
  host = await serve("web/dist");
  native = await runNatively(SMALL);
  smaller = await runNatively(SMALLER);
});
after(() => host?.stop());

/** The candidates of the same run by the native program. */
async function runNatively(settings) {
  const folder = await mkdtemp(join(tmpdir(), "seedling-native-"));
  const { preset, seed, rounds, families, ...rest } = settings;
  const lines = [`preset = "${preset}"`, `seed = ${seed}`, `rounds = ${rounds}`, `families = ${families}`];
  for (const [name, value] of Object.entries(rest)) lines.push(`${name} = ${value}`);
  await writeFile(join(folder, "settings.toml"), lines.join("\n"));
  const out = join(folder, "out");
  const options = ["grow", "--quiet", "--engine", "candle", "--config", join(folder, "settings.toml"), "--out", out];
  await promisify(execFile)(NATIVE, options);
  const [header, ...rows] = (await readFile(join(out, "candidates.csv"), "utf8")).trim().split("\n");
  const columns = header.split(",");
  const candidates = rows.map((row) => Object.fromEntries(row.split(",").map((cell, at) => [columns[at], cell])));
  const run = JSON.parse(await readFile(join(out, "run.json"), "utf8"));
  await rm(folder, { recursive: true });
  return { candidates, run };
}

/** In a page: takes all that is kept away. */
const clearStorage = () =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open("seedling");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("files", "readwrite");
      transaction.objectStore("files").clear();
      transaction.oncomplete = () => resolve(opening.result.close());
    };
  });

/** The page's first round has the native program's numbers. */
function sameNumbers(state, native, engine) {
  const found = state.run.rounds[0];
  assert.deepEqual(found.candidates.map(({ id }) => id), native.candidates.map(({ id }) => id));
  for (const column of ["estimated", "actual"]) {
    const expected = native.candidates.map((candidate) => Number(candidate[column]));
    const largest = Math.max(...expected.map(Math.abs));
    assert.ok(largest > 0.001, `${column}: gains that can be told from none`);
    found.candidates.forEach((candidate, at) => {
      const error = Math.abs(candidate[column] - expected[at]);
      const words = `${candidate.id} ${column}: ${candidate[column]} in the page, ${expected[at]} natively`;
      assert.ok(error <= TOLERANCE[engine] * largest, words);
    });
  }
  const [there] = native.run.rounds;
  assert.ok(Math.abs(found.before.held_out.loss - there.before.held_out.loss) < TOLERANCE[engine], "held-out loss");
  for (const [family, agreement] of Object.entries(there.agreement)) {
    assert.equal(found.agreement[family].n, agreement.n);
    assert.ok(Math.abs(found.agreement[family].pearson - agreement.pearson) < 10 * TOLERANCE[engine], family);
  }
  assert.equal(state.run.sha256, native.run.dataset.sha256);
}

/** Sets the app to learning, and waits until it shows what is foreseen of each candidate. */
async function forming(app) {
  await app.ready();
  for (const stage of ["train", "propose", "learn"]) {
    await app.begin("n");
    await app.until(`${stage} is next`, ({ run, busy }) => run.stage === stage && !busy, 240);
  }
  await app.begin("n");
  const estimated = ({ rounds }) => rounds.at(-1).candidates.filter((candidate) => candidate.estimated !== null);
  const { run } = await app.until("estimates form", ({ run, busy }) => busy && estimated(run).length > 0, 240);
  assert.equal(run.stage, "learn");
  // Prunes are not learned.
  const ids = estimated(run).map(({ id }) => id);
  const learned = run.rounds.at(-1).candidates.map(({ id }) => id).filter((id) => !id.startsWith("prune:"));
  assert.deepEqual(ids, learned);
}

describe("with WebGPU", () => {
  let browser;
  before(async () => (browser = await open({ webgpu: true, address: host.address })));
  after(() => browser?.close());
  afterEach(() => browser.clear());

  test("a whole round on the adapter has the native numbers", async () => {
    const app = await browser.start({ ...SMALLER, engine: "webgpu" });
    const begun = await app.ready();
    assert.equal(begun.run.engine, "webgpu");
    assert.ok(begun.run.adapter.length > 0);
    assert.equal(begun.run.stage, "seed");
    const grown = await app.round(400);
    await app.shot("webgpu-round");
    sameNumbers(grown, smaller, "webgpu");
    assert.deepEqual(app.errors, []);
    await app.page.close();
  });

  test("estimates form while the adapter learns", async () => {
    const app = await browser.start({ ...SMALLER, engine: "webgpu", "learning.steps": 300 });
    await forming(app);
    await app.page.close();
  });

  test("by itself it takes the engine that a race found faster", async () => {
    const app = await browser.start(SMALL);
    const { run } = await app.ready(300);
    const winner = /^the processor is/.test(run.why) ? "candle" : "webgpu";
    assert.match(run.why, /is [0-9.]+ times as fast: a training step of tiny takes/);
    assert.equal(run.engine, winner);
    await app.page.close();
  });

  test("a device lost in the middle of training is opened again, and the run goes on", async () => {
    const app = await browser.start({ ...SMALLER, engine: "webgpu", "training.epochs": 20 }, rememberDevices);
    await app.ready();
    await app.begin("n");
    await app.until("the seed is scored", ({ run, busy }) => run.stage === "train" && !busy, 60);
    await app.begin("n");
    await app.until("it trains", ({ run }) => run.step > 0, 120);
    await app.page.evaluate(() => globalThis.devices.at(-1).destroy());
    const state = await app.until("training ends", ({ run, busy }) => run.stage !== "train" && !busy, 300);
    assert.ok(state.notices.some((notice) => notice.includes("The GPU was lost")), `${state.notices}`);
    await app.page.close();
  });
});

describe("without WebGPU", () => {
  let browser;
  before(async () => (browser = await open({ webgpu: false, address: host.address })));
  after(() => browser?.close());
  afterEach(() => browser.clear());

  test("the page says so, computes on the processor, and has the native numbers", async () => {
    const app = await browser.start(SMALL);
    const begun = await app.until("a run is ready", ({ run, busy }) => run && !busy, 120);
    await app.shot("start");
    assert.equal(begun.run.engine, "candle");
    assert.ok(begun.notices.some((notice) => notice.includes("one core")), "a notice on the screen");
    const notes = await app.page.locator(".note:visible").allTextContents();
    assert.equal(notes.length, 1);
    assert.match(notes[0], /one core of the processor/);
    await app.ready();
    await app.shot("ready");
    const grown = await app.round();
    await app.shot("candle-round");
    sameNumbers(grown, native, "candle");
    await app.page.waitForFunction(() => document.getElementById("described").textContent.includes("candidates"));
    assert.deepEqual(app.errors, []);
    await app.page.close();
  });

  test("estimates form while the processor learns", async () => {
    const app = await browser.start({ ...SMALL, "learning.steps": 2000 });
    await forming(app);
    await app.shot("forming");
    await app.page.close();
  });

  test("the page answers while it computes", async () => {
    const app = await browser.start({ "training.epochs": 3, "data.train": 600 });
    await app.ready();
    await app.page.evaluate(() => {
      globalThis.frames = [];
      const tick = (now) => (globalThis.frames.push(now), requestAnimationFrame(tick));
      requestAnimationFrame(tick);
    });
    await app.begin("n");
    await app.until("the seed is scored", ({ run, busy }) => run.stage === "train" && !busy, 60);
    await app.begin("n");
    await app.until("it trains", ({ run }) => run.stage === "train" && run.step > 0, 60);
    await app.page.waitForTimeout(2000);
    const frames = await app.page.evaluate(() => globalThis.frames);
    const gaps = frames.slice(1).map((now, at) => now - frames[at]).sort((a, b) => b - a);
    // Computing goes on beside the page; what is left is drawing, by a processor that computes too.
    assert.ok(gaps[0] < 1000, `the longest time without a frame: ${gaps[0]} ms`);
    await app.page.close();
  });

  test("a tab that sleeps goes on where it was", async () => {
    const app = await browser.start(SMALL);
    await app.ready();
    const session = await app.page.context().newCDPSession(app.page);
    await app.begin("r");
    await app.until("it is in the middle of the round", ({ run, busy }) => run.rounds.length > 0 && busy, 60);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await session.send("Page.setWebLifecycleState", { state: "active" });
    const grown = await app.until("the round has grown", ({ run, busy }) => run.round > 1 && !busy, 240);
    sameNumbers(grown, native, "candle");
    await app.page.close();
  });

  test("runs are kept, offered again and gone on with; one tab at a time keeps them", async () => {
    const own = await open({ webgpu: false, address: host.address });
    try {
      const app = await own.start(SMALL);
      await app.ready();
      await app.begin("n");
      await app.until("the seed is scored", ({ run, kept, busy }) => run.seed && kept.length === 1 && !busy, 60);
      const other = await own.start(SMALL);
      await other.ready();
      assert.match(await other.page.textContent("#warning"), /Another tab/);
      await other.page.close();
      await app.page.reload();
      const back = await app.until("a run is ready", ({ run, busy }) => run && !busy, 120);
      assert.deepEqual(back.kept, ["Run 1: airplane, automobile, ship - seed 3"]);
      assert.equal(back.run.seed, null, "a fresh run until the old one is asked for");
      await app.shot("offered");
      await app.page.focus("#app");
      await app.press("Escape");
      await app.openRun("/runs/0001 airplane, automobile, ship - seed 3");
      const opened = await app.until("the run is open", ({ run, busy }) => run.seed && !busy, 60);
      assert.equal(opened.run.stage, "train");
      // With another run open, only the browser's storage has the first; it comes back from there.
      await app.press("Control+n");
      await app.press("Enter");
      await app.until("another run is open", ({ run, busy }) => !run.seed && !busy, 60);
      await app.openRun("/runs/0001 airplane, automobile, ship - seed 3");
      const again = await app.until("the first is open again", ({ run, busy }) => run.seed && !busy, 60);
      assert.deepEqual(again.run.seed, opened.run.seed);
      assert.equal(await app.page.locator("#warning").isVisible(), false);
      // What the browser has lost meanwhile is named, and the open run stays.
      await app.press("Control+n");
      await app.press("Enter");
      await app.until("another run is open", ({ run, busy }) => !run.seed && !busy, 60);
      await app.page.evaluate(clearStorage);
      await app.openRun("/runs/0001 airplane, automobile, ship - seed 3");
      const lost = await app.failing(30);
      assert.match(lost.failure, /0001 airplane, automobile, ship - seed 3.*this browser no longer has it.*Choose another folder/);
      assert.equal(lost.run.seed, null);
      assert.deepEqual(app.errors, []);
    } finally {
      await own.close();
    }
  });

  test("a race survives the page, is resumed, and its runs open with a click", async () => {
    // Where the panel of races has its buttons, in a window of 1280 × 800 below the warning that there is no adapter.
    const places = { own: [843, 303], fixed: [1029, 303], start: [822, 424], first: [809, 512] };
    const standings = ({ race }) => race?.runs.map(({ standing }) => standing) ?? [];
    const done = (state) => standings(state).length === 6 && standings(state).every((standing) => standing === "done");
    const own = await open({ webgpu: false, address: host.address });
    try {
      const app = await own.start({ ...SMALLER, families: '["split"]' });
      const toRaces = async () => {
        await app.ready();
        await app.press("Control+k");
        await app.page.keyboard.type("Race conf", { delay: 60 });
        await app.press("Enter");
        await app.page.waitForTimeout(1000);
      };
      await toRaces();
      for (const place of [places.own, places.fixed, places.start]) await app.click(...place);
      const begun = (state) => standings(state).some((standing) => standing !== "not begun");
      await app.until("a run of the race is kept", begun, 60);
      await app.page.reload();
      await toRaces();
      const back = await app.state();
      assert.ok(begun(back) && !done(back), `interrupted on the way: ${standings(back)}`);
      await app.shot("race");
      await app.click(...places.start);
      const end = await app.until("the race is run", (state) => done(state) && !state.busy, 120);
      const ids = ["grown-1", "grown-2", "grown-3", "fixed-1", "fixed-2", "fixed-3"];
      assert.deepEqual(end.race.runs.map(({ id }) => id), ids);
      await app.click(...places.first);
      const opened = await app.until("a run of the race is open", ({ run, busy }) => run.seed && !busy, 60);
      assert.deepEqual([opened.run.config.seed, opened.run.stage], [1, "done"]);
      assert.deepEqual(app.errors, []);
    } finally {
      await own.close();
    }
  });

  test("a full storage is told, and the run goes on", async () => {
    const app = await browser.start(SMALL, () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("no room", "QuotaExceededError");
      };
    });
    await app.ready();
    await app.begin("n");
    const state = await app.until("the seed is scored", ({ run, busy }) => run.seed && !busy, 60);
    assert.equal(state.failure, null);
    assert.match(await app.page.textContent("#warning"), /storage is full.*save a copy/);
    await app.page.close();
  });

  test("a browser that cannot draw is told so", async () => {
    const app = await browser.start(SMALL, () => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await app.page.waitForFunction(() => document.getElementById("status").textContent.includes("WebGL 2"));
    assert.match(await app.page.textContent("#status"), /Seedling has stopped: this browser has no WebGL 2.*settings/);
    await app.page.close();
  });

  test("files that are no runs are named, with what to do", async () => {
    const app = await browser.start(SMALL);
    await app.ready();
    const cases = [
      ["holiday.zip", Buffer.from("no zip file at all"), /holiday/],
      ["short.zip", Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(40)]), /short/],
    ];
    for (const [name, buffer, expected] of cases) {
      await app.openRun({ name, mimeType: "application/zip", buffer });
      const state = await app.failing(30);
      assert.match(state.failure, expected);
      assert.match(state.failure, /Choose another/);
      await app.shot(`bad-${name}`);
    }
    await app.page.close();
  });

  test("a link brings the settings, and the copied link brings them back", async () => {
    const app = await browser.start({ ...SMALL, "learning.estimator": "gauss-newton" });
    const { run } = await app.ready();
    assert.equal(run.config.learning.estimator, "gauss-newton");
    assert.deepEqual(run.config.data.classes, [0, 1, 8]);
    await app.press("Control+k");
    await app.page.keyboard.type("copy link", { delay: 60 });
    await app.press("Enter");
    await app.page.waitForTimeout(500);
    const copied = await app.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, app.page.url());
    const again = await browser.context.newPage();
    await again.goto(copied);
    await app.page.close();
    const { App } = await import("./browser.mjs");
    const other = new App(again);
    assert.deepEqual((await other.ready()).run.config, run.config);
    await again.close();
  });

  test("without a link the page opens on the recorded run", async () => {
    const app = await browser.start();
    const { run } = await app.ready();
    assert.equal(run.recorded, true);
    assert.equal(run.stage, "choose");
    assert.ok(run.rounds[0].candidates.every(({ actual }) => actual !== null), "there are points to look at");
    await app.shot("recorded");
    await app.page.close();
  });

  test("a link leads into the middle of a lesson", async () => {
    const app = await browser.start({ lesson: "first", step: "train" });
    await app.until("the lesson's own run is trained", ({ run }) => run && !run.recorded && run.rounds[0]?.before, 120);
    await app.shot("lesson");
    await app.page.close();
  });

  test("a link that makes no sense is named, and the usual run begins", async () => {
    const app = await browser.start({ sed: 3 });
    const { run } = await app.ready();
    await app.shot("bad-link");
    assert.equal(run.config.seed, 7);
    assert.match(await app.page.textContent("#warning"), /no setting is called "sed"/);
    await app.page.close();
  });

  test("a run is downloaded in the command line's format", async () => {
    const app = await browser.start(SMALL);
    await app.ready();
    await app.begin("n");
    await app.until("the seed is scored", ({ run, busy }) => run.seed && !busy, 60);
    await app.press("Control+s");
    await app.page.keyboard.type("mine", { delay: 60 });
    await app.shot("save");
    const download = app.page.waitForEvent("download", { timeout: 15_000 });
    await app.press("Enter");
    const path = await (await download).path();
    const bytes = await readFile(path);
    assert.equal(bytes.subarray(0, 2).toString(), "PK");
    for (const name of ["run.json", "candidates.csv", "held-out.txt", "session.safetensors"]) {
      assert.ok(bytes.includes(name), name);
    }
    await app.page.close();
  });
});

describe("what strangers can do", () => {
  test("the page fetches from nowhere else and runs no other script", async () => {
    const browser = await open({ webgpu: false, address: host.address });
    try {
      const app = await browser.start(SMALL);
      await app.ready();
      assert.deepEqual(app.errors, [], "nothing of the page itself is refused");
      const size = await app.page.evaluate(() => getComputedStyle(document.querySelector("footer")).fontSize);
      assert.equal(size, "13px", "the style is the one that the policy allows");
      const refused = await app.page.evaluate(async () => {
        const seen = [];
        addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
        await fetch("https://example.com/").catch(() => {});
        const script = Object.assign(document.createElement("script"), { textContent: "globalThis.strange = 1" });
        document.body.append(script);
        const style = Object.assign(document.createElement("style"), { textContent: "footer { display: none }" });
        document.body.append(style);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return { seen, strange: globalThis.strange ?? null };
      });
      assert.deepEqual(refused, { seen: ["connect-src", "script-src-elem", "style-src-elem"], strange: null });
    } finally {
      await browser.close();
    }
  });

  test("at an address that is not secure the page says what is missing, and one tab keeps the runs", async () => {
    const address = host.address.replace("localhost", "class.test");
    const args = ["--host-resolver-rules=MAP class.test 127.0.0.1"];
    const browser = await open({ webgpu: false, address, args });
    try {
      const app = await browser.start(SMALL);
      await app.ready();
      assert.equal(await app.page.locator("#insecure").isVisible(), true);
      assert.equal(await app.page.locator("#warning").isVisible(), false);
      const other = await browser.start(SMALL);
      await other.ready();
      assert.match(await other.page.textContent("#warning"), /Another tab/);
      await other.page.close();
      await app.page.reload();
      await app.ready();
      assert.equal(await app.page.locator("#warning").isVisible(), false, "the same tab keeps them again");
    } finally {
      await browser.close();
    }
  });
});

describe("the first visit and the next", () => {
  test("little is fetched before the first frame, and the next visit needs no connection", async () => {
    const own = await serve("web/dist");
    const browser = await open({ webgpu: false, address: own.address });
    try {
      const app = await browser.start(SMALL);
      await app.page.waitForFunction(() => performance.getEntriesByName("seedling-ready").length > 0);
      const first = await app.page.evaluate(() => performance.getEntriesByName("seedling-ready")[0].startTime);
      const sheets = new Set(["train.png", "test.png"]);
      const program = Object.entries(own.sent).filter(([file]) => !sheets.has(file));
      const bytes = program.reduce((sum, [, bytes]) => sum + bytes, 0);
      console.log(`first frame after ${Math.round(first)} ms; ${bytes} bytes sent for it`);
      assert.ok(bytes < 4e6, `${bytes} bytes before the first frame`);
      await app.ready();
      await app.page.evaluate(() => navigator.serviceWorker.ready);
      await own.stop();
      await app.page.reload();
      const { run } = await app.ready();
      assert.equal(run.config.preset, SMALL.preset);
      assert.equal(run.sha256, native.run.dataset.sha256);
      assert.deepEqual(app.errors.filter((error) => !error.includes("ERR_CONNECTION_REFUSED")), []);
    } finally {
      await browser.close();
      await own.stop();
    }
  });
});
