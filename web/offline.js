// Caches the files of the page, so that it works without a connection after the first visit. web/build fills in the
// version and the names of the files.
const VERSION = "@VERSION@";
const FILES = [/*@FILES@*/];
const CACHE = `seedling ${VERSION}`;

self.addEventListener("install", (event) => {
  // The server is asked whether a file has changed; what the browser has just fetched is not sent again.
  const fresh = FILES.map((file) => new Request(file, { cache: "no-cache" }));
  // A newer version waits until no tab shows the old one: files of two versions do not fit together.
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("seedling ") && name !== CACHE);
  const clear = async () => Promise.all(old(await caches.keys()).map((name) => caches.delete(name)));
  event.waitUntil(clear());
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  const answer = async () => {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(event.request, { ignoreSearch: true });
    return kept ?? fetch(event.request);
  };
  event.respondWith(answer());
});
