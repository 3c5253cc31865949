"""Answers in words, for the receipt and for staff: pairs of a definition list.

The receipt is on the hot path, so everything but free text is escaped and looked up once, for a version and a language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from consult.errors import N_
from consult.i18n import Locale, Text, pick
from consult.surveys.answers.piping import MARK, NOTHING, fill, is_piped
from consult.surveys.definition import schema as d
from consult.surveys.definition.values_in_words import Say, saying

SKIPPED = N_("No answer")
PAIR = re.compile("<dt>(.*?)</dt><dd>(.*?)</dd>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A question or a row of one: its beginning, and how to say each answer that can be told beforehand."""

    begin: str
    said: Mapping[Any, str]
    unit: str
    say: Say | None = None
    beside: str = ""


class Copier:
    def __init__(self, definition: d.Definition, locale: Locale) -> None:
        self.locale = locale
        self.is_piped = any(is_piped(page) for page in definition.pages)
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
                beside = f"{question.key}.other" if any(o.other for o in getattr(question, "options", ())) else ""
                unit = f" {unit}" if unit else ""
                self.lines[question.key] = Line(begin, said, unit, saying(question, locale), beside)

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

    def copy(self, answers: Mapping[str, Any], only: Collection[str] | None = None) -> str:
        """HTML; free text is escaped here. only: the keys of the questions that are wanted."""
        pieces: list[str] = []
        for key, value in answers.items():
            if only is not None and key not in only:
                continue
            line = self.lines.get(key)
            if line is not None:
                if line.say is not None:
                    said = self._guarded(line.say(value, answers) or self.skipped)
                elif value.__class__ is str and value in line.said:
                    said = line.said[value]
                else:
                    said = self._ranking(line, value) if key in self.ranked and value else self._answer(line, value)
                if line.beside and (beside := answers.get(line.beside)):
                    said = f"{said}: {self._typed(beside)}"
                pieces += (line.begin, said, "</dd>")
            elif key in self.rows:
                rows = self.rows[key]
                for code, given in (value or dict.fromkeys(rows)).items():
                    line = rows[code]
                    is_known = given.__class__ is not list and given in line.said
                    pieces += (line.begin, line.said[given] if is_known else self._answer(line, given), "</dd>")
        if self.is_piped:
            return fill("".join(pieces), lambda key: str(escape(self.plain(key, answers))))
        return "".join(pieces)

    def _ranking(self, line: Line, value: list[str]) -> str:
        return ", ".join(f"{place}. {line.said.get(code, code)}" for place, code in enumerate(value, start=1))

    def plain(self, key: str, answers: Mapping[str, Any]) -> str:
        """One answer in words, to stand in another text; a dash where there is none."""
        value = answers.get(key)
        line = self.lines.get(key)
        if value is None or line is None:
            return NOTHING
        beside = answers.get(f"{key}.other")
        if beside and isinstance(value, str):
            return str(beside)
        if isinstance(value, str) and value not in line.said and line.say is None:
            return value
        if line.say is not None:
            return Markup(line.say(value, answers)).striptags() or NOTHING
        said = self._ranking(line, value) if key in self.ranked else self._answer(line, value)
        return fill(Markup(said).striptags(), lambda other: self.plain(other, answers))

    def _typed(self, words: str) -> str:
        """What a respondent wrote: no markup, and no reference to other answers either."""
        return self._guarded(str(escape(words)))

    def _guarded(self, said: str) -> str:
        return said.replace(MARK, f"${MARK}") if self.is_piped else said

    def text(self, answers: Mapping[str, Any]) -> str:
        """All answers as plain text, to be kept as a file."""
        pairs = PAIR.findall(self.copy(answers))
        return "\n".join(f"{Markup(asked).striptags()}\n    {Markup(said).striptags()}\n" for asked, said in pairs)

    def _answer(self, line: Line, value: Any) -> str:
        if value is None:
            return self.skipped
        if isinstance(value, list):
            return ", ".join([line.said.get(code, code) for code in value])
        known = line.said.get(value)
        if known is not None:
            return known
        if isinstance(value, str):
            return self._typed(value)
        return f"{self.number(value)}{line.unit}"

    def markup(self, answers: Mapping[str, Any]) -> Markup:
        return Markup(self.copy(answers))
