"""What residents see and send: works, wrong, full, closed, over, cancelled, strangers."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from icalendar import Calendar

from consult.app import build
from consult.forums import operations, queries
from consult.forums.forum import Forum
from consult.forums.links import links_of
from consult.forums.registration import Channel
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import fetch, fetchval
from tests.conftest import NOON, Clock
from tests.forums.makers import LINKS, TOWN, ZONE, a_forum, a_session, content, register, states, the_forum
from tests.people.makers import staff

FORM = {"name": "Ana Petrova", "email": "ana@example.com", "companions": "1", "needs": "wheelchair"}


def filled(forum: Forum, **changes: str) -> dict[str, str]:
    return {"sessions": str(forum.sessions[0].id), **FORM, **changes}


async def link_of(settings: Settings, email: str = "ana@example.com") -> str:
    party = await fetchval("SELECT party FROM registration WHERE email = $1 ORDER BY number DESC LIMIT 1", email)
    return f"/mk/registrations/{links_of(settings).token(party)}"


async def letters(email: str = "ana@example.com") -> list[str]:
    rows = await fetch("SELECT subject, body_text FROM notification WHERE recipient = $1 ORDER BY created_at", email)
    return [f"{row['subject']}\n{row['body_text']}" for row in rows]


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_the_list_and_the_page_speak_each_language(client: httpx.AsyncClient, language: str) -> None:
    forum = await a_forum()
    listed = await client.get(f"/{language}/forums")
    shown = await client.get(f"/{language}/forums/{forum.slug}")
    assert listed.status_code == shown.status_code == 200
    assert forum.title[language] in listed.text
    assert forum.sessions[0].title[language] in shown.text
    assert 'id="registration"' in shown.text
    assert "set-cookie" not in shown.headers


async def test_the_page_has_an_etag_and_answers_304(client: httpx.AsyncClient) -> None:
    forum = await a_forum()
    first = await client.get(f"/en/forums/{forum.slug}")
    again = await client.get(f"/en/forums/{forum.slug}", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    await register(forum)
    changed = await client.get(f"/en/forums/{forum.slug}", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200


async def test_an_unpublished_forum_is_nowhere(client: httpx.AsyncClient) -> None:
    forum = await a_forum(published=False)
    for path in (f"/en/forums/{forum.slug}", f"/en/forums/{forum.slug}/calendar.ics", "/en/forums/nowhere"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post(f"/en/forums/{forum.slug}", data=filled(forum))).status_code == 404
    assert forum.title["en"] not in (await client.get("/en/forums")).text


async def test_a_registration_leads_to_its_slip_and_a_letter_with_the_link(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    forum = await a_forum()
    sent = await client.post(f"/mk/forums/{forum.slug}", data=filled(forum))
    assert sent.status_code == 303
    slip = await client.get(sent.headers["location"])
    assert slip.status_code == 200
    assert 'id="receipt"' in slip.text
    assert "ana@example.com" not in slip.text
    assert slip.headers["cache-control"] == "no-store"
    assert (await the_forum(forum.id)).sessions[0].seats_taken == 2
    (letter,) = await letters()
    assert "http://consult.test" + await link_of(settings) in letter
    assert "Ana Petrova" not in letter
    attached = await fetchval("SELECT attachments -> 0 ->> 'name' FROM notification")
    assert attached == "citizens-forum.ics"


async def test_two_clicks_at_once_register_once_and_say_the_same(client: httpx.AsyncClient) -> None:
    forum = await a_forum(capacity=2)
    clicks = await asyncio.gather(*(client.post(f"/mk/forums/{forum.slug}", data=filled(forum)) for _ in range(5)))
    assert {one.headers["location"] for one in clicks} == {clicks[0].headers["location"]}
    assert await states(forum) == {"ana@example.com": "confirmed"}
    assert len(await letters()) == 1


async def test_an_address_that_is_registered_sees_the_same_page_as_everybody_and_a_letter_with_the_truth(
    client: httpx.AsyncClient,
) -> None:
    forum = await a_forum()
    await client.post(f"/en/forums/{forum.slug}", data=filled(forum))
    again = await client.post(
        f"/en/forums/{forum.slug}", data=filled(forum, name="A Stranger", email="ANA@Example.com")
    )
    other = await client.post(f"/en/forums/{forum.slug}", data=filled(forum, name="A Stranger", email="b@example.com"))
    pages = [(await client.get(one.headers["location"])).text for one in (again, other)]
    assert pages[0].replace(again.headers["location"], "") == pages[1].replace(other.headers["location"], "")
    assert list(await states(forum)) == ["ana@example.com", "b@example.com"]
    told = await letters() + await letters("ANA@example.com")
    assert any("You are already registered" in letter for letter in told)


async def test_repeats_send_at_most_one_letter_an_hour(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_forum()
    await client.post(f"/en/forums/{forum.slug}", data=filled(forum))
    for number in range(5):
        await client.post(f"/en/forums/{forum.slug}", data=filled(forum, name=f"Somebody {number}"))
    assert len(await letters()) == 2
    clock.now += timedelta(hours=1)
    await client.post(f"/en/forums/{forum.slug}", data=filled(forum, name="Somebody"))
    assert len(await letters()) == 3


async def test_a_full_session_leads_to_the_waiting_list_with_the_position(client: httpx.AsyncClient) -> None:
    forum = await a_forum(capacity=1)
    await register(forum, "first@example.com")
    await register(forum, "second@example.com")
    shown = await client.get(f"/en/forums/{forum.slug}")
    assert "All places are taken" in shown.text
    sent = await client.post(f"/en/forums/{forum.slug}", data=filled(forum))
    slip = await client.get(sent.headers["location"])
    assert "You are on the waiting list" in slip.text
    assert "You are number 2." in slip.text
    letter = (await fetch("SELECT body_text FROM notification WHERE recipient = 'ana@example.com'"))[0]
    assert "You are number 2 on the waiting list." in letter["body_text"]


async def test_what_is_wrong_is_said_at_once_and_everything_typed_is_kept(client: httpx.AsyncClient) -> None:
    forum = await a_forum(a_session(), a_session(title="Questions"))
    sent = await client.post(
        f"/en/forums/{forum.slug}",
        data={"name": "", "email": "ana@", "companions": "9", "needs": "sign_language", "needs_note": "Шала <b>"},
    )
    assert sent.status_code == 422
    assert sent.headers["cache-control"] == "no-store"
    for anchor in ("#sessions", "#name", "#email", "#companions"):
        assert f'href="{anchor}"' in sent.text
    assert "Шала &lt;b&gt;" in sent.text
    assert re.search(r'value="sign_language" checked', sent.text)
    assert 'value="ana@"' in sent.text
    assert await states(forum) == {}


async def test_a_megabyte_of_name_is_refused_with_the_form(client: httpx.AsyncClient) -> None:
    forum = await a_forum()
    sent = await client.post(f"/en/forums/{forum.slug}", data=filled(forum, name="x" * 2**20))
    assert sent.status_code == 422
    assert "at most 120 characters" in sent.text


@pytest.mark.parametrize("body", ["name=a%00b&email=a%40b.mk", "name=%ff%fe", "&".join(f"a{n}=1" for n in range(6000))])
async def test_what_no_browser_sends_is_refused(client: httpx.AsyncClient, body: str) -> None:
    forum = await a_forum()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    sent = await client.post(f"/en/forums/{forum.slug}", content=body, headers=kind)
    assert sent.status_code == 400
    assert await states(forum) == {}


@pytest.mark.parametrize("session", ["", "nonsense", "00000000-0000-0000-0000-000000000000", "' OR 1=1"])
async def test_a_session_that_is_not_there_is_refused(client: httpx.AsyncClient, session: str) -> None:
    forum = await a_forum()
    sent = await client.post(f"/en/forums/{forum.slug}", data=filled(forum, sessions=session))
    assert sent.status_code == 422
    assert await states(forum) == {}


async def test_a_session_of_another_forum_is_refused(client: httpx.AsyncClient) -> None:
    forum, other = await a_forum(), await a_forum(slug="another-forum")
    sent = await client.post(f"/en/forums/{forum.slug}", data=filled(other))
    assert sent.status_code == 422
    assert await states(other) == {}


async def test_a_post_from_another_site_registers_nobody(client: httpx.AsyncClient) -> None:
    forum = await a_forum()
    sent = await client.post(
        f"/en/forums/{forum.slug}", data=filled(forum), headers={"origin": "https://elsewhere.example"}
    )
    assert sent.status_code == 403
    assert await states(forum) == {}


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23T09:00", "Registration has not begun yet"),
        ("2026-12-04T13:00", "Registration has closed"),
        ("2026-12-05T21:00", "This meeting is over"),
    ],
)
async def test_outside_the_registration_the_page_says_so_and_takes_nobody(
    client: httpx.AsyncClient, clock: Clock, moment: str, words: str
) -> None:
    forum = await a_forum(opens=datetime.fromisoformat("2026-11-24T09:00"))
    clock.now = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    shown = await client.get(f"/en/forums/{forum.slug}")
    assert words in shown.text
    assert 'id="registration"' not in shown.text
    assert (await client.post(f"/en/forums/{forum.slug}", data=filled(forum))).status_code == 409
    assert await states(forum) == {}


async def test_a_cancelled_forum_says_why_and_tells_everybody(client: httpx.AsyncClient) -> None:
    forum = await a_forum(capacity=1)
    await register(forum)
    await register(forum, "second@example.com")
    reason = {"en": "The hall is flooded.", "mk": "Салата е поплавена."}
    await operations.cancel_forum(forum.id, reason=reason, links=LINKS, actor=None, at=NOON)
    shown = await client.get(f"/en/forums/{forum.slug}")
    assert "The meeting is cancelled" in shown.text and "The hall is flooded." in shown.text
    assert set((await states(forum)).values()) == {"cancelled"}
    assert "Салата е поплавена." in (await letters())[-1]
    assert "Салата е поплавена." in (await letters("second@example.com"))[-1]
    calendar = Calendar.from_ical((await client.get(f"/en/forums/{forum.slug}/calendar.ics")).content)
    assert [str(event["STATUS"]) for event in calendar.walk("VEVENT")] == ["CANCELLED"]


async def test_the_calendar_file_has_local_hours_a_zone_and_a_lasting_uid(client: httpx.AsyncClient) -> None:
    forum = await a_forum()
    session = forum.sessions[0]
    path = f"/en/forums/{forum.slug}/sessions/{session.id}.ics"
    answer = await client.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert b"DTSTART;TZID=Europe/Skopje:20261205T180000" in answer.content
    assert b"BEGIN:VTIMEZONE" in answer.content
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["UID"]) == f"{session.id}@consult.test"
    assert (await client.get(path)).content == answer.content
    await operations.change_forum(
        forum_id=forum.id,
        content=content(a_session(session_id=session.id, starts=datetime.fromisoformat("2026-12-05T17:00").time())),
        town=TOWN,
        links=LINKS,
        actor=None,
        at=NOON,
    )
    (moved,) = Calendar.from_ical((await client.get(path)).content).walk("VEVENT")
    assert (str(moved["UID"]), moved["SEQUENCE"]) == (str(event["UID"]), 1)
    assert (await client.get(path.replace(".ics", ""))).status_code == 404


async def test_an_altered_receipt_is_no_page(client: httpx.AsyncClient) -> None:
    forum = await a_forum()
    sent = await client.post(f"/en/forums/{forum.slug}", data=filled(forum))
    assert (await client.get(sent.headers["location"] + "x")).status_code == 404
    assert (await client.get(urlsplit(sent.headers["location"]).path)).status_code == 404


async def test_the_link_cancels_once_and_a_second_time_changes_nothing(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    forum = await a_forum(capacity=2)
    await client.post(f"/mk/forums/{forum.slug}", data=filled(forum))
    link = await link_of(settings)
    shown = await client.get(link)
    assert shown.status_code == 200 and shown.headers["cache-control"] == "no-store"
    assert await states(forum) == {"ana@example.com": "confirmed"}
    registration = (await queries.registrations(forum.sessions[0].id))[0]
    act = {"registration": str(registration.id), "action": "cancel"}
    for _ in range(2):
        done = await client.post(link, data=act)
        assert done.status_code == 303
        assert (await client.get(done.headers["location"])).status_code == 200
    assert await states(forum) == {"ana@example.com": "cancelled"}
    assert (await the_forum(forum.id)).sessions[0].seats_taken == 0
    assert sum("Registration cancelled" in one or "откажана" in one for one in await letters()) <= 2


async def test_an_offer_is_taken_over_the_link(client: httpx.AsyncClient, settings: Settings) -> None:
    forum = await a_forum(capacity=1)
    await client.post(f"/mk/forums/{forum.slug}", data=filled(forum, companions="0", email="first@example.com"))
    await client.post(f"/mk/forums/{forum.slug}", data=filled(forum, companions="0"))
    first, second = await queries.registrations(forum.sessions[0].id)
    gone = {"registration": str(first.id), "action": "cancel"}
    await client.post(await link_of(settings, "first@example.com"), data=gone)
    link = await link_of(settings)
    assert 'value="accept"' in (await client.get(link)).text
    done = await client.post(link, data={"registration": str(second.id), "action": "accept"})
    assert done.status_code == 303
    assert (await states(forum))["ana@example.com"] == "confirmed"


async def test_a_link_opens_nothing_but_its_own(client: httpx.AsyncClient, settings: Settings) -> None:
    forum = await a_forum()
    for email in ("ana@example.com", "other@example.com"):
        await client.post(f"/mk/forums/{forum.slug}", data=filled(forum, email=email))
    other = (await queries.registrations(forum.sessions[0].id))[1]
    answer = await client.post(await link_of(settings), data={"registration": str(other.id), "action": "cancel"})
    assert answer.status_code == 404
    assert set((await states(forum)).values()) == {"confirmed"}
    for token in ("x", "x" * 43, "x" * 500):
        assert (await client.get(f"/mk/registrations/{token}")).status_code == 404


@pytest.mark.parametrize("act", [{"action": "fly"}, {"action": "change", "companions-1": "²"}, {"action": "accept"}])
async def test_what_is_not_possible_is_said_on_the_page(
    client: httpx.AsyncClient, settings: Settings, act: dict[str, str]
) -> None:
    forum = await a_forum()
    await client.post(f"/mk/forums/{forum.slug}", data=filled(forum))
    registration = (await queries.registrations(forum.sessions[0].id))[0]
    answer = await client.post(await link_of(settings), data={"registration": str(registration.id), **act})
    assert answer.status_code in {303, 409}
    after = (await queries.registrations(forum.sessions[0].id))[0]
    assert (after.state, after.companions) == ("confirmed", 1)


async def test_changing_the_language_keeps_what_was_typed(client: httpx.AsyncClient) -> None:
    forum = await a_forum()
    answer = await client.post(f"/mk/forums/{forum.slug}", data=filled(forum, language="ka"))
    assert answer.status_code == 200
    assert '<html lang="ka"' in answer.text
    assert 'value="Ana Petrova"' in answer.text
    assert await states(forum) == {}


async def test_flood_from_one_network_is_asked_to_wait_and_keeps_its_form(
    db: None, settings: Settings, clock: Clock
) -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    application = build(replace(settings, registrations_per_network=4), profile, clock=clock)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=application.asgi), base_url="http://consult.test")
    forum = await a_forum()
    page = f"/en/forums/{forum.slug}"
    for number in range(4):
        answer = await client.post(page, data=filled(forum, email=f"resident{number}@example.com"))
        assert answer.status_code == 303
    late = await client.post(page, data=filled(forum, needs_note="A chair at the door"))
    assert (late.status_code, late.headers["retry-after"]) == (429, "300")
    for kept in ("wait five minutes", 'value="Ana Petrova"', 'value="A chair at the door"', "checked"):
        assert kept in late.text
    assert "ana@example.com" not in await states(forum)
    clock.now += timedelta(minutes=5)
    assert (await client.post(page, data=filled(forum))).status_code == 303


async def test_everything_that_was_typed_can_be_changed_with_the_link(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    forum = await a_forum(capacity=3)
    await client.post(f"/mk/forums/{forum.slug}", data=filled(forum))
    await register(forum, "other@example.com")
    link = await link_of(settings)
    assert 'value="Ana Petrova"' in (await client.get(link)).text
    new = {"action": "details", "name": "Ana Kostova", "phone": "070 111 222", "needs": ["child_care", "wheelchair"]}
    new |= {"email": "ana@example.com", "needs_note": "", "spoken": "en"}
    assert (await client.post(link, data=new)).headers["location"].endswith("?done=written")
    assert len(await letters()) == 1
    wrong = await client.post(link, data={**new, "name": "", "email": "nobody"})
    assert wrong.status_code == 422 and 'href="#name"' in wrong.text and 'value="nobody"' in wrong.text
    taken = await client.post(link, data={**new, "email": "OTHER@example.com"})
    assert taken.status_code == 422 and 'href="#email"' in taken.text
    moved = await client.post(link, data={**new, "email": "kostova@example.com"})
    assert moved.status_code == 303
    assert "replaced" in (await letters())[-1] and link not in (await letters())[-1]
    assert link.removeprefix("/mk") in (await letters("kostova@example.com"))[0]
    one = (await queries.registrations(forum.sessions[0].id))[0]
    assert (one.name, one.needs, one.language, one.seats) == ("Ana Kostova", ("child_care", "wheelchair"), "en", 2)
    assert (await client.post("/mk/registrations/" + "x" * 40, data=new)).status_code == 404


async def test_staff_change_what_they_are_told_by_telephone(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_forum(capacity=3)
    await register(forum, "ana@example.com", channel=Channel.PHONE)
    one = (await queries.registrations(forum.sessions[0].id))[0]
    page = f"/staff/en/sessions/{forum.sessions[0].id}/registrations/{one.id}"
    assert (await client.get(page)).status_code in {302, 303, 403}
    await staff(client, clock.now, "clerk")
    assert (await client.get(page)).status_code == 200
    fields = {"name": "Ana Kostova", "email": "", "phone": "02 111", "companions": "2"}
    assert (await client.post(f"{page}/details", data={**fields, "companions": "9"})).status_code == 422
    assert (await client.post(f"{page}/details", data={**fields, "companions": "4"})).status_code == 409
    assert (await client.post(f"{page}/details", data=fields)).status_code == 303
    changed = await queries.registration(one.id)
    assert changed is not None and (changed.name, changed.email, changed.seats) == ("Ana Kostova", None, 3)
