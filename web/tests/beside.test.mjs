// The words and buttons beside the canvas, as a screen reader has them: first with words of this test's own, then a whole
// round of the page, driven by the keyboard alone and read from the accessibility tree.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { parse } from "../words.js";
import { serve } from "./serve.mjs";

// Needs a browser and playwright-core: web/check brings them.
const ready = existsSync("web/tests/node_modules/playwright-core");
const built = ready && existsSync("web/dist/beside.js");

/** Tab until a button has the keyboard, by what it says. */
async function tabTo(page, text) {
  for (let tries = 0; tries < 30; tries++) {
    if ((await page.evaluate(() => document.activeElement.textContent)) === text) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key never comes to ${text}`);
}

/** In a page: writes down what is read out from now on. */
const listen = () => {
  const said = document.getElementById("said");
  globalThis.heard = [];
  const changes = { childList: true, characterData: true, subtree: true };
  new MutationObserver(() => globalThis.heard.push(said.textContent)).observe(said, changes);
};

/** What a screen reader finds beside the canvas; quotation marks stand there where a text needs them. */
const tree = async (page) => (await page.locator("#beside").ariaSnapshot()).replaceAll('"', "");

describe("the page's own elements", { skip: !ready && "there is no browser" }, () => {
  const BUTTONS = [
    { do: "play-or-pause", text: "Play", off: null },
    { do: "cancel-the-stage-under-way", text: "Cancel the stage under way", off: "Nothing is under way" },
    { do: "undo", text: "Undo", off: null },
  ];
  const WORDS = {
    said: "Seed is done. Next, train: Train the network.", panel: "The panel shown is: Curves.", standing: "Round 1.",
    network: ["conv1: 3 channels.", "At the end 2 classes."], best: null, buttons: BUTTONS,
  };
  const BEST = { title: "The best 2 of 9", head: ["Change", "Gain"], rows: [["split conv1", "+0.5"], ["widen conv1", "+0.4"]] };
  let host, browser, page;
  before(async () => {
    const { open } = await import("./browser.mjs");
    host = await serve("web");
    browser = await open({ webgpu: false, address: host.address });
    page = await browser.context.newPage();
    // Only the built page has its style's hash and its words.
    const words = parse(await readFile("assets/words/en/page.ftl", "utf8"));
    const source = (await readFile("web/index.html", "utf8")).replace(/'sha256-@STYLE@'/, "'unsafe-inline'");
    const html = source.replace(/@(around-[a-z-]+)@/g, (_, name) => words[name]);
    await page.route(host.address, (route) => route.fulfill({ contentType: "text/html", body: html }));
    // In place of the program, which this needs nothing of.
    const empty = { contentType: "text/javascript", body: "" };
    await page.route("**/page.js", (route) => route.fulfill(empty));
    await page.route("**/seedling.js", (route) => route.fulfill(empty));
    await page.goto(host.address);
    await page.evaluate(async () => {
      const { beside, between } = await import("./beside.js");
      Object.assign(globalThis, { told: "", pressed: [] });
      document.getElementById("app").hidden = false;
      beside({ told: () => globalThis.told, press: (name) => globalThis.pressed.push(name) });
      between(document.getElementById("app"), document.getElementById("beside"));
    });
    await page.evaluate(listen);
  });
  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  /** Has these words be told, and waits until the page has looked. */
  async function tell(words) {
    await page.evaluate((text) => (globalThis.told = text), JSON.stringify(words));
    await page.waitForTimeout(500);
  }

  test("everything is in the accessibility tree, and what stays the same is not read out again", async () => {
    await tell(WORDS);
    const found = await tree(page);
    for (const part of [
      "region Seedling in words", "group What can be done", "button Play", "status: Seed is done.", "conv1: 3 channels.",
    ]) {
      assert.ok(found.includes(part), `${part} in ${found}`);
    }
    assert.match(found, /button Cancel the stage under way \[disabled\]/);
    assert.ok(!found.includes("table"), found);
    await tell({ ...WORDS, best: BEST, standing: "Round 2." });
    const listed = await tree(page);
    for (const part of ["table The best 2 of 9", "columnheader Gain", "cell widen conv1", "Round 2."]) {
      assert.ok(listed.includes(part), `${part} in ${listed}`);
    }
    await tell({ ...WORDS, best: { ...BEST, rows: BEST.rows.slice(1) }, network: ["conv1: 4 channels."] });
    const shorter = await tree(page);
    assert.ok(!shorter.includes("split conv1") && !shorter.includes("At the end"), shorter);
    assert.deepEqual(await page.evaluate(() => globalThis.heard), [WORDS.said]);
  });

  test("the keyboard alone leads from the canvas to the buttons and back, and presses what is not grey", async () => {
    await tell(WORDS);
    await page.focus("#app");
    await page.keyboard.press("F6");
    const focused = () => page.evaluate(() => document.activeElement.textContent);
    assert.equal(await focused(), "Play");
    const seen = await page.locator("#beside").boundingBox();
    assert.ok(seen.height > 50 && seen.width > 500, "who tabs there sees it");
    await page.keyboard.press("Space");
    await tabTo(page, "Cancel the stage under way");
    await page.keyboard.press("Enter");
    await tabTo(page, "Undo");
    await page.keyboard.press("Enter");
    assert.deepEqual(await page.evaluate(() => globalThis.pressed), ["play-or-pause", "undo"]);
    // A button that turns grey keeps the keyboard, and one whose name changes too.
    await tell({ ...WORDS, buttons: BUTTONS.map((button) => ({ ...button, text: `${button.text}!`, off: "not now" })) });
    assert.equal(await focused(), "Undo!");
    await page.keyboard.press("F6");
    assert.equal(await page.evaluate(() => document.activeElement.id), "app");
    const hidden = await page.locator("#beside").boundingBox();
    assert.ok(hidden.height <= 1, "it is out of sight again");
  });
});

describe("the page by its words alone", { skip: !built && "the page is not built" }, () => {
  const SMALL = {
    preset: "3-M-4", seed: 3, rounds: 1, families: "split,prune", "data.classes": "0,8", "data.train": 40, "data.held-out": 40,
    "training.epochs": 3, "training.batch": 20, "learning.steps": 3, "learning.batch": 20,
  };
  let host, browser;
  before(async () => {
    const { open } = await import("./browser.mjs");
    host = await serve("web/dist");
    browser = await open({ webgpu: false, address: host.address });
  });
  after(async () => {
    await browser?.close();
    await host?.stop();
  });

  /** Waits for a sentence to be read out. */
  async function hear(app, part) {
    const said = (part) => document.getElementById("said").textContent.includes(part);
    await app.page.waitForFunction(said, part, { timeout: 240_000 });
    return app.page.textContent("#said");
  }

  const rows = (app) =>
    app.page.locator("#best-rows tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

  test("a link and a choice say which language the page speaks, and names for programs stay", async () => {
    const app = await browser.start({ ...SMALL, language: "de" });
    const { page } = app;
    const language = () => page.evaluate(() => document.documentElement.lang);
    await app.until("a run is ready", ({ run, busy }) => run && !busy, 120);
    await hear(app, "Abspielen");
    assert.equal(await language(), "de");
    // The page's own words too.
    const around = () => page.evaluate(() => [document.querySelector("summary").textContent, document.title.slice(0, 30)]);
    assert.deepEqual(await around(), ["Was ist das?", "Seedling: ein kleines Netz wac"]);
    assert.match(await page.getAttribute("#app", "aria-label"), /Labor/);
    assert.equal((await app.state()).run.stage, "seed");
    await app.press("Escape");
    await page.waitForTimeout(500);
    await app.press("Control+k");
    await page.waitForTimeout(500);
    // Letters without accents are typed by any keyboard.
    await page.keyboard.type("Fran", { delay: 60 });
    await app.press("Enter");
    await hear(app, "Lecture");
    assert.equal(await language(), "fr");
    await page.waitForFunction(() => document.querySelector("summary").textContent === "Qu'est-ce que c'est\u00a0?");
    await page.close();
    // The next visit remembers what was chosen, a link does not change that.
    const next = await browser.start(SMALL);
    await next.until("a run is ready", ({ run, busy }) => run && !busy, 120);
    await hear(next, "Lecture");
    await next.page.evaluate(() => localStorage.clear());
    assert.deepEqual([...app.errors, ...next.errors], []);
    await next.page.close();
  });

  test("a round is begun, played, heard and read with the keyboard", async () => {
    const app = await browser.start(SMALL);
    const { page } = app;
    await app.until("a run is ready", ({ run, busy }) => run && !busy, 120);
    assert.match(await hear(app, "Next, seed"), /Press Play, or One stage\./);
    await page.evaluate(listen);
    // The introduction is still open over the canvas, where the keyboard is.
    await page.focus("#app");
    await page.keyboard.press("F6");
    await tabTo(page, "One stage");
    await page.keyboard.press("Space");
    await app.until("the seed is scored", ({ run, busy }) => run.stage === "train" && !busy, 60);
    assert.match(await hear(app, "Seed is done."), /Untrained, \d/);

    await tabTo(page, "Next panel: Curves");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("panel").textContent.includes("Curves"));

    await page.keyboard.press("F6");
    await page.keyboard.press("F6");
    await tabTo(page, "Play");
    await page.keyboard.press("Space");
    const estimated = await app.until("it is estimated", ({ run, busy }) => run.stage === "measure" && !busy, 240);
    assert.match(await hear(app, "Estimate is done."), /Best estimate: \S+, a gain of .*Next, measure:/);
    const found = await rows(app);
    const gains = estimated.run.rounds[0].candidates.map(({ estimated }) => estimated).sort((a, b) => b - a);
    assert.equal(found.length, 5);
    found.forEach(([, gain, actual], at) => {
      assert.ok(Math.abs(Number(gain) - gains[at]) <= 0.01 * Math.abs(gains[at]) + 1e-6, `${gain} and ${gains[at]}`);
      assert.equal(actual, "not measured");
    });

    await page.keyboard.press("Space");
    await app.until("it is measured", ({ run, busy }) => run.stage === "choose" && !busy, 240);
    await hear(app, "Measure is done.");
    assert.ok((await rows(app)).every(([, , actual]) => Number.isFinite(Number(actual))), "the list has the actual gains");

    await page.keyboard.press("Space");
    await app.until("it has grown", ({ run, busy }) => run.round === 2 && !busy, 240);
    assert.match(await hear(app, "Grow is done."), /Grown from \d/);
    const words = await tree(page);
    for (const part of [
      "button Play", "listitem: conv1:", "channels of 32×32", "table Round 1: the best", "status: Grow is done.",
    ]) {
      assert.ok(words.includes(part), `${part} in ${words}`);
    }
    const heard = await page.evaluate(() => globalThis.heard);
    assert.equal(new Set(heard).size, heard.length, `nothing is read out twice: ${heard.join("\n")}`);
    assert.ok(heard.length < 30, `${heard.length} sentences: ${heard.join("\n")}`);
    await app.shot("beside");
    assert.deepEqual(app.errors, []);
    await page.close();
  });

  test("who asks the browser for less motion has it", async () => {
    const app = await browser.start(SMALL);
    await app.ready();
    assert.equal(await app.page.evaluate(() => globalThis.seedling.calm()), false);
    await app.page.emulateMedia({ reducedMotion: "reduce" });
    assert.equal(await app.page.evaluate(() => globalThis.seedling.calm()), true);
    await app.page.close();
  });
});
