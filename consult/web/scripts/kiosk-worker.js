// Keeps a kiosk's documents and what they are made of, so that the device can begin anew without a network.
const SHELF = "kiosk-1";
const KIOSK = /^\/[a-z]{2,3}\/surveys\/[a-z0-9-]+\/kiosk\/[a-z2-7]+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/static/")) event.respondWith(kept(event));
  else if (KIOSK.test(address.pathname) || address.pathname === "/theme.css") event.respondWith(fresh(event));
});

// Files with a hash in their name never change.
async function kept(event) {
  const shelf = await caches.open(SHELF);
  return (await shelf.match(event.request)) ?? keep(shelf, event.request);
}

async function fresh(event) {
  const shelf = await caches.open(SHELF);
  try {
    return await keep(shelf, event.request);
  } catch (fault) {
    const old = await shelf.match(event.request, { ignoreSearch: true });
    if (old) return old;
    throw fault;
  }
}

async function keep(shelf, request) {
  const answer = await fetch(request);
  if (answer.ok) await shelf.put(request, answer.clone());
  return answer;
}
