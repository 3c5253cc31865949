"""The tabs “Checks and publishing” and “Versions”, and what a new version says otherwise."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import msgspec
import pytest

from consult.storage import fetchval
from consult.studio.differences import compare, vanished_codes
from consult.studio.vectors import answer_sets, decisions
from consult.surveys import operations, queries
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring.yaml_reading import load
from consult.surveys.definition import schema as d
from consult.surveys.survey import content_hash
from tests.conftest import NOON
from tests.people.makers import staff
from tests.surveys.conftest import publish
from tests.surveys.makers import EVERYTHING, free, number, options, page, scale, single, survey, text

HOME = "/staff/en/surveys/small"
BRANCH = survey(single(), free(show_if="colour == 'red'"))


async def take_in(definition: d.Definition, minute: int = 0) -> str:
    survey_id = await operations.import_working_copy(definition=definition, at=NOON + timedelta(minutes=minute))
    copy = await queries.working_copy(survey_id)
    assert copy is not None
    return content_hash(copy.definition)


@pytest.mark.parametrize("path", ["checks", "versions", "checks/answer-sets"])
async def test_stranger_is_sent_to_sign_in(client: httpx.AsyncClient, path: str) -> None:
    await take_in(survey())
    assert "/sign-in" in (await client.get(f"{HOME}/{path}")).headers["location"]


async def test_translator_publishes_nothing(client: httpx.AsyncClient) -> None:
    digest = await take_in(survey())
    await staff(client, NOON, "translator")
    assert (await client.post(f"{HOME}/checks", data={"hash": digest})).status_code == 403
    assert (await client.get(f"{HOME}/versions")).status_code == 200


async def test_browser_that_agrees_publishes_with_its_certificate(client: httpx.AsyncClient) -> None:
    digest = await take_in(BRANCH)
    await staff(client, NOON, "designer")
    sets = (await client.get(f"{HOME}/checks/answer-sets")).json()
    assert (sets["hash"], len(sets["cases"])) == (digest, 200)
    decided = decisions(Compiled(BRANCH), sets["cases"])
    answer = await client.post(
        f"{HOME}/checks",
        data={"hash": digest, "decisions": json.dumps(decided)},
        headers={"user-agent": "Mozilla/5.0 Firefox/140.0"},
    )
    assert answer.headers["location"] == f"{HOME}/versions?done=published"
    shown = (await client.get(f"{HOME}/versions")).text
    assert "Firefox 140, 200 answer sets, 200 decisions, all alike" in shown


async def test_browser_that_disagrees_is_shown_the_cases(client: httpx.AsyncClient) -> None:
    digest = await take_in(BRANCH)
    await staff(client, NOON, "designer")
    decided: list[list[str]] = [[] for _ in answer_sets(Compiled(BRANCH), digest)]
    answer = await client.post(f"{HOME}/checks", data={"hash": digest, "decisions": json.dumps(decided)})
    assert answer.status_code == 422
    assert "colour=blue" in answer.text and "only the server hides wish" in answer.text
    assert await fetchval("select count(*) from survey_version") == 0


async def test_without_scripts_it_has_to_be_said(client: httpx.AsyncClient) -> None:
    digest = await take_in(BRANCH)
    await staff(client, NOON, "designer")
    refused = await client.post(f"{HOME}/checks", data={"hash": digest, "decisions": ""})
    assert (refused.status_code, 'href="#without"' in refused.text) == (422, True)
    await client.post(f"{HOME}/checks", data={"hash": digest, "decisions": "", "without": "1"})
    assert "Published without a browser" in (await client.get(f"{HOME}/versions")).text


async def test_faults_stand_in_the_way(client: httpx.AsyncClient) -> None:
    dead = survey(single(), free(show_if="colour == 'red'"), number(show_if="answered(wish) && colour == 'blue'"))
    digest = await take_in(dead)
    await staff(client, NOON, "designer")
    shown = (await client.get(f"{HOME}/checks")).text
    assert f'href="{HOME}/edit?at=question-age#question-age"' in shown
    assert "Publish the working copy" not in shown
    assert (await client.post(f"{HOME}/checks", data={"hash": digest, "without": "1"})).status_code == 422


async def test_other_copy_than_the_one_looked_at_is_not_published(client: httpx.AsyncClient) -> None:
    digest = await take_in(survey())
    await take_in(survey(free()), 1)
    await staff(client, NOON, "designer")
    answer = await client.post(f"{HOME}/checks", data={"hash": digest})
    assert (answer.status_code, "has changed since this page was opened" in answer.text) == (409, True)


async def test_difference_is_shown_before_publishing_and_later(client: httpx.AsyncClient) -> None:
    await publish(survey(), is_open=False)
    digest = await take_in(survey(single(text=text("Which shade?")), free()), 1)
    await staff(client, NOON, "designer")
    before = (await client.get(f"{HOME}/checks")).text
    assert "removed: </span>colour</del>" in before and "added: </span>shade</ins>" in before
    await client.post(f"{HOME}/checks", data={"hash": digest})
    later = (await client.get(f"{HOME}/versions?version=2")).text
    assert "added: </span>shade</ins>" in later
    assert "says otherwise" not in (await client.get(f"{HOME}/versions?version=1")).text


def said(before: d.Definition, after: d.Definition) -> list[tuple[str, str, str, str, str, str]]:
    return [
        (part.kind, part.owner, change.label, change.code, change.before, change.after)
        for part in compare(before, after)
        for change in part.changes
    ]


def test_same_definition_has_no_difference() -> None:
    definition = load(EVERYTHING.read_bytes())
    assert compare(definition, load(EVERYTHING.read_bytes())) == []


def test_added_removed_and_changed_questions_options_and_conditions() -> None:
    before = survey(single(), number(), scale())
    after = survey(
        single(options=options("red", "green")), scale(show_if="colour == 'red'"), free(), title=text("A survey")
    )
    assert [(part.kind, part.owner) for part in compare(before, after)] == [
        ("changed", ""),
        ("changed", "colour"),
        ("changed", "mood"),
        ("added", "wish"),
        ("removed", "age"),
    ]
    assert said(before, after) == [
        ("changed", "", "Title", "", "A small survey", "A survey"),
        ("changed", "colour", "Option", "green", "", "Green"),
        ("changed", "colour", "Option", "blue", "Blue", ""),
        ("changed", "mood", "Condition", "", "", "colour == 'red'"),
    ]
    assert list(vanished_codes([before], after)) == [("colour", "blue")]


def test_moving_is_told_as_moving() -> None:
    one, two = single("one"), single("two")
    before = survey(pages=(page(one, two),))
    after = survey(pages=(page(two), page(one, key="later")))
    assert said(before, after) == [
        ("changed", "one", "On page", "", "one", "later"),
        ("changed", "", "Order", "", "one, two", "two, one"),
    ]


def test_option_that_is_said_otherwise() -> None:
    before = single()
    changed = msgspec.structs.replace(before.options[0], text=text("Crimson"))
    after = single(options=(changed, *before.options[1:]))
    assert said(survey(before), survey(after)) == [("changed", "colour", "Option", "red", "Red", "Crimson")]
