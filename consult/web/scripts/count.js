// Says how many characters are left while one writes: to the eye at once, to a screen reader after a pause.
// The server counts alike: code points, line ends as one, blanks around left out.
const PAUSE_MS = 1000;

for (const line of document.querySelectorAll("[data-count-of]")) {
  const field = document.getElementById(line.dataset.countOf);
  if (field) watch(field, line);
}

function watch(field, line) {
  const [seen, heard] = line.children;
  const most = Number(field.dataset.count);
  const format = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang);
  let timer;
  const update = () => {
    const left = most - [...field.value.replace(/\r\n?/g, "\n").trim()].length;
    const words = (left < 0 ? line.dataset.over : line.dataset.left).replace("#", format.format(Math.abs(left)));
    seen.textContent = words;
    line.classList.toggle("is-over", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.activeElement === field || left < 0) heard.textContent = words;
    }, PAUSE_MS);
  };
  line.hidden = false;
  field.addEventListener("input", update);
  field.form?.addEventListener("change", update);
  update();
}
