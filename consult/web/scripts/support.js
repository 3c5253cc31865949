// Supporting a comment without leaving one's place: the button is sent in the background, and what the answer says of
// this comment takes the place of what stood there. Whatever goes wrong, the form is sent as without a script.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-support]");
  const part = form?.closest("[data-support-of]");
  if (!part) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(`[data-support-of="${CSS.escape(part.dataset.supportOf)}"]`);
    if (!answer.ok || !fresh) throw new Error(`${answer.status}`);
    part.replaceWith(fresh);
    fresh.querySelector("button")?.focus();
  } catch {
    form.submit();
  }
});
