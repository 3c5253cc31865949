// The workspace: parts of pages that refresh themselves (htmx), small states (Alpine, CSP build), lists put in order by
// hand (SortableJS). Every form works without them.
import Alpine from "@alpinejs/csp";
import "htmx.org";
import Sortable from "sortablejs";

// <ol data-sortable> with one <input name="order"> in each item: dragging changes the order in which they are sent.
function makeSortable(root) {
  for (const list of root.querySelectorAll("[data-sortable]")) {
    Sortable.create(list, {
      handle: list.querySelector("[data-handle]") ? "[data-handle]" : undefined,
      animation: 0,
      onEnd: () => list.dispatchEvent(new Event("change", { bubbles: true })),
    });
  }
}

// A form with data-warn asks before the page is left with unsaved words.
let changed = false;
document.addEventListener("input", (event) => {
  if (event.target.form?.hasAttribute("data-warn")) changed = true;
});
document.addEventListener("submit", () => {
  changed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

makeSortable(document);
document.addEventListener("htmx:after:swap", (event) => makeSortable(event.target));
Alpine.start();
