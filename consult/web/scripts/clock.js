// Counts down what is left of somebody's time, from the seconds that the server wrote; below zero it goes on.
const begun = performance.now();

export function run(within = document, from = begun) {
  for (const clock of within.querySelectorAll("[data-clock]")) {
    const left = Math.round(Number(clock.dataset.clock) - (performance.now() - from) / 1000);
    const seconds = Math.abs(left);
    clock.textContent = `${left < 0 ? "−" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    clock.classList.toggle("is-over", left < 0);
    clock.classList.toggle("is-near", left >= 0 && left <= 30);
  }
}

if (!document.querySelector("[data-screen]")) setInterval(run, 500);
