// Headless Chromium, with WebGPU on its software adapter or without, and the app in it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const ALWAYS = [
  "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];
// All four together; with fewer, the process that draws dies as soon as anything is shown.
const WEBGPU = [
  "--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-vulkan=swiftshader", "--use-angle=swiftshader",
];
const WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

/** A browser on a fresh folder. */
export async function open({ webgpu, address, args = [] }) {
  const folder = await mkdtemp(join(tmpdir(), "seedling-browser-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [...ALWAYS, ...(webgpu ? WEBGPU : WEBGL), ...args],
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    acceptDownloads: true,
  });
  const close = async () => {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  };
  // A test that failed leaves its page open, which then keeps the runs that the next one would keep.
  const clear = async () => {
    for (const page of context.pages()) if (page.url() !== "about:blank") await page.close();
  };
  return { context, close, clear, start: (settings = {}, script = null) => App.start(context, address, settings, script) };
}

/** In a page: remembers every graphics device that is asked for. */
export const rememberDevices = () => {
  globalThis.devices = [];
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await request.apply(this, given);
    globalThis.devices.push(device);
    return device;
  };
};

/** The part of the address that carries settings. */
export function fragment(settings) {
  const pairs = Object.entries(settings).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length ? `#${pairs.join("&")}` : "";
}

/** The app in a page. */
export class App {
  constructor(page) {
    this.page = page;
    this.errors = [];
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /** Opens the page; `script` runs in it before anything else. */
  static async start(context, address, settings, script) {
    const app = new App(await context.newPage());
    if (script) await app.page.addInitScript(script);
    await app.page.goto(address + fragment(settings));
    return app;
  }

  state() {
    return this.page.evaluate(() => globalThis.seedling?.state() ?? null);
  }

  /** Waits until `holds` is true of the state. */
  async until(what, holds, seconds) {
    const end = Date.now() + 1000 * seconds;
    let state;
    do {
      state = await this.state();
      if (state && holds(state)) return state;
      if (state?.failure) throw new Error(`while waiting until ${what}: ${state.failure}`);
      await this.page.waitForTimeout(200);
    } while (Date.now() < end);
    const status = await this.page.textContent("#status");
    throw new Error(`not in ${seconds} s: ${what}; ${status}; ${JSON.stringify(state)?.slice(0, 2000)}; ${this.errors}`);
  }

  /** Waits until the first run is ready, and puts the introduction away. */
  async ready(seconds = 120) {
    const state = await this.until("a run is ready", ({ run, busy }) => run && !busy, seconds);
    await this.page.focus("#app");
    await this.press("Escape");
    return state;
  }

  /** Presses a key long enough for a slow frame to see it. */
  async press(key) {
    await this.page.keyboard.press(key, { delay: 150 });
    await this.page.waitForTimeout(300);
  }

  /** Clicks a place of the page, slowly enough for a slow frame. */
  async click(x, y) {
    await this.page.mouse.move(x, y);
    await this.page.waitForTimeout(800);
    await this.page.mouse.down();
    await this.page.waitForTimeout(200);
    await this.page.mouse.up();
    await this.page.waitForTimeout(300);
  }

  /** Waits for a failure to be shown. */
  async failing(seconds) {
    const end = Date.now() + 1000 * seconds;
    for (;;) {
      const state = await this.state();
      if (state?.failure) return state;
      if (Date.now() > end) throw new Error(`nothing failed in ${seconds} s`);
      await this.page.waitForTimeout(200);
    }
  }

  /** Opens a run by its path in the page's memory, or by uploading a file. */
  async openRun(what) {
    await this.press("Control+o");
    if (typeof what === "string") {
      await this.page.keyboard.type(what, { delay: 60 });
      await this.press("Enter");
      return;
    }
    await (await this.fileChooser()).setFiles(what);
    await this.page.waitForTimeout(800);
    await this.press("Enter");
  }

  /** The chooser of files behind the first button of the dialog, asked for again if a frame was too slow for the keys. */
  async fileChooser() {
    for (let attempt = 0; attempt < 4; attempt++) {
      if (attempt > 0) {
        await this.press("Escape");
        await this.press("Control+o");
      }
      await this.press("Tab");
      const chooser = this.page.waitForEvent("filechooser", { timeout: 8000 }).catch(() => null);
      await this.press("Space");
      const chosen = await chooser;
      if (chosen) return chosen;
    }
    throw new Error(`no file can be chosen; ${JSON.stringify(await this.state())?.slice(0, 2000)}`);
  }

  /** Presses a key that sets the app to work, again if a frame was too slow to see it. */
  async begin(key) {
    const before = JSON.stringify((await this.state()).run);
    for (let attempt = 0; attempt < 5; attempt++) {
      await this.press(key);
      for (let look = 0; look < 25; look++) {
        const { busy, run } = await this.state();
        if (busy || JSON.stringify(run) !== before) return;
        await this.page.waitForTimeout(200);
      }
      // What was open over the app closes.
      await this.press("Escape");
    }
    throw new Error(`the key ${key} does nothing`);
  }

  /** To the end of the round, by its key. */
  async round(seconds = 240) {
    const before = (await this.state()).run.round;
    await this.begin("r");
    return this.until("the round has grown", ({ run, busy }) => run.round > before && !busy, seconds);
  }

  /** A picture, where pictures are asked for. */
  async shot(name) {
    await this.page.waitForTimeout(500);
    if (process.env.SHOTS) await this.page.screenshot({ path: join(process.env.SHOTS, `${name}.png`) });
  }
}
