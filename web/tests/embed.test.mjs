// What the page and the one around it say to each other: the messages alone, and both pages in a browser.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { talk, wantedHeight } from "../embed.js";
import { zip } from "./files.mjs";

/** Both ends of the talk without a browser: what is said lands in `said`, `tick` lets time pass. */
function begin() {
  const said = [];
  const steered = [];
  const here = new EventTarget();
  const now = { told: "", height: 700, tick: () => {} };
  const host = { postMessage: (message, origin) => said.push([message, origin]) };
  talk({
    host,
    origin: "https://school.example",
    steer: (text) => {
      steered.push(JSON.parse(text));
      return text.includes("explode") ? "do: found explode" : "";
    },
    told: () => now.told,
    height: () => now.height,
    here,
    every: (look) => (now.tick = look),
  });
  const send = (data, { source = host, origin = "https://school.example" } = {}) => {
    here.dispatchEvent(Object.assign(new Event("message"), { source, origin, data }));
    return said.at(-1)?.[0];
  };
  return { said, steered, now, send };
}

describe("the messages", () => {
  test("orders are passed on and answered by their number", () => {
    const { said, steered, now, send } = begin();
    assert.deepEqual(send({ seedling: 1, id: 7, do: "step" }), { seedling: 1, id: 7, ok: true });
    assert.deepEqual(send({ seedling: 1, do: "load", link: "#seed=3" }), { seedling: 1, id: null, ok: true });
    assert.deepEqual(steered, [{ do: "step", link: "" }, { do: "load", link: "#seed=3" }]);
    const refused = send({ seedling: 1, id: "x", do: "explode" });
    assert.deepEqual(refused, { seedling: 1, id: "x", ok: false, why: "do: found explode" });
    now.told = JSON.stringify({ busy: false, run: null });
    const answer = send({ seedling: 1, id: 8, do: "ask" });
    assert.deepEqual(answer, { seedling: 1, id: 8, ok: true, state: { busy: false, run: null } });
    assert.equal(steered.length, 3, "asking orders nothing");
    assert.ok(said.every(([, origin]) => origin === "https://school.example"), "nobody else is told");
  });

  test("nobody else is heard", () => {
    const { said, steered, send } = begin();
    send({ seedling: 1, do: "step" }, { origin: "https://evil.example" });
    send({ seedling: 1, do: "step" }, { origin: "https://school.example.evil.example" });
    send({ seedling: 1, do: "step" }, { source: { postMessage() {} } });
    for (const data of [null, "step", { do: "step" }, { seedling: 2, do: "step" }, { seedling: 1, do: 7 }, { seedling: 1 }]) {
      send(data);
    }
    assert.deepEqual([said, steered], [[], []]);
  });

  test("what changes is told once", () => {
    const { said, now } = begin();
    const told = () => said.splice(0).map(([message]) => message);
    now.tick();
    assert.deepEqual(told(), [{ seedling: 1, event: "height", height: 700 }]);
    now.tick();
    assert.deepEqual(told(), []);
    now.told = JSON.stringify({ failure: null, run: 1 });
    now.tick();
    assert.deepEqual(told(), [
      { seedling: 1, event: "ready" },
      { seedling: 1, event: "state", state: { failure: null, run: 1 } },
    ]);
    now.tick();
    assert.deepEqual(told(), []);
    now.told = JSON.stringify({ failure: "no images", run: 1 });
    now.height = 800;
    now.tick();
    assert.deepEqual(told().map(({ event, why, height }) => [event, why ?? height ?? null]), [
      ["height", 800], ["state", null], ["failed", "no images"],
    ]);
  });

  test("the height follows the width and never the height itself", () => {
    assert.equal(wantedHeight(1600, 30), 930);
    assert.equal(wantedHeight(400, 0), 560);
  });
});

// The rest needs the built page, a browser and playwright-core: web/check brings them.
const built = existsSync("web/dist/index.html") && existsSync("web/tests/node_modules/playwright-core");

describe("a page around the page", { skip: !built && "the page is not built" }, () => {
  const SMALL = {
    preset: "3-M-4", seed: 3, rounds: 1, families: "split", "data.train": 40, "data.held-out": 40, "training.epochs": 1,
    "training.batch": 20, "learning.steps": 3, "learning.batch": 20,
  };
  const link = new URLSearchParams(SMALL).toString();
  let open, serve, App, page, host, browser;
  before(async () => {
    ({ open, App } = await import("./browser.mjs"));
    ({ serve } = await import("./serve.mjs"));
    page = await serve("web/dist");
    // Another port is another origin.
    host = await serve("web/embedding");
    browser = await open({ webgpu: false, address: page.address });
  });
  after(async () => {
    await browser?.close();
    await page?.stop();
    await host?.stop();
  });

  /** The example around the page. */
  async function around() {
    const app = new App(await browser.context.newPage());
    await app.page.goto(`${host.address}?page=${encodeURIComponent(page.address)}`);
    await app.page.waitForFunction(() => /waiting/.test(document.getElementById("said").textContent), null, { timeout: 120_000 });
    return app;
  }

  /** Asks until the state is as wanted. */
  async function until(app, holds) {
    for (const end = Date.now() + 120_000; Date.now() < end; ) {
      const { state } = await app.page.evaluate(() => globalThis.host.ask("ask"));
      if (holds(state)) return state;
      await app.page.waitForTimeout(200);
    }
    throw new Error("it never is as wanted");
  }

  test("the example steers the page, and its frame has the height that it wants", async () => {
    const app = await around();
    const tall = await app.page.evaluate(() => document.getElementById("seedling").offsetHeight);
    assert.ok(tall >= 560 && tall < 1200, `${tall} points`);
    const ask = (what, text) => app.page.evaluate(([what, text]) => globalThis.host.ask(what, text), [what, text]);
    assert.equal((await ask("load", `${link}&at=propose&tab=curves`)).ok, true);
    const begun = await until(app, ({ run, busy }) => run?.stage === "propose" && !busy);
    assert.match(begun.link, /seed=3/);
    assert.match(begun.link, /tab=curves/);
    assert.equal(begun.run.rounds.length, 1);
    await ask("round");
    const grown = await until(app, ({ run, busy }) => run.round > 1 && !busy);
    assert.ok(grown.run.rounds[0].after.held_out.loss > 0);
    assert.match(grown.link, /at=train:2/);
    const refused = await ask("load", "run=https://example.com/a.zip");
    assert.equal(refused.ok, false);
    assert.match(refused.why, /another host/);
    await app.shot("embedded");
    assert.deepEqual(app.errors, []);
    await app.page.close();
  });

  test("a page that the address does not name hears nothing", async () => {
    const app = new App(await browser.context.newPage());
    await app.page.goto(`${host.address}?page=${encodeURIComponent(page.address)}`);
    const heard = await app.page.evaluate(async (address) => {
      const frame = document.getElementById("seedling");
      // A frame that is loaded anew, for another page around it, and for none.
      frame.src = "about:blank";
      const heard = [];
      addEventListener("message", ({ data }) => heard.push(data));
      for (const embed of ["&embed=https:%2F%2Fschool.example", ""]) {
        frame.src = `${address}?${embed.length}#rounds=1${embed}`;
        await new Promise((resolve) => setTimeout(resolve, 15_000));
        frame.contentWindow.postMessage({ seedling: 1, id: 1, do: "ask" }, "*");
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
      return heard;
    }, page.address);
    assert.deepEqual(heard, []);
    await app.page.close();
  });

  test("a whole link leads to the stage, the panel and the selection", async () => {
    const app = await browser.start({ ...SMALL, at: "grow", tab: "table", candidate: "split:conv1:1", channel: "conv1:1",
      theme: "dark", hide: "footer,introduction", freeze: "undo" });
    await app.until("it stands before growth", ({ run, busy }) => run?.stage === "grow" && !busy, 120);
    assert.equal(await app.page.evaluate(() => document.documentElement.dataset.theme), "dark");
    assert.equal(await app.page.locator("footer").isVisible(), false);
    await app.shot("whole-link");
    await app.page.focus("#app");
    await app.press("Control+z");
    assert.equal((await app.state()).run.stage, "grow", "undo is switched off");
    await app.press("n");
    await app.until("it has grown", ({ run, busy }) => run.round === 2 && !busy, 60);
    assert.deepEqual(app.errors, []);
    await app.page.close();
  });

  test("a run beside the page is opened, and nothing of another host or too large", async () => {
    const app = await browser.start(SMALL);
    await app.ready();
    await app.begin("n");
    await app.until("the seed is scored", ({ run, busy }) => run.seed && !busy, 60);
    await app.press("Control+s");
    const download = app.page.waitForEvent("download", { timeout: 15_000 });
    await app.press("Enter");
    const saved = await (await download).path();
    const scored = (await app.state()).run.seed;
    await app.page.close();

    const answer = (options) => async (route) => route.fulfill(options);
    await browser.context.route("**/mine.zip", answer({ path: saved, contentType: "application/zip" }));
    await browser.context.route("**/large.zip", answer({ body: Buffer.alloc(65_000_000), contentType: "application/zip" }));
    await browser.context.route("**/notes.zip", answer({ body: zip([["notes.txt", Buffer.from("hm")]]) }));
    await browser.context.route("**/away.zip", answer({ status: 302, headers: { Location: "https://example.com/mine.zip" } }));
    const other = await browser.start({ run: "mine.zip", tab: "curves" });
    const { run } = await other.until("the run is open", ({ run, busy }) => run && !busy, 120);
    assert.deepEqual(run.seed, scored);
    assert.doesNotMatch(await other.page.textContent("#warning"), /cannot be opened/);
    await other.page.close();
    for (const [address, expected] of [
      ["large.zip", /more than 64 MB/],
      ["notes.zip", /found no run/],
      ["away.zip", /cannot be opened/],
      ["absent.zip", /the server answers 404/],
      ["https://example.com/mine.zip", /another host/],
    ]) {
      const refused = await browser.start({ run: address });
      await refused.until("the usual run begins", ({ run }) => run, 120);
      assert.match(await refused.page.textContent("#warning"), expected, address);
      await refused.page.close();
    }
  });
});
