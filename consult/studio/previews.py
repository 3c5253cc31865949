"""A working copy as residents would see it: what can be shown is shown, whatever its checks say; nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from consult.surveys.answers import piping
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring import checks
from consult.surveys.conditions.expression import names, parse
from consult.surveys.definition import schema as d
from consult.surveys.pages.rendering import Face

TOKEN = "preview"  # noqa: S105 - stands where a page has its response id


@dataclass
class PreviewFace(Face):
    """A face whose forms lead to the preview itself."""

    edit_path: str = "/surveys/{slug}/edit/preview/page"

    @property
    def draft(self) -> str:
        return f"{self.survey.slug}-preview"

    def path(self, language: str) -> str:
        return f"/staff/{language}" + self.edit_path.format(slug=self.survey.slug)


def showable(definition: d.Definition, nothing: str, *, alone: str = "") -> d.Definition:
    """The definition without what cannot be shown: faulty conditions, types without a page yet, quotas, rules.

    nothing   stands where a text is needed and there is none
    alone     the key of a page that is looked at by itself: conditions on answers of other pages are left out
    """
    faulty = {found.path[:-1] for found in checks.check(definition) if "show_if" in found.path[-2:]}
    order = definition.languages
    known = {question.key for question in definition.questions}
    pages = []
    for p, page in enumerate(definition.pages):
        place: checks.Path = ("pages", p)
        questions = [
            _question(question, (*place, "questions", q), faulty, nothing, order)
            for q, question in enumerate(page.questions)
        ]
        if page.key == alone:
            own = {question.key for question in page.questions}
            questions = [_only_own(question, own) for question in questions]
        show_if = "" if page.key == alone or (*place, "show_if") in faulty else page.show_if
        pages.append(msgspec.structs.replace(page, questions=tuple(questions), show_if=show_if))
    made = msgspec.structs.replace(
        definition,
        pages=tuple(pages),
        quotas=(),
        order="fixed",
        title=definition.title or dict.fromkeys(order, nothing),
    )
    return made if not alone and piping.keys_of(made) <= known else _without_answers(made)


def _without_answers(definition: d.Definition) -> d.Definition:
    return piping.filled(definition, lambda key: f"[{key}]")


def _question(
    question: d.AnyQuestion, path: checks.Path, faulty: set[checks.Path], nothing: str, order: Iterable[str]
) -> d.AnyQuestion:
    changes: dict[str, Any] = {}
    if not question.text:
        changes["text"] = dict.fromkeys(order, nothing)
    if (*path, "show_if") in faulty:
        changes["show_if"] = ""
    if isinstance(question, d.Question):
        changes["rules"] = ()
    for name in ("options", "rows", "outside"):
        items = getattr(question, name, ())
        if items:
            changes[name] = tuple(_item(item, (*path, name, n), faulty) for n, item in enumerate(items))
    if isinstance(question, d.Scaled) and question.labels and len(question.labels) != question.points:
        changes |= {"labels": (), "low": question.labels[0], "high": question.labels[-1]}
    made = msgspec.structs.replace(question, **changes)
    if isinstance(question, d.Calculated):
        return d.Information(key=made.key, text={code: f"= {words}" for code, words in made.text.items()})
    return made if is_shown(question) else d.Information(key=made.key, text=made.text, show_if=made.show_if)


def is_shown(question: d.AnyQuestion) -> bool:
    """Whether a page can hold a question of this type."""
    return not isinstance(question, getattr(d, "NOT_YET", ()))


def _item(item: Any, path: checks.Path, faulty: set[checks.Path]) -> Any:
    changes: dict[str, Any] = {}
    if (*path, "show_if") in faulty:
        changes["show_if"] = ""
    if not item.text:
        changes["text"] = {"en": item.code}
    return msgspec.structs.replace(item, **changes)


def _only_own(question: d.AnyQuestion, own: set[str]) -> d.AnyQuestion:
    """Without conditions on answers that are not given on this page."""

    def kept(source: str) -> str:
        return source if source and names(parse(source)) <= own else ""

    changes: dict[str, Any] = {"show_if": kept(question.show_if)}
    for name in ("options", "rows"):
        items = getattr(question, name, ())
        if any(item.show_if for item in items):
            changes[name] = tuple(msgspec.structs.replace(item, show_if=kept(item.show_if)) for item in items)
    return msgspec.structs.replace(question, **changes)


def compiled(definition: d.Definition, nothing: str, *, alone: str = "") -> Compiled:
    return Compiled(showable(definition, nothing, alone=alone))
