// The editor of surveys: saves what is typed by itself, exchanges the parts of the page that a change concerns, keeps the
// focus, says what happened. Every button works without it as a form.
import Sortable from "sortablejs";
import { isChanged } from "./forms/changed.js";

const PAUSE_MS = 900;
const desk = document.querySelector("[data-editor]");
if (desk) start();

function start() {
  let dirty = false;
  let timer = 0;
  let underway = 0;
  let busy = Promise.resolve();
  const channel = new BroadcastChannel(`consult-editor ${location.pathname}`);
  const byId = (id) => document.getElementById(id);
  const form = () => byId("work");

  // One request at a time: each needs the revision that the one before it has made.
  function send(button) {
    underway += 1;
    busy = busy
      .then(() => post(button))
      .catch(() => failed())
      .finally(() => (underway -= 1));
    return busy;
  }

  // What was typed is saved, and nothing is on its way any more.
  const settled = () => (dirty ? send(null) : busy);

  async function post(button) {
    clearTimeout(timer);
    const isAuto = !button;
    if (isAuto && !dirty) return;
    const data = new FormData(form());
    data.set("_do", button ? button.value : "auto");
    dirty = false;
    const hasFile = [...data.values()].some((value) => value instanceof File && value.size);
    const body = hasFile ? data : new URLSearchParams([...data].filter(([, value]) => typeof value === "string"));
    let answer;
    try {
      answer = await fetch(form().action, { method: "POST", body, headers: { "x-editor": "1" } });
    } catch (fault) {
      dirty = true;
      throw fault;
    }
    if (answer.redirected || !answer.headers.get("content-type")?.startsWith("text/html")) return location.reload();
    if (answer.status >= 500) {
      dirty = true;
      return failed();
    }
    const text = await answer.text();
    // Another part has been opened meanwhile: the answer to the former one has nothing to say about it.
    if (isAuto && answer.ok && form()?.elements._at?.value !== data.get("_at")) return;
    exchange(text, button?.id);
    channel.postMessage("saved");
  }

  function failed() {
    byId("announced").textContent = desk.dataset.failed;
    const saved = byId("saved");
    if (saved) saved.textContent = desk.dataset.failed;
  }

  // Puts each part of an answer in the place of the element with the same id.
  function exchange(text, pressed) {
    const parts = new DOMParser().parseFromString(text, "text/html").body;
    for (const set of parts.querySelectorAll("[data-set]")) setField(set.dataset.set, set.getAttribute("value"));
    const said = parts.querySelector("#announced")?.textContent;
    for (const part of [...parts.children]) {
      if (!part.id || part.id === "announced") continue;
      const old = byId(part.id);
      if (old) old.replaceWith(part);
    }
    if (said) byId("announced").textContent = said;
    if (parts !== document.body) ready();
    const work = form();
    if (!work) return;
    const wanted = work.dataset.focus;
    delete work.dataset.focus;
    if (wanted) focus(wanted, pressed);
    const at = work.elements._at?.value;
    if (at) history.replaceState(null, "", `${location.pathname}?at=${at}`);
  }

  function setField(name, value) {
    const was = form().elements._at?.value;
    if (name === "_at" && was !== value) {
      for (const link of form().querySelectorAll(`a[href*="at=${was}"]`)) link.href = link.href.replaceAll(was, value);
    }
    for (const field of form().querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field !== document.activeElement) field.value = value;
    }
  }

  // The button that was pressed, else its opposite (at an end of a list), else the card.
  function focus(id, pressed) {
    const list = id.match(/^list-(.*)\.add:last$/);
    if (list) {
      const items = document.querySelectorAll(`[data-items="${list[1]}"] > li`);
      const last = items[items.length - 1]?.querySelector("textarea") ?? byId(pressed ?? "");
      return last?.focus();
    }
    const opposite = id.startsWith("up-")
      ? id.replace("up-", "down-")
      : id.startsWith("down-")
        ? id.replace("down-", "up-")
        : id.replace(/\.(up|down)$/, (_, way) => (way === "up" ? ".down" : ".up"));
    const card = id.replace(/^(up|down)-/, "");
    const found = [byId(id), byId(opposite), byId(card)].find((one) => one && !one.disabled);
    (found ?? document.querySelector(".is-current"))?.focus();
  }

  // A link to another place: what was typed is saved first, then only the parts are exchanged.
  async function open(link) {
    await settled();
    if (dirty || form()?.hasAttribute("data-conflict")) return;
    const answer = await fetch(link.href, { headers: { "x-editor": "1" } });
    if (!answer.ok) return location.assign(link.href);
    if (dirty) return open(link); // something was typed meanwhile
    exchange(await answer.text());
    history.pushState(null, "", link.href);
    const target = byId(decodeURIComponent(new URL(link.href).hash.slice(1))) ?? document.querySelector(".is-current");
    target?.scrollIntoView({ block: "nearest" });
    const field = target?.matches("input, textarea, select") ? target : target?.querySelector("textarea, a[href], button");
    (target?.id?.includes(".") ? field : (target ?? field))?.focus({ preventScroll: true });
  }

  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    const button = event.submitter;
    send(button ?? { value: "save" });
  });
  document.addEventListener("input", (event) => {
    if (!event.target.closest("#work") || event.target.name?.startsWith("_") || event.target.type === "file") return;
    if (/\.lines(\.language)?$/.test(event.target.name)) return;
    dirty = true;
    clearTimeout(timer);
    if (!form().hasAttribute("data-conflict")) timer = setTimeout(() => send(null), PAUSE_MS);
  });
  document.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.closest("#work")) return send({ value: "save" });
    if (event.target.closest("#work") && dirty && !form().hasAttribute("data-conflict")) send(null);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const isHere = new URL(link.href, location.href).pathname === location.pathname;
    if (isHere && link.href.includes("?at=") && desk.contains(link)) {
      event.preventDefault();
      open(link);
    } else if ((dirty || underway) && link.href && !link.target) {
      event.preventDefault();
      settled().then(() => location.assign(link.href));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.matches("input, textarea")) return;
    const key = event.key.toLowerCase();
    const button = key === "z" && !event.shiftKey ? byId("undo") : key === "y" || key === "z" ? byId("redo") : null;
    if (button && !button.disabled) {
      event.preventDefault();
      button.click();
    }
  });
  window.addEventListener("popstate", () => location.reload());
  window.addEventListener("pagehide", () => {
    if (!dirty || !form()) return;
    const data = new URLSearchParams([...new FormData(form())].filter(([, value]) => typeof value === "string"));
    data.set("_do", "auto");
    fetch(form().action, { method: "POST", body: data, headers: { "x-editor": "1" }, keepalive: true });
  });

  // Dragging, besides the buttons: cards within a page, options and rows within a question.
  function ready() {
    desk.querySelectorAll("[data-items]").forEach((list) =>
      sortable(list, "[data-handle]", (from, to) => `list:${list.dataset.items}.${from}.to.${to}`),
    );
    desk.querySelectorAll("[data-page]").forEach((list) =>
      sortable(list, ".c-card__head", (from, to, card) => `to:${card.dataset.card}:${list.dataset.page}:${to}`),
    );
  }

  function sortable(list, handle, act) {
    if (list.sorts || !form()?.querySelector("#save")) return;
    list.sorts = Sortable.create(list, {
      handle,
      filter: "button, a, input, textarea, select",
      preventOnFilter: false,
      animation: 0,
      onEnd: ({ oldIndex, newIndex, item }) => {
        if (oldIndex !== newIndex) send({ value: act(oldIndex, newIndex, item) });
      },
    });
  }

  // The preview beside the checks: a telephone at three quarters of its size, loaded when it is opened.
  const preview = document.querySelector("[data-preview]");
  const show = () => {
    if (!preview?.open) return;
    let frame = preview.querySelector("iframe");
    if (!frame) {
      frame = document.createElement("iframe");
      frame.className = "c-preview__phone";
      frame.title = preview.querySelector("summary").textContent;
      const box = document.createElement("div");
      box.className = "c-preview__box";
      box.append(frame);
      preview.append(box);
    }
    frame.src = `${preview.dataset.preview}?at=${form().elements._at?.value ?? ""}`;
  };
  preview?.addEventListener("toggle", show);
  new BroadcastChannel(`consult-editor ${location.pathname}`).addEventListener("message", show);

  document.documentElement.classList.add("has-editor");
  ready();
  if (form() && !form().hasAttribute("data-conflict") && isChanged(form())) {
    dirty = true;
    timer = setTimeout(() => send(null), PAUSE_MS);
  }
  // Addresses of other pages name a place by its fragment alone.
  const place = location.hash.slice(1);
  if (/^(page|question)-/.test(place) && !byId(place)) location.replace(`${location.pathname}?at=${place}#${place}`);
}
