"""Codes: making, renaming, merging, deleting, giving and taking away; what becomes of them as a variable."""

from uuid import UUID, uuid4

import pytest

from consult.coding import operations, queries
from consult.coding.code import open_questions
from consult.coding.variables import variables
from consult.columns.frame import frame
from consult.errors import Invalid, NotFound
from consult.storage import execute, fetch, fetchval
from consult.surveys import operations as surveys
from tests.coding.makers import a_code, a_text_survey, given, responses
from tests.people.makers import a_person
from tests.results.makers import NOON, definition, question


async def counted(survey_id: UUID) -> dict[str, int]:
    found = await queries.code_frame(survey_id, "wish")
    assert found is not None
    return {code.key: code.answers for code in found.codes}


async def chosen(survey_id: UUID) -> dict[str, list[str] | None]:
    """Each text and its codes by the variable; None where it is not counted."""
    made = await frame(survey_id)
    variable, column = (await variables(made))["text:wish"]
    found: dict[str, list[str] | None] = {}
    for row, response in enumerate(made.ids()):
        words = await fetchval("select answers ->> 'wish' from response where id = $1", UUID(bytes=response.tobytes()))
        codes = [point for place, point in enumerate(variable.points) if column.chosen(place)[row]]
        found[words or ""] = codes if column.status[row] == 0 else None
    return found


def test_open_questions_are_texts_and_what_stands_beside_a_choice() -> None:
    asked = definition(question("single"), question("text", "wish"), question("email", "mail"), question("nps", "n"))
    assert [one.key for one in open_questions(asked)] == ["q.other", "wish"]


async def test_codes_become_a_variable_of_several_choices(db: None) -> None:
    survey_id = await a_text_survey()
    parks, noise = await a_code(survey_id), await a_code(survey_id, "Бучава")
    await given(survey_id, "Повеќе паркови", parks)
    await given(survey_id, "Повеќе паркови и помалку бучава", parks, noise)
    await given(survey_id, "Помалку бучава")
    assert await chosen(survey_id) == {
        "Повеќе паркови": ["c1"],
        "повеќе Паркови!": None,
        "Помалку бучава": [],
        "Повеќе паркови и помалку бучава": ["c1", "c2"],
        "": None,
    }
    variable, column = (await variables(await frame(survey_id)))["text:wish"]
    assert (variable.kind, variable.question, variable.points) == ("masked", "wish", ("c1", "c2"))
    assert variable.labels["c2"] == {"mk": "Бучава"}
    assert sorted(column.status.tolist()) == [0, 0, 0, 2, 2]
    assert column.points == variable.points


async def test_giving_a_code_twice_changes_nothing_and_leaves_no_entry(db: None) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    assert await given(survey_id, "Повеќе паркови", key) == 1
    assert await given(survey_id, "Повеќе паркови", key) == 0
    assert await fetchval("select count(*) from audit_entry where kind = 'coding.assigned'") == 1


async def test_a_new_code_can_be_made_while_giving_it(db: None) -> None:
    survey_id = await a_text_survey()
    await operations.assign(
        survey_id=survey_id, question="wish", responses=await responses(survey_id, "Помалку бучава"), keys=(),
        new={"mk": "  Бучава  ноќе"}, at=NOON,
    )  # fmt: skip
    found = await queries.code_frame(survey_id, "wish")
    assert found is not None
    assert [(code.label, code.answers) for code in found.codes] == [({"mk": "Бучава ноќе"}, 1)]


async def test_strangers_and_empty_answers_get_no_code(db: None) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    empty = await fetchval("select id from response where answers ->> 'wish' is null")
    done = await operations.assign(
        survey_id=survey_id, question="wish", responses=[uuid4(), empty], keys=[key], at=NOON
    )
    assert done == 0
    with pytest.raises(NotFound):
        await given(survey_id, "Помалку бучава", "c9")


async def test_taking_the_last_code_away_leaves_the_answer_uncoded(db: None) -> None:
    survey_id = await a_text_survey()
    parks, noise = await a_code(survey_id), await a_code(survey_id, "Бучава")
    await given(survey_id, "Повеќе паркови и помалку бучава", parks, noise)
    both = await responses(survey_id, "Повеќе паркови и помалку бучава")
    for keys, left in (([parks], ["c2"]), ([noise], None)):
        await operations.take_away(survey_id=survey_id, question="wish", responses=both, keys=keys, at=NOON)
        assert (await chosen(survey_id))["Повеќе паркови и помалку бучава"] == left
    await given(survey_id, "Повеќе паркови и помалку бучава")
    await operations.take_away(survey_id=survey_id, question="wish", responses=both, keys=None, at=NOON)
    assert (await chosen(survey_id))["Повеќе паркови и помалку бучава"] is None


async def test_merging_leaves_each_answer_with_the_other_code_once(db: None) -> None:
    survey_id = await a_text_survey()
    parks, noise = await a_code(survey_id), await a_code(survey_id, "Бучава")
    await given(survey_id, "Повеќе паркови", parks)
    await given(survey_id, "Повеќе паркови и помалку бучава", parks, noise)
    await operations.merge_codes(survey_id=survey_id, question="wish", key=parks, into=noise, at=NOON)
    assert await counted(survey_id) == {noise: 2}
    with pytest.raises(operations.SameCode):
        await operations.merge_codes(survey_id=survey_id, question="wish", key=noise, into=noise, at=NOON)
    assert await a_code(survey_id, "Зеленило") == "c3", "a key is never given again"


async def test_deleting_a_code_uncodes_answers_that_had_no_other(db: None) -> None:
    survey_id = await a_text_survey()
    parks, noise = await a_code(survey_id), await a_code(survey_id, "Бучава")
    await given(survey_id, "Повеќе паркови", parks)
    await given(survey_id, "Повеќе паркови и помалку бучава", parks, noise)
    await operations.delete_code(survey_id=survey_id, question="wish", key=parks, at=NOON)
    found = await chosen(survey_id)
    assert found["Повеќе паркови"] is None
    assert found["Повеќе паркови и помалку бучава"] == ["c2"]


@pytest.mark.parametrize("label", [{}, {"mk": " "}, {"mk": "паркови"}, {"mk": "а" * 121}])
async def test_a_label_that_is_empty_long_or_there_already_is_refused(db: None, label: dict[str, str]) -> None:
    survey_id = await a_text_survey()
    await a_code(survey_id)
    with pytest.raises(Invalid) as refused:
        await operations.add_code(survey_id=survey_id, question="wish", label=label, at=NOON)
    assert refused.value.problems[0].place == "label"


async def test_a_code_keeps_its_key_when_it_is_renamed(db: None) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    label = {"mk": "Зеленило", "en": "Green spaces"}
    for _ in range(2):
        await operations.rename_code(survey_id=survey_id, question="wish", key=key, label=label, at=NOON)
    found = await queries.code_frame(survey_id, "wish")
    assert found is not None
    assert [(code.key, code.label) for code in found.codes] == [(key, label)]
    assert await fetchval("select count(*) from audit_entry where kind = 'coding.code_renamed'") == 1


async def test_questions_that_are_not_open_have_no_codes(db: None) -> None:
    survey_id = await a_text_survey()
    for asked in ("q", "nothing"):
        with pytest.raises(NotFound):
            await a_code(survey_id, asked=asked)
    assert await a_code(survey_id, asked="q.other") == "c1"


async def test_the_second_coder_is_somebody_else_and_works_for_themselves(db: None) -> None:
    survey_id = await a_text_survey()
    parks, noise = await a_code(survey_id), await a_code(survey_id, "Бучава")
    first, second = (await a_person(roles=["analyst"])).id, (await a_person(roles=["analyst"])).id
    await given(survey_id, "Помалку бучава", noise, person=first)
    with pytest.raises(operations.CodedByYourself):
        await given(survey_id, "Помалку бучава", parks, coder=2, person=first)
    await given(survey_id, "Помалку бучава", parks, coder=2, person=second)
    assert (await chosen(survey_id))["Помалку бучава"] == ["c2"], "the first coder's work is counted"
    found = await queries.code_frame(survey_id, "wish")
    assert found is not None
    assert (found.coded, found.twice) == (1, 1)
    mine = await queries.codes_of(found, await responses(survey_id, "Помалку бучава"), 2)
    assert [[code.key for code in codes] for codes in mine.values()] == [["c1"]]


async def test_an_erased_response_takes_its_codes_along(db: None) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    await given(survey_id, "Повеќе паркови", key)
    (gone,) = await responses(survey_id, "Повеќе паркови")
    await surveys.erase_response(response_id=gone, reason="asked for it", at=NOON)
    assert await counted(survey_id) == {key: 0}
    assert await fetch("select * from coded_answer") == []
    assert await fetch("select * from code_assignment") == []


async def test_a_replaced_response_counts_nowhere(db: None) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    await given(survey_id, "Повеќе паркови", key)
    (old,) = await responses(survey_id, "Повеќе паркови")
    await execute(
        "insert into response (id, survey, version, language, channel, day, answers, supersedes)"
        " select $2, survey, version, language, channel, day, answers, id from response where id = $1",
        old,
        uuid4(),
    )
    assert await counted(survey_id) == {key: 0}
    assert (await chosen(survey_id))["Повеќе паркови"] is None


async def test_the_trail_holds_no_answer_and_no_id_of_one(db: None) -> None:
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    await given(survey_id, "Повеќе паркови", key)
    entries = await fetch(
        "select kind, after::text as after from audit_entry where kind like 'coding.%' order by number"
    )
    assert [entry["kind"] for entry in entries] == ["coding.code_added", "coding.assigned"]
    (response,) = await responses(survey_id, "Повеќе паркови")
    assert str(response) not in entries[1]["after"]
    assert "Повеќе" not in entries[1]["after"]


async def test_blocks_read_every_written_answer_once(db: None) -> None:
    survey_id = await a_text_survey()
    found = [one async for block in queries.blocks(survey_id, "wish", 2) for one in block]
    assert len(found) == 4
    assert len({one.response for one in found}) == 4
    assert await queries.how_many(survey_id, ["wish", "q.other"]) == {"wish": 4, "q.other": 1}


async def test_many_codes_at_once_are_given_like_few(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MANY", 1)
    survey_id = await a_text_survey()
    key = await a_code(survey_id)
    assert await given(survey_id, "Повеќе паркови", key) == 1
    assert await counted(survey_id) == {key: 1}
