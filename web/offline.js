// Keeps what the page is made of, so that it works without a connection after the first visit. web/build writes the
// version and the files' names.
const VERSION = "@VERSION@";
const FILES = [/*@FILES@*/];
const CACHE = `seedling ${VERSION}`;

self.addEventListener("install", (event) => {
  // What the browser just fetched is only asked for again, not sent again.
  const fresh = FILES.map((file) => new Request(file, { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("seedling ") && name !== CACHE);
  const clear = async () => Promise.all(old(await caches.keys()).map((name) => caches.delete(name)));
  event.waitUntil(clear().then(() => self.clients.claim()));
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
