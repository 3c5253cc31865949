from __future__ import annotations

import pytest

from consult.people import trail
from consult.people.trail import Change
from consult.records.operations import audit
from tests.people.makers import NOON, a_person


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, None, ()),
        ({"state": "open"}, {"state": "open"}, ()),
        ({"state": "open"}, {"state": "closed"}, (Change("state", ("open",), ("closed",)),)),
        (None, {"roles": ["clerk", "admin"]}, (Change("roles", (), ("clerk", "admin")),)),
        ({"title": {"en": "Trees", "mk": "Дрва"}}, {}, (Change("title", ("en: Trees", "mk: Дрва"), ()),)),
        ("open", "closed", (Change("", ("open",), ("closed",)),)),
        ({"n": 1, "same": 2}, {"n": 2, "same": 2}, (Change("n", ("1",), ("2",)),)),
    ],
)
def test_only_what_changed_is_shown(before: object, after: object, shown: tuple[Change, ...]) -> None:
    assert trail.changes(before, after) == shown


async def test_a_history_has_names_instead_of_ids(db: None) -> None:
    admin, person = await a_person(name="Ana"), await a_person(name="Eva")
    await audit(admin.id, "person.roles_changed", "person", person.id, at=NOON, reason="New task")
    await audit(None, "draft.frozen", "draft", "d1", at=NOON)
    await audit(person.id, "draft.frozen", "draft", "d1", at=NOON)
    (line,) = await trail.history("person", person.id)
    assert (line.actor, line.subject, line.reason) == ("Ana", "Eva", "New task")
    assert [(one.actor, one.subject) for one in await trail.history("draft", "d1")] == [(None, None), ("Eva", None)]
