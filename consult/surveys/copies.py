"""Answers in words, for the receipt and for staff: pairs of a definition list.

The receipt is on the hot path, so everything but free text is escaped and looked up once, for a version and a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from consult.errors import N_
from consult.i18n import Locale, Text, pick
from consult.surveys import definition as d
from consult.surveys.sayings import Say, saying

SKIPPED = N_("No answer")


@dataclass(frozen=True, slots=True)
class Line:
    """A question or a row of one: its beginning, and how to say each answer that can be told beforehand."""

    begin: str
    said: Mapping[Any, str]
    unit: str
    say: Say | None = None


class Copier:
    def __init__(self, definition: d.Definition, locale: Locale) -> None:
        self.locale = locale
        self.number = lru_cache(maxsize=1000)(lambda value: str(escape(locale.number(value))))
        self.skipped = str(escape(locale.gettext(SKIPPED)))
        self.lines: dict[str, Line] = {}
        self.rows: dict[str, dict[str, Line]] = {}
        self.ranked: set[str] = set()
        for question in definition.questions:
            said = self._said(question)
            unit = self._text(getattr(question, "unit", {}))
            rows = question.options if isinstance(question, d.Allocation) else getattr(question, "rows", ())
            if isinstance(question, d.Ranking):
                self.ranked.add(question.key)
            if rows:
                title = self._text(question.text)
                self.rows[question.key] = {
                    row.code: Line(f"<dt>{title} – {self._text(row.text)}</dt><dd>", said, "") for row in rows
                }
            else:
                begin = f"<dt>{self._text(question.text)}</dt><dd>"
                self.lines[question.key] = Line(begin, said, f" {unit}" if unit else "", saying(question, locale))

    def _text(self, text: Text) -> str:
        return str(escape(pick(text, self.locale.code, self.locale.order)[0]))

    def _said(self, question: d.AnyQuestion) -> dict[Any, str]:
        said: dict[Any, str] = {}
        for option in (*getattr(question, "options", ()), *getattr(question, "outside", ())):
            said[option.code] = self._text(option.text)
        if isinstance(question, d.Scaled):
            for place, value in enumerate(question.values):
                said[value] = self._text(question.labels[place]) if question.labels else str(value)
        return said

    def copy(self, answers: Mapping[str, Any]) -> str:
        """HTML; free text is escaped here."""
        pieces: list[str] = []
        for key, value in answers.items():
            line = self.lines.get(key)
            if line is not None:
                if line.say is not None:
                    said = line.say(value, answers) or self.skipped
                else:
                    said = self._ranking(line, value) if key in self.ranked and value else self._answer(line, value)
                beside = answers.get(f"{key}.other")
                if beside:
                    said = f"{said}: {escape(beside)}"
                pieces += (line.begin, said, "</dd>")
            elif key in self.rows:
                rows = self.rows[key]
                for code, given in (value or dict.fromkeys(rows)).items():
                    pieces += (rows[code].begin, self._answer(rows[code], given), "</dd>")
        return "".join(pieces)

    def _ranking(self, line: Line, value: list[str]) -> str:
        return ", ".join(f"{place}. {line.said.get(code, code)}" for place, code in enumerate(value, start=1))

    def _answer(self, line: Line, value: Any) -> str:
        if value is None:
            return self.skipped
        if isinstance(value, list):
            return ", ".join([line.said.get(code, code) for code in value])
        known = line.said.get(value)
        if known is not None:
            return known
        if isinstance(value, str):
            return str(escape(value))
        return f"{self.number(value)}{line.unit}"

    def markup(self, answers: Mapping[str, Any]) -> Markup:
        return Markup(self.copy(answers))
