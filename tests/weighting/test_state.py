"""What tells that figures of surveys would be made alike."""

from __future__ import annotations

from consult.columns.frame import frame
from consult.weighting.state import Remembered, states
from tests.results.makers import answered
from tests.weighting.makers import ANSWERS, a_weighable_survey


async def test_figures_are_made_once_until_an_answer_comes_and_again_after_it(db: None) -> None:
    survey_id = await a_weighable_survey(())
    nobody = (await states([survey_id]))[survey_id]
    assert nobody is not None and nobody == (await states([survey_id]))[survey_id]
    await frame(survey_id)
    remembered: Remembered[int] = Remembered(10)
    made: list[int] = []

    async def make() -> int:
        made.append((await frame(survey_id)).n)
        return made[-1]

    async def look() -> int:
        return await remembered.of(survey_id, (await states([survey_id]))[survey_id], make)

    assert [await look(), await look(), made] == [0, 0, [0]]
    await answered(survey_id, ANSWERS[:2])
    assert [await look(), await look(), await look(), made] == [2, 2, 2, [0, 2, 2]]  # taken in, noted, remembered
