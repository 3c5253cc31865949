"""A survey with every kind of column, and answers with every kind of no answer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from consult import i18n
from consult.results.formats.taking import FileKind, Report, Wanted
from consult.results.formats.writing import write
from tests.results.makers import DONT_KNOW, NOON, a_survey, definition, question, text

LONG = "Долг текст за паркот. " * 400
QUESTIONS = [
    question("single", "one", concept="test.one"),
    question("multiple", "many"),
    question("scale", "mark"),
    question("matrix_scale", "grid"),
    question("number", "age", decimals=1, outside=[DONT_KNOW]),
    question("number", "flat", min=0, max=40),
    question("text", "words", long=True),
    {"type": "date", "key": "day", "text": text("Which day?", "Кој ден?", "რომელ დღეს?")},
    {"type": "time", "key": "hour", "text": text("When?", "Кога?", "როდის?")},
    {"type": "consent", "key": "agreed", "text": text("I agree", "Се согласувам", "ვეთანხმები")},
]
FULL: dict[str, Any] = {
    "one": "other",
    "one.other": "=1+1",
    "many": ["yes", "other"],
    "many.other": "ველოსიპედი",
    "mark": 4,
    "grid": {"parks": 5, "roads": None},
    "age": -34.5,
    "flat": 12,
    "words": "Ана рече: „ајде“,\nпа замина",
    "day": "2026-05-01",
    "hour": "14:30",
    "agreed": True,
}
NOTHING: dict[str, Any] = {
    "one": None,
    "many": None,
    "mark": "dont_know",
    "age": "dont_know",
    "flat": None,
    "words": "NA",
    "day": None,
    "hour": None,
    "agreed": False,
}
"""Skipped, or not known; the matrix was not asked."""


async def written(
    folder: Path,
    kind: FileKind,
    answers: list[dict[str, Any]] | None = None,
    *,
    language: str = "mk",
    codes: bool = True,
    survey_id: UUID | None = None,
    at: datetime = NOON,
) -> tuple[Path, Report]:
    """The file of a survey, and what was reported."""
    survey_id = survey_id or await a_survey(definition(*QUESTIONS), [FULL, NOTHING] if answers is None else answers)
    locale = i18n.locale(language)
    path = folder / f"answers.{kind}"
    report = await write(survey_id, kind, path, locale=locale, wanted=Wanted(None if codes else locale), at=at)
    return path, report
