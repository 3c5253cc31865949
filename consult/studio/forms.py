"""From the fields of a form to a part of a survey: what can be read is taken, what cannot is told, and the old stays.

Names of fields: `text.mk`, `required`, `options.0.text.mk`, `rules.1.must`. A field that was not sent leaves its value
as it was, so a form may show a part of a part; `required.shown` says that a box was there to be ticked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from consult.errors import N_, Problem
from consult.studio import naming
from consult.studio.edits import Part, plain_of
from consult.studio.fields import Field, form_for
from consult.studio.queries import Locked
from consult.surveys.definition import schema as d
from consult.web import Form

MOST_ITEMS = 600
WRONG_NUMBER = N_("Write a number here. The former value stays until then.")
WRONG_WHOLE = N_("Write a whole number here. The former value stays until then.")
OUT_OF_RANGE = N_("This number is out of range. The former value stays until then.")
WRONG_NAME = N_("Use only small letters a to z, digits and _, and begin with a letter.")
WRONG_CODE = N_("Use only small letters a to z, digits, _ and -.")
TAKEN = N_("This name is used already. Choose another one.")
OUTSIDE: tuple[tuple[str, d.Text], ...] = (
    ("dont_know", {"mk": "Не знам", "ka": "არ ვიცი", "en": "Don’t know"}),
    ("refused", {"mk": "Не сакам да одговорам", "ka": "არ მსურს პასუხის გაცემა", "en": "Prefer not to answer"}),
)


@dataclass
class Reader:
    """Reads one part. problems: what could not be read, by the name of its field.

    languages  of the survey, the authentic one first
    taken      the keys that other questions or pages have
    pictures   names of pictures that were sent and are kept, by field
    act        what is to be done with a list besides: `options.add`, `options.2.up`, `options.paste`
    """

    form: Form
    languages: tuple[str, ...]
    locked: Locked = field(default_factory=Locked)
    taken: frozenset[str] = frozenset()
    act: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def written(self, part: Part) -> Part:
        plain = plain_of(part)
        was = main_text(plain.get("title" if isinstance(part, d.Page) else "text", {}), self.languages)
        for one in form_for(part).all:
            READ[one.kind](self, plain, one, one.name)
        if not isinstance(part, d.Definition):
            self._key(plain, part, was)
        else:
            self._settings(plain)
        if self.act.partition(".")[0] in lists_of(part):
            acted(plain, self.act, self.form, self.languages)
        made: Part = msgspec.convert(plain, d.AnyQuestion if isinstance(part, d.BaseQuestion) else type(part))
        return made

    def put(self, name: str, message: str) -> None:
        self.problems.append(Problem(name, message))

    # One function for each kind of field; `plain` is the map that has the field.

    def text(self, plain: dict[str, Any], one: Field, name: str) -> None:
        words = dict(plain.get(one.name, {}))
        for language in self.languages:
            place = f"{name}.{language}"
            if place in self.form:
                given = self.form.get(place)
                words.pop(language, None)
                if given:
                    words[language] = given
        ordered = {language: words[language] for language in (*self.languages, *words) if language in words}
        if ordered or not one.may_be_empty:
            plain[one.name] = ordered
        else:
            plain.pop(one.name, None)

    def flag(self, plain: dict[str, Any], one: Field, name: str) -> None:
        if f"{name}.shown" in self.form:
            plain[one.name] = self.form.flag(name)

    def number(self, plain: dict[str, Any], one: Field, name: str) -> None:
        if name not in self.form:
            return
        given = self.form.get(name).replace(",", ".").replace("\u2212", "-")
        if not given and one.may_be_empty:
            plain.pop(one.name, None)
        elif not re.fullmatch(r"[+-]?\d{1,12}" if one.kind == "whole" else r"[+-]?\d{1,12}(\.\d{1,6})?", given):
            self.put(name, WRONG_WHOLE if one.kind == "whole" else WRONG_NUMBER)
        else:
            value = int(given) if one.kind == "whole" else float(given)
            if (one.low is not None and value < one.low) or (one.high is not None and value > one.high):
                self.put(name, OUT_OF_RANGE)
            else:
                plain[one.name] = value

    def plain(self, plain: dict[str, Any], one: Field, name: str) -> None:
        if name not in self.form:
            return
        given = self.form.get(name)[: one.longest or 2000]
        if not given and one.may_be_empty:
            plain.pop(one.name, None)
        elif one.pattern and not re.fullmatch(one.pattern, given):
            self.put(name, WRONG_CODE)
        else:
            plain[one.name] = given

    def choice(self, plain: dict[str, Any], one: Field, name: str) -> None:
        given = self.form.get(name)
        if given in {value for value, _ in one.choices}:
            plain[one.name] = given
        elif name in self.form and not given and one.may_be_empty:
            plain.pop(one.name, None)

    def words(self, plain: dict[str, Any], one: Field, name: str) -> None:
        if name in self.form:
            plain[one.name] = re.findall(r"[A-Za-z0-9]{1,10}", self.form.get(name))[:20]

    def nothing(self, plain: dict[str, Any], one: Field, name: str) -> None:
        pass

    def image(self, plain: dict[str, Any], one: Field, name: str) -> None:
        if name in self.pictures:
            old = plain.get(one.name) or {}
            plain[one.name] = {"file": self.pictures[name], "alt": old.get("alt", {})}
        elif self.form.flag(f"{name}.remove"):
            plain.pop(one.name, None)
        if isinstance(plain.get(one.name), dict):
            self.text(plain[one.name], ALT, f"{name}.alt")

    def count(self, name: str) -> int | None:
        given = self.form.get(f"{name}.count")
        return min(int(given), MOST_ITEMS) if given.isascii() and given.isdigit() and len(given) < 5 else None

    def labels(self, plain: dict[str, Any], one: Field, name: str) -> None:
        count = self.count(name)
        if count is not None:
            old = plain.get(name, [])
            plain[name] = [self._text(old[n] if n < len(old) else {}, f"{name}.{n}") for n in range(count)]

    def rules(self, plain: dict[str, Any], one: Field, name: str) -> None:
        count = self.count(name)
        if count is not None:
            old = plain.get(name, [])
            plain[name] = [
                {
                    "must": self.form.get(f"{name}.{n}.must")[:2000],
                    "message": self._text(old[n]["message"] if n < len(old) else {}, f"{name}.{n}.message"),
                }
                for n in range(count)
            ]

    def _text(self, old: d.Text, name: str) -> d.Text:
        box = {"text": old}
        self.text(box, NEEDED, name)
        return box["text"]

    def items(self, plain: dict[str, Any], one: Field, name: str) -> None:
        count = self.count(name)
        if count is None:
            return
        old = {item["code"]: item for item in plain.get(name, [])}
        made: list[dict[str, Any]] = []
        codes: set[str] = set()
        for n in range(count):
            item = dict(old.get(self.form.get(f"{name}.{n}.was"), {"code": f"{WORD[name]}_{n + 1}", "text": {}}))
            before = main_text(item["text"], self.languages)
            place = f"{name}.{n}"
            for part in ITEM:
                READ[part.kind](self, item, part, f"{place}.{part.name}")
            item["code"] = self._code(plain["key"], item, before, place, codes, is_row=name == "rows")
            codes.add(item["code"])
            made.append(item)
        plain[name] = made

    def _code(self, key: str, item: dict[str, Any], before: str, place: str, codes: set[str], *, is_row: bool) -> str:
        was: str = item["code"]
        if self.locked.has_code(key, was) and was not in codes:
            return was
        given = self.form.get(f"{place}.code")
        if given and given != was:
            if re.fullmatch(r"[a-z][a-z0-9_]*" if is_row else r"[a-z0-9][a-z0-9_-]*", given) and len(given) <= 40:
                if given in codes:
                    self.put(f"{place}.code", TAKEN)
                return naming.free(given, codes)
            self.put(f"{place}.code", WRONG_NAME if is_row else WRONG_CODE)
        now = main_text(item["text"], self.languages)
        if now and not naming.is_own_choice(was, before):
            was = (naming.key_from(now) if is_row else naming.suggested(now)) or was
        return naming.free(was, codes)

    def _key(self, plain: dict[str, Any], part: d.Page | d.AnyQuestion, was: str) -> None:
        """The key as written, or as the text suggests while nobody chose one; a published question keeps its own."""
        if isinstance(part, d.BaseQuestion) and self.locked.has_question(part.key):
            return
        given = self.form.get("key")
        if "key" in self.form and given != part.key:
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", given):
                self.put("key", WRONG_NAME)
            elif given in self.taken:
                self.put("key", TAKEN)
            else:
                plain["key"] = given
            return
        words = main_text(plain.get("title" if isinstance(part, d.Page) else "text", {}), self.languages)
        if words and words != was and not naming.is_own_choice(part.key, was):
            plain["key"] = naming.free(naming.key_from(words) or part.key, self.taken)

    def _settings(self, plain: dict[str, Any]) -> None:
        form = self.form
        if "languages.shown" in form:
            chosen = [code for code in form.list("languages") if re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?", code)]
            if chosen:
                plain["languages"] = [code for code in (*self.languages, *chosen) if code in chosen]
                plain["languages"] = list(dict.fromkeys(plain["languages"]))
            else:
                self.put("languages", N_("Choose at least one language."))
        design = dict(plain.get("design", {}))
        self.choice(design, DESIGN[0], "design.kind")
        self.number(design, DESIGN[1], "design.population")
        self.text(design, DESIGN[2], "design.description")
        results = dict(plain.get("results", {}))
        self.flag(results, PUBLIC, "results.public")
        if "results.breaks.shown" in form:
            results["breaks"] = form.list("results.breaks")
        plain |= {"design": design, "results": results}
        count = self.count("quotas")
        if count is not None:
            plain["quotas"] = [self._quota(plain.get("quotas", []), n) for n in range(count)]

    def _quota(self, quotas: list[dict[str, Any]], n: int) -> dict[str, Any]:
        old = quotas[n] if n < len(quotas) else {"key": f"quota_{n + 1}", "when": "", "limit": 100, "text": {}}
        made = dict(old)
        self.number(made, LIMIT, f"quotas.{n}.limit")
        self.text(made, NEEDED, f"quotas.{n}.text")
        made["when"] = self.form.get(f"quotas.{n}.when")[:2000]
        return made


NEEDED = Field("text", "text", "", may_be_empty=False)
ALT = Field("alt", "text", "", may_be_empty=False)
LIMIT = Field("limit", "whole", "", low=1, may_be_empty=False)
PUBLIC = Field("public", "flag", "")
DESIGN = (
    Field("kind", "choice", "", choices=(("open", ""), ("sample", ""), ("census", ""))),
    Field("population", "whole", "", low=1),
    Field("description", "text", ""),
)
ITEM = (
    NEEDED,
    Field("hint", "text", ""),
    Field("exclusive", "flag", ""),
    Field("other", "flag", ""),
    Field("missing", "choice", "", choices=(("dont_know", ""), ("refused", ""))),
    Field("value", "number", ""),
    Field("concept", "plain", "", pattern=r"[a-z0-9][a-z0-9._-]*", longest=80),
    Field("image", "image", ""),
)
WORD = {"options": "option", "rows": "row", "outside": "answer"}
READ: dict[str, Callable[[Reader, dict[str, Any], Field, str], None]] = {
    "text": Reader.text,
    "long": Reader.text,
    "flag": Reader.flag,
    "whole": Reader.number,
    "number": Reader.number,
    "plain": Reader.plain,
    "condition": Reader.plain,
    "name": Reader.nothing,
    "choice": Reader.choice,
    "words": Reader.words,
    "items": Reader.items,
    "labels": Reader.labels,
    "rules": Reader.rules,
    "image": Reader.image,
}


def main_text(text: d.Text, languages: Iterable[str]) -> str:
    """The text in the first language that has one."""
    return next((text[code] for code in languages if text.get(code, "").strip()), "")


# What the buttons of a list do.


def lists_of(part: Part) -> frozenset[str]:
    """The lists of a part that have buttons; a page that is open elsewhere may still show those of another type."""
    quotas = {"quotas"} if isinstance(part, d.Definition) else set()
    return frozenset(quotas | {one.name for one in form_for(part).all if one.kind in ("items", "labels", "rules")})


def acted(plain: dict[str, Any], act: str, form: Form, languages: tuple[str, ...]) -> None:
    """Change a list in place: `options.add`, `.paste`, `.clear`, `.2.up`, `.2.down`, `.2.delete`, `.2.to.5`."""
    name, *words = act.split(".")
    items: list[Any] = list(plain.get(name, []))
    match words:
        case ["add"]:
            items.append(_new_item(plain, name, items))
        case ["paste"] if name in WORD:
            items += _pasted(form.get(f"{name}.lines"), form.get(f"{name}.lines.language"), name, items, languages)
        case ["each"] if name == "labels":
            items = (items + [{}] * 11)[: plain.get("points", 5)]
            plain.pop("low", None), plain.pop("high", None)
        case ["clear"]:
            items = []
        case [number, *rest] if (place := place_in(number)) is not None and place < len(items):
            _moved(items, place, rest)
    plain[name] = items


def _moved(items: list[Any], place: int, words: list[str]) -> None:
    one = items.pop(place)
    match words:
        case ["up"]:
            items.insert(max(0, place - 1), one)
        case ["down"]:
            items.insert(place + 1, one)
        case ["to", target] if (there := place_in(target)) is not None:
            items.insert(there, one)
        case ["delete"]:
            pass
        case _:
            items.insert(place, one)


def place_in(written: str) -> int | None:
    """The number of a place in a list, as buttons name it."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 5 else None


def _new_item(plain: dict[str, Any], name: str, items: list[Any]) -> Any:
    if name == "labels":
        return {}
    if name == "rules":
        return {"must": "", "message": {}}
    taken = {item.get("code", item.get("key")) for item in items}
    if name == "quotas":
        return {"key": naming.numbered("quota", taken), "when": "", "limit": 100, "text": {}}
    if name == "outside":
        for code, text in OUTSIDE:
            if code not in taken:
                return {"code": code, "text": dict(text), "missing": code}
        return {"code": naming.numbered("answer", taken), "text": {}, "missing": "dont_know"}
    return {"code": naming.numbered(WORD[name], taken), "text": {}}


def _pasted(lines: str, language: str, name: str, items: list[Any], languages: tuple[str, ...]) -> list[dict[str, Any]]:
    """One item for each line; several languages in a line are parted by a tab or |, in the order of the columns."""
    taken = {item["code"] for item in items}
    made = []
    first = language if language in languages else languages[0]
    order = (first, *(code for code in languages if code != first))
    for line in lines.split("\n")[:MOST_ITEMS]:
        cells = [cell.strip() for cell in re.split(r"\t|\s\|\s", line)]
        text = {code: cell for code, cell in zip(order, cells, strict=False) if cell}
        if not text:
            continue
        words = main_text(text, languages)
        code = naming.key_from(words) if name == "rows" else naming.suggested(words)
        code = naming.free(code, taken) if code else naming.numbered(WORD[name], taken)
        taken.add(code)
        made.append({"code": code, "text": {one: text[one] for one in languages if one in text}})
    return made
