// The publisher's browser decides generated answer sets with the residents' own script, so that the server can compare.
const form = document.querySelector("form[data-certificate]");
if (form) {
  // Whoever presses before all is decided waits a moment instead of being refused.
  let isDecided = false;
  const deciding = certify(form).then(() => {
    isDecided = true;
  });
  form.addEventListener("submit", (event) => {
    if (isDecided) return;
    event.preventDefault();
    deciding.then(() => form.requestSubmit(event.submitter));
  });
}

async function certify(form) {
  const status = form.querySelector("[data-certificate-status]");
  try {
    const [residents, answer] = await Promise.all([import(form.dataset.conditions), fetch(form.dataset.certificate)]);
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    residents.prepare(told.variables);
    const decided = told.cases.map((fields) => hiddenBlocks(residents, told, fields));
    form.elements.decisions.value = JSON.stringify(decided);
    form.elements.hash.value = told.hash;
    status.textContent = status.dataset.done;
    for (const part of form.querySelectorAll("[data-without-certificate]")) part.hidden = true;
  } catch (fault) {
    status.textContent = status.dataset.failed;
    console.info(fault);
  }
}

// The blocks that a condition hides, in one walk from the first page to the last; what is hidden is as good as empty.
export function hiddenBlocks(residents, told, sent) {
  const fields = Object.assign(Object.create(null), sent);
  const hidden = [];
  const shows = (block) => {
    if (!block) return true;
    block.program ??= residents.compile(block.if);
    const met = residents.isMet(block.program, residents.bindings(told.variables, fields));
    if (!met) hidden.push(block.name);
    return met;
  };
  const drop = (names) => {
    for (const name of names) delete fields[name];
  };
  for (const page of told.pages) {
    if (!shows(page.block)) {
      for (const question of page.questions) drop(question.fields);
      continue;
    }
    if (page.ends) return hidden;
    for (const question of page.questions) {
      if (!shows(question.block)) {
        drop(question.fields);
        continue;
      }
      const gone = question.parts.filter((part) => !shows(part.block));
      for (const part of gone) {
        drop(part.fields);
        for (const name of part.of) if (fields[name]) fields[name] = fields[name].filter((value) => value !== part.code);
      }
      if (gone.length && gone.length === question.count) {
        drop(question.fields);
        if (question.block) hidden.push(question.block.name);
      }
    }
  }
  return hidden;
}
