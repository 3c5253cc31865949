// The clerks' form: hands stay on the keys. Enter goes on, Shift+Enter back, Ctrl+Enter stores.
const form = document.querySelector("form[data-keying]");
const fields = form ? [...form.querySelectorAll("[data-key], [name=_number]")] : [];

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.target.matches("button")) return;
  const place = fields.indexOf(event.target);
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.shiftKey ? place > 0 : place >= 0 && !(event.target.matches("textarea") && event.altKey)) {
    event.preventDefault();
    go(event.shiftKey ? place - 1 : place + 1);
  }
});

// A code that no longer code begins with is complete: the next field is there before the hand is.
form?.addEventListener("input", (event) => {
  const codes = (event.target.dataset.codes ?? "").split(" ").filter(Boolean);
  const typed = event.target.value.trim().toLowerCase();
  if (!typed || !codes.includes(typed)) return;
  if (codes.some((code) => code !== typed && code.startsWith(typed))) return;
  go(fields.indexOf(event.target) + 1);
});

function go(place) {
  const field = fields[place] ?? form.querySelector("button");
  field.focus();
  field.select?.();
}

if (form && !document.querySelector("[data-error-summary]") && !form.contains(document.activeElement)) {
  const first = fields.find((field) => field.matches("[name=_number]")) ?? fields[0];
  first?.focus();
  first?.select?.();
}
