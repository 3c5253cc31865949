// Keeps the list of a door, and what the page is made of, for the time without a network. Names stay for a day at most.
const SHELF = "door-1";
const DOOR = /^\/staff\/[a-z]{2,3}\/sessions\/[0-9a-f-]{36}\/door$/;
const DAY = 20 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/static/")) event.respondWith(kept(event.request));
  else if (DOOR.test(address.pathname)) event.respondWith(fresh(event.request, address.pathname));
  else if (address.pathname === "/theme.css") event.respondWith(fresh(event.request, address.pathname));
});

// Files with a hash in their name never change.
async function kept(request) {
  const shelf = await caches.open(SHELF);
  const old = await shelf.match(request);
  if (old) return old;
  const answer = await fetch(request);
  if (answer.ok) await shelf.put(request, answer.clone());
  return answer;
}

// The page as it is now, else as it was; a page to sign in is never kept in its place, and ends what was kept.
async function fresh(request, name) {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    if (answer.redirected || answer.type === "opaqueredirect") await shelf.delete(name);
    else if (answer.ok && answer.type === "basic") await shelf.put(name, stamped(answer.clone()));
    return answer;
  } catch (fault) {
    await tidy();
    const old = await shelf.match(name);
    if (old) return old;
    throw fault;
  }
}

function stamped(answer) {
  const headers = new Headers(answer.headers);
  headers.set("x-kept-at", String(Date.now()));
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(answer.body, { status: answer.status, headers });
}

async function tidy() {
  const shelf = await caches.open(SHELF);
  for (const request of await shelf.keys()) {
    const since = Number((await shelf.match(request))?.headers.get("x-kept-at") ?? Date.now());
    if (Date.now() - since > DAY) await shelf.delete(request);
  }
}
