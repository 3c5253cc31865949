// What the fields of written answers say, as the server's decoders keep it; undefined where there is no answer.
export const written = {
  date: (found, key) => day(found, key),
  time: (found, key) => time(trimmed(one(found[key]))),
  email: (found, key) => email(trimmed(one(found[key]))),
  phone: (found, key, { plans, own }) => phone(one(found[key]), plans, own),
  consent: (found, key) => ((found[key] ?? []).includes("yes") ? true : undefined),
  hidden: (found, key, { codes }) => hidden(new Set((found[key] ?? []).filter(Boolean)), codes),
};

// A table of what people name: without inherited names, so that a question may be called "constructor".
export function table(entries = {}) {
  return Object.assign(Object.create(null), entries);
}

export function isSent(found, key) {
  return Boolean(one(found[key]) || one(found[`${key}.file`]));
}

// Both days, or nothing: the server takes no half of a span.
export function span(found, key) {
  const from = day(found, `${key}.from`);
  const to = day(found, `${key}.to`);
  return from && to && from <= to ? { from, to } : undefined;
}

// The first that is more than spaces: beside the field of a number there may be "don't know".
export function one(values) {
  return (values ?? []).find(trimmed) ?? "";
}

// As Python's strip(): not the byte order mark, but the separators of the old teletypes.
export function trimmed(text) {
  return text.replace(/^(?:[^\S\ufeff]|[\x1c-\x1f\x85])+|(?:[^\S\ufeff]|[\x1c-\x1f\x85])+$/g, "");
}

function day(found, name) {
  const parts = ["year", "month", "day"].map((part) => trimmed(one(found[`${name}.${part}`])));
  if (!parts.some(Boolean)) return real(trimmed(one(found[name])));
  const [y, m, d] = parts;
  if (!/^\d{1,2}$/.test(m) || !/^\d{1,2}$/.test(d)) return undefined;
  return real(`${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`);
}

function real(iso) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso) || iso < "1800" || iso >= "2201") return undefined;
  const moment = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso) ? iso : undefined;
}

function time(text) {
  const match = /^(\d{1,2})(?:[:.h ]?(\d{2}))?$/.exec(text);
  if (!match || match[1] > 23 || (match[2] ?? 0) > 59) return undefined;
  return `${match[1].padStart(2, "0")}:${match[2] ?? "00"}`;
}

function email(text) {
  const match = /^([^\s@]+)@([^\s@]+\.[^\s@]+)$/.exec(text);
  return match ? `${match[1]}@${match[2].toLowerCase()}` : undefined;
}

function phone(text, plans, own) {
  let digits = text.replaceAll("(0)", "").replace(/[\s().\u2010-\u2015/-]/g, "");
  if (digits.startsWith("00")) digits = `+${digits.slice(2)}`;
  const bare = digits.replace(/^\+/, "");
  if (!/^\d+$/.test(bare)) return undefined;
  const national = (code, rest) => {
    const number = rest.replace(/^0/, "");
    const { digits: length, begins } = plans[code];
    return number.length === length && begins.includes(number[0]) ? `+${code}${number}` : undefined;
  };
  if (digits.startsWith("+")) {
    const code = Object.keys(plans).find((each) => bare.startsWith(each));
    if (code) return national(code, bare.slice(code.length));
    return bare.length >= 7 && bare.length <= 15 && bare[0] !== "0" ? digits : undefined;
  }
  if (!own) return undefined;
  return national(own, bare) ?? (bare.startsWith(own) ? national(own, bare.slice(own.length)) : undefined);
}

// Two values, and signs that cannot be seen, count as nothing.
function hidden(values, codes) {
  const [text] = [...values].map(trimmed);
  if (!text || values.size > 1) return undefined;
  const fits = codes.length ? codes.includes(text) : [...text].length <= 100 && /^(?: |[^\p{C}\p{Z}])+$/u.test(text);
  return fits ? text : undefined;
}
