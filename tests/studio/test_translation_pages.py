"""The tab “Translations”: works, stranger, stale, conflicts, approval; and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from consult.app import Application, build
from consult.profile import SurveyRules, load_profile
from consult.settings import Settings, resource
from consult.studio.translation import kind_of, mark, placeholders
from consult.surveys import operations, queries
from consult.surveys.definition.schema import Definition
from consult.surveys.definition.texts import texts, with_text
from tests.conftest import NOON, Clock
from tests.people.makers import staff
from tests.surveys.test_translations import take_in, trilingual

HOME = "/staff/en/surveys/small/translate"


def wish(place: str, value: str, *, source: str, now: str, language: str = "en") -> dict[str, str]:
    rest = f"{language}.{place}"
    return {f"t.{rest}": value, f"s.{rest}": mark(source), f"v.{rest}": mark(now)}


TITLE: dict[str, Any] = {"source": "Мала анкета", "now": "A small survey"}


async def copy() -> Definition:
    found = await queries.working_copy((await queries.survey("small")).id)
    assert found is not None
    return found.definition


async def stale() -> None:
    await take_in(trilingual())
    await take_in(with_text(trilingual(), "title", "mk", "Голема анкета"), 1)


@pytest.mark.parametrize(("role", "status"), [("translator", 200), ("designer", 200), ("clerk", 403)])
async def test_translators_and_designers_come_in(client: httpx.AsyncClient, role: str, status: int) -> None:
    await stale()
    await staff(client, NOON, role)
    assert (await client.get(HOME)).status_code == status


async def test_stranger_is_sent_to_sign_in(client: httpx.AsyncClient) -> None:
    await stale()
    assert "/sign-in" in (await client.get(HOME)).headers["location"]


async def test_stale_text_is_shown_with_the_difference(client: httpx.AsyncClient) -> None:
    await stale()
    await staff(client, NOON, "translator")
    shown = (await client.get(f"{HOME}?show=stale&to=en")).text
    assert "removed: </span>Мала</del>" in shown
    assert "added: </span>Голема</ins>" in shown
    assert 'value="en.title"' in shown
    assert "t.en.questions.colour.text" not in shown
    assert "t.en.questions.colour.text" in (await client.get(f"{HOME}?show=all")).text


async def test_translation_is_saved_and_nothing_else(client: httpx.AsyncClient) -> None:
    await stale()
    await staff(client, NOON, "translator")
    sent = wish("title", "A large survey", source="Голема анкета", now="A small survey")
    answer = await client.post(HOME, data={**sent, "show": "stale", "to": "en"})
    assert answer.headers["location"] == f"{HOME}?done=saved&show=stale&to=en"
    assert await copy() == with_text(
        with_text(trilingual(), "title", "mk", "Голема анкета"), "title", "en", "A large survey"
    )
    assert "Nothing is left to do here" in (await client.get(f"{HOME}?show=stale&to=en")).text


async def test_still_right(client: httpx.AsyncClient) -> None:
    await stale()
    await staff(client, NOON, "translator")
    answer = await client.post(HOME, data={"right": "en.title", "show": "stale"})
    assert "done=confirmed" in answer.headers["location"]
    assert "Nothing is left to do here" in (await client.get(f"{HOME}?show=stale&to=en")).text


async def test_source_language_cannot_be_written(client: httpx.AsyncClient) -> None:
    await take_in(trilingual())
    await staff(client, NOON, "translator")
    sent = wish("title", "Друга", source="Мала анкета", now="Мала анкета", language="mk")
    assert (await client.post(HOME, data=sent)).status_code == 422
    assert await copy() == trilingual()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (wish("title", "New", source="Мала анкета", now="Old words"), "Somebody else has changed this"),
        (wish("title", "New", source="Старо", now="A small survey"), "The source has changed meanwhile"),
        (wish("title", "New ${name}", **TITLE), "Take out what stands in braces"),
        (wish("title", "x" * 10_001, **TITLE), "longer than 10000"),
        (wish("nothing.text", "New", source="", now=""), "no longer in the survey"),
    ],
)
async def test_what_stands_in_the_way_is_said_and_what_was_typed_stays(
    client: httpx.AsyncClient, sent: dict[str, str], said: str
) -> None:
    await take_in(trilingual())
    await staff(client, NOON, "translator")
    other = wish("questions.colour.text", "Which color?", source="Која боја?", now="Which colour?")
    answer = await client.post(HOME, data={**sent, **other})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Which color?" in answer.text
    assert await copy() == trilingual()


async def test_field_that_was_not_touched_is_no_conflict(client: httpx.AsyncClient) -> None:
    await take_in(trilingual())
    await staff(client, NOON, "translator")
    untouched = wish("title", "Old words", source="Старо", now="Old words")
    assert (await client.post(HOME, data=untouched)).headers["location"] == f"{HOME}?done=same&show=open"


async def test_first_text_in_another_language_adds_the_language(client: httpx.AsyncClient) -> None:
    await take_in(trilingual())
    await staff(client, NOON, "translator")
    await client.post(HOME, data=wish("title", "მცირე გამოკითხვა", source="Мала анкета", now="", language="ka"))
    assert (await copy()).languages == ("mk", "en", "ka")
    assert dict(texts(await copy()))["title"]["ka"] == "მცირე გამოკითხვა"


@pytest.fixture
def application(db: None, settings: Settings, clock: Clock, request: pytest.FixtureRequest) -> Application:
    """Skopje; where a test asks for it, with approval by a second person."""
    profile = load_profile(resource("profiles", "skopje.toml"))
    if getattr(request, "param", "") == "approval":
        profile = msgspec.structs.replace(profile, surveys=SurveyRules(translation_approval=True))
    return build(replace(settings), profile, clock=clock)


@pytest.mark.parametrize("application", ["approval"], indirect=True)
async def test_second_person_approves_and_then_it_opens(client: httpx.AsyncClient, clock: Clock) -> None:
    anna = await staff(client, NOON, "designer")
    full = msgspec.structs.replace(trilingual(), languages=("mk", "en", "ka"))
    for place, text in texts(full):
        full = with_text(full, place, "ka", f"{text['en']} ka")
    survey_id = await take_in(full, person=anna.id)
    await operations.publish(survey_id=survey_id, at=NOON)
    own = await client.post(HOME, data={"approve": "en.title"})
    assert (own.status_code, "You wrote this one" in own.text) == (409, True)
    refused = await client.post("/staff/en/surveys/small/dates", data={"opens_at": ""})
    assert "To be approved in “en” (" in refused.text
    await staff(client, NOON, "translator", email="beso@example.org")
    assert "Approve" in (await client.get(f"{HOME}?show=waiting")).text
    clock.now += timedelta(minutes=1)
    assert "done=approved" in (await client.post(HOME, data={"approve": "all"})).headers["location"]
    assert "Nothing is left" in (await client.get(f"{HOME}?show=waiting")).text
    await staff(client, NOON, "designer", email="ceca@example.org")
    assert (await client.post("/staff/en/surveys/small/dates", data={"opens_at": ""})).status_code == 303


def test_placeholders_and_kinds() -> None:
    assert placeholders("From ${age} to ${town}, $${price}") == {"age", "town"}
    assert kind_of("questions.options.text") == "Question"
    assert [kind_of(f"questions.a.options.b.{last}") for last in ("text", "hint", "image.alt")] == [
        "Option",
        "Hint",
        "Description of the picture",
    ]
    assert kind_of("quotas.text.text") == "Words when a quota is full"
