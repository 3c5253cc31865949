// The workspace: parts of pages that refresh themselves (htmx), small states (Alpine, CSP build), lists put in order by
// hand (SortableJS). Every form works without them.
import Alpine from "@alpinejs/csp";
import "htmx.org";
import Sortable from "sortablejs";
import { isChanged } from "./forms/changed.js";

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
let changed = [...document.querySelectorAll("form[data-warn]")].some(isChanged);
document.addEventListener("input", (event) => {
  if (event.target.form?.hasAttribute("data-warn")) changed = true;
});
document.addEventListener("submit", () => {
  changed = false;
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

// Signing out leaves no names behind, with a network or without: the list of a door goes at once, and pages in other
// tabs go to the sign-in page, but for those where words would be lost that somebody typed. A session that nobody used
// for four hours has ended, and its pages go the same way.
const SIGN_OUT = /^\/staff\/[a-z]{2,3}\/sign-out$/;
const UNUSED_MS = (4 * 60 + 5) * 60 * 1000;
const tabs = new BroadcastChannel("staff");
const isSignOut = (form) => SIGN_OUT.test(form.getAttribute("action") ?? "");
const isInside = [...document.forms].some(isSignOut);
let typed = [...document.forms].some((form) => form.getAttribute("method") === "post" && isChanged(form));
let unused;
function used() {
  clearTimeout(unused);
  unused = setTimeout(leave, UNUSED_MS);
}
function leave() {
  if (isInside && !typed) location.reload();
}
document.addEventListener("input", (event) => {
  if (event.target.form?.getAttribute("method") === "post") typed = true;
});
document.addEventListener("submit", (event) => {
  typed = false;
  if (isSignOut(event.target)) globalThis.caches?.delete("door-1");
});
tabs.addEventListener("message", (event) => (event.data === "signed out" ? leave() : used()));
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, used);
if (isInside) tabs.postMessage("used");
else if (new URLSearchParams(location.search).get("done") === "signed-out") tabs.postMessage("signed out");
used();

makeSortable(document);
document.addEventListener("htmx:after:swap", (event) => makeSortable(event.target));
Alpine.start();
