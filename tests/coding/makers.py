"""A survey with an open question, what people wrote, and codes for it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from consult.coding import operations
from consult.storage import fetch
from tests.results.makers import NOON, a_survey, definition, question

WISHES = ("Повеќе паркови", "повеќе Паркови!", "Помалку бучава", "Повеќе паркови и помалку бучава", "")


async def a_text_survey(wishes: Sequence[str] = WISHES) -> UUID:
    """Its question `wish` is open, `q` a single choice with an open end, and the answers are in the order of wishes."""
    answers = [
        {"q": "yes" if number % 2 else "no", "wish": words or None} | ({"q.other": "друго"} if number == 0 else {})
        for number, words in enumerate(wishes)
    ]
    return await a_survey(definition(question("single"), question("text", "wish"), results={"breaks": ["q"]}), answers)


async def responses(survey_id: UUID, words: str) -> list[UUID]:
    """Who wrote exactly this."""
    rows = await fetch("select id from response where survey = $1 and answers ->> 'wish' = $2", survey_id, words)
    return [row["id"] for row in rows]


async def a_code(survey_id: UUID, label: str = "Паркови", asked: str = "wish") -> str:
    made = await operations.add_code(survey_id=survey_id, question=asked, label={"mk": label}, at=NOON)
    return made.key


async def given(survey_id: UUID, words: str, *keys: str, coder: int = 1, person: UUID | None = None) -> int:
    """Give codes to all who wrote exactly this."""
    return await operations.assign(
        survey_id=survey_id, question="wish", responses=await responses(survey_id, words), keys=keys, at=NOON,
        coder=coder, person=person,
    )  # fmt: skip
