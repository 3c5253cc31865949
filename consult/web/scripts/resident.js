// Small help for people whose browser runs scripts; every page works without it.

// After a form came back with problems, begin reading at their list, unless somebody is in a field by now.
const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.setAttribute("tabindex", "-1");
  if (!document.activeElement?.form) summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const heading = field.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    (heading ?? field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

// "None of these" and the other answers put each other out.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.type !== "checkbox" || !box.checked || !box.form) return;
  for (const other of box.form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(box.name)}"]`)) {
    const excludes = "exclusive" in box.dataset || "exclusive" in other.dataset;
    if (other !== box && excludes && other.checked) {
      other.checked = false;
      other.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
});

// A second press of a submit button within a moment is a slip of the finger.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const now = Date.now();
  if (now - Number(form.dataset.sentAt ?? 0) < 1500) event.preventDefault();
  form.dataset.sentAt = String(now);
});
