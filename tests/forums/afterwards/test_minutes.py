"""Minutes and promises: what may change, when a promise is late, and what residents see."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import asyncpg
import httpx
import pytest

from consult.forums.afterwards import operations, queries
from consult.forums.afterwards.minutes import (
    EntryContent,
    Promise,
    PromiseState,
    Settling,
    Standing,
    agenda_headings,
    counted,
)
from consult.forums.afterwards.operations import PromiseStays
from consult.records.queries import history
from consult.storage import execute
from tests.conftest import Clock
from tests.forums.afterwards.makers import AFTER, DUE, a_past_forum, a_unit, some_minutes, the_minutes
from tests.forums.makers import text
from tests.people.makers import staff

TODAY = date(2026, 11, 20)


def a_promise(*, due_on: date = DUE, state: str = "open", settled_on: date | None = None) -> Promise:
    return Promise(
        id=uuid4(),
        forum=uuid4(),
        forum_slug="autumn-meeting",
        forum_title=text("Meeting"),
        text=text("Forty trees"),
        unit=uuid4(),
        unit_name=text("Parks"),
        due_on=due_on,
        first_due_on=DUE,
        state=PromiseState(state),
        note={},
        settled_on=settled_on,
        given_at=AFTER,
    )


def test_promise_is_late_from_the_day_after_its_day() -> None:
    promise = a_promise(due_on=TODAY)
    assert promise.standing(TODAY) is Standing.OPEN
    assert promise.standing(date(2026, 11, 21)) is Standing.LATE
    assert promise.days_late(date(2026, 11, 23)) == 3


def test_kept_promise_is_never_late_but_says_how_late_it_was() -> None:
    kept = a_promise(due_on=date(2026, 11, 1), state="kept", settled_on=date(2026, 11, 5))
    assert kept.standing(date(2027, 1, 1)) is Standing.KEPT
    assert kept.days_late(date(2027, 1, 1)) == 4
    assert counted([kept, a_promise()], TODAY) == {
        Standing.OPEN: 1,
        Standing.LATE: 0,
        Standing.KEPT: 1,
        Standing.WITHDRAWN: 0,
    }


def test_later_day_and_withdrawal_need_a_reason() -> None:
    promise = a_promise()
    later = Settling("open", {"en": "only in English"}, date(2027, 1, 1))
    assert [problem.place for problem in later.problems(promise, authentic="mk")] == ["note-mk"]
    assert [problem.place for problem in Settling("withdrawn").problems(promise, authentic="mk")] == ["note-mk"]
    assert Settling("kept").problems(promise, authentic="mk") == []
    assert [problem.place for problem in Settling("open").problems(promise, authentic="mk")] == ["due_on"]


def test_promise_needs_a_unit_and_a_day_and_other_entries_do_not() -> None:
    places = [problem.place for problem in EntryContent("promise", text("x")).problems(authentic="mk")]
    assert places == ["unit", "due_on"]
    assert EntryContent("decision", text("x")).problems(authentic="mk") == []
    assert [problem.place for problem in EntryContent("vow", {}).problems(authentic="mk")] == ["text-mk", "kind"]


def test_agenda_lines_become_headings_side_by_side() -> None:
    found = agenda_headings({"mk": "Прво\n\nВторо", "en": "First\nSecond\nThird"})
    assert found == [{"mk": "Прво", "en": "First"}, {"mk": "Второ", "en": "Second"}, {"en": "Third"}]


async def test_public_promise_keeps_its_words_and_its_first_day(db: None) -> None:
    forum = await a_past_forum()
    minutes = await some_minutes(forum)
    (promise,) = minutes.promises
    changed = EntryContent("promise", text("Ten trees"), promise.unit, promise.due_on)
    with pytest.raises(PromiseStays):
        await operations.change_entry(
            forum_id=forum.id, entry_id=promise.id, content=changed, authentic="mk", actor=None, at=AFTER
        )
    with pytest.raises(PromiseStays):
        await operations.remove_item(forum_id=forum.id, item_id=minutes.items[0].id, actor=None, at=AFTER)
    for sql in ("UPDATE minutes_entry SET text = '{}' WHERE id = $1", "DELETE FROM minutes_entry WHERE id = $1"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await execute(sql, promise.id)
    later = Settling("open", text("The frost came early"), date(2027, 3, 1))
    await operations.settle_promise(
        promise_id=promise.id, settling=later, authentic="mk", today=TODAY, actor=None, at=AFTER
    )
    await operations.settle_promise(
        promise_id=promise.id, settling=Settling("kept"), authentic="mk", today=TODAY, actor=None, at=AFTER
    )
    (kept,) = (await the_minutes(forum)).promises
    assert (kept.first_due_on, kept.due_on, kept.settled_on) == (DUE, date(2027, 3, 1), TODAY)
    assert (await queries.standings(TODAY))[Standing.KEPT] == 1
    assert [entry.kind for entry in await history("promise", promise.id)] == ["promise.settled"] * 2


async def test_minutes_from_the_agenda_to_the_ledger(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "moderator")
    forum = await a_past_forum(at=clock.now)
    base = f"/staff/en/forums/{forum.id}/minutes"
    assert (await client.get(f"/en/forums/{forum.slug}/minutes")).status_code == 404
    assert (await client.post(base, data={})).status_code == 422
    assert (await client.post(f"{base}/publish")).status_code == 404
    await client.post(base, data={"action": "agenda"})
    await client.post(base, data={"summary-mk": "Накусо"})
    item = (await the_minutes(forum)).items[0]
    assert (await client.get(f"{base}/items/{item.id}")).status_code == 200
    new = f"{base}/items/{item.id}/entries/new"
    wrong = await client.post(new, data={"kind": "promise", "text-en": "Forty trees by spring", "unit": str(uuid4())})
    assert wrong.status_code == 422 and "Forty trees by spring" in wrong.text
    assert all(f'href="#{place}"' in wrong.text for place in ("text-mk", "due_on", "unit"))
    promise = {"kind": "promise", "text-mk": "40 дрвја", "unit": str(await a_unit()), "due_on": "2026-11-10"}
    assert (await client.post(new, data=promise)).status_code == 303
    before = await client.get(f"/en/forums/{forum.slug}")
    assert "The minutes are being written." in before.text and "40 дрвја" not in before.text
    assert (await client.get("/en/promises")).text.count("40 дрвја") == 0
    assert (await client.post(f"{base}/publish")).status_code == 303
    for address in (f"/en/forums/{forum.slug}", f"/en/forums/{forum.slug}/minutes", "/en/promises?standing=late"):
        shown = await client.get(address)
        assert shown.status_code == 200 and "40 дрвја" in shown.text and "10 days late" in shown.text
    (entry,) = (await the_minutes(forum)).promises
    assert "keeps its words" in (await client.get(f"{base}/entries/{entry.id}")).text
    settled = await client.post(f"/staff/en/promises/{entry.id}", data={"state": "kept", "note-mk": "Засадени"})
    assert settled.status_code == 303
    assert "Засадени" in (await client.get("/en/promises?standing=kept")).text
    assert (await client.get("/staff/en/promises?standing=late")).status_code == 200
    await client.post(f"{base}/items/new", data={"heading-mk": "Разно"})
    assert "Last corrected on" in (await client.get(f"/en/forums/{forum.slug}/minutes")).text


async def test_strangers_and_early_writers_are_refused(client: httpx.AsyncClient, clock: Clock) -> None:
    forum = await a_past_forum(at=clock.now)
    base = f"/staff/en/forums/{forum.id}/minutes"
    assert (await client.get(base)).status_code in {303, 401, 403}
    await staff(client, clock.now, "clerk")
    assert (await client.post(f"{base}/publish")).status_code == 403
    assert (await client.get(f"/staff/en/promises/{uuid4()}")).status_code == 404
