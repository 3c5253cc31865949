// A field that searches a long list of options. The select stays in the form and holds the answer.
for (const select of document.querySelectorAll("select[data-search]")) start(select);

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

function start(select) {
  const { id } = select;
  const words = select.dataset;
  const options = [...select.options].filter((option) => option.value);
  const box = document.createElement("div");
  const field = document.createElement("input");
  const list = document.createElement("ul");
  const spoken = document.createElement("p");
  box.className = "c-search";
  field.className = select.className.replaceAll("govuk-select", "govuk-input");
  field.type = "text";
  field.autocomplete = "off";
  field.placeholder = words.search;
  select.id = `${id}-list`;
  field.id = id;
  list.id = `${id}-found`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", select.labels[0]?.textContent ?? document.querySelector(`label[for="${CSS.escape(id)}"]`)?.textContent ?? "");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("role", "status");
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, spellcheck: "false",
  })) field.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) field.setAttribute(name, select.getAttribute(name));
  }
  const isHere = document.activeElement === select;
  select.hidden = true;
  select.before(box);
  box.append(field, list, spoken);
  if (isHere) field.focus();

  let active = -1;
  const chosen = () => (select.value ? select.selectedOptions[0].text : "");
  const isOpen = () => !list.hidden;

  function open(sought) {
    const wanted = plain(sought);
    const found = options.filter((option) => plain(option.text).includes(wanted));
    found.sort((a, b) => plain(b.text).startsWith(wanted) - plain(a.text).startsWith(wanted));
    list.replaceChildren(...found.map((option, place) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.value = option.value;
      item.textContent = option.text;
      return item;
    }));
    if (!found.length) {
      const none = document.createElement("li");
      none.className = "c-search__none";
      none.textContent = words.none;
      list.append(none);
    }
    spoken.textContent = found.length ? words.found.replace("{number}", String(found.length)) : words.none;
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(-1);
  }

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function mark(place) {
    const items = list.querySelectorAll("[role=option]");
    active = items.length ? Math.min(place, items.length - 1) : -1;
    items.forEach((item, number) => item.setAttribute("aria-selected", String(number === active)));
    if (active < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", items[active].id);
      items[active].scrollIntoView({ block: "nearest" });
    }
  }

  function choose(value) {
    select.value = value;
    field.value = chosen();
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What was typed and left: an option in full, nothing, or a slip that gives way to what was chosen before.
  function leave() {
    const typed = plain(field.value);
    const same = options.find((option) => plain(option.text) === typed);
    if (isOpen()) close();
    if (!typed && select.value) choose("");
    else if (same && same.value !== select.value) choose(same.value);
    else field.value = chosen();
  }

  field.addEventListener("input", () => open(field.value));
  field.addEventListener("click", () => { if (!isOpen()) open(field.value === chosen() ? "" : field.value); });
  field.addEventListener("blur", leave);
  field.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: active + 1, ArrowUp: Math.max(active - 1, 0), PageDown: active + 8, PageUp: Math.max(active - 8, 0) };
    if (event.key in moves) {
      event.preventDefault();
      if (!isOpen()) open(field.value === chosen() ? "" : field.value);
      mark(event.key in moves && active < 0 ? 0 : moves[event.key]);
    } else if (event.key === "Enter" && isOpen()) {
      event.preventDefault();
      const item = list.querySelector("[aria-selected=true]") ?? list.querySelector("[role=option]");
      if (item) choose(item.dataset.value);
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      field.value = chosen();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) choose(item.dataset.value);
  });
  const refresh = () => {
    if (document.activeElement !== field) field.value = chosen();
    field.disabled = select.disabled;
  };
  select.form.addEventListener("change", () => setTimeout(refresh));
  window.addEventListener("pageshow", refresh);
  refresh();
}
