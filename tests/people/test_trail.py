from __future__ import annotations

import httpx
import pytest

from consult.people import trail
from consult.people.trail import Change
from consult.records.operations import audit
from tests.conftest import Clock
from tests.people.makers import NOON, a_person, staff


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, None, ()),
        ({"state": "open"}, {"state": "open"}, ()),
        ({"state": "open"}, {"state": "closed"}, (Change("state", ("open",), ("closed",)),)),
        (None, {"roles": ["clerk", "admin"]}, (Change("roles", (), ("clerk", "admin")),)),
        ({"title": {"en": "Trees", "mk": "Дрва"}}, {}, (Change("title", ({"en": "Trees", "mk": "Дрва"},), ()),)),
        (
            {"title": {"en": "Trees", "mk": "Дрва"}},
            {"title": {"en": "Trees", "mk": "Дрвја", "ka": "ხეები"}},
            (Change("title", ({"mk": "Дрва"},), ({"mk": "Дрвја", "ka": "ხეები"},)),),
        ),
        ({"title": {"en": ""}}, None, (Change("title", (), ()),)),
        (
            {"days": {"mon": 1}},
            {"sha256": {"mk": "a", "en": "b"}},
            (Change("days", ("mon: 1",), ()), Change("sha256", (), ("mk: a", "en: b"))),
        ),
        (
            None,
            [{"at": 1, "name": {"mk": "Дрва", "en": "Trees"}}],
            (Change("", (), ({"mk": "at: 1, name: Дрва", "ka": "at: 1, name: Дрва", "en": "at: 1, name: Trees"},)),),
        ),
        ("open", "closed", (Change("", ("open",), ("closed",)),)),
        ({"n": 1, "same": 2}, {"n": 2, "same": 2}, (Change("n", ("1",), ("2",)),)),
    ],
)
def test_only_what_changed_is_shown(before: object, after: object, shown: tuple[Change, ...]) -> None:
    assert trail.changes(before, after) == shown


async def test_the_page_shows_texts_in_the_readers_language(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "admin")
    titles = {"mk": "Дрва", "ka": "ხეები", "en": "Trees"}
    await audit(
        actor=None,
        kind="draft.changed",
        record="draft",
        record_id="d1",
        at=NOON,
        before={"title": {"mk": "Улици"}},
        after={"title": titles},
    )
    shown = (await client.get("/staff/en/audit")).text
    assert '</span><span lang="mk">Улици</span></del>' in shown
    assert "</span>Trees</ins>" in shown
    assert "ხეები" not in shown


async def test_a_history_has_names_instead_of_ids(db: None) -> None:
    admin, person = await a_person(name="Ana"), await a_person(name="Eva")
    await audit(
        actor=admin.id, kind="person.roles_changed", record="person", record_id=person.id, at=NOON, reason="New task"
    )
    await audit(actor=None, kind="draft.frozen", record="draft", record_id="d1", at=NOON)
    await audit(actor=person.id, kind="draft.frozen", record="draft", record_id="d1", at=NOON)
    (line,) = await trail.history("person", person.id)
    assert (line.actor, line.subject, line.reason) == ("Ana", "Eva", "New task")
    assert [(one.actor, one.subject) for one in await trail.history("draft", "d1")] == [(None, None), ("Eva", None)]
