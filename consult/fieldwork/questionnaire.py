"""The questionnaire on paper: A4, one language, with the codes that clerks key in beside the boxes.

Everything is data of templates/questionnaire.typ. Numbers and codes are those of keying.py, so that paper and the
form for keying always agree. Paper knows no conditions: each stands in words before its question.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import segno

from consult.errors import N_
from consult.fieldwork.keying import KeyedQuestion, keyed
from consult.i18n import Locale, Text, pick
from consult.profile import Profile
from consult.surveys.conditions.describe import describe
from consult.surveys.definition import schema as d
from consult.surveys.survey import Survey

TEMPLATE = Path(__file__).parent / "templates" / "questionnaire.typ"
PIPED = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")
MANY_OPTIONS = 9
SHORT_OPTION = 34
LINES = {False: 1, True: 5}


class Sheet:
    """Makes the data of one survey's sheet in one language."""

    def __init__(self, definition: d.Definition, locale: Locale) -> None:
        self.definition, self.locale = definition, locale
        self.pages = keyed(definition)
        self.numbers = {one.question.key: one.number for _, questions in self.pages for one in questions}

    def text(self, text: Text) -> str:
        words = pick(text, self.locale.code, self.definition.languages)[0]
        return PIPED.sub(lambda found: self._answer_to(found[1]), words).replace("$${", "${")

    def _answer_to(self, key: str) -> str:
        said = self.locale.gettext(N_("your answer to question %(number)s"), number=self.numbers.get(key, "–"))
        return f"[{said}]"

    def data(self, survey: Survey, profile: Profile, address: str) -> dict[str, Any]:
        """Everything that the template shows. address: what one types to answer on the web."""
        say = self.locale.gettext
        closes = [survey.closes_at] if survey.closes_at else []
        return {
            "language": self.locale.code,
            "brand": profile.colours.brand,
            "town": self.text(profile.name),
            "title": self.text(self.definition.title),
            "intro": self._paragraphs(self.definition.intro),
            "sheet_label": say(N_("Sheet no. (filled in by the municipality)")),
            "how": [
                say(N_("Mark your answer with a cross in the box. The small numbers are for keying in only.")),
                say(N_("A round box: mark one answer. A square box: mark as many as are true.")),
                say(N_("You may leave out any question that you do not want to answer.")),
            ],
            "web": say(N_("You can also answer on the web:")),
            "address": address,
            "qr": _qr(f"https://{address}"),
            "qr_alt": say(N_("QR code of the short link")),
            "pages": [self._page(page, questions) for page, questions in self.pages],
            "give_back": say(N_("Please give this sheet back to:")),
            "back_to": [self.text(profile.contact.department), self.text(profile.contact.address)],
            "until": [say(N_("By %(day)s"), day=self.locale.last_day(moment)) for moment in closes],
            "privacy": self._privacy(profile),
            "page_label": say(N_("Page")),
        }

    def _privacy(self, profile: Profile) -> list[str]:
        anonymous = [self.locale.gettext(N_("Your answers are anonymous. Do not write your name on this sheet."))]
        promised = anonymous if self.definition.mode == "anonymous" else []
        return [*promised, *(self.text(said) for said in (profile.purpose, profile.retention))]

    def _paragraphs(self, text: Text) -> list[str]:
        return [part.strip() for part in self.text(text).split("\n\n") if part.strip()]

    def _page(self, page: d.Page, questions: tuple[KeyedQuestion, ...]) -> dict[str, Any]:
        return {
            "title": self.text(page.title),
            "intro": self._paragraphs(page.screen_out or page.intro),
            "condition": self._condition(page.show_if),
            "questions": [self._question(one) for one in questions if not _is_silent(one.question)],
        }

    def _condition(self, source: str) -> str:
        return describe(source, self.definition, self.locale) if source else ""

    def _question(self, keyed_question: KeyedQuestion) -> dict[str, Any]:
        question = keyed_question.question
        return {
            "number": keyed_question.number,
            "text": self.text(question.text),
            "hint": self.text(getattr(question, "hint", {})),
            "condition": self._condition(question.show_if),
            **self._form(keyed_question),
        }

    def _form(self, one: KeyedQuestion) -> dict[str, Any]:
        question = one.question
        match question:
            case d.Information() | d.File() | d.Photo():
                return {"form": "none"}
            case d.MatrixScale() | d.MatrixSingle() | d.MatrixMultiple():
                return {
                    "form": "matrix",
                    "rows": [self.text(row.text) for row in question.rows],
                    "columns": [self._choice(choice) for choice in one.cells[0].choices],
                    "is_square": isinstance(question, d.MatrixMultiple),
                }
            case d.Ranking() | d.Allocation():
                return {"form": "figures", "rows": [self.text(option.text) for option in question.options]}
            case d.Scaled(labels=()) | d.Nps():
                steps = [choice for choice in one.cells[0].choices if choice.printed.isdecimal()]
                return {
                    "form": "scale",
                    "steps": [choice.printed for choice in steps],
                    "low": self.text(question.low),
                    "high": self.text(question.high),
                    "beside": [self._choice(choice) for choice in one.cells[0].choices[len(steps) :]],
                }
            case d.Single() | d.Multiple() | d.Scaled() | d.Consent():
                options = [self._choice(choice) for choice in one.cells[0].choices]
                is_short = all(len(option["text"]) <= SHORT_OPTION for option in options)
                return {
                    "form": "options",
                    "options": options,
                    "is_square": isinstance(question, d.Multiple | d.Consent),
                    "is_wide": len(options) >= MANY_OPTIONS and is_short,
                    "other": any(cell.is_other for cell in one.cells),
                }
            case d.Date() | d.DateRange():
                return {"form": "dates", "count": 2 if isinstance(question, d.DateRange) else 1}
            case d.Number():
                beside = [self._choice(choice) for choice in one.cells[0].choices]
                return {"form": "number", "unit": self.text(question.unit), "beside": beside}
            case _:
                return {"form": "lines", "lines": LINES[isinstance(question, d.Free) and question.long]}

    def _choice(self, choice: Any) -> dict[str, str]:
        return {"code": choice.printed, "text": self.text(choice.text) or choice.printed}


def _is_silent(question: d.AnyQuestion) -> bool:
    return isinstance(question, d.Calculated | d.Hidden)


def _qr(address: str) -> str:
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=0, svgclass=None, lineclass=None)
    return picture.getvalue().decode()
