// Keeps the page that checks seals, so that the address in a QR code opens without a network. With one, the server answers.
const KEPT = "jebena-v-VERSION";
const PAGE = "/v/offline";
const FILES = ["FILES"];
// A network that does not answer is none.
const PATIENCE_MS = 10000;
const keep = async () => {
  const cache = await caches.open(KEPT);
  await cache.addAll([PAGE, ...FILES]);
};
self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name.startsWith("jebena-v-") && name !== KEPT) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clean());
});
const late = () => new Promise((_, failed) => setTimeout(() => failed(new Error("late")), PATIENCE_MS));
const kept = (what) => caches.match(what, { cacheName: KEPT, ignoreVary: true });
const page = async (event, pathname) => {
  try {
    const answer = await Promise.race([fetch(event.request), late()]);
    if (answer.status >= 500) throw new Error("away");
    // Its words and the key of who signs lists may have changed.
    if (pathname === PAGE && answer.ok) {
      const copy = answer.clone();
      event.waitUntil(caches.open(KEPT).then((cache) => cache.put(PAGE, copy)));
    }
    return answer;
  } catch {
    return (await kept(PAGE)) ?? Response.error();
  }
};
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (event.request.mode === "navigate" || pathname === PAGE) event.respondWith(page(event, pathname));
  else if (FILES.includes(pathname)) event.respondWith(kept(event.request).then((found) => found ?? fetch(event.request)));
});
