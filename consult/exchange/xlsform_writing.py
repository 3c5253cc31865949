"""A definition as an XLSForm workbook, with all that XLSForm cannot express, by text path.

    pages                 groups with the appearance field-list, their introduction as a note `PAGE_intro`
    scales, recommending  select_one with the appearance likert
    matrix questions      groups with the appearance table-list, rows as `MATRIX_ROW`
    limits, rules         constraint
    conditions            relevant

Taking the workbook over again gives the same definition, but for what is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter

from consult.errors import N_
from consult.exchange import xlsform_answers as answers
from consult.exchange.foreign import NotRead
from consult.exchange.report import Loss, Place, Report
from consult.exchange.xlsform_rows import MISSING, Form, language_name
from consult.exchange.xpath import calculation, relevant
from consult.surveys.definition import schema as d

ONE_TITLE = N_("XLSForm has the title in one language only.")
NO_WHOLE = N_("XLSForm has no such setting of a survey.")
NO_SCREEN_OUT = N_("XLSForm cannot end a survey early for some. The page is left out.")
NO_QUESTION_PART = N_("Questions have no such thing in XLSForm.")
NO_CONDITION = N_("It is shown to everybody there.")
NO_RULE = N_("The rule is left out.")
ONE_MESSAGE = N_("XLSForm has one check with one message for each question: limits and rules are one check there.")
NO_VALUE = N_("The calculated value is left out.")
IN_HINT = N_("XLSForm has no units. It stands in the hint.")
LITERAL = N_("XLSForm takes ${…} for an answer always. A space was put into it.")
UNKNOWN_ANSWER = N_("The answer cannot be put into a text there.")
WHOLE = ("mode", "minutes", "review", "resume", "editable", "order", "quotas", "summary", "source")


@dataclass(frozen=True, slots=True)
class Exported:
    content: bytes
    losses: tuple[Loss, ...]


def export(definition: d.Definition) -> Exported:
    """The workbook. The same definition gives the same bytes."""
    tables, losses = as_tables(definition)
    return Exported(_written(tables), losses)


def as_tables(definition: d.Definition) -> tuple[dict[str, list[list[str]]], tuple[Loss, ...]]:
    """The cells of the sheets survey, choices and settings."""
    writer = _Writer(definition)
    writer.run()
    return _tables(writer.form, definition), tuple(writer.report.losses)


class _Writer:
    def __init__(self, definition: d.Definition) -> None:
        self.definition = definition
        self.report = Report()
        self.form = Form(self.report, {question.key for question in definition.questions})
        self.names: dict[str, list[str]] = {}
        self.numbers = frozenset(q.key for q in definition.questions if isinstance(q, d.Scaled | d.Nps | d.Number))

    def lost(self, path: str, said: object, why: str, advice: str = "", **parameters: object) -> None:
        first = self.definition.languages[0]
        shown = said.get(first) or next(iter(said.values()), "") if isinstance(said, Mapping) else str(said)
        self.report.add(Place(row=path), str(shown), why, advice, **parameters)

    def run(self) -> None:
        definition = self.definition
        plain = d.to_builtins(definition)
        for name in WHOLE:
            if name in plain:
                told = plain[name] if not isinstance(plain[name], list) else len(plain[name])
                self.lost(name, told, NO_WHOLE)
        for name in ("design", "results"):
            for part, said in plain.get(name, {}).items():
                self.lost(f"{name}.{part}", said, NO_WHOLE)
        if len(set(definition.title.values())) > 1:
            self.lost("title", definition.title, ONE_TITLE)
        if definition.intro:
            self.form.add("note", self.form.name("survey_intro"), {"label": self.text(definition.intro, "intro")})
        for page in definition.pages:
            self.page(page)
        if definition.thanks:
            self.form.add("note", self.form.name("survey_thanks"), {"label": self.text(definition.thanks, "thanks")})

    def page(self, page: d.Page) -> None:
        path = f"pages.{page.key}"
        if page.screen_out:
            self.lost(f"{path}.screen_out", page.screen_out, NO_SCREEN_OUT)
            return
        name = self.form.name(page.key, path)
        self.form.add(
            "begin_group", name, {"label": self.text(page.title, f"{path}.title")}, appearance="field-list",
            relevant=self.condition(page.show_if, f"{path}.show_if"),
        )  # fmt: skip
        if page.intro:
            self.form.add("note", self.form.name(f"{name}_intro"), {"label": self.text(page.intro, f"{path}.intro")})
        for question in page.questions:
            self.question(question)
        self.form.add("end_group")

    def question(self, question: d.AnyQuestion) -> None:
        path = f"questions.{question.key}"
        for name in ("concept", "sensitive", "image"):
            if getattr(question, name, None):
                said = question.image.file if name == "image" else getattr(question, name)  # type: ignore[union-attr]
                self.lost(f"{path}.{name}", said, NO_QUESTION_PART)
        if not getattr(question, "public", True):
            self.lost(f"{path}.public", "false", NO_QUESTION_PART)
        texts = {
            "label": self.text(question.text, f"{path}.text"),
            "hint": self.text(getattr(question, "hint", {}), f"{path}.hint"),
            "guidance_hint": self.text(getattr(question, "help", {}), f"{path}.help"),
        }
        cells = {
            "required": "yes" if getattr(question, "required", False) else "",
            "relevant": self.condition(question.show_if, f"{path}.show_if"),
        }
        asked = answers.Asked(self.form, question, path, texts, cells, self.lost, self.text)
        if isinstance(question, d.Calculated):
            cells["calculation"] = self.guarded(
                lambda: calculation(question.value, self.names), f"{path}.value", question.value, NO_VALUE
            )
            if not cells["calculation"]:
                return
        if isinstance(question, d.Number) and question.unit:
            self.unit(question, texts, path)
        self.names.update(asked.write())
        limits = asked.limits()
        rules = self.rules(question, path)
        if limits and rules:
            self.lost(f"{path}.rules", question.rules[0].must, ONE_MESSAGE)  # type: ignore[union-attr]
        asked.constrain(limits, rules)

    def unit(self, question: d.Number, texts: dict[str, d.Text], path: str) -> None:
        self.lost(f"{path}.unit", question.unit, IN_HINT)
        texts["hint"] = {
            language: f"{texts['hint'].get(language, '')} ({unit})".strip() for language, unit in question.unit.items()
        }

    def rules(self, question: d.AnyQuestion, path: str) -> list[tuple[str, d.Text]]:
        found: list[tuple[str, d.Text]] = []
        for number, rule in enumerate(getattr(question, "rules", ())):
            place = f"{path}.rules.{number + 1}"
            names = {**self.names, question.key: [question.key]}
            said = self.guarded(
                lambda must=rule.must, names=names: relevant(must, names, self.numbers, question.key),  # type: ignore[misc]
                place, rule.must, NO_RULE,
            )  # fmt: skip
            if said and found:
                self.lost(place, rule.must, ONE_MESSAGE)
            if said:
                found.append((said, self.text(rule.message, f"{place}.message")))
        return found

    def condition(self, source: str, path: str) -> str:
        if not source:
            return ""
        return self.guarded(lambda: relevant(source, self.names, self.numbers), path, source, NO_CONDITION)

    def guarded(self, make: Callable[[], str], path: str, said: str, advice: str) -> str:
        try:
            return make()
        except NotRead as fault:
            self.lost(path, said, fault.message, advice, **fault.parameters)
            return ""

    def text(self, text: d.Text, path: str) -> d.Text:
        """Answers in texts are written alike; what only looks so is set apart."""
        return {language: self.piped(said, path) for language, said in text.items()}

    def piped(self, said: str, path: str) -> str:
        if "$${" in said:
            self.lost(path, said, LITERAL)
            said = said.replace("$${", "$ {")
        for name in answers.PIPE.findall(said):
            if len(self.names.get(name, ())) != 1 or self.names[name][0] != name:
                self.lost(path, said, UNKNOWN_ANSWER)
                said = said.replace(f"${{{name}}}", f"$ {{{name}}}")
        return said


def _tables(form: Form, definition: d.Definition) -> dict[str, list[list[str]]]:
    languages = {code: language_name(code) for code in definition.languages}
    texts = [column for column in answers.TEXTS if any(column in row.texts for row in form.rows)] or ["label"]
    cells = [column for column in answers.CELLS if any(column in row.cells for row in form.rows)]
    headers = [(column, code) for column in texts for code in languages]
    survey = [["type", "name", *(f"{column}::{languages[code]}" for column, code in headers), *cells]]
    for row in form.rows:
        said = [row.texts.get(column, {}).get(code, "") for column, code in headers]
        survey.append([row.type, row.name, *said, *(row.cells.get(column, "") for column in cells)])
    has_missing = any(option.missing for _, option in form.choices)
    choices = [["list_name", "name", *(f"label::{name}" for name in languages.values()), *["missing"][:has_missing]]]
    for name, option in form.choices:
        said = [option.text.get(code, "") for code in languages]
        choices.append([name, option.code, *said, *[MISSING[option.missing]][:has_missing]])
    title = definition.title.get(definition.languages[0], definition.key)
    default = languages[definition.languages[0]]
    settings = [["form_title", "form_id", "default_language", "style"], [title, definition.key, default, "pages"]]
    return {"survey": survey, "choices": choices, "settings": settings}


def _written(sheets: Mapping[str, list[list[str]]]) -> bytes:
    """Every cell is a text, so that none is taken for a formula."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, said in enumerate(row):
                    if said:
                        sheet.write_string(number, column, said, bold if number == 0 else None)
            sheet.set_column(0, max(map(len, rows)) - 1, 24)
    return out.getvalue()
