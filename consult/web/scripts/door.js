// The list of a door: checks in at once, with a network or without. What is done waits here, each act with an id of its
// own, until the server has it; sending an act twice is harmless. Without this script every form works by itself.
import { readCodes } from "./door/camera.js";

const root = document.querySelector("[data-door]");
const SYNC_MS = 20000;
const DAY_MS = 24 * 3600 * 1000;
const CODE = 8;
if (root) start();

function start() {
  const part = (name) => root.querySelector(`[data-door-${name}]`);
  const lines = new Map([...root.querySelectorAll("[data-door-line]")].map((line) => [line.dataset.doorLine, line]));
  const place = `door ${root.dataset.session} queue`;
  const field = root.querySelector("#sought");
  const camera = readCodes(part("video"), part("camera"), found, () => say(root.dataset.camera));
  let asked = null;
  let sending = false;

  const queue = () => JSON.parse(localStorage.getItem(place) ?? "[]");
  const keep = (acts) => (acts.length ? localStorage.setItem(place, JSON.stringify(acts)) : localStorage.removeItem(place));
  const say = (words) => (part("said").textContent = words);
  const doorName = () => localStorage.getItem("door name") ?? "";

  function noted(form) {
    const fields = new FormData(form);
    const people = Number(fields.get("people"));
    return {
      id: crypto.randomUUID(),
      kind: form.dataset.act,
      acted_at: new Date().toISOString(),
      registration: fields.get("registration") || null,
      people: people >= 1 ? people : null,
      voters: Number(fields.get("voters") ?? 0),
      door: doorName(),
    };
  }

  function act(one) {
    keep([...queue(), one]);
    paint();
    return send();
  }

  function paint() {
    const waiting = new Map(queue().map((one) => [one.registration, one]));
    for (const [id, line] of lines) {
      const pending = waiting.get(id);
      const inside = pending ? pending.kind === "arrive" : line.hasAttribute("data-inside");
      line.querySelector("[data-act=arrive]").hidden = inside || line.dataset.state === "cancelled";
      line.querySelector("[data-act=undo]").hidden = !inside;
      line.classList.toggle("is-inside", inside);
      if (pending) line.querySelector("[data-says]").textContent = root.dataset.pending;
    }
  }

  async function send() {
    if (sending) return;
    sending = true;
    const sent = queue();
    const said = await post(`${root.dataset.door}/acts`, sent);
    sending = false;
    const waiting = queue();
    if (said === null || said === "signed out") {
      // These people are inside by now, whatever the list says when it is heard of again.
      keep(waiting.map((one) => ({ ...one, is_forced: true })));
      part("state").textContent = said ? root.dataset.signin : root.dataset.waiting.replace("{n}", waiting.length);
      return;
    }
    const taken = new Map(said.acts.map((one) => [one.id, one]));
    keep(waiting.filter((one) => !taken.has(one.id)));
    for (const one of sent) {
      const { outcome, says } = taken.get(one.id) ?? {};
      if (outcome && outcome !== "noted" && outcome !== "nothing" && !one.is_forced) ask(says, one);
    }
    take(said);
    if (queue().length) await send();
  }

  function take(said) {
    for (const [name, value] of Object.entries(said.figures)) {
      for (const figure of document.querySelectorAll(`[data-figure=${name}]`)) figure.textContent = String(value);
    }
    for (const [id, line] of lines) {
      const now = said.parties[id];
      line.dataset.state = now?.state ?? "cancelled";
      line.toggleAttribute("data-inside", now?.state === "attended");
      line.querySelector("[data-says]").textContent = now ? now.says : root.dataset.gone;
    }
    paint();
    const states = [];
    if (said.conflicts) states.push(root.dataset.conflicts.replace("{n}", said.conflicts));
    if (Object.keys(said.parties).some((id) => !lines.has(id))) states.push(root.dataset.changed);
    part("state").textContent = states.join(" ") || `${root.dataset.sent} ${said.at}`;
  }

  // The list says no: whoever stands at the door decides, and the entry is marked.
  function ask(words, one) {
    asked = { ...one, id: crypto.randomUUID(), is_forced: true };
    part("question").textContent = words;
    part("asks").hidden = false;
    part("yes").focus();
  }

  function lineOf(code) {
    return [...lines.values()].find((line) => line.dataset.code === code);
  }

  // A code was read or typed: one person goes in at once, for a party the number is confirmed by hand.
  function found(code) {
    const line = lineOf(code);
    if (!line) {
      const one = { kind: "arrive", acted_at: new Date().toISOString(), code, people: 1, door: doorName() };
      return ask(`${root.dataset.unknown} ${code}`, one);
    }
    filter("");
    line.scrollIntoView({ block: "center" });
    const form = line.querySelector("[data-act=arrive]");
    if (form.hidden) return say(`${line.dataset.name}: ${line.querySelector("[data-says]").textContent}`);
    if (form.elements.people.value !== "1" || form.elements.voters || line.dataset.state !== "confirmed") {
      (form.elements.voters ?? form.querySelector("button")).focus();
      return say(line.dataset.name);
    }
    say(`${line.dataset.name}: ${root.dataset.here}`);
    act(noted(form));
  }

  function filter(words) {
    const sought = words.trim().toLocaleLowerCase();
    const figures = sought.replace(/\D/g, "");
    for (const line of lines.values()) {
      const fits = line.dataset.name.toLocaleLowerCase().includes(sought) || (figures.length > 2 && line.dataset.code.startsWith(figures));
      line.hidden = !fits;
    }
  }

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.act) {
      event.preventDefault();
      const one = noted(form);
      const name = form.closest("[data-door-line]")?.dataset.name;
      say(name && one.kind === "arrive" ? `${name}: ${root.dataset.here}` : "");
      act(one);
      form.reset();
    } else if (form.getAttribute("role") === "search") {
      event.preventDefault();
      const code = field.value.replace(/\D/g, "");
      if (code.length === CODE) found(code);
    } else if (form.elements.door && form.method === "get") {
      event.preventDefault();
      localStorage.setItem("door name", form.elements.door.value.slice(0, 40));
      say(form.elements.door.value);
    }
  });
  field.addEventListener("input", () => filter(field.value));
  part("yes").addEventListener("click", () => {
    part("asks").hidden = true;
    if (asked) act(asked);
    asked = null;
  });
  part("no").addEventListener("click", () => {
    part("asks").hidden = true;
    asked = null;
  });
  part("forget").addEventListener("click", async () => {
    if (queue().length) return send();
    for (const name of await caches.keys()) if (name.startsWith("door-")) await caches.delete(name);
    for (const worker of await navigator.serviceWorker.getRegistrations()) {
      if (worker.scope.endsWith("/staff/")) await worker.unregister();
    }
    location.assign(root.dataset.door.replace(/\/door$/, ""));
  });
  part("forget").hidden = !navigator.serviceWorker;
  navigator.serviceWorker?.register("/door-worker.js", { scope: "/staff/" });
  forgetOld();
  camera.offer();
  if (field.value) filter(field.value);
  paint();
  send();
  setInterval(send, SYNC_MS);
  addEventListener("online", send);
}

async function post(address, acts) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams({ acts: JSON.stringify(acts) }),
      cache: "no-store",
    });
    if (answer.redirected || answer.status === 401 || answer.status === 403) return "signed out";
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// Acts hold no names; those that could not be sent for long are of no use to anybody.
function forgetOld() {
  for (const name of Object.keys(localStorage)) {
    if (!/^door .* queue$/.test(name)) continue;
    const acts = JSON.parse(localStorage.getItem(name)).filter((one) => Date.now() - Date.parse(one.acted_at) < 3 * DAY_MS);
    if (acts.length) localStorage.setItem(name, JSON.stringify(acts));
    else localStorage.removeItem(name);
  }
}
