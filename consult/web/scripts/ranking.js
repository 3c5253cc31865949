// A list that is put in order by buttons, or by dragging the numbers. The selects go on holding the answer, so drafts,
// conditions and the form itself need not know of any of this.
for (const list of document.querySelectorAll("[data-ranking]")) start(list);

function start(list) {
  const form = list.closest("form");
  const box = list.parentElement;
  const items = [...list.children];
  const spoken = document.createElement("p");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("role", "status");
  list.after(spoken);
  for (const words of box.querySelectorAll("[data-plain]")) words.hidden = true;
  for (const words of box.querySelectorAll("[data-enhanced]")) words.hidden = false;

  const select = (item) => item.querySelector("select");
  const name = (item) => item.querySelector("label").firstChild.textContent.trim();
  const say = (words, item, more = {}) =>
    Object.entries({ option: name(item), ...more }).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words);
  const shown = () => [...list.children].filter((item) => !item.hidden);
  const ranked = () => shown().filter((item) => "ranked" in item.dataset);
  const values = () => items.map((item) => `${item.hidden}${select(item).value}`).join();
  let known;
  const most = () => Math.min(Number(list.dataset.ranking), shown().length);

  for (const item of items) {
    select(item).hidden = true;
    const place = document.createElement("span");
    place.className = "c-ranking__place";
    place.setAttribute("aria-hidden", "true");
    item.prepend(place);
    const buttons = document.createElement("span");
    buttons.className = "c-ranking__buttons";
    for (const [kind, sign] of [["add", "+"], ["up", "↑"], ["down", "↓"], ["remove", "×"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "c-step";
      button.dataset.step = kind;
      button.textContent = sign;
      button.setAttribute("aria-label", say(list.dataset[kind], item));
      buttons.append(button);
    }
    item.querySelector("label").after(buttons);
  }

  // From what the selects say (a page that came back, a draft) to the order of the list.
  function read() {
    const placed = items.filter((item) => !item.hidden && select(item).value);
    placed.sort((a, b) => Number(select(a).value) - Number(select(b).value));
    for (const item of items) delete item.dataset.ranked;
    for (const item of placed.slice(0, most())) item.dataset.ranked = "";
    const wanted = [...placed, ...items.filter((item) => !placed.includes(item))];
    // An item that moves loses the focus.
    if (wanted.some((item, place) => list.children[place] !== item)) list.append(...wanted);
  }

  // From the order of the list to the selects. True when one of them changed.
  function write() {
    const order = ranked();
    let changed = false;
    for (const item of items) {
      const place = order.indexOf(item) + 1;
      const value = place ? String(place) : "";
      changed ||= select(item).value !== value;
      select(item).value = value;
      item.firstElementChild.textContent = value;
      for (const button of item.querySelectorAll("[data-step]")) {
        const step = button.dataset.step;
        button.hidden = (step === "add") === Boolean(place);
        const off = (step === "up" && place === 1) || (step === "down" && place === order.length) || (step === "add" && order.length >= most());
        button.setAttribute("aria-disabled", String(off));
      }
    }
    return changed;
  }

  function changed(item, words) {
    const isNew = write();
    known = values();
    if (isNew) form.dispatchEvent(new Event("change", { bubbles: true }));
    const order = ranked();
    spoken.textContent = say(words, item, { place: order.indexOf(item) + 1, total: order.length });
  }

  function add(item) {
    const order = ranked();
    if (order.length >= most()) return;
    item.dataset.ranked = "";
    if (order.length) order.at(-1).after(item);
    else list.prepend(item);
  }

  function press(button) {
    const item = button.closest("li");
    if (button.getAttribute("aria-disabled") === "true") return;
    const order = ranked();
    const place = order.indexOf(item);
    const step = button.dataset.step;
    if (step === "add") {
      add(item);
      const rest = shown().filter((other) => !("ranked" in other.dataset));
      // Of a whole list the last one's place follows from the others.
      if (rest.length === 1 && most() === shown().length) add(rest[0]);
    } else if (step === "up") order[place - 1].before(item);
    else if (step === "down") order[place + 1].after(item);
    else {
      delete item.dataset.ranked;
      order.at(-1).after(item);
    }
    changed(item, step === "remove" ? list.dataset.removed : list.dataset.placed);
    const follow = step === "add" ? "up" : step === "remove" ? "add" : step;
    item.querySelector(`[data-step=${follow}]`).focus();
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    const label = event.target.closest("label, .c-ranking__place");
    const item = event.target.closest("li");
    if (button) press(button);
    else if (label && item && !("ranked" in item.dataset)) press(item.querySelector("[data-step=add]"));
  });

  // The neighbours move around the held item: a browser lets go of an item that is taken out of the page.
  list.addEventListener("pointerdown", (event) => {
    const held = event.target.closest("[data-ranked] > .c-ranking__place")?.parentElement;
    if (!held || event.button !== 0) return;
    event.preventDefault();
    held.classList.add("is-held");
    list.classList.add("is-moving");
    const before = ranked().indexOf(held);
    const move = ({ clientY }) => {
      for (const other of ranked()) {
        if (other === held) continue;
        const { top, height } = other.getBoundingClientRect();
        const isAbove = other.compareDocumentPosition(held) & Node.DOCUMENT_POSITION_FOLLOWING;
        if (isAbove && clientY < top + height / 2) held.after(other);
        else if (!isAbove && clientY > top + height / 2) held.before(other);
      }
    };
    const drop = () => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", drop);
      document.removeEventListener("pointercancel", drop);
      held.classList.remove("is-held");
      list.classList.remove("is-moving");
      if (ranked().indexOf(held) !== before) changed(held, list.dataset.placed);
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", drop);
  });

  const sync = () => {
    if (values() === known) return;
    read();
    const isNew = write();
    known = values();
    if (isNew) form.dispatchEvent(new Event("change", { bubbles: true }));
  };
  // Later than the conditions, which may hide an option.
  form.addEventListener("change", () => setTimeout(sync));
  window.addEventListener("pageshow", sync);
  sync();
}
