// Does the little work that is asked for when very many answers come at once, and sends the form again by itself.
// Where that cannot be done (an old browser, no secure connection) the page stays what it is: a short wait.
const form = document.querySelector("form[data-work]");
const LONGEST_MS = 60000;

function begin() {
  const challenge = JSON.parse(form.dataset.work);
  const worker = new Worker(form.dataset.worker);
  worker.onmessage = ({ data }) => {
    worker.terminate();
    if (!data || data.error || !data.derivedKey) {
      tell(false);
      return;
    }
    form.elements._altcha.value = btoa(JSON.stringify({ challenge, solution: data }));
    form.querySelector("button[type=submit]").click();
  };
  worker.onerror = () => {
    worker.terminate();
    tell(false);
  };
  worker.postMessage({
    type: "work",
    challenge,
    counterMode: "uint32",
    counterStart: 0,
    counterStep: 1,
    timeout: LONGEST_MS,
  });
  tell(true);
}

function tell(isWorking) {
  document.querySelector("[data-work-state]").hidden = !isWorking;
  document.querySelector("[data-work-wait]").hidden = isWorking;
}

if (form && window.Worker && window.crypto?.subtle) begin();
