"""What can be done to a survey: each edit takes a definition and gives a new one, with a sentence on what it did.

A part is named by its place: `settings`, `page-KEY` or `question-KEY`. An edit whose place has gone raises Gone.
Nothing here judges: a definition may lack texts, options or translations until it is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec

from consult.errors import N_, Refused
from consult.studio import naming
from consult.surveys.conditions.expression import SyntaxFault, tokens
from consult.surveys.definition import schema as d

SETTINGS = "settings"
PAGE, QUESTION = "page-", "question-"


class Gone(Refused):
    message = N_("This part is no longer there. Somebody has deleted it, or given it another key.")


class LastPage(Refused):
    message = N_("A survey needs at least one page.")


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of an edit. said: a sentence, its parameters may be texts in many languages; at: where to go on."""

    definition: d.Definition
    said: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    at: str = SETTINGS


Edit: TypeAlias = Callable[[d.Definition], Edited]
Part: TypeAlias = d.Definition | d.Page | d.AnyQuestion


def name_of(part: d.Page | d.AnyQuestion) -> d.Text | str:
    """What a part is called in messages: its text, or its key while there is none."""
    text = part.title if isinstance(part, d.Page) else part.text
    return {code: _short(words) for code, words in text.items() if words.strip()} or part.key


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:57].rstrip() + "…"


def question_at(definition: d.Definition, key: str) -> tuple[int, int]:
    for p, page in enumerate(definition.pages):
        for q, question in enumerate(page.questions):
            if question.key == key:
                return p, q
    raise Gone


def page_at(definition: d.Definition, key: str) -> int:
    for p, page in enumerate(definition.pages):
        if page.key == key:
            return p
    raise Gone


def _with_pages(definition: d.Definition, pages: list[d.Page]) -> d.Definition:
    return msgspec.structs.replace(definition, pages=tuple(pages))


def _with_questions(definition: d.Definition, p: int, questions: list[d.AnyQuestion]) -> d.Definition:
    pages = list(definition.pages)
    pages[p] = msgspec.structs.replace(pages[p], questions=tuple(questions))
    return _with_pages(definition, pages)


def keys(definition: d.Definition) -> set[str]:
    return {question.key for question in definition.questions}


def plain_of(part: Part) -> dict[str, Any]:
    """A part as plain dicts and lists (msgspec.to_builtins would leave tuples)."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(part))
    return plain


def part_at(definition: d.Definition, place: str) -> Part:
    """What stands at a place; the settings are the definition itself. Raises Gone."""
    if place.startswith(QUESTION):
        p, q = question_at(definition, place.removeprefix(QUESTION))
        return definition.pages[p].questions[q]
    if place.startswith(PAGE):
        return definition.pages[page_at(definition, place.removeprefix(PAGE))]
    if place != SETTINGS:
        raise Gone
    return definition


def replaced(definition: d.Definition, place: str, part: Part) -> Edited:
    """Put a changed part in its place."""
    if isinstance(part, d.Definition):
        return change_settings(definition, part)
    if isinstance(part, d.Page):
        return change_page(definition, place.removeprefix(PAGE), part)
    return change_question(definition, place.removeprefix(QUESTION), part)


# Adding


def add_page(definition: d.Definition, after: str = "") -> Edited:
    key = naming.numbered("page", {page.key for page in definition.pages})
    pages = list(definition.pages)
    pages.insert(page_at(definition, after) + 1 if after else len(pages), d.Page(key=key))
    return Edited(_with_pages(definition, pages), N_("Page added."), at=PAGE + key)


def new_question(kind: str, key: str) -> d.AnyQuestion:
    """A question of a type as it begins: two empty options or rows where it has them, five points on a scale."""
    cls = next(one for one in d.AnyQuestion.__args__ if one.__struct_config__.tag == kind)
    plain: dict[str, Any] = {"type": kind, "key": key, "text": {}}
    needed = {spec.name for spec in msgspec.structs.fields(cls) if spec.required}
    if "options" in needed:
        plain["options"] = [{"code": f"option_{number}", "text": {}} for number in (1, 2)]
    if "rows" in needed:
        plain["rows"] = [{"code": f"row_{number}", "text": {}} for number in (1, 2)]
    if "points" in needed:
        plain["points"] = 5
    plain |= {name: "" for name in ("value", "parameter") if name in needed}
    made: d.AnyQuestion = msgspec.convert(plain, d.AnyQuestion)
    return made


def add_question(definition: d.Definition, kind: str, page: str, after: str = "") -> Edited:
    return insert_question(
        definition,
        new_question(kind, naming.numbered("question", keys(definition))),
        page,
        after,
        N_("Question added."),
    )


def insert_question(
    definition: d.Definition, question: d.AnyQuestion, page: str, after: str = "", said: str = N_("Question inserted.")
) -> Edited:
    """Put a question on a page, behind another one or last; its key is changed where it is taken."""
    question = msgspec.structs.replace(question, key=naming.free(question.key, keys(definition)))
    p = page_at(definition, page)
    questions = list(definition.pages[p].questions)
    place = next((q + 1 for q, one in enumerate(questions) if one.key == after), len(questions))
    questions.insert(place, question)
    return Edited(
        _with_questions(definition, p, questions), said, {"name": name_of(question)}, at=QUESTION + question.key
    )


def duplicate(definition: d.Definition, place: str) -> Edited:
    if place.startswith(PAGE):
        return _duplicate_page(definition, place.removeprefix(PAGE))
    key = place.removeprefix(QUESTION)
    p, q = question_at(definition, key)
    original = definition.pages[p].questions[q]
    changes = {"concept": None} if isinstance(original, d.Question) else {}
    copy = msgspec.structs.replace(original, **changes)
    return insert_question(definition, copy, definition.pages[p].key, key, N_("“%(name)s” duplicated."))


def _duplicate_page(definition: d.Definition, key: str) -> Edited:
    p = page_at(definition, key)
    original = definition.pages[p]
    taken = keys(definition)
    questions = []
    for question in original.questions:
        new = naming.free(question.key, taken)
        taken.add(new)
        changes = {"concept": None} if isinstance(question, d.Question) else {}
        questions.append(msgspec.structs.replace(question, key=new, **changes))
    name = naming.free(key, {page.key for page in definition.pages})
    pages = list(definition.pages)
    pages.insert(p + 1, msgspec.structs.replace(original, key=name, questions=tuple(questions)))
    return Edited(
        _with_pages(definition, pages), N_("Page “%(name)s” duplicated."), {"name": name_of(original)}, PAGE + name
    )


# Moving and deleting


def move(definition: d.Definition, place: str, step: int) -> Edited:
    """One up (-1) or down (1); a question at the edge of its page goes over to the next page."""
    if place.startswith(PAGE):
        return _move_page(definition, place.removeprefix(PAGE), step)
    key = place.removeprefix(QUESTION)
    p, q = question_at(definition, key)
    if 0 <= q + step < len(definition.pages[p].questions):
        return move_to(definition, key, definition.pages[p].key, q + step)
    if 0 <= p + step < len(definition.pages):
        other = definition.pages[p + step]
        return move_to(definition, key, other.key, len(other.questions) if step < 0 else 0)
    return Edited(definition, "", at=place)


def _move_page(definition: d.Definition, key: str, step: int) -> Edited:
    p = page_at(definition, key)
    if not 0 <= p + step < len(definition.pages):
        return Edited(definition, "", at=PAGE + key)
    pages = list(definition.pages)
    page = pages.pop(p)
    pages.insert(p + step, page)
    told = {"name": name_of(page), "number": p + step + 1}
    return Edited(_with_pages(definition, pages), N_("“%(name)s” is now page %(number)s."), told, PAGE + key)


def move_to(definition: d.Definition, key: str, page: str, index: int) -> Edited:
    """Put a question at a place on a page (counted from 0, itself left out)."""
    p, q = question_at(definition, key)
    question = definition.pages[p].questions[q]
    questions = [one for one in definition.pages[p].questions if one.key != key]
    left = _with_questions(definition, p, questions)
    target = page_at(left, page)
    there = list(left.pages[target].questions)
    there.insert(max(0, min(index, len(there))), question)
    moved = _with_questions(left, target, there)
    number = [one.key for one in moved.questions].index(key) + 1
    said = N_("“%(name)s” is now question %(number)s, on page %(page)s.")
    return Edited(moved, said, {"name": name_of(question), "number": number, "page": target + 1}, QUESTION + key)


def delete(definition: d.Definition, place: str) -> Edited:
    if place.startswith(PAGE):
        return _delete_page(definition, place.removeprefix(PAGE))
    p, q = question_at(definition, place.removeprefix(QUESTION))
    questions = list(definition.pages[p].questions)
    gone = questions.pop(q)
    beside = questions[min(q, len(questions) - 1)] if questions else None
    at = QUESTION + beside.key if beside else PAGE + definition.pages[p].key
    return Edited(_with_questions(definition, p, questions), N_("“%(name)s” deleted."), {"name": name_of(gone)}, at)


def _delete_page(definition: d.Definition, key: str) -> Edited:
    p = page_at(definition, key)
    if len(definition.pages) == 1:
        raise LastPage
    pages = list(definition.pages)
    gone = pages.pop(p)
    at = PAGE + pages[min(p, len(pages) - 1)].key
    return Edited(_with_pages(definition, pages), N_("Page “%(name)s” deleted."), {"name": name_of(gone)}, at)


# Changing


def change_settings(definition: d.Definition, changed: d.Definition) -> Edited:
    """Replace what is said about the whole survey; its pages stay."""
    settings = msgspec.structs.replace(changed, pages=definition.pages)
    gone = set(definition.languages) - set(settings.languages)
    return Edited(without_languages(settings, gone) if gone else settings, N_("Settings changed."), at=SETTINGS)


def without_languages(definition: d.Definition, gone: set[str]) -> d.Definition:
    """Leave out the texts of languages that the survey no longer has (undoing brings them back)."""

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(one) for one in value]
        if isinstance(value, dict):
            return {key: walk(one) for key, one in value.items() if not (key in gone and isinstance(one, str))}
        return value

    return d.from_builtins(walk(plain_of(definition)))


def change_page(definition: d.Definition, key: str, page: d.Page) -> Edited:
    """Replace what a page says; its questions stay."""
    p = page_at(definition, key)
    pages = list(definition.pages)
    pages[p] = msgspec.structs.replace(page, questions=pages[p].questions)
    return Edited(
        _with_pages(definition, pages), N_("Page “%(name)s” changed."), {"name": name_of(page)}, PAGE + page.key
    )


def change_question(definition: d.Definition, key: str, question: d.AnyQuestion) -> Edited:
    """Replace a question; what refers to it follows when its key changes."""
    p, q = question_at(definition, key)
    questions = list(definition.pages[p].questions)
    questions[q] = question
    changed = _with_questions(definition, p, questions)
    if question.key != key:
        changed = renamed(changed, key, question.key)
    return Edited(changed, N_("“%(name)s” changed."), {"name": name_of(question)}, QUESTION + question.key)


def change_type(definition: d.Definition, key: str, kind: str) -> Edited:
    """Make it a question of another type; what both types know is kept."""
    p, q = question_at(definition, key)
    old = definition.pages[p].questions[q]
    plain = msgspec.to_builtins(old)
    new = new_question(kind, key)
    known = {spec.name for spec in msgspec.structs.fields(new)}
    kept = {name: value for name, value in plain.items() if name in known}
    made = msgspec.convert({**msgspec.to_builtins(new), **kept, "type": kind}, d.AnyQuestion)
    return change_question(definition, key, made)


def renamed(definition: d.Definition, old: str, new: str) -> d.Definition:
    """Let every condition, break and quota that names a question name it by its new key."""

    def walk(value: Any, name: str = "") -> Any:
        if isinstance(value, str):
            return in_condition(value, old, new) if name in CONDITIONS else in_text(value, old, new)
        if isinstance(value, list):
            return [walk(one, name) for one in value]
        if isinstance(value, dict):
            is_question_value = name == "questions" and value.get("type") != "calculated"
            return {key: one if key == "value" and is_question_value else walk(one, key) for key, one in value.items()}
        return value

    plain = plain_of(definition)
    plain["pages"] = [walk(page) for page in plain["pages"]]
    if "quotas" in plain:
        plain["quotas"] = [walk(quota) for quota in plain["quotas"]]
    if "breaks" in plain.get("results", {}):
        plain["results"]["breaks"] = [new if key == old else key for key in plain["results"]["breaks"]]
    return d.from_builtins(plain)


CONDITIONS = frozenset({"show_if", "must", "when", "value"})


def in_text(words: str, old: str, new: str) -> str:
    """A text with the answer to a question in it: ${key}."""
    return re.sub(rf"(?<!\$)\$\{{{old}\}}", f"${{{new}}}", words) if "${" in words else words


def in_condition(source: str, old: str, new: str) -> str:
    """A condition with one name exchanged; a condition that cannot be read stays as it is."""
    try:
        found = tokens(source)
    except SyntaxFault:
        return source
    for place in range(len(found) - 1, -1, -1):
        token = found[place]
        is_row = place > 0 and found[place - 1].text == "."
        if token.kind == "name" and token.text == old and not is_row:
            start = token.column - 1
            source = source[:start] + new + source[start + len(old) :]
    return source
