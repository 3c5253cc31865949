"""Every text of a definition by its place, which is the same for the ledger, the checks and files of translations.

    title                               the survey's own
    design.description
    quotas.KEY.text
    pages.KEY.title
    questions.KEY.text                  whatever page the question stands on
    questions.KEY.options.CODE.text     also .hint and .image.alt; `outside` and `rows` alike
    questions.KEY.labels.0
    questions.KEY.rules.0.message
    questions.KEY.image.alt

A place outlives moving and reordering, as keys and codes do. A new text of the format is added to `slots` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from consult.surveys.definition import schema as d

Path = tuple[str | int, ...]
OF_SURVEY = ("summary", "source", "intro", "thanks")
OF_PAGE = ("title", "intro", "screen_out")
OF_QUESTION = ("hint", "help", "unit", "low", "high", "agree")
OF_ITEM = ("options", "outside", "rows")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a text stands: place by keys, path by numbers into the document; must: it has to be there."""

    place: str
    path: Path
    text: d.Text
    must: bool


def slots(definition: d.Definition) -> Iterator[Slot]:
    """Every text that there is or may be, in the order of the document."""
    yield Slot("title", ("title",), definition.title, True)
    for name in OF_SURVEY:
        yield Slot(name, (name,), getattr(definition, name), False)
    yield Slot("design.description", ("design", "description"), definition.design.description, False)
    for number, quota in enumerate(definition.quotas):
        yield Slot(f"quotas.{quota.key}.text", ("quotas", number, "text"), quota.text, True)
    for p, page in enumerate(definition.pages):
        for name in OF_PAGE:
            yield Slot(f"pages.{page.key}.{name}", ("pages", p, name), getattr(page, name), False)
        for q, question in enumerate(page.questions):
            yield from _of_question(question, ("pages", p, "questions", q))


def _of_question(question: d.AnyQuestion, path: Path) -> Iterator[Slot]:
    place = f"questions.{question.key}"
    yield Slot(f"{place}.text", (*path, "text"), question.text, True)
    for name in OF_QUESTION:
        if hasattr(question, name):
            yield Slot(f"{place}.{name}", (*path, name), getattr(question, name), False)
    for number, label in enumerate(getattr(question, "labels", ())):
        yield Slot(f"{place}.labels.{number}", (*path, "labels", number), label, True)
    for number, rule in enumerate(getattr(question, "rules", ())):
        yield Slot(f"{place}.rules.{number}.message", (*path, "rules", number, "message"), rule.message, True)
    yield from _of_image(question, place, path)
    for name in OF_ITEM:
        for number, item in enumerate(getattr(question, name, ())):
            inner, within = f"{place}.{name}.{item.code}", (*path, name, number)
            yield Slot(f"{inner}.text", (*within, "text"), item.text, True)
            if hasattr(item, "hint"):
                yield Slot(f"{inner}.hint", (*within, "hint"), item.hint, False)
            yield from _of_image(item, inner, within)


def _of_image(item: object, place: str, path: Path) -> Iterator[Slot]:
    image: d.Image | None = getattr(item, "image", None)
    if image:
        yield Slot(f"{place}.image.alt", (*path, "image", "alt"), image.alt, True)


def texts(definition: d.Definition) -> Iterator[tuple[str, d.Text]]:
    """The texts that are there, or would have to be, by place."""
    for slot in slots(definition):
        if slot.must or any(slot.text.values()):
            yield slot.place, slot.text


def with_texts(definition: d.Definition, changes: Mapping[tuple[str, str], str]) -> d.Definition:
    """The definition with other words: (place, language) -> text; an empty text is taken out. Raises KeyError."""
    document = d.to_builtins(definition)
    found = {slot.place: slot for slot in reversed(list(slots(definition)))}
    for (place, language), value in changes.items():
        text = _reach(document, found[place].path)
        text.pop(language, None)
        if value:
            text[language] = value
            ordered = {code: text[code] for code in (*definition.languages, *text) if code in text}
            text.clear()
            text.update(ordered)
    return d.from_builtins(document)


def with_text(definition: d.Definition, place: str, language: str, value: str) -> d.Definition:
    """The definition with one text said otherwise. Raises KeyError when there is no such place."""
    return with_texts(definition, {(place, language): value})


def _reach(document: dict[str, Any], path: Path) -> dict[str, str]:
    """The text at a path of the plain document; texts that were left out are made."""
    inside: Any = document
    for part in path:
        inside = inside.setdefault(part, {}) if isinstance(inside, dict) else inside[part]
    found: dict[str, str] = inside
    return found


def question_of(place: str) -> str:
    """The key of the question that a place belongs to; empty for the survey's own texts and those of pages."""
    parts = place.split(".")
    return parts[1] if parts[0] == "questions" and len(parts) > 1 else ""
