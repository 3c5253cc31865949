from typing import Any

import pytest

from consult.analysis.estimate import Reason
from consult.columns.answers import blocks
from consult.errors import NotFound
from consult.results import queries
from consult.results.counting import STAFF
from consult.results.operations import NotOpenedYet, ResultsKeptPrivate, publish_results, withdraw_results
from consult.storage import execute, fetchval
from consult.surveys import operations as surveys
from tests.results.makers import NOON, a_survey, answered, definition, question, text

YES = [{"q": "yes"}] * 7 + [{"q": "no"}] * 3


async def test_charts_follow_the_answers(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), YES)
    first = await queries.question_chart(survey_id, "q")
    assert [row.parts[0].count for row in first.rows] == [7, 3, 0]
    await answered(survey_id, [{"q": "other"}])
    second = await queries.question_chart(survey_id, "q")
    assert [row.parts[0].count for row in second.rows] == [7, 3, 1]
    assert first.source.snapshot != second.source.snapshot


async def test_the_same_answers_are_decoded_once(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), YES)
    assert await queries.results_of(survey_id, at=NOON) is await queries.results_of(survey_id, at=NOON)


async def test_an_erased_answer_is_gone_from_the_charts(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), YES)
    await queries.question_chart(survey_id, "q")
    response = await fetchval("select id from response where answers ->> 'q' = 'no' limit 1")
    await surveys.erase_response(response_id=response, reason="asked for", at=NOON)
    chart = await queries.question_chart(survey_id, "q")
    assert [row.parts[0].count for row in chart.rows] == [7, 2, 0]


async def test_a_correction_takes_the_place_of_what_it_corrects(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), YES)
    await execute(
        "insert into response (id, survey, version, language, channel, day, answers, supersedes)"
        " select gen_random_uuid(), survey, 1, 'mk', 'web', day, '{\"q\": \"other\"}', id from response"
        " where answers ->> 'q' = 'no' limit 1"
    )
    chart = await queries.question_chart(survey_id, "q")
    assert [row.parts[0].count for row in chart.rows] == [7, 2, 1]


async def test_versions_are_joined_by_key(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), YES)
    options = [{"code": "yes", "text": text("Certainly")}, {"code": "maybe", "text": text("Maybe")}]
    await surveys.import_working_copy(definition=definition(question("single", options=options)), at=NOON)
    await surveys.publish(survey_id=survey_id, at=NOON)
    await answered(survey_id, [{"q": "maybe"}], version=2)
    chart = await queries.question_chart(survey_id, "q")
    assert [(row.key, row.parts[0].count) for row in chart.rows] == [("yes", 7), ("maybe", 1), ("no", 3), ("other", 0)]
    assert chart.rows[0].label["en"] == "Certainly"


async def test_a_question_kept_from_the_public_has_a_chart_for_staff_only(db: None) -> None:
    survey_id = await a_survey(definition(question("single", public=False), question("nps", "other")), YES)
    with pytest.raises(NotFound):
        await queries.question_chart(survey_id, "q")
    assert (await queries.question_chart(survey_id, "q", policy=STAFF)).base == 10
    assert [key for key, _ in await queries.chart_choices(survey_id)] == ["other"]


async def test_too_few_answers_are_hidden_from_the_public_and_not_from_staff(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), YES[:4])
    assert (await queries.question_chart(survey_id, "q")).reason is Reason.HIDDEN
    assert (await queries.question_chart(survey_id, "q", policy=STAFF)).base == 4


@pytest.mark.parametrize("key", ["gone", "written"])
async def test_a_question_without_a_chart_is_not_found(db: None, key: str) -> None:
    survey_id = await a_survey(definition(question("single"), question("text", "written")), YES)
    with pytest.raises(NotFound):
        await queries.question_chart(survey_id, key)


async def test_texts_are_counted_and_never_shown(db: None) -> None:
    survey_id = await a_survey(definition(question("text")), [{"q": "Anna"}, {"q": None}])
    found = await queries.results_of(survey_id)
    assert (found.texts, dict(found.charts)) == ({"q": 1}, {})


async def test_results_are_public_only_when_staff_say_so(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), YES)
    assert await queries.headline_charts(survey_id) == []
    await publish_results(survey_id=survey_id, at=NOON)
    await publish_results(survey_id=survey_id, at=NOON)
    assert await queries.is_public(survey_id)
    assert [chart.source.question for chart in await queries.headline_charts(survey_id)] == ["q"]
    assert [found.survey.id for found in await queries.published_results()] == [survey_id]
    await withdraw_results(survey_id=survey_id, at=NOON)
    assert not await queries.is_public(survey_id)
    kinds = await fetchval("select array_agg(kind order by at, kind) from audit_entry where kind like 'results.%'")
    assert kinds == ["results.published", "results.withdrawn"]


async def test_a_survey_that_keeps_its_results_private_cannot_publish_them(db: None) -> None:
    survey_id = await a_survey(definition(question("single"), results={"public": False}), YES)
    with pytest.raises(ResultsKeptPrivate):
        await publish_results(survey_id=survey_id, at=NOON)


async def test_a_survey_that_was_never_published_has_no_results(db: None) -> None:
    survey_id = await surveys.import_working_copy(definition=definition(question("single")), at=NOON)
    with pytest.raises(NotOpenedYet):
        await publish_results(survey_id=survey_id, at=NOON)
    with pytest.raises(NotFound):
        await queries.results_of(survey_id)


async def test_answers_pass_in_blocks_whatever_their_number(db: None) -> None:
    survey_id = await a_survey(definition(question("single")), YES)
    sizes: list[int] = []
    seen: set[Any] = set()
    async for block in blocks(survey_id, 4):
        sizes.append(len(block))
        seen |= {row.id for row in block}
    assert (sizes, len(seen)) == ([4, 4, 2], 10)
