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
  let timer;
  const update = () => {
    const left = most - [...field.value.replace(/\r\n?/g, "\n").trim()].length;
    const words = (left < 0 ? line.dataset.over : line.dataset.left).replace("#", grouped(Math.abs(left)));
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

// As the server groups digits: browsers differ for Georgian.
function grouped(number) {
  const sign = { mk: ".", ka: "\u00a0" }[document.documentElement.lang] ?? ",";
  return String(number).replace(/\B(?=(\d{3})+$)/g, sign);
}
