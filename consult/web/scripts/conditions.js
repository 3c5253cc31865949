// Shows and hides what a condition decides, with the same normal form and the same rules as the server.
import { Environment } from "@marcbachmann/cel-js";

const data = document.getElementById("conditions");
const form = document.getElementById("survey");
if (data && form) start(JSON.parse(data.textContent), form);

function start(told, form) {
  const environment = new Environment({ unlistedVariablesAreDyn: true });
  const blocks = told.blocks.map((block) => ({
    program: environment.parse(block.if),
    elements: form.querySelectorAll(`[data-block="${CSS.escape(block.name)}"]`),
  }));
  for (const words of form.querySelectorAll("[data-condition]")) words.hidden = true;
  const update = () => {
    for (const { program, elements } of blocks) {
      if (!elements.length) continue;
      const shown = isMet(program, bindings(told.variables, form));
      for (const element of elements) {
        element.hidden = !shown;
        for (const control of element.querySelectorAll("input, select, textarea")) {
          control.disabled = Boolean(control.closest("[data-block][hidden]"));
        }
      }
    }
  };
  form.addEventListener("input", update);
  form.addEventListener("change", update);
  window.addEventListener("pageshow", update);
  update();
}

export function isMet(program, values) {
  try {
    return program(values) === true;
  } catch {
    return false;
  }
}

// What the fields say, as the server binds it: numbers as doubles, unanswered questions not at all.
export function bindings(variables, form) {
  const values = { _answered: [] };
  const found = fields(form);
  for (const [key, variable] of Object.entries(variables)) {
    if (variable.kind === "matrix") matrix(values, found, key, variable);
    else put(values, values._answered, key, key, read(variable, found, key));
  }
  return values;
}

function fields(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) (found[name] ??= []).push(String(value));
  return found;
}

function matrix(values, found, key, variable) {
  const rows = {};
  let answered = false;
  for (const row of variable.rows) {
    const read = one(found[`${key}.${row}`]);
    if (!read) continue;
    answered = true;
    values._answered.push(`${key}.${row}`);
    if (variable.item === "text") rows[row] = read;
    else if (/^\d+$/.test(read)) rows[row] = Number(read);
  }
  if (Object.keys(rows).length) values[key] = rows;
  if (answered) values._answered.push(key);
}

function put(values, answered, key, name, value) {
  if (value === undefined) return;
  answered.push(name);
  if (value !== null) values[key] = value;
}

// undefined: no answer; null: an answer that no comparison meets (don't know, refused).
function read(variable, found, key) {
  if (variable.kind === "texts") {
    const given = new Set(found[key] ?? []);
    if (variable.other && one(found[`${key}.other`]).trim()) given.add(variable.other);
    const chosen = variable.codes.filter((code) => given.has(code));
    return chosen.length ? chosen : undefined;
  }
  let value = one(found[key]).trim();
  if (variable.kind === "text" && !value && variable.other && one(found[`${key}.other`]).trim()) value = variable.other;
  if (!value) return undefined;
  return variable.kind === "number" ? number(value) : value;
}

function number(written) {
  const plain = written.replace(/\u2212/g, "-").replace(/(?<=[0-9])\s(?=[0-9]{3}(?![0-9]))/g, "");
  return /^[+-]?[0-9]{1,15}([.,][0-9]{1,15})?$/.test(plain) ? Number(plain.replace(",", ".")) : null;
}

function one(values) {
  return (values ?? []).find((value) => value) ?? "";
}
