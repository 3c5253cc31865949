// A survey on a device in a public place. One visitor after the other, nothing left behind, and no network needed for
// a while: what was answered waits here, each answer with an id that the server signed before, until it is taken.
const root = document.querySelector("[data-kiosk]");
const form = document.getElementById("survey");
const told = JSON.parse(document.getElementById("required")?.textContent ?? "{}");
const WARNED_S = 15;
const THANKED_S = 25;
const REFILL_BELOW = 40;
const PATIENCE_MS = 15000;
if (root && form) start();

function start() {
  const address = root.dataset.kiosk;
  const store = keeper(`kiosk ${address.split("/").slice(2).join("/")}`);
  const parts = Object.fromEntries(
    ["start", "thanks", "slip", "code", "warning", "problems", "next", "back", "state", "here"].map((name) => [
      name,
      document.querySelector(`[data-kiosk-${name}]`),
    ]),
  );
  const pages = [...form.querySelectorAll("[data-kiosk-page]")];
  let current = -1;
  let touched = Date.now();
  let sending = false;

  const isAsked = (page) =>
    !page.closest("[data-block][hidden]") &&
    (page.hasAttribute("data-kiosk-end") || [...page.querySelectorAll(".c-question")].some((one) => !one.closest("[data-block][hidden]")));
  const follow = (place, step) => {
    for (let next = place + step; pages[next]; next += step) if (isAsked(pages[next])) return next;
    return -1;
  };

  function show(place) {
    current = place;
    pages.forEach((page, number) => (page.hidden = number !== place));
    parts.back.hidden = follow(place, -1) < 0;
    const ends = pages[place].hasAttribute("data-kiosk-end");
    const isLast = ends || follow(place, 1) < 0;
    parts.next.textContent = isLast ? parts.next.dataset.last : parts.next.dataset.more;
    clearProblems();
    window.scrollTo(0, 0);
    pages[place].querySelector("h2")?.focus();
  }

  function begin() {
    form.reset();
    form.dispatchEvent(new Event("change", { bubbles: true }));
    parts.start.hidden = true;
    parts.thanks.hidden = true;
    form.hidden = false;
    show(follow(-1, 1));
  }

  function stop() {
    if (sending) return;
    form.reset();
    for (const image of form.querySelectorAll("output")) image.textContent = "";
    form.hidden = true;
    parts.thanks.hidden = true;
    parts.start.hidden = false;
    parts.code.textContent = "";
    if (parts.warning.open) parts.warning.close();
    current = -1;
    history.replaceState(null, "", address);
    window.scrollTo(0, 0);
  }

  function clearProblems() {
    parts.problems.hidden = true;
    parts.problems.querySelector("ul").replaceChildren();
    for (const old of form.querySelectorAll("[data-kiosk-problem]")) old.remove();
    for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  }

  function complain(problems) {
    const place = pages.findIndex((page) => problems.some(({ place: name }) => fieldOf(page, name)));
    if (place >= 0 && place !== current) show(place);
    clearProblems();
    const list = parts.problems.querySelector("ul");
    for (const { place: name, message } of problems) {
      const field = fieldOf(form, name);
      const item = document.createElement("li");
      const link = document.createElement(field ? "a" : "span");
      link.textContent = message;
      if (field) {
        link.href = `#${field.id}`;
        field.setAttribute("aria-invalid", "true");
        const words = document.createElement("p");
        words.className = "govuk-error-message";
        words.dataset.kioskProblem = "";
        words.textContent = message;
        (field.closest(".c-question")?.querySelector("legend, label") ?? field).after(words);
      }
      item.append(link);
      list.append(item);
    }
    parts.problems.hidden = false;
    parts.problems.focus();
  }

  function missing(page) {
    const filled = new Set([...new FormData(form)].filter(([, value]) => value).map(([name]) => name));
    const problems = [];
    for (const { names, every } of told.questions ?? []) {
      const asked = names.filter((name) => {
        const field = fieldOf(page, name);
        return field && !field.disabled && !field.closest("[data-block][hidden]");
      });
      const open = asked.filter((name) => !filled.has(name) && !filled.has(`${name}.other`));
      const lacking = every ? open : open.length === asked.length ? open.slice(0, 1) : [];
      for (const name of lacking) problems.push({ place: name, message: `${wordsOf(page, name)}: ${told.message}` });
    }
    return problems;
  }

  async function forward() {
    if (sending) return;
    const problems = missing(pages[current]);
    if (problems.length) return complain(problems);
    const next = pages[current].hasAttribute("data-kiosk-end") ? -1 : follow(current, 1);
    if (next >= 0) return show(next);
    const body = new URLSearchParams([...new FormData(form)].filter(([name]) => !name.startsWith("_")));
    const { id, version } = takeId(store);
    body.set("_id", id);
    body.set("_version", version);
    sending = form.inert = true; // whoever presses twice answers once
    const answer = await post(`${address}/answers`, body);
    sending = form.inert = false;
    if (answer?.status === 422) {
      store.write("ids", [{ id, version }, ...store.read("ids")]);
      return complain(answer.said.problems);
    }
    if (!answer?.ok) store.write("queue", [...store.read("queue"), { address, body: body.toString() }]);
    thank(answer?.said?.code);
  }

  function thank(code) {
    form.reset();
    form.hidden = true;
    parts.thanks.hidden = false;
    parts.slip.hidden = !code;
    parts.code.textContent = code ?? "";
    parts.thanks.querySelector("h2").focus();
    touched = Date.now() - Math.max(0, Number(root.dataset.idle) - THANKED_S) * 1000;
    tend();
  }

  // Ids first, then the queue: both need the network, and neither may disturb a visitor.
  async function tend() {
    await refill();
    for (const waiting of store.read("queue")) {
      const body = new URLSearchParams(waiting.body);
      body.set("_late", "1");
      let answer = body.get("_id") ? await post(`${waiting.address}/answers`, body) : { status: 409 };
      if (answer?.status === 409 && store.read("ids").length) {
        body.set("_id", takeId(store).id);
        answer = await post(`${waiting.address}/answers`, body);
      }
      if (!answer?.ok && answer?.status !== 422) break;
      store.write("queue", store.read("queue").filter((one) => one.body !== waiting.body));
    }
    const waiting = store.read("queue").length;
    parts.state.textContent = waiting ? document.querySelector("[data-words]").dataset.waiting.replace("{n}", waiting) : "";
  }

  async function refill() {
    const ids = store.read("ids").filter((one) => Date.now() - (one.since ?? 0) < 12 * 24 * 3600 * 1000);
    if (ids.length >= REFILL_BELOW && ids.every((one) => one.version === root.dataset.version)) return;
    try {
      const found = await (await fetch(`${address}/ids`, { cache: "no-store" })).json();
      store.write("ids", found.ids.map((id) => ({ id, version: String(found.version), since: Date.now() })));
      if (String(found.version) !== root.dataset.version && current < 0) location.reload();
    } catch {
      store.write("ids", ids);
    }
  }

  parts.next.addEventListener("click", forward);
  parts.back.addEventListener("click", () => show(follow(current, -1)));
  parts.here.addEventListener("click", () => parts.warning.close());
  for (const button of document.querySelectorAll("[data-kiosk-stop]")) button.addEventListener("click", stop);
  document.querySelector("[data-kiosk-begin]").addEventListener("click", (event) => {
    event.preventDefault();
    begin();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    forward();
  });
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true });
  }
  setInterval(() => {
    if (!parts.start.hidden) return;
    const idle = (Date.now() - touched) / 1000 - Number(root.dataset.idle);
    if (idle > WARNED_S || (idle > 0 && !parts.thanks.hidden)) stop();
    else if (idle > 0 && !parts.warning.open) parts.warning.showModal();
    else if (idle <= 0 && parts.warning.open) parts.warning.close();
  }, 1000);
  setInterval(tend, 20000);
  addEventListener("online", tend);
  navigator.serviceWorker?.register("/kiosk-worker.js", { scope: "/" });
  root.hidden = false;
  tend();
  if (location.hash === "#begin") begin();
}

// A network that hangs is no network: what was sent waits here, and the server knows its id if it came through after all.
async function post(address, body) {
  const stopped = new AbortController();
  const timer = setTimeout(() => stopped.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(address, { method: "POST", body, cache: "no-store", signal: stopped.signal });
    return { ok: answer.ok, status: answer.status, said: await answer.json() };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function takeId(store) {
  const [first, ...rest] = store.read("ids");
  store.write("ids", rest);
  return first ?? { id: "", version: root.dataset.version };
}

function keeper(name) {
  return {
    read: (what) => JSON.parse(localStorage.getItem(`${name} ${what}`) ?? "[]"),
    write: (what, value) => localStorage.setItem(`${name} ${what}`, JSON.stringify(value)),
  };
}

function fieldOf(scope, name) {
  return [...scope.querySelectorAll("input, select, textarea")].find((field) => field.name === name && field.type !== "hidden");
}

function wordsOf(page, name) {
  const question = fieldOf(page, name)?.closest(".c-question");
  const row = document.getElementById(`${name}-row`);
  return (row ?? question?.querySelector("legend, label"))?.firstChild?.textContent.trim() ?? name;
}
