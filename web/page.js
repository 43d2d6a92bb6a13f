// The functions that the program calls in the page. They are defined before the program starts.
import { beside, between } from "./beside.js";
import { talk, wantedHeight } from "./embed.js";
import * as storage from "./storage.js";
import { translate, word } from "./words.js";

const status = document.getElementById("status");
const program = { fonts: {} };
/** Where the language that was chosen is kept. */
const LANGUAGE = "seedling-language";
const ONE_DIGIT = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
const FONTS = ["Hack", "Ubuntu-Light", "egui-icons"];

/** Shows a sentence over the canvas. */
function say(text) {
  status.textContent = text;
  status.hidden = !text;
}

/** The bytes of a response, so many at most; `progress` is called as they arrive. */
async function bytesOf(response, progress, most = Infinity) {
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const total = Number(response.headers.get("Content-Length")) || 0;
  const parts = [];
  let done = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done: ended, value } = await reader.read();
    if (ended) break;
    parts.push(value);
    done += value.length;
    if (done > most) {
      await reader.cancel();
      throw new Error(`found more than ${most / 1e6} MB, expected one run`);
    }
    progress(done, Math.max(done, total));
  }
  const bytes = new Uint8Array(done);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

globalThis.seedling = {
  /** The app's state, for tests; null before it runs. */
  state: () => (program.state ? JSON.parse(program.state()) : null),

  fetchBytes: async (name, progress) => bytesOf(await fetch(new URL(name, import.meta.url)), progress),

  /** A run's zip file, only from this page's own host; nothing leads from there to another. */
  async fetchRun(address, most) {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) throw new Error("found another host's address, expected one of this page's");
    return bytesOf(await fetch(url, { redirect: "error", credentials: "same-origin" }), () => {}, most);
  },

  /** The page's own theme and footer, as the link says. */
  dress(dark, footer) {
    if (dark !== undefined) document.documentElement.dataset.theme = dark ? "dark" : "light";
    document.querySelector("footer").hidden = !footer;
  },

  /** Speaks with the page around this one from now on. */
  embed(origin) {
    if (parent === window) return;
    const around = () => {
      const others = [...document.body.children].filter((part) => part.tagName !== "MAIN");
      return others.reduce((sum, part) => sum + (part.classList.contains("unseen") ? 0 : part.offsetHeight), 0);
    };
    const { steer, told } = program;
    talk({ host: parent, origin, steer, told, height: () => wantedHeight(innerWidth, around()) });
  },

  calm: () => matchMedia("(prefers-reduced-motion: reduce)").matches,

  /** The language that was chosen here before, else the browser's. */
  language() {
    try {
      return localStorage.getItem(LANGUAGE) ?? navigator.language;
    } catch {
      // The browser keeps nothing of this page.
      return navigator.language;
    }
  },

  keepLanguage(language) {
    try {
      localStorage.setItem(LANGUAGE, language);
    } catch {
      // The browser keeps nothing of this page: the next visit begins in its own language again.
    }
  },

  /** The screen's texts are in this language; the page's own follow. */
  speak: (language) => void translate(language),

  font: (name) => program.fonts[name],

  recorded: () => program.recorded,

  download(name, bytes) {
    const address = URL.createObjectURL(new Blob([bytes]));
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  },

  /** [name, bytes] of a file that the person picks, or null. */
  pickFile: (accept) =>
    new Promise((resolve) => {
      const input = Object.assign(document.createElement("input"), { type: "file", accept });
      input.addEventListener("cancel", () => resolve(null));
      input.addEventListener("change", async () => {
        const file = input.files[0];
        resolve(file ? [file.name, new Uint8Array(await file.arrayBuffer())] : null);
      });
      input.click();
    }),

  /** A worker that computes in the background; `hear` gets the bytes that it sends, or a text if it dies. */
  openWorker(hear) {
    const worker = new Worker(new URL("engine.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => hear(data);
    worker.onerror = (event) => hear(event.message || "the worker does not start");
    worker.postMessage(program.module);
    return {
      say: (bytes) => worker.postMessage(bytes, [bytes.buffer]),
      close: () => worker.terminate(),
    };
  },

  restore: () => storage.restore(globalThis.seedling.warn),

  // The bytes are a view of the program's memory, which may move: storage gets a copy.
  keep: (path, bytes, written) => void storage.keep(path, bytes.slice(), written, globalThis.seedling.warn),

  kept: storage.kept,

  recall: storage.recall,

  setFragment(fragment) {
    history.replaceState(null, "", `#${fragment}`);
    return location.href;
  },

  ready() {
    say("");
    document.getElementById("app").hidden = false;
    performance.mark("seedling-ready");
    // For visits without a connection. It is registered only now, when the files that it caches are in the browser's
    // cache.
    const worker = navigator.serviceWorker?.register("offline.js");
    worker?.catch((error) => console.warn(`not kept for offline use: ${error}`));
  },

  warn(what) {
    const note = document.getElementById("warning");
    note.textContent = what;
    note.hidden = false;
  },

  failed(why) {
    say(word("around-stopped", { why }));
    status.setAttribute("role", "alert");
  },
};

/** Other settings in the address: the page starts again with them. */
addEventListener("hashchange", () => location.reload());

async function start() {
  const asked = new URLSearchParams(location.hash.slice(1)).get("language");
  await translate(asked ?? globalThis.seedling.language());
  if (!isSecureContext) document.getElementById("insecure").hidden = false;
  else if (!navigator.gpu) document.getElementById("no-webgpu").hidden = false;
  else if (!(await navigator.gpu.requestAdapter().catch(() => null))) document.getElementById("no-adapter").hidden = false;
  const fonts = FONTS.map(async (name) => {
    program.fonts[name] = await bytesOf(await fetch(new URL(`${name}.ttf`, import.meta.url)), () => {});
  });
  // What the page opens on; without it, it opens on a run that has not begun.
  const recorded = fetch(new URL("airplanes.seedling", import.meta.url))
    .then(async (answer) => {
      program.recorded = answer.ok ? await bytesOf(answer, () => {}) : undefined;
    })
    .catch(() => {});
  const module = await import("./seedling.js");
  const response = await fetch(new URL("seedling_bg.wasm", import.meta.url));
  const bytes = await bytesOf(response, (done, total) => {
    const megabytes = (bytes) => (bytes / 1e6).toLocaleString(document.documentElement.lang, ONE_DIGIT);
    const name = total > done ? "around-fetched-of" : "around-fetched";
    say(word(name, { done: megabytes(done), total: megabytes(total) }));
  });
  say(word("around-starting"));
  program.module = await WebAssembly.compile(bytes);
  await Promise.all([...fonts, recorded]);
  // The app uses this context. It smooths edges itself, and antialiasing on top of that is slow in browsers that draw
  // on the processor.
  const context = document.getElementById("app").getContext("webgl2", { antialias: false, depth: false });
  if (!context) throw new Error(word("around-no-webgl"));
  // The program starts with what the link says, for which it may already need these.
  program.steer = module.steer;
  program.told = module.told;
  await module.default({ module_or_path: program.module });
  program.state = module.state;
  beside({ told: module.beside, press: module.press });
  between(document.getElementById("app"), document.getElementById("beside"));
}

start().catch((error) => globalThis.seedling.failed(error.message ?? String(error)));
