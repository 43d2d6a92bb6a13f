// Runs in the browser's own storage, so that they are there again at the next visit. One tab keeps them at a time:
// two would write into each other's.
const NAME = "seedling";
const FILES = "files";
/** Runs kept; the oldest go when the page is opened. */
const MOST = 20;

let base = null;
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

/** Whether this tab is the one that keeps runs; it stays so until it is closed. */
function alone() {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request("seedling runs", { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

const folder = (path) => path.slice(0, path.lastIndexOf("/"));

/** The files of the runs kept, [path, bytes, seconds since 1970] each; tells in words if there can be none. */
export async function restore(tell) {
  try {
    if (!(await alone())) {
      tell("Another tab of Seedling keeps its runs in this browser. Runs of this tab stay in its memory: save a copy of what you want to keep.");
      return [];
    }
    base = await opened();
    const files = await asked(base.transaction(FILES).objectStore(FILES).getAll());
    const newest = new Map();
    for (const { path, written } of files) newest.set(folder(path), Math.max(written, newest.get(folder(path)) ?? 0));
    const order = [...newest].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    const kept = new Set(order.slice(0, MOST));
    const [stay, go] = [true, false].map((wanted) => files.filter(({ path }) => kept.has(folder(path)) === wanted));
    const store = base.transaction(FILES, "readwrite").objectStore(FILES);
    for (const { path } of go) store.delete(path);
    return stay.map(({ path, bytes, written }) => [path, bytes, written]);
  } catch (error) {
    complain(tell, error);
    return [];
  }
}

/** Keeps a file, in place of an older one. */
export async function keep(path, bytes, written, tell) {
  if (!base) return;
  try {
    const transaction = base.transaction(FILES, "readwrite");
    transaction.objectStore(FILES).put({ path, bytes, written });
    await ended(transaction);
  } catch (error) {
    complain(tell, error);
  }
}

function complain(tell, error) {
  base = null;
  if (complained) return;
  complained = true;
  const why = error?.name === "QuotaExceededError" ? "its storage is full" : error?.message ?? String(error);
  tell(`This browser does not keep runs (${why}). They stay in this page's memory: save a copy of what you want to keep.`);
}
