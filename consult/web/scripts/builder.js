// The condition builder: what fits a question is shown as soon as the question is chosen. Without it there is a button.
const form = document.querySelector("[data-builder]");
if (form) {
  document.documentElement.classList.add("has-editor");
  const refresh = async (act) => {
    const data = new URLSearchParams(new FormData(form));
    data.set("_do", act);
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "x-editor": "1" } });
    if (!answer.ok) return;
    const focused = document.activeElement?.id;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("builder");
    const terms = (root) => root.querySelectorAll(".c-term select[name$='.asked']");
    const before = terms(form).length;
    document.getElementById("builder").replaceWith(fresh);
    const added = terms(form);
    const target = added.length > before ? added[added.length - 1] : document.getElementById(focused);
    (target ?? document.getElementById("add-term")).focus();
  };
  form.addEventListener("change", (event) => {
    if (/\.(asked|operator)$/.test(event.target.name)) refresh("refresh");
  });
  form.addEventListener("submit", (event) => {
    const act = event.submitter?.value ?? "";
    if (!/^(add|group|delete):/.test(act)) return;
    event.preventDefault();
    refresh(act);
  });
}
