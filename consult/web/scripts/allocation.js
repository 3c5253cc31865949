// Says how many points are left while they are shared out. The server judges the sum.
for (const list of document.querySelectorAll("[data-allocation]")) start(list);

function start(list) {
  const total = Number(list.dataset.allocation);
  const line = document.createElement("p");
  const spoken = document.createElement("p");
  line.className = "c-shares__rest";
  line.setAttribute("aria-hidden", "true");
  spoken.className = "govuk-visually-hidden";
  spoken.setAttribute("role", "status");
  list.after(line, spoken);
  let waiting;
  const update = () => {
    const fields = [...list.querySelectorAll("input")].filter((field) => !field.disabled);
    const sum = fields.reduce((found, field) => found + (/^\s*\+?\d+\s*$/.test(field.value) ? Number(field.value) : 0), 0);
    const left = total - sum;
    const words = left === 0 ? list.dataset.done : left > 0 ? list.dataset.left : list.dataset.over;
    line.textContent = words.replace("{points}", String(Math.abs(left)));
    line.classList.toggle("is-over", left < 0);
    // Read aloud once the typing pauses, and only to those who have begun.
    clearTimeout(waiting);
    const began = fields.some((field) => field.value);
    waiting = setTimeout(() => { if (began) spoken.textContent = line.textContent; }, 900);
  };
  const form = list.closest("form");
  form.addEventListener("input", update);
  form.addEventListener("change", () => setTimeout(update));
  window.addEventListener("pageshow", update);
  update();
}
