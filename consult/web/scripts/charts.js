// Charts that can be explored: <figure data-plotly="URL of a Plotly figure">, drawn by the server as an SVG with a
// sentence and a table. On wide screens without data saver Plotly takes the place of the drawing at once, elsewhere when
// a button is pressed. The drawing stays in the page for screen readers, and it stays in sight if anything fails.
// The server writes all words and formats (layout.separators, tick texts): browsers know no Macedonian or Georgian.

const WIDE = "(min-width: 768px)";
const FONT = 'Noto Sans, "Noto Sans Georgian", system-ui, sans-serif';
let library;

// Plotly writes its rules into style elements, which the Content-Security-Policy forbids. It takes an element with the
// right id where there is one: ours hands it a constructed style sheet, which the policy allows.
function styleHolder(id) {
  if (document.getElementById(id)) return;
  const sheet = new CSSStyleSheet();
  const holder = document.createElement("meta");
  holder.id = id;
  Object.defineProperty(holder, "sheet", { value: sheet });
  document.head.append(holder);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

// It also writes style attributes, forbidden as text but allowed as rules of the element.
function styleAttributesAsRules() {
  const { setAttribute } = Element.prototype;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}

function plotly() {
  library ??= (async () => {
    styleHolder("plotly.js-style-global");
    styleHolder(PLOTLY_MAP_STYLE);
    styleAttributesAsRules();
    const { default: Plotly } = await import("plotly.js-basic-dist-min");
    return Plotly;
  })();
  return library;
}

async function draw(figure) {
  const drawing = figure.querySelector("svg[role=img]");
  const [Plotly, answer] = await Promise.all([plotly(), fetch(figure.dataset.plotly)]);
  if (!answer.ok) throw new Error(`${answer.status} ${figure.dataset.plotly}`);
  const { data, layout, config: { save, ...config } = {} } = await answer.json();
  const plot = document.createElement("div");
  plot.className = "c-plot";
  plot.setAttribute("aria-hidden", "true");
  drawing.before(plot);
  const style = {
    autosize: true,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    dragmode: false,
    font: { family: FONT, size: 15, color: "#211e1a" },
    ...layout,
  };
  try {
    await Plotly.newPlot(plot, data, style, {
      displayModeBar: false,
      responsive: true,
      scrollZoom: false,
      doubleClick: false,
      ...config,
    });
  } catch (fault) {
    plot.remove();
    throw fault;
  }
  drawing.classList.add("c-drawing-aside");
  figure.dataset.drawn = "";
  if (save) {
    const picture = () => Plotly.downloadImage(plot, { format: "svg", filename: save.file });
    plot.after(button(save.words, picture));
  }
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary c-button--small";
  made.textContent = words;
  made.addEventListener("click", () => act(made));
  return made;
}

async function offer(figure) {
  const saving = navigator.connection?.saveData || !matchMedia(WIDE).matches;
  if (!saving) {
    await draw(figure);
    return;
  }
  const { plotlyLabel, plotlyFailed } = figure.dataset;
  if (!plotlyLabel) return;
  const show = async (pressed) => {
    pressed.disabled = true;
    try {
      await draw(figure);
      pressed.remove();
      figure.setAttribute("tabindex", "-1");
      figure.focus({ preventScroll: true });
    } catch (fault) {
      const words = document.createElement("p");
      words.className = "c-small c-quiet";
      words.setAttribute("role", "status");
      words.textContent = plotlyFailed ?? "";
      pressed.replaceWith(words);
      throw fault;
    }
  };
  figure.querySelector("svg[role=img]").after(button(plotlyLabel, show));
}

for (const figure of document.querySelectorAll("figure[data-plotly]")) {
  if (figure.querySelector("svg[role=img]")) offer(figure);
}
