"""Drafts of pages and questions become a definition: conditions are translated, and dropped (and told) when wrong.

Shared by all imports. A condition looks only at earlier questions here, so those that do not are told and left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from consult.errors import N_
from consult.exchange import foreign
from consult.exchange.cel import written
from consult.exchange.foreign import Foreign, NotRead
from consult.exchange.report import Place, Report
from consult.exchange.translate import Asked, chain, condition, value
from consult.exchange.xlsform_choices import ChoiceList
from consult.exchange.xlsform_limits import with_limits
from consult.surveys.authoring import checks
from consult.surveys.conditions.expression import Member, Name, Tree
from consult.surveys.definition import schema as d

SHOWN_TO_ALL = N_("It is shown to everybody now: set its condition in the editor.")
NO_RULE = N_("The check is left out: add a rule in the editor.")
NO_VALUE = N_("The calculated value is left out.")
NO_MESSAGE = N_("The check has no message of its own. It has a general one now.")
REFERENCE = N_("A text names “%(name)s”, which cannot be put into texts here.")
REFERENCE_ADVICE = N_("Rewrite the text.")
CONDITIONS = {"show_if": SHOWN_TO_ALL, "must": NO_RULE, "value": NO_VALUE}
GENERAL = {
    "mk": "Одговорот не е во дозволените граници.",
    "ka": "პასუხი დასაშვებ ფარგლებში არ არის.",
    "en": "This answer is not within what is allowed.",
}
PIPE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")


class HasTexts(Protocol):
    @property
    def texts(self) -> Mapping[str, Mapping[str, str]]: ...

    def at(self, column: str) -> Place: ...


@dataclass
class Draft:
    """A question with what still has to be translated.

    name, aliases   what expressions there call it
    codes           code there -> code here, of its answers
    row_names       name there -> row here
    row_conditions  for each row
    ticks           name there -> code here, where each answer of a multiple question is a variable there
    """

    question: d.AnyQuestion
    place: Place
    conditions: list[tuple[str, Place]]
    name: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    choices: ChoiceList = field(default_factory=lambda: ChoiceList((), {}))
    constraint: str = ""
    message: d.Text = field(default_factory=dict)
    calculation: str = ""
    text: d.Text = field(default_factory=dict)
    hint: d.Text = field(default_factory=dict)
    row_names: Mapping[str, str] = field(default_factory=dict)
    row_conditions: list[list[tuple[str, Place]]] = field(default_factory=list)
    ticks: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


@dataclass
class PageDraft:
    key: str
    place: Place
    title: d.Text = field(default_factory=dict)
    intro: d.Text = field(default_factory=dict)
    conditions: list[tuple[str, Place]] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.drafts


class Texts:
    """Texts in which `${name}` stands for an earlier answer: the names become keys."""

    def __init__(self, keys: Mapping[str, str], report: Report) -> None:
        self.keys, self.report = keys, report

    def of(self, line: HasTexts, column: str) -> d.Text:
        return {language: self.piped(text, line.at(column)) for language, text in line.texts.get(column, {}).items()}

    def piped(self, text: str, place: Place) -> str:
        def put(match: re.Match[str]) -> str:
            key = self.keys.get(match[1])
            if key is None:
                self.report.add(place, text, REFERENCE, REFERENCE_ADVICE, name=match[1])
                return f"$${{{match[1]}}}"
            return f"${{{key}}}"

        return PIPE.sub(put, text)


def assembled(
    *, key: str, title: d.Text, languages: tuple[str, ...], pages: Sequence[PageDraft], report: Report,
    intro: d.Text | None = None, thanks: d.Text | None = None, summary: d.Text | None = None,
    parse: Callable[[str], Foreign] = foreign.xpath,
) -> d.Definition:  # fmt: skip
    """The definition; every condition in it passes its checks."""
    maker = _Assembler(pages, languages, report, parse)
    made = [maker.page(page) for page in pages if page.drafts]
    definition = d.Definition(
        consult="survey/1", key=key, title=title, summary=summary or {}, intro=intro or {}, thanks=thanks or {},
        languages=languages, pages=tuple(made),
    )  # fmt: skip
    return maker.checked(definition)


class _Assembler:
    def __init__(
        self, pages: Sequence[PageDraft], languages: Sequence[str], report: Report, parse: Callable[[str], Foreign]
    ) -> None:
        self.languages, self.report, self.parse = languages, report, parse
        self.asked: dict[str, Asked] = {}
        self.origins: dict[tuple[str, str], tuple[str, Place]] = {}
        for page in pages:
            for draft in page.drafts:
                self.offer(draft, always=not page.conditions and not draft.conditions)

    def offer(self, draft: Draft, always: bool) -> None:
        """What expressions may say of a question."""
        question = draft.question
        sure = always and bool(getattr(question, "required", False)) and not getattr(question, "outside", ())
        name = Name(question.key, 0)
        match question:
            case d.Single():
                self.asked[draft.name] = Asked(name, "code", draft.codes, sure=sure)
            case d.Multiple():
                self.asked[draft.name] = Asked(name, "codes", draft.codes, sure=sure)
                for tick, code in draft.ticks.items():
                    self.asked[tick] = Asked(name, "tick", code=code, sure=sure)
            case d.Scaled() | d.Nps() | d.Number() if not isinstance(question, d.MatrixScale):
                self.asked[draft.name] = Asked(name, "number", sure=sure)
            case d.Calculated():
                self.asked[draft.name] = Asked(name, "number" if _is_number(draft.calculation) else "text")
            case d.Free() | d.Hidden():
                self.asked[draft.name] = Asked(name, "text", sure=sure)
            case d.MatrixScale() | d.MatrixSingle():
                scaled = isinstance(question, d.MatrixScale)
                for there, row in draft.row_names.items():
                    self.asked[there] = Asked(
                        Member(question.key, row, 0), "number" if scaled else "code", draft.codes, sure=sure
                    )
            case d.Information():
                pass
            case _:
                self.asked[draft.name] = Asked(name, "other", sure=sure)
        if draft.name in self.asked:
            self.asked.update(dict.fromkeys(draft.aliases, self.asked[draft.name]))

    def page(self, page: PageDraft) -> d.Page:
        return d.Page(
            key=page.key,
            title=page.title,
            intro=page.intro,
            show_if=self.condition(page.conditions, ("page", page.key)),
            questions=tuple(question for draft in page.drafts if (question := self.question(draft)) is not None),
        )

    def question(self, draft: Draft) -> d.AnyQuestion | None:
        question = draft.question
        changes: dict[str, Any] = {"show_if": self.condition(draft.conditions, (question.key, "show_if"))}
        if draft.text and not isinstance(question, d.Calculated | d.Hidden | d.Information):
            changes["text"] = draft.text
        if draft.hint and hasattr(question, "hint"):
            changes["hint"] = draft.hint
        if draft.row_conditions:
            changes["rows"] = tuple(
                msgspec.structs.replace(row, show_if=self.condition(found, (f"{question.key}.{row.code}", "show_if")))
                for row, found in zip(question.rows, draft.row_conditions, strict=True)  # type: ignore[union-attr]
            )
        if isinstance(question, d.Calculated):
            changes["value"] = self.calculation(draft)
            if not changes["value"]:
                return None
        question = msgspec.structs.replace(question, **changes)
        return self.ruled(question, draft) if draft.constraint else question

    def condition(self, found: Sequence[tuple[str, Place]], origin: tuple[str, str]) -> str:
        trees: list[Tree] = []
        for source, place in found:
            try:
                trees.append(condition(self.parse(source), self.asked.get))
            except NotRead as fault:
                self.report.add(place, source, fault.message, SHOWN_TO_ALL, **fault.parameters)
        if not trees:
            return ""
        self.origins[origin] = found[-1]
        return written(chain("&&", trees))

    def calculation(self, draft: Draft) -> str:
        place = draft.place.at("calculation")
        self.origins[draft.question.key, "value"] = (draft.calculation, place)
        try:
            return written(value(self.parse(draft.calculation), self.asked.get))
        except NotRead as fault:
            self.report.add(place, draft.calculation, fault.message, NO_VALUE, **fault.parameters)
            return ""

    def ruled(self, question: d.AnyQuestion, draft: Draft) -> d.AnyQuestion:
        place = draft.place.at("constraint")
        try:
            whole = self.parse(draft.constraint)
            question, tree = (question, whole) if draft.message else with_limits(question, whole, draft.choices)
            if tree is None or not isinstance(question, d.Question):
                return question
            own = self.asked.get(draft.name)
            surely = own and in_own_rule(own)
            must = condition(tree, lambda name: surely if name == "." else self.asked.get(name))
        except NotRead as fault:
            self.report.add(place, draft.constraint, fault.message, NO_RULE, **fault.parameters)
            return question
        message = draft.message
        if not message:
            message = {language: GENERAL[language] for language in self.languages if language in GENERAL}
            self.report.add(place, draft.constraint, NO_MESSAGE)
        self.origins[question.key, "must"] = (draft.constraint, place)
        rule = d.Rule(must=written(must), message=message)
        return msgspec.structs.replace(question, rules=(rule,))

    def checked(self, definition: d.Definition) -> d.Definition:
        """Without conditions that do not fit the questions."""
        for _ in range(10):
            wrong = [found for found in checks.check(definition) if CONDITIONS.keys() & set(found.path)]
            if not wrong:
                break
            plain = d.to_builtins(definition)
            for found in wrong:
                self.drop(plain, found)
            definition = d.from_builtins(_without_empty(plain))
        return d.from_builtins(_without_empty(d.to_builtins(definition)))

    def drop(self, plain: dict[str, Any], found: checks.Found) -> None:
        """Take out the condition, rule or calculation that a fault is in, and tell it once."""
        at = next(number for number, part in enumerate(found.path) if part in CONDITIONS)
        where = str(found.path[at])
        node: Any = plain
        names: list[str] = []
        for number, part in enumerate(found.path[:at]):
            node = node[part]
            if isinstance(node, dict) and ("type" in node or number == at - 1):
                names += [str(node[name]) for name in ("key", "code") if name in node]
        said = str(node.get(where, ""))
        if not said:
            return
        if where == "show_if":
            del node[where]
        else:
            node[where] = ""
        is_page = len(found.path[:at]) == 2
        origin = ("page", names[-1]) if is_page else (".".join(names), where)
        source, place = self.origins.get(origin, (said, Place("", ".".join(names))))
        self.report.add(place, source, found.message, CONDITIONS[where], **found.parameters)


def in_own_rule(asked: Asked) -> Asked:
    """The question itself in its own rule: it is judged only when it is answered."""
    return Asked(asked.tree, asked.kind, asked.codes, asked.code, True)


def _is_number(calculation: str) -> bool:
    return not re.search(r"['\"]", calculation)


def _without_empty(plain: dict[str, Any]) -> dict[str, Any]:
    """Without rules and calculated values that were dropped, and pages that hold nothing any more."""
    for page in plain["pages"]:
        page["questions"] = [one for one in page.get("questions", ()) if one["type"] != "calculated" or one["value"]]
        for question in page["questions"]:
            if "rules" in question:
                question["rules"] = [rule for rule in question["rules"] if rule["must"]]
    plain["pages"] = [page for page in plain["pages"] if page["questions"]]
    return plain
