// Words that are selected in an article can be commented on: an offer appears below the article, reached by Tab next.
// On the reading page it leads to the form with these words, on the form it fills them in.
const MOST = 500;
const FEWEST = 3;
const BEFORE = 32;
const PAUSE_MS = 250;

const offer = document.getElementById("quote-offer");
const act = offer?.querySelector("a, button");
let timer;

if (act) {
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(update, PAUSE_MS);
  });
  // A press would take the selection away, and the offer with it, before the click arrives.
  offer.addEventListener("mousedown", (event) => event.preventDefault());
  if (act.tagName === "BUTTON") act.addEventListener("click", fill);
  update();
}

function update() {
  if (offer.contains(document.activeElement)) return;
  const found = chosen();
  offer.hidden = !found;
  if (!found) return;
  if (found.law.nextElementSibling !== offer) found.law.after(offer);
  act.dataset.quote = found.quote;
  act.dataset.before = found.before;
  if (act.tagName === "A") {
    const address = new URL(found.form);
    address.searchParams.set("quote", found.quote);
    address.searchParams.set("quote_before", found.before);
    act.href = address.href;
  }
}

function chosen() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = wholeWords(selection.getRangeAt(0).cloneRange());
  const law = lawOf(range.startContainer);
  if (!law || law !== lawOf(range.endContainer)) return null;
  const form = act.tagName === "A" ? law.closest(".c-article")?.querySelector("a[data-comment]")?.href : " ";
  const quote = words(range.toString());
  if (!form || quote.length < FEWEST || quote.length > MOST) return null;
  const ahead = document.createRange();
  ahead.setStart(law, 0);
  ahead.setEnd(range.startContainer, range.startOffset);
  return { law, form, quote, before: words(ahead.toString()).slice(-BEFORE) };
}

// A finger rarely hits the edges of words.
function wholeWords(range) {
  const { startContainer: first, endContainer: last } = range;
  let { startOffset: from, endOffset: to } = range;
  const joined = (text, at) => /^[\p{L}\p{N}]{2}$/u.test(text.slice(at - 1, at + 1));
  if (first.nodeType === Node.TEXT_NODE) while (from > 0 && joined(first.data, from)) from -= 1;
  if (last.nodeType === Node.TEXT_NODE) while (joined(last.data, to)) to += 1;
  range.setStart(first, from);
  range.setEnd(last, to);
  return range;
}

function lawOf(node) {
  return (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".c-law");
}

function words(text) {
  return text.replace(/\s+/g, " ").trim();
}

function fill() {
  const field = document.getElementById("quote");
  field.value = act.dataset.quote;
  let before = field.form.elements.namedItem("quote_before");
  if (!before) {
    before = document.createElement("input");
    before.type = "hidden";
    before.name = "quote_before";
    field.form.append(before);
  }
  before.value = act.dataset.before;
  offer.hidden = true;
  field.focus();
}
