// Keeps runs in the browser's storage (IndexedDB) until the next visit. Only one tab at a time does so: two would
// overwrite each other's files.
import { word } from "./words.js";

const NAME = "seedling";
const FILES = "files";
/** How many runs and studies are kept; the oldest ones are deleted when the page is opened. */
const MOST = 20;

let base = null;
/** Whether files are being kept; false after the first one that could not be. */
let keeping = false;
let complained = false;

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const ended = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(FILES, { keyPath: "path" });
  return asked(request);
}

/** Milliseconds between two signs of life of a tab, and how old the last one of a closed tab may be at most. A hidden tab's
 * timers run once a minute. */
const BEAT = 2_000;
const SILENCE = 90_000;

/** The same as `alone` at an address without https, where browsers have no locks: the tab that keeps runs leaves a sign of
 * life in the storage that all tabs share. */
function aloneBySigns() {
  const KEY = "seedling runs are kept since";
  if (Date.now() - Number(localStorage.getItem(KEY)) < SILENCE) return false;
  const beat = () => localStorage.setItem(KEY, Date.now());
  beat();
  setInterval(beat, BEAT);
  addEventListener("pagehide", () => localStorage.removeItem(KEY));
  return true;
}

/** Whether this tab is the one that keeps runs; it stays so until it is closed. */
function alone() {
  if (!navigator.locks) return Promise.resolve(aloneBySigns());
  return new Promise((resolve) => {
    navigator.locks.request("seedling runs", { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

/** Path and time of each file, without its bytes. */
const listed = (store) =>
  new Promise((resolve, reject) => {
    const files = [];
    const request = store.openCursor();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return resolve(files);
      const { path, written } = cursor.value;
      files.push({ path, written });
      cursor.continue();
    };
  });

/** The folder of a run, or of a whole study with its runs: /runs/studies/NAME. */
const folder = (path) => path.match(/^\/runs\/studies\/[^/]+/)?.[0] ?? path.slice(0, path.lastIndexOf("/"));

/** The files of the stored runs, [path, seconds since 1970] each; `tell` gets a sentence if nothing can be stored. */
export async function restore(tell) {
  try {
    if (!(await alone())) {
      tell(word("around-other-tab"));
      return [];
    }
    base = await opened();
    keeping = true;
    const files = await listed(base.transaction(FILES).objectStore(FILES));
    const newest = new Map();
    for (const { path, written } of files) newest.set(folder(path), Math.max(written, newest.get(folder(path)) ?? 0));
    const order = [...newest].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    const kept = new Set(order.slice(0, MOST));
    const [stay, go] = [true, false].map((wanted) => files.filter(({ path }) => kept.has(folder(path)) === wanted));
    const store = base.transaction(FILES, "readwrite").objectStore(FILES);
    for (const { path } of go) store.delete(path);
    return stay.map(({ path, written }) => [path, written]);
  } catch (error) {
    complain(tell, error);
    return [];
  }
}

/** Keeps a file, in place of an older one. */
export async function keep(path, bytes, written, tell) {
  if (!keeping) return;
  try {
    const transaction = base.transaction(FILES, "readwrite");
    transaction.objectStore(FILES).put({ path, bytes, written });
    await ended(transaction);
  } catch (error) {
    complain(tell, error);
  }
}

/** The paths of all stored files, after pending writes are done. */
export async function kept() {
  const paths = keeping ? await asked(base.transaction(FILES).objectStore(FILES).getAllKeys()).catch(() => []) : [];
  // If a write failed meanwhile, the stored files are out of date.
  return keeping ? paths : [];
}

/** The bytes of a file that was kept; undefined if it cannot be had. */
export async function recall(path) {
  const file = await asked(base.transaction(FILES).objectStore(FILES).get(path)).catch(() => null);
  return file?.bytes;
}

function complain(tell, error) {
  keeping = false;
  if (complained) return;
  complained = true;
  const why = error?.name === "QuotaExceededError" ? word("around-full") : error?.message ?? String(error);
  tell(word("around-not-kept", { why }));
}
