"""A question over waves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from consult.app import Application
from consult.explorer import trend
from consult.explorer.selecting import opened, selected
from consult.i18n import locale
from consult.storage import execute
from consult.surveys import operations
from consult.web.forms import Form
from tests.people.makers import staff
from tests.results.makers import NOON, a_survey, definition, question, text

RATED = question("scale", "overall", concept="satisfaction.overall", text=text("Satisfied?"))
SAMPLE = {"kind": "sample", "population": 100_000}
PAGE = "/staff/{}/results/trees/trend"


async def given(survey_id: UUID, answers: list[Any], day: date, *, version: int = 1) -> None:
    for answer in answers:
        await execute(
            "insert into response (id, survey, version, language, channel, day, answers)"
            " values ($1, $2, $3, 'mk', 'web', $4, $5)",
            uuid4(),
            survey_id,
            version,
            day,
            {"overall": answer},
        )


async def found(**query: str) -> tuple[trend.Asked, trend.Found]:
    survey, answers = await opened("trees")
    asked, _ = trend.read(Form({name: value.split(",") for name, value in query.items()}), answers)
    made = await trend.found(asked, await selected(survey, answers, asked.who, NOON))
    assert made is not None
    return asked, made


async def test_months_have_shares_limits_and_a_tested_change(application: Application) -> None:
    survey_id = await a_survey(definition(RATED, design=SAMPLE))
    for month in range(1, 8):
        await given(survey_id, [5] * 10 + [1] * 10 if month < 7 else [5] * 19 + [1], date(2026, month, 10))
    asked, made = await found()
    assert (asked.question, asked.answers, asked.by) == ("overall", ("4", "5"), "month")
    assert [one.value for one in made.estimates] == pytest.approx([0.5] * 6 + [0.95])
    assert [one.n for one in made.estimates] == [20] * 7
    # By hand: centre (60 + 19)/140, limits at three standard errors of 20 answers.
    centre = 79 / 140
    half = 3 * (centre * (1 - centre) / 20) ** 0.5
    assert [made.limits.centre[0], made.limits.low[0]] == pytest.approx([centre, centre - half])
    assert made.limits.signals[6] == ("beyond",)
    assert made.tested is not None
    assert made.tested.value == pytest.approx(0.45)
    assert "more than chance" in trend.says(made, asked, locale("en"))
    assert made.parts[0].label["en"] == "January 2026"
    assert made.parts[0].label["mk"] == "јануари 2026"


async def test_weeks_quarters_years_and_means(application: Application) -> None:
    survey_id = await a_survey(definition(RATED))
    for day, value in ((date(2025, 12, 31), 1), (date(2026, 1, 1), 2), (date(2026, 3, 31), 4), (date(2026, 4, 1), 5)):
        await given(survey_id, [value], day)
    for by, figures in (("week", [1.5, 4.5]), ("quarter", [1.0, 3.0, 5.0]), ("year", [1.0, 11 / 3])):
        _, made = await found(by=by, figure="mean")
        assert [one.value for one in made.estimates] == pytest.approx(figures)
        assert made.tested is None
        assert [note.code for note in made.notes] == ["few_waves"]


async def test_versions_break_where_the_question_changed(application: Application) -> None:
    survey_id = await a_survey(definition(RATED))
    other = definition(RATED | {"text": text("Quite satisfied?")})
    await operations.import_working_copy(definition=other, at=NOON)
    await operations.publish(survey_id=survey_id, at=NOON + timedelta(hours=1))
    await given(survey_id, [5, 1], date(2026, 11, 1))
    await given(survey_id, [5], date(2026, 11, 2), version=2)
    _, made = await found(by="version")
    assert [one.value for one in made.estimates] == [0.5, 1.0]
    assert [bool(part.broken) for part in made.parts] == [False, True]
    assert made.tested is None


async def test_surveys_that_ask_the_same_are_waves_and_other_designs_are_told_apart(application: Application) -> None:
    await given(await a_survey(definition(RATED)), [5, 4, 1, 2], date(2026, 3, 1))
    other = definition(RATED | {"key": "happy"}, key="later", design=SAMPLE)
    later = await a_survey(other)
    await execute(
        "insert into response (id, survey, version, language, channel, day, answers)"
        " values ($1, $2, 1, 'mk', 'web', '2026-05-01', '{\"happy\": 5}')",
        uuid4(),
        later,
    )
    await a_survey(definition(RATED | {"concept": "another"}, key="third"))
    _, made = await found(by="survey")
    assert [part.key for part in made.parts] == ["trees", "later"]
    assert [one.value for one in made.estimates] == [0.5, 1.0]
    assert made.parts[1].broken["en"] == "People were chosen in another way."


async def test_the_page_speaks_every_language_and_refuses_in_words(client: httpx.AsyncClient) -> None:
    await a_survey(definition(RATED, question("multiple", "uses"), question("number", "minutes")))
    survey_id = (await opened("trees"))[0].id
    await staff(client, NOON, "analyst")
    assert "Nobody has answered yet" in (await client.get(PAGE.format("en"))).text
    await given(survey_id, [5, 3, 4], date(2026, 11, 1))
    for language in ("mk", "ka", "en"):
        for query in ("", "?question=uses&by=week", "?question=minutes", "?figure=mean&by=survey&as_random=1"):
            assert (await client.get(PAGE.format(language) + query)).status_code == 200
    for query, words in (
        ("question=gone", "no question “gone”"),
        ("answers=7", "no answer “7”"),
        ("question=uses&by=survey", "no name across surveys"),
    ):
        assert words in (await client.get(f"{PAGE.format('en')}?{query}")).text
    assert (await client.get(f"{PAGE.format('en')}.xlsx?by=year")).content.startswith(b"PK")
