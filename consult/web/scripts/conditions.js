// Shows and hides what a condition decides, with the same normal form and the same rules as the server.
import { Environment } from "@marcbachmann/cel-js";
import { isSent, one, span, table, trimmed, written } from "./survey/written.js";

const data = document.getElementById("conditions");
const form = document.getElementById("survey");
let environment;
if (data && form) start(JSON.parse(data.textContent), form);

function start(told, form) {
  const blocks = told.blocks.map((block) => ({
    program: compile(block.if),
    elements: form.querySelectorAll(`[data-block="${CSS.escape(block.name)}"]`),
  }));
  prepare(told.variables);
  for (const words of form.querySelectorAll("[data-condition]")) words.hidden = true;
  const update = () => {
    for (const { program, elements } of blocks) {
      if (!elements.length) continue;
      const shown = isMet(program, bindings(told.variables, fields(form)));
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

// certificate.js asks this very file, as residents get it: what follows decides what a page shows.
export function prepare(variables) {
  for (const variable of Object.values(variables)) {
    if (variable.kind !== "calculated") continue;
    variable.program = compile(variable.value);
    variable.isAsked = variable.if ? compile(variable.if) : () => true;
  }
}

export function compile(text) {
  environment ??= new Environment({ unlistedVariablesAreDyn: true });
  return environment.parse(text);
}

export function isMet(program, values) {
  try {
    return program(values) === true;
  } catch {
    return false;
  }
}

// What the fields (name -> values) say, as the server binds it: numbers as doubles, unanswered questions not at all.
export function bindings(variables, found) {
  const values = table({ _answered: [] });
  for (const [key, variable] of Object.entries(variables)) {
    if (variable.kind === "matrix") matrix(values, found, key, variable);
    else if (variable.kind === "points") points(values, found, key, variable);
    else if (variable.kind === "date_range") bind(values, key, span(found, key), ["from", "to"]);
    else if (variable.kind === "file") put(values, values._answered, key, key, isSent(found, key) ? null : undefined);
    else if (variable.kind === "calculated") bind(values, key, calculated(variable, values));
    else if (written[variable.kind]) bind(values, key, written[variable.kind](found, key, variable));
    else put(values, values._answered, key, key, read(variable, found, key));
  }
  return values;
}

function fields(form) {
  const found = table();
  for (const [name, value] of new FormData(form)) (found[name] ??= []).push(value.name ?? String(value));
  return found;
}

function bind(values, key, value, rows = []) {
  if (value === undefined) return;
  for (const row of rows) values._answered.push(`${key}.${row}`);
  put(values, values._answered, key, key, value);
}

// Computed as on the server: nothing where a question that it needs has no answer.
function calculated(variable, values) {
  if (!isMet(variable.isAsked, values)) return undefined;
  try {
    const value = variable.program(values);
    const isValue = typeof value === "boolean" || typeof value === "string" || Number.isFinite(value);
    return isValue ? value : undefined;
  } catch {
    return undefined;
  }
}

function matrix(values, found, key, variable) {
  const rows = table();
  let answered = false;
  for (const row of variable.rows) {
    const given = found[`${key}.${row}`];
    const read = one(given);
    if (!read) continue;
    answered = true;
    values._answered.push(`${key}.${row}`);
    if (variable.item === "text") rows[row] = read;
    else if (variable.item === "texts") rows[row] = variable.codes.filter((code) => given.includes(code));
    else if (/^\d+$/.test(read)) rows[row] = Number(read);
  }
  if (Object.keys(rows).length) values[key] = rows;
  if (answered) values._answered.push(key);
}

// Points count only where they add up; an empty field among filled ones is 0.
function points(values, found, key, variable) {
  const asked = variable.codes.filter((code) => found[`${key}.${code}`]);
  const written = asked.map((code) => trimmed(one(found[`${key}.${code}`])));
  const rows = table(Object.fromEntries(asked.map((code, place) => [code, Number(written[place])])));
  const sum = Object.values(rows).reduce((total, number) => total + number, 0);
  if (!written.some(Boolean) || sum !== variable.total) return;
  values._answered.push(...asked.map((code) => `${key}.${code}`), key);
  values[key] = rows;
}

// The codes in the order of their places; nothing where places are missing or taken twice.
function ranked({ codes, top }, found, key) {
  const asked = codes.filter((code) => found[`${key}.${code}`]);
  const placed = asked.filter((code) => one(found[`${key}.${code}`]));
  const place = (code) => Number(one(found[`${key}.${code}`]));
  const needed = Math.min(top ?? asked.length, asked.length);
  if (!placed.length || placed.length !== needed || new Set(placed.map(place)).size < needed) return undefined;
  return placed.sort((a, b) => place(a) - place(b));
}

function put(values, answered, key, name, value) {
  if (value === undefined) return;
  answered.push(name);
  if (value !== null) values[key] = value;
}

// undefined: no answer; null: an answer that no comparison meets (don't know, refused).
function read(variable, found, key) {
  if (variable.kind === "ranking") return ranked(variable, found, key);
  if (variable.kind === "texts") {
    const given = new Set(found[key] ?? []);
    if (variable.other && one(found[`${key}.other`])) given.add(variable.other);
    const chosen = variable.codes.filter((code) => given.has(code));
    return chosen.length ? chosen : undefined;
  }
  let value = trimmed(one(found[key]));
  if (variable.kind === "text" && !value && variable.other && one(found[`${key}.other`])) value = variable.other;
  if (!value) return undefined;
  return variable.kind === "number" ? number(value) : value;
}

function number(written) {
  const plain = written.replace(/\u2212/g, "-").replace(/(?<=[0-9])\s(?=[0-9]{3}(?![0-9]))/g, "");
  return /^[+-]?[0-9]{1,15}([.,][0-9]{1,15})?$/.test(plain) ? Number(plain.replace(",", ".")) : null;
}
