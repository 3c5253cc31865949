"""Answering, as a browser without JavaScript does it: right, wrong, twice, too late, on purpose broken."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections import Counter
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from consult.storage import engine, execute, fetch
from consult.surveys import operations, published, queries
from consult.surveys.definition import schema as d
from tests.conftest import NOON, Clock
from tests.surveys.conftest import Resident, hidden, publish
from tests.surveys.makers import free, matrix, number, page, scale, single, survey

YOU = {"district": "centar", "age": "34"}
REST = {"transport": ["bus", "car"], "bus_quality": "3", "services.waste": "3", "habits.bus": "daily", "recommend": "9"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def small(*questions: d.AnyQuestion, **changes: object) -> d.Definition:
    """One page, in English, published as `small`."""
    return survey(*questions, **changes)


async def test_survey_of_two_pages_is_answered_and_stored(resident: Resident) -> None:
    survey_id = await publish()
    first = await resident.open()
    assert first.status_code == 200
    second = await resident.send(YOU)
    assert "services.waste" in second.text
    assert 'name="district" value="centar"' in second.text
    receipt = await resident.send(REST)
    assert receipt.status_code == 200
    assert 'id="receipt"' in receipt.text
    assert 'method="post"' not in receipt.text
    ((version, answers, channel, language, day),) = await queries.answers(survey_id)
    assert (version, channel, language, day) == (1, "web", "mk", NOON.date())
    assert answers == {
        "district": "centar",
        "age": 34,
        "transport": ["bus", "car"],
        "bus_quality": 3,
        "services": {"waste": 3, "parks": None},
        "habits": {"bus": "daily", "library": None},
        "recommend": 9,
        "wish": None,
    }


async def test_receipt_has_code_and_copy(resident: Resident) -> None:
    survey_id = await publish()
    await resident.open()
    await resident.send(YOU)
    receipt = await resident.send({**REST, "wish": "<b>Клупи</b>\nи сенка"})
    code = re.search(r'class="c-code">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2})<', receipt.text)
    assert code is not None
    assert (await queries.response_by_code(survey_id, code[1].lower())).answers["wish"] == "<b>Клупи</b>\nи сенка"
    assert "&lt;b&gt;Клупи&lt;/b&gt;" in receipt.text
    assert "<b>Клупи" not in receipt.text
    assert "Автобус, Автомобил" in receipt.text


async def test_page_is_never_kept_and_each_has_its_own_id(resident: Resident) -> None:
    await publish()
    first, second = await resident.open(), await resident.open()
    assert first.headers["cache-control"] == "no-store"
    assert hidden(first.text)["_id"] != hidden(second.text)["_id"]
    assert "set-cookie" not in first.headers
    assert "default-src 'none'" in first.headers["content-security-policy"]


async def test_page_is_the_same_with_and_without_gzip(client: httpx.AsyncClient) -> None:
    await publish()
    packed = await client.get("/mk/surveys/sample", headers={"accept-encoding": "gzip"})
    plain = await client.get("/mk/surveys/sample", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    no_id = re.compile(r'name="_id" value="[^"]+"')
    assert no_id.sub("", packed.text) == no_id.sub("", plain.text)
    head = await client.head("/mk/surveys/sample")
    assert (head.status_code, head.content) == (200, b"")


async def test_problems_are_told_and_everything_typed_is_kept(resident: Resident) -> None:
    survey_id = await publish()
    await resident.open()
    again = await resident.send({"age": "many", "district.other": ""})
    assert again.status_code == 422
    assert 'href="#district"' in again.text
    assert 'href="#age"' in again.text
    assert 'value="many"' in again.text
    assert "<title>Грешка" in again.text
    second = await resident.send(YOU)
    wrong = await resident.send({**REST, "services.waste": "99", "wish": "Клупи"})
    assert second.status_code == 200
    assert 'href="#services.waste"' in wrong.text
    assert "Клупи</textarea>" in wrong.text
    assert 'value="car" checked' in wrong.text
    assert 'name="age" value="34"' in wrong.text
    assert await queries.count(survey_id) == 0


async def test_back_and_forth_keeps_answers(resident: Resident) -> None:
    await publish()
    await resident.open()
    await resident.send(YOU)
    first = await resident.send({**REST, "wish": "Клупи"}, go="back")
    assert 'value="centar" checked' in first.text
    second = await resident.send({"district": "karpos", "age": "35"})
    assert "Клупи</textarea>" in second.text
    assert 'value="bus" checked' in second.text


async def test_language_switch_keeps_page_and_answers(resident: Resident) -> None:
    survey_id = await publish()
    await resident.open()
    await resident.send(YOU)
    assert 'formaction="/ka/surveys/sample"' in (await resident.send(REST, go="stay")).text
    resident.path = "/ka/surveys/sample"
    georgian = await resident.send(REST, go="stay")
    assert '<html lang="ka"' in georgian.text
    assert 'value="car" checked' in georgian.text
    await resident.send(REST)
    assert (await queries.answers(survey_id))[0][3] == "ka"


async def test_same_answers_again_give_the_same_receipt(resident: Resident, clock: Clock) -> None:
    survey_id = await publish(small())
    resident.path = "/en/surveys/small"
    await resident.open()
    first = await resident.send({"colour": "red"})
    clock.now += timedelta(days=1)
    again = await resident.send({"colour": "red"})
    assert 'id="receipt"' in again.text
    assert first.text == again.text
    assert await queries.count(survey_id) == 1


async def test_other_answers_under_the_same_id_change_nothing(resident: Resident) -> None:
    survey_id = await publish(small(single(), free()))
    resident.path = "/en/surveys/small"
    await resident.open()
    await resident.send({"colour": "red"})
    other = await resident.send({"colour": "blue", "wish": "Benches"})
    assert other.status_code == 409
    assert 'value="blue" checked' in other.text
    assert 'value="Benches"' in other.text
    assert [answers["colour"] for _, answers, *_ in await queries.answers(survey_id)] == ["red"]
    assert 'id="receipt"' in (await resident.send({"colour": "blue"})).text
    assert await queries.count(survey_id) == 2


async def test_double_click_stores_once(resident: Resident) -> None:
    survey_id = await publish(small())
    resident.path = "/en/surveys/small"
    await resident.open()
    answers = await asyncio.gather(*(resident.send({"colour": "red"}) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert await queries.count(survey_id) == 1


async def test_fifty_at_once_are_all_stored(client: httpx.AsyncClient) -> None:
    survey_id = await publish(small(free()))

    async def one(number: int) -> str:
        person = Resident(client, "small", "en")
        while "_id" not in person.fields:  # newcomers wait while the machine has no time
            await person.open()
        return (await person.send({"wish": f"wish {number}"})).text

    receipts = await asyncio.gather(*(one(number) for number in range(50)))
    assert all('id="receipt"' in receipt for receipt in receipts)
    stored = Counter(answers["wish"] for _, answers, *_ in await queries.answers(survey_id))
    assert stored == Counter(f"wish {number}" for number in range(50))


@pytest.mark.parametrize("change", ["x" + "A" * 42, "", "A" * 43, "é" * 43, "A" * 500])
async def test_altered_id_is_told_and_input_is_kept(resident: Resident, change: str) -> None:
    survey_id = await publish(small(single(), free()))
    resident.path = "/en/surveys/small"
    await resident.open()
    answer = await resident.send({"colour": "red", "wish": "Benches", "_id": change})
    assert answer.status_code == 422
    assert "changed on its way" in answer.text
    assert 'value="red" checked' in answer.text
    assert await queries.count(survey_id) == 0
    assert 'id="receipt"' in (await resident.send({"colour": "red", "wish": "Benches"})).text


async def test_id_of_another_survey_or_version_is_altered(client: httpx.AsyncClient) -> None:
    await publish(small())
    await publish(small(key="other"))
    here, there = Resident(client, "small", "en"), Resident(client, "other", "en")
    await here.open()
    await there.open()
    assert (await here.send({"colour": "red", "_id": there.fields["_id"]})).status_code == 422
    assert (await there.send({"colour": "red", "_version": "7"})).status_code == 200


async def test_form_of_an_old_version_is_stored_as_that_version(resident: Resident) -> None:
    survey_id = await publish(small())
    resident.path = "/en/surveys/small"
    await resident.open()
    await operations.import_working_copy(definition=small(single(codes=("red", "green"))), at=NOON)
    await operations.publish(survey_id=survey_id, at=NOON)
    assert 'id="receipt"' in (await resident.send({"colour": "blue"})).text
    assert [(number, answers) for number, answers, *_ in await queries.answers(survey_id)] == [(1, {"colour": "blue"})]
    assert 'value="green"' in (await resident.open()).text


async def test_form_is_too_old_after_two_weeks(resident: Resident, clock: Clock) -> None:
    survey_id = await publish(small())
    await operations.schedule(
        survey_id=survey_id, opens_at=NOON - timedelta(hours=1), closes_at=None, languages=("en",), at=NOON
    )
    resident.path = "/en/surveys/small"
    await resident.open()
    clock.now += timedelta(days=15)
    assert (await resident.send({"colour": "red"})).status_code == 422


async def test_unknown_option_and_array_names_are_told(resident: Resident) -> None:
    await publish(small())
    resident.path = "/en/surveys/small"
    await resident.open()
    assert 'href="#colour"' in (await resident.send({"colour": "ZZZZ"})).text
    arrays = await resident.send({"colour[]": "red"})
    assert arrays.status_code == 422
    assert "colour[]" in arrays.text


async def test_text_of_a_mebibyte_is_told_and_kept(resident: Resident) -> None:
    await publish(small(free(long=True)))
    resident.path = "/en/surveys/small"
    await resident.open()
    answer = await resident.send({"wish": "y" * 2**20})
    assert answer.status_code == 422
    assert "1,048,576" in answer.text
    assert "y" * 2**20 in answer.text


async def test_nul_and_invalid_utf8_are_told_and_the_rest_is_kept(resident: Resident) -> None:
    survey_id = await publish(small(single(), free()))
    resident.path = "/en/surveys/small"
    await resident.open()
    body = urlencode({**resident.fields, "colour": "red", "_go": "next"}, doseq=True)
    nul = await resident.client.post(resident.path, content=body + "&wish=a%00b", headers=FORM)
    assert (nul.status_code, 'value="ab"' in nul.text) == (400, True)
    broken = await resident.client.post(resident.path, content=body + "&wish=a%FF%FEb", headers=FORM)
    assert broken.status_code == 400
    assert 'value="red" checked' in broken.text
    assert await queries.count(survey_id) == 0


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (urlencode([(f"x{n}", "1") for n in range(20_000)]), FORM, 413),
        ("wish=" + "y" * 2**22, FORM, 413),
        ('{"wish": "y"}', {"content-type": "application/json"}, 400),
        ("--B\r\nbroken", {"content-type": "multipart/form-data; boundary=A"}, 400),
        ("", FORM, 422),
        ("wish=y", {**FORM, "origin": "https://evil.example"}, 403),
        ("wish=y", {**FORM, "sec-fetch-site": "cross-site"}, 403),
    ],
)
async def test_broken_post_gets_a_page_that_says_so(
    client: httpx.AsyncClient, content: str, headers: dict[str, str], status: int
) -> None:
    survey_id = await publish(small(free()))
    answer = await client.post("/en/surveys/small", content=content, headers=headers)
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert await queries.count(survey_id) == 0


@pytest.mark.parametrize("path", ["/en/surveys/none", "/xx/surveys/small", "/en/surveys/small/test/guess", "/s/zzzzzz"])
async def test_what_does_not_exist_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    await publish(small())
    assert (await client.get(path)).status_code == 404


async def test_closed_survey_shows_what_was_entered(resident: Resident, clock: Clock) -> None:
    survey_id = await publish(small(free()))
    resident.path = "/en/surveys/small"
    await resident.open()
    clock.now += timedelta(days=8)
    late = await resident.send({"wish": "Benches"})
    assert late.status_code == 409
    assert "<dd>Benches</dd>" in late.text
    assert await queries.count(survey_id) == 0
    assert "closed" in (await resident.open()).text


async def test_survey_before_its_opening_says_when(resident: Resident, clock: Clock) -> None:
    await publish(small())
    resident.path = "/en/surveys/small"
    clock.now -= timedelta(days=1)
    answer = await resident.open()
    assert "20 November 2026" in answer.text
    assert 'method="post"' not in answer.text


async def test_unopened_survey_is_not_found(resident: Resident) -> None:
    await publish(small(), is_open=False)
    resident.path = "/en/surveys/small"
    assert (await resident.open()).status_code == 404


async def test_test_answers_stay_apart_and_vanish_at_opening(resident: Resident) -> None:
    survey_id = await publish(small(), is_open=False)
    await operations.start_test(survey_id=survey_id, at=NOON)
    resident.path = f"/en/surveys/small/test/{(await queries.survey('small')).test_key}"
    assert "This is a test" in (await resident.open()).text
    assert 'id="receipt"' in (await resident.send({"colour": "red"})).text
    assert (await queries.count(survey_id), await queries.test_count(survey_id)) == (0, 1)
    form = dict(resident.fields)
    await operations.schedule(survey_id=survey_id, opens_at=NOON, closes_at=None, languages=("en",), at=NOON)
    assert await queries.test_count(survey_id) == 0
    assert (await resident.open()).status_code == 404
    resident.path, resident.fields = "/en/surveys/small", form
    assert (await resident.send({"colour": "red"})).status_code == 422


async def test_hidden_question_is_dropped_on_the_server(resident: Resident) -> None:
    survey_id = await publish(small(single(), free(show_if="colour == 'blue'", required=True)))
    resident.path = "/en/surveys/small"
    page_of_questions = await resident.open()
    assert "Answer only if “Which colour?” is “Blue”." in page_of_questions.text
    assert 'id="conditions"' in page_of_questions.text
    assert 'id="receipt"' in (await resident.send({"colour": "red", "wish": "Benches"})).text
    assert (await queries.answers(survey_id))[0][1] == {"colour": "red"}


async def test_condition_on_an_earlier_page_is_settled_by_the_server(resident: Resident) -> None:
    pages = (page(single()), page(free(show_if="colour == 'blue'"), scale(), key="two"), page(number(), key="three"))
    await publish(small(pages=pages))
    resident.path = "/en/surveys/small"
    await resident.open()
    red = await resident.send({"colour": "red"})
    assert 'name="wish"' not in red.text
    assert 'id="conditions"' not in red.text
    blue = await resident.send({"colour": "blue"}, _page="one")
    assert 'name="wish"' in blue.text
    assert "Answer only if" not in blue.text


async def test_anonymous_survey_keeps_the_day_alone(resident: Resident) -> None:
    await publish(small())
    resident.path = "/en/surveys/small"
    await resident.open()
    await resident.send({"colour": "red"})
    (row,) = await fetch("select * from response")
    assert row["submitted_at"] is None
    assert row["day"] == NOON.date()
    assert set(dict(row)) == {
        "id", "survey", "version", "language", "channel", "day", "submitted_at", "answers", "supersedes",
        "flags", "is_mixed",
    }  # fmt: skip
    assert row["id"].version == 4


async def test_database_away_keeps_the_input_and_asks_to_wait(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey_id = await publish(small(free()))
    resident.path = "/en/surveys/small"
    await resident.open()
    pool = engine.DB.pool
    monkeypatch.setattr(engine.DB, "pool", None)
    busy = await resident.send({"wish": "Benches"})
    monkeypatch.setattr(engine.DB, "pool", pool)
    assert busy.status_code == 503
    assert busy.headers["retry-after"] == "10"
    assert 'value="Benches"' in busy.text
    assert 'id="receipt"' in (await resident.send({"wish": "Benches"})).text
    assert await queries.count(survey_id) == 1


async def test_post_to_a_survey_that_cannot_be_looked_up_keeps_the_input(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey_id = await publish(small(free()))
    resident.path = "/en/surveys/small"
    await resident.open()
    published.forget("small")
    pool = engine.DB.pool
    monkeypatch.setattr(engine.DB, "pool", None)
    busy = await resident.send({"wish": "Benches & <b>shade</b>"})
    monkeypatch.setattr(engine.DB, "pool", pool)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "10")
    assert hidden(busy.text)["wish"] == ["Benches & <b>shade</b>"]
    assert 'id="receipt"' in (await resident.send()).text
    assert await queries.count(survey_id) == 1


async def test_page_is_still_shown_while_the_database_is_away(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(small())
    resident.path = "/en/surveys/small"
    await resident.open()
    monkeypatch.setattr(published, "FRESH_S", -1.0)
    pool = engine.DB.pool
    monkeypatch.setattr(engine.DB, "pool", None)
    known, unknown = await resident.open(), await resident.client.get("/en/surveys/never-seen")
    monkeypatch.setattr(engine.DB, "pool", pool)
    assert known.status_code == 200
    assert (unknown.status_code, "retry-after" in unknown.headers) == (503, True)


async def test_only_what_another_process_changed_is_looked_up_anew(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"town-{number}" for number in range(3)]
    ids = [await publish(small(key=key)) for key in keys]
    before = [await published.survey(key) for key in keys]
    monkeypatch.setattr(published, "FRESH_S", -1.0)
    await execute("update survey set closes_at = $2 where id = $1", ids[1], NOON)
    after = [await published.survey(key) for key in keys]
    assert [one is other for one, other in zip(before, after, strict=True)] == [True, False, True]
    assert after[1].closes_at == NOON
    await execute(
        "insert into survey_access (survey, who, sites, kiosk, kiosk_idle_s, least_seconds, network_rate, burst,"
        " changed_at) values ($1, 'open', '[]', false, 90, 0, 100, 77, $2)",
        ids[2],
        NOON,
    )
    assert (await published.survey("town-2")).access.burst == 77


async def test_matrix_is_a_table_whose_buttons_are_named_by_row_and_column(resident: Resident) -> None:
    await publish(small(matrix(required=True)))
    resident.path = "/en/surveys/small"
    text = (await resident.open()).text
    assert [text.count(f'role="{role}"') for role in ("table", "columnheader", "rowheader", "cell")] == [1, 5, 2, 11]
    assert 'aria-labelledby="services.waste-row services.waste-label"' in text
    assert 'aria-labelledby="services.parks-row services.parks-5-label"' in text
    assert len(re.findall(r'name="services.waste"', text)) == 5
    wrong = await resident.send({"services.waste": "3"})
    assert 'href="#services.parks"' in wrong.text
    assert 'id="services.parks"' in wrong.text


async def test_short_link_leads_to_the_survey_in_the_browsers_language(client: httpx.AsyncClient) -> None:
    await publish()
    code = (await queries.survey("sample")).code
    answer = await client.get(f"/s/{code.upper()}", headers={"accept-language": "ka,en;q=0.5"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ka/surveys/sample")


async def test_schema_is_served(client: httpx.AsyncClient) -> None:
    answer = await client.get("/schema/survey-1.json")
    assert answer.json()["$id"] == "/schema/survey-1.json"


async def test_first_page_is_small(resident: Resident) -> None:
    await publish()
    answer = await resident.client.get(resident.path, headers={"accept-encoding": "gzip"})
    assert int(answer.headers["content-length"]) < 8 * 1024
    assert len(gzip.compress(answer.content)) < 8 * 1024
