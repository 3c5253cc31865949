"""Keying in: codes as they stand on paper, one or two readings of a sheet, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import httpx
import pytest

from consult.errors import Invalid
from consult.fieldwork import entry_operations, entry_queries, keying
from consult.fieldwork.entry_operations import Kept, KeyedBySame, NumberUsed
from consult.people.person import Person
from consult.storage import fetch
from consult.surveys import queries
from consult.surveys.definition import schema as d
from tests.conftest import NOON
from tests.people.makers import a_person, staff
from tests.surveys.conftest import publish
from tests.surveys.makers import DONT_KNOW, free, matrix, multiple, number, scale, single, survey, text

OTHER = d.Option(code="other", text=text("Other"), other=True)
ASKED = survey(
    single("colour", required=True, options=(*single().options, OTHER)),
    multiple("modes"),
    scale("mood", outside=(DONT_KNOW,)),
    matrix("services"),
    number("age", min=0, max=120, outside=(DONT_KNOW,)),
    free("wish", long=True),
    key="sample",
)
TYPED = {
    "colour": "3", "colour.other": "green", "modes": "3, 1", "mood": "а", "services.waste": "5", "age": "34",
    "wish": "a bench",
}  # fmt: skip


def test_codes_are_what_stands_on_paper() -> None:
    fields, problems = keying.typed(ASKED, lambda name: TYPED.get(name, ""))
    assert not problems
    assert fields == {
        "colour": ["other"], "colour.other": ["green"], "modes": ["foot", "bus"], "mood": ["dont_know"],
        "services.waste": ["5"], "age": ["34"], "wish": ["a bench"],
    }  # fmt: skip


@pytest.mark.parametrize("typed", ["a", "A", "а", "А", "ა"])
def test_a_letter_is_the_same_on_every_keyboard(typed: str) -> None:
    fields, _ = keying.typed(ASKED, lambda name: typed if name == "mood" else "")
    assert fields == {"mood": ["dont_know"]}


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [("colour", "4", keying.NOT_LISTED), ("mood", "6", keying.NOT_LISTED), ("modes", "1 1", keying.TWICE)],
)
def test_a_code_that_is_not_printed_is_refused_at_its_field(name: str, typed: str, message: str) -> None:
    _, problems = keying.typed(ASKED, lambda field: typed if field == name else "")
    assert [(problem.place, problem.message) for problem in problems] == [(name, message)]


def test_blanks_and_alphabets_are_no_difference_but_words_are() -> None:
    assert not keying.different(ASKED, {"modes": "1 3", "mood": "a"}, {"modes": "3,1", "mood": "ა"})
    assert [cell.name for cell in keying.different(ASKED, TYPED, {**TYPED, "wish": "a bank", "modes": "1"})] == [
        "modes",
        "wish",
    ]


async def key(survey_id: UUID, person: Person, typed: Mapping[str, str] = TYPED, **changes: object) -> Kept:
    given = {"number": "17", "channel": "paper", "language": "en", "day": NOON.date(), **changes}
    return await entry_operations.key_sheet(survey_id=survey_id, typed=typed, at=NOON, person=person.id, **given)  # type: ignore[arg-type]


async def stored(survey_id: UUID) -> list[dict[str, object]]:
    return [answers for _, answers, *_ in await queries.answers(survey_id)]


async def test_one_reading_is_stored_at_once_and_its_number_is_used(db: None) -> None:
    survey_id, ana = await publish(ASKED), await a_person(roles=["clerk"])
    assert await key(survey_id, ana) is Kept.STORED
    assert await stored(survey_id) == [
        {
            "colour": "other", "colour.other": "green", "modes": ["bus", "foot"], "mood": "dont_know",
            "services": {"waste": 5, "parks": None}, "age": 34, "wish": "a bench",
        }
    ]  # fmt: skip
    with pytest.raises(NumberUsed):
        await key(survey_id, ana)
    assert await entry_queries.next_number(survey_id) == 18
    rows = await fetch("select first, second, response from keyed_sheet")
    assert [tuple(row.values()) for row in rows] == [(None, None, None)]


async def test_what_was_left_out_on_paper_is_no_answer_though_the_web_asks_for_it(db: None) -> None:
    survey_id, ana = await publish(ASKED), await a_person(roles=["clerk"])
    assert await key(survey_id, ana, {"age": "20"}) is Kept.STORED
    (answers,) = await stored(survey_id)
    assert answers["colour"] is None


async def test_two_equal_readings_are_one_answer(db: None) -> None:
    survey_id, ana, ivo = await publish(ASKED), await a_person(roles=["clerk"]), await a_person(roles=["clerk"])
    await entry_operations.set_double(survey_id=survey_id, is_double=True, at=NOON, person=ana.id)
    assert await key(survey_id, ana) is Kept.ONCE
    assert await stored(survey_id) == []
    with pytest.raises(KeyedBySame):
        await key(survey_id, ana)
    assert await key(survey_id, ivo, {**TYPED, "modes": "1 3"}) is Kept.STORED
    assert len(await stored(survey_id)) == 1
    assert await entry_queries.waiting(survey_id) == []


async def test_two_readings_that_differ_are_settled_with_the_paper_in_hand(client: httpx.AsyncClient) -> None:
    survey_id, ana = await publish(ASKED), await a_person(roles=["clerk"])
    ivo = await staff(client, NOON, "clerk")
    await entry_operations.set_double(survey_id=survey_id, is_double=True, at=NOON, person=ana.id)
    await key(survey_id, ana)
    home = "/staff/en/surveys/sample/entry"
    second = {"_number": "17", "_channel": "paper", "_language": "en", "_day": "2026-11-20", **TYPED, "age": "84"}
    kept = await client.post(f"{home}/sheet", data=second)
    assert kept.headers["location"].endswith("done=differs")
    (sheet,) = await entry_queries.waiting(survey_id)
    assert sheet.second_by == ivo.id
    shown = (await client.get(f"{home}/sheets/{sheet.id}")).text
    assert "First: 34. Second: 84." in shown
    assert shown.count("c-key--differs") == 1
    wrong = await client.post(f"{home}/sheets/{sheet.id}", data={**TYPED, "age": "150"})
    assert wrong.status_code == 422
    assert 'value="150"' in wrong.text
    assert (await client.post(f"{home}/sheets/{sheet.id}", data=TYPED)).status_code == 303
    assert [answers["age"] for answers in await stored(survey_id)] == [34]
    assert (await client.post(f"{home}/sheets/{sheet.id}", data=TYPED)).status_code == 404


async def test_a_sheet_that_was_interrupted_is_stored_once(db: None) -> None:
    survey_id, ana = await publish(ASKED), await a_person(roles=["clerk"])
    await entry_operations.set_double(survey_id=survey_id, is_double=True, at=NOON, person=ana.id)
    await key(survey_id, ana)
    (sheet,) = await entry_queries.waiting(survey_id)
    version = await queries.version(survey_id)
    assert sheet.response is not None
    await entry_operations._store(version, sheet.response, "paper", "en", sheet.day, TYPED, NOON)
    await entry_operations.settle(sheet_id=sheet.id, survey_id=survey_id, typed=TYPED, at=NOON, person=ana.id)
    assert len(await stored(survey_id)) == 1


async def test_a_wrong_sheet_comes_back_with_what_was_typed(client: httpx.AsyncClient) -> None:
    await publish(ASKED)
    await staff(client, NOON, "clerk")
    home = "/staff/en/surveys/sample/entry/sheet"
    fresh = await client.get(home)
    assert 'name="_number"' in fresh.text
    sent = {"_number": "", "_channel": "paper", "_language": "en", "_day": "soon", **TYPED, "mood": "7"}
    back = await client.post(home, data=sent)
    assert back.status_code == 422
    for place in ("_number", "_day", "mood"):
        assert f'href="#{place}"' in back.text
    assert 'value="green"' in back.text


async def test_calls_have_no_number_and_wait_for_the_opening(client: httpx.AsyncClient) -> None:
    survey_id = await publish(ASKED)
    await staff(client, NOON, "clerk")
    home = "/staff/en/surveys/sample/entry/sheet"
    assert 'name="_number"' not in (await client.get(f"{home}?channel=phone")).text
    sent = {"_channel": "phone", "_language": "en", "_day": "2026-11-20", **TYPED}
    assert (await client.post(home, data=sent)).status_code == 303
    assert [channel for _, _, channel, *_ in await queries.answers(survey_id)] == ["phone"]
    early = await publish(survey(key="early"), is_open=False)
    with pytest.raises(entry_operations.NotYetOpen):
        await key(early, await a_person(roles=["clerk"]), {})


async def test_days_and_languages_are_those_of_the_survey(db: None) -> None:
    survey_id, ana = await publish(ASKED), await a_person(roles=["clerk"])
    with pytest.raises(Invalid) as refused:
        await key(survey_id, ana, language="sq", day=NOON.date().replace(year=2027))
    assert [problem.place for problem in refused.value.problems] == ["_language", "_day"]


async def test_only_clerks_key_in(client: httpx.AsyncClient) -> None:
    await publish(ASKED)
    await staff(client, NOON, "analyst")
    assert (await client.get("/staff/en/surveys/sample/entry")).status_code == 403
