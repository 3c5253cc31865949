"""What staff do with meetings: write, publish, call off, register by telephone, list, mark, download."""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta
from io import StringIO
from uuid import UUID

import httpx
import pytest

from consult.forums import queries
from consult.forums.forum import State
from consult.forums.venue import Point
from consult.records.queries import history
from consult.storage import fetchval
from tests.conftest import Clock
from tests.forums.makers import ZONE, a_forum, register, states, the_forum
from tests.people.makers import staff

FORUM = {
    "slug": "night-buses",
    "kind": "tribune",
    "title-mk": "Ноќен превоз",
    "title-en": "Night transport",
    "summary-mk": "Средба за ноќните автобуси.",
    "closes": "2026-12-04T12:00",
    "venue-mk": "МКЦ",
    "session-1-day": "2026-12-05",
    "session-1-starts": "18:00",
    "session-1-ends": "19:30",
    "session-1-capacity": "60",
    "session-1-title-mk": "До кога да возат автобусите",
}


async def the_id() -> str:
    return str(await fetchval("SELECT id FROM forum"))


async def test_a_moderator_writes_publishes_and_changes_a_meeting(client: httpx.AsyncClient, clock: Clock) -> None:
    person = await staff(client, clock.now, "moderator")
    assert (await client.get("/staff/en/forums")).status_code == 200
    assert (await client.get("/staff/en/forums/new")).status_code == 200
    made = await client.post("/staff/en/forums/new", data=FORUM)
    assert made.status_code == 303
    overview = await client.get(made.headers["location"])
    assert "Georgian" not in overview.text and "ქართული" in overview.text
    assert (await client.get("/mk/forums/night-buses")).status_code == 404
    await client.post(f"/staff/en/forums/{await the_id()}/publish")
    assert (await client.get("/mk/forums/night-buses")).status_code == 200
    (forum,) = await queries.published_forums()
    assert forum.sessions[0].starts_at == datetime(2026, 12, 5, 18, tzinfo=ZONE)
    edit = await client.get(f"/staff/en/forums/{forum.id}/edit")
    assert 'value="18:00"' in edit.text and str(forum.sessions[0].id) in edit.text
    changed = {**FORUM, "session-1-id": str(forum.sessions[0].id), "session-1-starts": "17:00"}
    assert (await client.post(f"/staff/en/forums/{forum.id}/edit", data=changed)).status_code == 303
    after = await the_forum(forum.id)
    assert after.sessions[0].id == forum.sessions[0].id
    assert after.sessions[0].starts_at == datetime(2026, 12, 5, 17, tzinfo=ZONE)
    entries = await history("forum", forum.id)
    assert [entry.kind for entry in entries] == ["forum.created", "forum.published", "forum.changed"]
    assert {entry.actor for entry in entries} == {person.id}


async def test_all_that_is_wrong_is_said_and_everything_typed_is_kept(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "moderator")
    wrong = {**FORUM, "slug": "Night Buses", "title-mk": "", "closes": "soon", "session-1-ends": "17:00"}
    sent = await client.post("/staff/en/forums/new", data=wrong)
    assert sent.status_code == 422
    for anchor in ("#slug", "#title-mk", "#closes", "#session-1-ends"):
        assert sent.text.count(f'href="{anchor}"') == 1
    assert "До кога да возат автобусите" in sent.text
    assert await fetchval("SELECT count(*) FROM forum") == 0


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00", "9999-12-31T23:59", "2026-12-04T12:00+02:00", "2026-13-01T00:00"]
)
async def test_a_moment_that_is_none_is_a_problem(client: httpx.AsyncClient, clock: Clock, moment: str) -> None:
    await staff(client, clock.now, "moderator")
    sent = await client.post("/staff/en/forums/new", data={**FORUM, "closes": moment})
    assert sent.status_code == 422
    assert 'href="#closes"' in sent.text


async def test_another_session_and_another_language_keep_what_was_typed(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    await staff(client, clock.now, "moderator")
    more = await client.post("/staff/en/forums/new", data={**FORUM, "action": "add-session"})
    assert more.status_code == 200
    assert 'id="session-2-day"' in more.text and "Ноќен превоз" in more.text
    other = await client.post("/staff/en/forums/new", data={**FORUM, "language": "ka"})
    assert '<html lang="ka"' in other.text and "Ноќен превоз" in other.text
    assert await fetchval("SELECT count(*) FROM forum") == 0


async def test_a_slug_is_taken_once(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "moderator")
    assert (await client.post("/staff/en/forums/new", data=FORUM)).status_code == 303
    again = await client.post("/staff/en/forums/new", data=FORUM)
    assert again.status_code == 422
    assert 'href="#slug"' in again.text


async def test_calling_off_needs_a_reason(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "moderator")
    forum = await a_forum()
    refused = await client.post(f"/staff/en/forums/{forum.id}/cancel", data={})
    assert refused.status_code == 422
    assert 'href="#reason-mk"' in refused.text
    done = await client.post(f"/staff/en/forums/{forum.id}/cancel", data={"reason-mk": "Поплава."})
    assert done.status_code == 303
    assert (await the_forum(forum.id)).state is State.CANCELLED
    edited = await client.post(f"/staff/en/forums/{forum.id}/edit", data={**FORUM, "slug": forum.slug})
    assert edited.status_code == 409


async def test_a_clerk_registers_somebody_without_e_mail_and_marks_who_came(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    await staff(client, clock.now, "clerk")
    forum = await a_forum(capacity=2)
    session = f"/staff/mk/sessions/{forum.sessions[0].id}"
    caller = {"name": "Стојан Војнов", "phone": "+389 2 3297 000", "companions": "1", "channel": "counter"}
    assert (await client.post(f"{session}/registrations", data=caller)).headers["location"].endswith("done=confirmed")
    second = await client.post(f"{session}/registrations", data={**caller, "name": "Елена"})
    assert second.headers["location"].endswith("done=waitlisted")
    first = (await queries.registrations(forum.sessions[0].id))[0]
    clock.now = forum.sessions[0].starts_at + timedelta(minutes=5)
    await staff(client, clock.now, "clerk")
    one = f"{session}/registrations/{first.id}"
    assert (await client.post(one, data={"action": "attended"})).status_code == 303
    assert (await states(forum))["Стојан Војнов"] == "attended"
    assert (await client.post(one, data={"action": "cancel"})).status_code == 409
    assert (await client.post(one, data={"action": "fly"})).status_code == 409
    shown = await client.get(session)
    assert "Стојан Војнов" in shown.text and "+389 2 3297 000" in shown.text


async def test_an_address_that_is_registered_is_told_to_staff(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "clerk")
    forum = await a_forum()
    await register(forum)
    sent = await client.post(
        f"/staff/en/sessions/{forum.sessions[0].id}/registrations", data={"name": "Ana", "email": "ANA@example.com"}
    )
    assert sent.status_code == 409
    assert "already registered" in sent.text
    assert 'value="Ana"' in sent.text


async def test_staff_cancel_and_the_next_gets_the_offer(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "clerk")
    forum = await a_forum(capacity=1)
    await register(forum, "first@example.com")
    await register(forum, "second@example.com")
    first, second = await queries.registrations(forum.sessions[0].id)
    session = f"/staff/en/sessions/{forum.sessions[0].id}"
    await client.post(f"{session}/registrations/{first.id}", data={"action": "cancel"})
    assert await states(forum) == {"first@example.com": "cancelled", "second@example.com": "offered"}
    await client.post(f"{session}/registrations/{second.id}", data={"action": "accept"})
    assert (await states(forum))["second@example.com"] == "confirmed"
    assert [entry.kind for entry in await history("registration", first.id)] == ["registration.cancelled"]


async def test_the_file_holds_no_formula_and_its_download_is_noted(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "clerk")
    forum = await a_forum()
    await register(forum, name="=HYPERLINK(1)", needs=("wheelchair",), companions=2)
    answer = await client.get(f"/staff/en/sessions/{forum.sessions[0].id}/registrations.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][1:4] == ["'=HYPERLINK(1)", "Registered", "3"]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert [entry.kind for entry in await history("forum_session", forum.sessions[0].id)] == ["forum.list_downloaded"]


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_every_staff_page_speaks_each_language(client: httpx.AsyncClient, clock: Clock, language: str) -> None:
    await staff(client, clock.now, "moderator")
    forum = await a_forum(capacity=1)
    await register(forum, needs=("sign_language",))
    await register(forum, "second@example.com")
    session = f"sessions/{forum.sessions[0].id}"
    for path in ("forums", "forums/new", f"forums/{forum.id}", f"forums/{forum.id}/edit", session, f"{session}/sheet"):
        answer = await client.get(f"/staff/{language}/{path}")
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "no-store"


async def test_strangers_and_other_roles_see_nothing(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_forum()
    await register(forum)
    session = f"sessions/{forum.sessions[0].id}"
    readable = ("forums", f"forums/{forum.id}", session, f"{session}/sheet", f"{session}/registrations.csv")
    for path in (*readable, "forums/new", f"forums/{forum.id}/edit"):
        assert (await client.get(f"/staff/en/{path}")).status_code == 303, path
    await staff(client, clock.now, "analyst")
    for path in readable:
        assert (await client.get(f"/staff/en/{path}")).status_code == 403, path
    await staff(client, clock.now, "clerk")
    for path in ("forums/new", f"forums/{forum.id}/edit"):
        assert (await client.get(f"/staff/en/{path}")).status_code == 403, path
    assert (await client.post(f"/staff/en/forums/{forum.id}/cancel", data={"reason-mk": "x"})).status_code == 403
    assert (await the_forum(forum.id)).state is State.PUBLISHED


async def test_a_post_from_elsewhere_changes_nothing(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "moderator")
    forum = await a_forum(published=False)
    client.headers["sec-fetch-site"] = "cross-site"
    assert (await client.post(f"/staff/en/forums/{forum.id}/publish")).status_code == 403
    assert (await the_forum(forum.id)).state is State.DRAFT


async def test_the_home_page_says_what_waits(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_forum()
    await register(forum)
    clock.now = forum.sessions[0].ends_at + timedelta(hours=1)
    await staff(client, clock.now, "clerk")
    home = await client.get("/staff/en/", follow_redirects=True)
    assert "Sessions whose attendance has not been entered" in home.text


async def test_the_api_gives_what_is_published_and_nobody_who_comes(client: httpx.AsyncClient) -> None:
    forum = await a_forum()
    await a_forum(slug="in-preparation", published=False)
    await register(forum)
    listed = await client.get("/api/v1/forums")
    assert [one["slug"] for one in listed.json()] == [forum.slug]
    one = (await client.get(f"/api/v1/forums/{forum.slug}")).json()
    assert (one["stage"], one["sessions"][0]["free"]) == ("open", 19)
    assert "ana@example.com" not in listed.text
    assert (await client.get("/api/v1/forums/in-preparation")).status_code == 404


async def test_a_round_of_meetings_has_venues_languages_rules_and_an_agenda(
    client: httpx.AsyncClient, clock: Clock
) -> None:
    await staff(client, clock.now, "moderator")
    fields = {
        **FORUM,
        "kind": "round",
        "choice": "one",
        "party_rule": "smaller",
        "offer_hours": "12",
        "remind_before": ["72", "2"],
        "spoken": ["mk", "sq"],
        "interpreted": "sgn",
        "stream": "https://example.org/live",
        "point": "41.99646, 21.43141",
        "session-1-title-mk": "",
        "session-1-settlement": "aerodrom",
        "session-1-venue-mk": "Месна заедница",
        "session-1-point": "https://www.openstreetmap.org/#map=18/41.98301/21.46512",
        "session-1-facts": ["lift", "step_free"],
    }
    wrong = {**fields, "stream": "http://example.org", "point": "here", "spoken": "klingon", "offer_hours": "soon"}
    refused = await client.post("/staff/en/forums/new", data=wrong)
    assert refused.status_code == 422
    for anchor in ("#stream", "#point", "#spoken", "#offer_hours"):
        assert f'href="{anchor}"' in refused.text
    assert (await client.post("/staff/en/forums/new", data=fields)).status_code == 303
    forum = await the_forum(UUID(await the_id()))
    assert (forum.remind_before, forum.one_session, forum.smaller_may_pass, forum.offer_hours) == (
        (72, 2),
        True,
        True,
        12,
    )
    (session,) = forum.sessions
    assert session.title["en"] == "Aerodrom" and session.point == Point(41.98301, 21.46512)
    agenda = f"/staff/en/forums/{forum.id}/agenda"
    assert (await client.post(agenda, data={"item-1-starts": "soon", "item-1-title-mk": "А"})).status_code == 422
    rows = {"item-2-starts": "18:00", "item-2-title-mk": "Отворање", "item-3-starts": "", "item-3-title-mk": "Прашања"}
    assert (await client.post(agenda, data=rows)).status_code == 303
    first, second = (await queries.agenda_of([forum.id]))[forum.id]
    changed = {"item-1-id": str(second.id), "item-1-starts": "", "item-1-title-mk": "Прашања и одговори"}
    assert (await client.post(agenda, data=changed)).status_code == 303
    (kept,) = (await queries.agenda_of([forum.id]))[forum.id]
    assert kept.id == second.id and first.starts == time(18)
    await client.post(f"/staff/en/forums/{forum.id}/publish")
    shown = (await client.get("/en/forums/night-buses")).text
    for words in ("Entrance without steps", "mlat=41.98301", "Albanian", "Sign language", "smaller groups", "12 hours"):
        assert words in shown
    again = await client.post(f"/staff/en/forums/{forum.id}/edit", data={})
    assert again.status_code == 422
