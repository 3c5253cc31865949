// Keeps the screen of a hall up to date: it asks for its own page every few seconds and puts in what has changed.
import { run } from "./clock.js";

const EVERY_MS = 3000;
let shown = document.querySelector("[data-screen]");
let drawn = shown.innerHTML;
let from = performance.now();

async function refresh() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-screen]");
    from = performance.now();
    if (made && made.innerHTML !== drawn) {
      drawn = made.innerHTML;
      shown.replaceWith(made);
      shown = made;
    }
  } catch {
    // Without a network the last question stays on the screen.
  } finally {
    setTimeout(refresh, EVERY_MS);
  }
}

setInterval(() => run(shown, from), 500);
setTimeout(refresh, EVERY_MS);
