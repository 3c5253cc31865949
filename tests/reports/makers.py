"""A survey to report on: a satisfaction scale, services, a sensitive question, a written one, and a break."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from consult.reports.compiling import compiled
from consult.reports.report import Report, Texts
from tests.results.makers import NOON, a_survey, definition, question, text

KEY = b"k" * 32
QUESTIONS: list[dict[str, Any]] = [
    question("scale", "overall", concept="satisfaction.overall", text=text("How is the town?", "Каков е градот?")),
    question("matrix_scale", "services", text=text("And its services?", ka="და მომსახურება?")),
    question("nps", "recommend", text=text("Would you recommend it?")),
    question("text", "words", text=text("What is missing?")),
    question("single", "sex", text=text("Sex")),
    question("single", "illness", sensitive=True, text=text("Are you ill?")),
    question("single", "secret", public=False, text=text("Something kept private")),
]


def answer(number: int) -> dict[str, Any]:
    """Content with the parks and the roads alike; three people of the third sex; few are ill."""
    mood = 1 + (number * 7) % 5
    return {
        "overall": mood, "services": {"parks": max(1, mood - number % 2), "roads": 1 + (number * 3) % 5},
        "recommend": min(10, 2 * mood + number % 2), "words": "Анна од Карпош бара клупа",
        "sex": "other" if number % 40 == 0 else "yes" if number % 2 else "no",
        "illness": "yes" if number % 20 == 0 else "no", "secret": "yes",
    }  # fmt: skip


async def a_reported_survey(*, answers: int = 120, design: str = "sample", **more: Any) -> UUID:
    made = definition(
        *QUESTIONS, design={"kind": design}, results={"breaks": ["sex"]}, summary=text("About the town", ka="ქალაქზე"),
        **more,
    )  # fmt: skip
    return await a_survey(made, [answer(number) for number in range(answers)])


async def a_report(survey: UUID, **texts: Any) -> Report:
    return await compiled(survey, key=KEY, at=NOON, texts=Texts(**texts))
