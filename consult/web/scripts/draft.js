// Keeps what was typed in this browser until the receipt. Nothing leaves the device.
const PREFIX = "consult-draft:";
const DAYS = 7;
const form = document.querySelector("form[data-draft]");
const receipt = document.querySelector("[data-draft-done]");
const draft = form ? nameOf(form) : "";

// Whoever comes by an invitation has a draft of one's own: several people may share a device.
function nameOf(form) {
  const invitation = form.querySelector("input[name=_t]")?.value;
  if (!invitation) return form.dataset.draft;
  let mark = 2166136261;
  for (const letter of invitation) mark = Math.imul(mark ^ letter.charCodeAt(0), 16777619);
  return `${form.dataset.draft}:${(mark >>> 0).toString(36)}`;
}

function kept(name) {
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + name));
    return found && Date.now() - found.at < DAYS * 86400000 ? found.values : {};
  } catch {
    return {};
  }
}

function keep(name, values) {
  try {
    if (values) localStorage.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), values }));
    else localStorage.removeItem(PREFIX + name);
  } catch {
    // Storage is full or switched off: the page works without it.
  }
}

// What nobody came back for goes with the next page that keeps drafts.
function forgetOld() {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX) && !Object.keys(kept(name.slice(PREFIX.length))).length) localStorage.removeItem(name);
    }
  } catch {
    // Storage is switched off.
  }
}

function controls() {
  return [...form.elements].filter(
    (control) => control.name && !control.name.startsWith("_") && !["hidden", "file", "submit", "button"].includes(control.type),
  );
}

function isEmpty(control) {
  return control.type === "radio" || control.type === "checkbox" ? !control.checked : !control.value;
}

// On a slow line people type before this script has come: that is to be kept too.
function isTyped(control) {
  if (control.type === "radio" || control.type === "checkbox") return control.checked !== control.defaultChecked;
  if (control.options) return [...control.options].some((option) => option.selected && !option.defaultSelected && option.value);
  return control.value !== control.defaultValue;
}

function save() {
  const values = kept(draft);
  for (const control of controls()) values[control.name] = [];
  for (const control of controls()) if (!isEmpty(control)) values[control.name].push(control.value);
  keep(draft, values);
  note();
}

function restore() {
  const values = kept(draft);
  const own = controls();
  const filled = new Set(own.filter((control) => !isEmpty(control)).map((control) => control.name));
  let changed = false;
  for (const control of own) {
    const value = values[control.name];
    if (!value?.length || filled.has(control.name)) continue;
    if (control.type === "radio" || control.type === "checkbox") control.checked = value.includes(control.value);
    else {
      // A number shares its name with the answers apart from it: what one of those has chosen is not typed text.
      const apart = own.filter((other) => other !== control && other.name === control.name).map((other) => other.value);
      const typed = value.find((each) => !apart.includes(each));
      if (typed === undefined) continue;
      control.value = typed;
    }
    changed = true;
  }
  if (changed) form.dispatchEvent(new Event("change", { bubbles: true }));
}

function note() {
  const line = form.querySelector("[data-draft-note]");
  if (line) line.hidden = !Object.values(kept(draft)).some((value) => value.length);
}

// The receipt does not know the invitation: this tab remembers which draft was written last.
function last(name) {
  try {
    if (name !== undefined) sessionStorage.setItem(PREFIX, name);
    return sessionStorage.getItem(PREFIX);
  } catch {
    return null;
  }
}

if (receipt) for (const name of [receipt.dataset.draftDone, last()]) if (name) keep(name, null);
forgetOld();
if (form) {
  last(draft);
  const early = controls().some(isTyped);
  if (!("problems" in form.dataset)) restore();
  if (early) save();
  note();
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  form.querySelector("[data-draft-clear]")?.addEventListener("click", () => {
    keep(draft, null);
    for (const control of controls()) {
      if (control.type === "radio" || control.type === "checkbox") control.checked = false;
      else control.value = "";
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    keep(draft, null);
    note();
  });
}
