"""What a new version says otherwise than an earlier one: by keys and codes, so that moving is no change. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from consult.errors import N_
from consult.studio.translation import INNER, KINDS
from consult.surveys.definition import schema as d
from consult.surveys.definition.schema import to_builtins

Path = tuple[str, ...]
LABELS: Mapping[str, str] = {
    **KINDS, **INNER, "show_if": N_("Condition"), "must": N_("Rule"), "required": N_("Has to be answered"),
    "type": N_("Type"), "page": N_("On page"), "order": N_("Order"), "languages": N_("Languages"),
    "min": N_("Least"), "max": N_("Most"), "points": N_("Points of the scale"), "mode": N_("Anonymity"),
    "missing": N_("Kind of missing answer"), "sensitive": N_("Sensitive"), "public": N_("Results public"),
    "when": N_("Quota for"), "limit": N_("Most answers"), "concept": N_("Name across surveys"),
}  # fmt: skip
LISTS = ("options", "outside", "rows", "quotas", "pages", "questions")
NAMES = ("key", "code")


@dataclass(frozen=True, slots=True)
class Change:
    """label is a msgid or a word of the format; code: of the option or row; language: of a text."""

    label: str
    before: str = ""
    after: str = ""
    code: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A question, a page or (owner "") the survey itself."""

    kind: Literal["added", "removed", "changed"]
    owner: str
    is_page: bool
    text: Mapping[str, str]
    changes: tuple[Change, ...] = ()


def compare(before: d.Definition, after: d.Definition) -> list[Part]:
    """All differences, in the order of the new version; what was removed comes last."""
    old, new = _parts(before), _parts(after)
    titles = {**_titles(before), **_titles(after)}
    found = []
    for owner in (*new, *(one for one in old if one not in new)):
        text = titles.get(owner, {})
        is_page, key = owner[:1] == ("pages",), owner[-1] if owner else ""
        if owner not in old:
            found.append(Part("added", key, is_page, text))
        elif owner not in new:
            found.append(Part("removed", key, is_page, text))
        else:
            changes = tuple(_changes(old[owner], new[owner]))
            if changes:
                found.append(Part("changed", key, is_page, text, changes))
    order = _new_order(before, after)
    if order:
        found.append(Part("changed", "", False, {}, (order,)))
    return found


def _titles(definition: d.Definition) -> dict[Path, Mapping[str, str]]:
    found: dict[Path, Mapping[str, str]] = {("pages", page.key): page.title for page in definition.pages}
    return found | {("questions", question.key): question.text for question in definition.questions}


def _parts(definition: d.Definition) -> dict[Path, dict[Path, str]]:
    """Leaves by owner: () for the survey, ("pages", key), ("questions", key)."""
    found: dict[Path, dict[Path, str]] = {(): {}}
    document = to_builtins(definition)
    for page in document.pop("pages"):
        found["pages", page["key"]] = dict(_leaves({k: v for k, v in page.items() if k != "questions"}, ()))
        for question in page.get("questions", ()):
            leaves = dict(_leaves(question, ()))
            found["questions", question["key"]] = {**leaves, ("page",): page["key"]}
    found[()] = dict(_leaves(document, ()))
    return found


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in NAMES:
                yield from _leaves(inner, (*path, name))
    elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value):
            name = next((str(inner[one]) for one in NAMES if one in inner), str(number))
            yield (*path, name, ""), ""  # that it is there at all
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list | tuple):
        yield path, ", ".join(str(one) for one in value)
    else:
        yield path, {True: "✓", False: "–"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _changes(old: dict[Path, str], new: dict[Path, str]) -> Iterator[Change]:
    whole = {path[:-1] for path in (*old, *new) if path[-1:] == ("",)}
    appeared = {item for item in whole if ((*item, "") in old) != ((*item, "") in new)}
    for item in sorted(appeared, key=lambda one: list(dict.fromkeys((*new, *old))).index((*one, ""))):
        side = new if (*item, "") in new else old
        words = next((said for path, said in side.items() if path[:-1] == (*item, "text")), "")
        label = LABELS.get(item[-2], item[-2])
        yield Change(label, "" if side is new else words, words if side is new else "", code=item[-1])
    for path in dict.fromkeys((*old, *new)):
        if path[-1:] == ("",) or any(path[: len(item)] == item for item in appeared):
            continue
        if old.get(path, "") != new.get(path, ""):
            yield _change(path, old.get(path, ""), new.get(path, ""))


def _change(path: Path, before: str, after: str) -> Change:
    names = [name for name in path if name in LABELS]
    name = names[-1] if names else path[0]
    is_item = len(path) > 1 and path[0] in LISTS
    if is_item and name == "text":
        name = path[0]
    last = path[-1]
    language = last if last not in LABELS and len(path) > 1 and len(last) <= 8 and last.isalpha() else ""
    return Change(LABELS.get(name, name), before, after, code=path[1] if is_item else "", language=language)


def _new_order(before: d.Definition, after: d.Definition) -> Change | None:
    new = [question.key for question in after.questions]
    kept = [question.key for question in before.questions if question.key in new]
    now = [key for key in new if key in kept]
    return None if kept == now else Change(LABELS["order"], ", ".join(kept), ", ".join(now))


def vanished_codes(earlier: list[d.Definition], after: d.Definition) -> Iterator[tuple[str, str]]:
    """(question, code) of options and rows that earlier versions offered and this one does not."""
    now = {question.key: question for question in after.questions}
    seen: dict[tuple[str, str], None] = {}
    for version in earlier:
        for question in version.questions:
            if question.key in now:
                offered = {code for name in ("options", "rows", "outside") for code in _codes(now[question.key], name)}
                for name in ("options", "rows", "outside"):
                    seen |= {(question.key, code): None for code in _codes(question, name) if code not in offered}
    yield from seen


def _codes(question: d.AnyQuestion, name: str) -> list[str]:
    return [item.code for item in getattr(question, name, ())]
