"""More time for a consultation: with a reason, for everybody to see, never silently."""

from __future__ import annotations

from datetime import UTC, date, datetime

import asyncpg
import httpx
import pytest

from consult import storage
from consult.consultations import queries, shift_operations
from consult.consultations.consultation import Phase
from consult.consultations.shift import extension_problems, moved_phases
from consult.consultations.shift_operations import NotExtendable
from consult.records.queries import history
from tests.conftest import Clock
from tests.consultations.makers import DURING, ZONE, a_consultation
from tests.people.makers import staff

LATE = datetime(2026, 12, 22, tzinfo=UTC)
WHY = {"mk": "Три населби останаа без струја.", "ka": "სამი უბანი უდენოდ დარჩა."}


def test_what_ends_with_the_consultation_goes_on_ending_with_it() -> None:
    before, after = date(2026, 12, 12), date(2026, 12, 20)
    phases = (
        Phase("1", {"mk": "Коментари"}, date(2026, 11, 3), before),
        Phase("2", {"mk": "Трибина"}, date(2026, 11, 20), date(2026, 11, 20)),
        Phase("3", {"mk": "Одговори"}, date(2026, 12, 13), date(2027, 1, 15)),
        Phase("4", {"mk": "Совет"}, date(2027, 2, 1), None),
    )
    moved = moved_phases(phases, before, after)
    assert [(phase.starts, phase.ends) for phase in moved] == [
        (date(2026, 11, 3), after),
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 12, 21), date(2027, 1, 15)),
        (date(2027, 2, 1), None),
    ]


async def test_an_extension_needs_a_later_day_and_a_reason(db: None) -> None:
    found = await a_consultation()
    places = [p.place for p in extension_problems(found, date(2026, 12, 12), None, {}, ZONE)]
    assert places == ["last_on", "reason-mk"]
    assert [p.place for p in extension_problems(found, date(2026, 12, 20), date(2026, 12, 19), WHY, ZONE)] == [
        "answers_due"
    ]


async def test_staff_extend_and_everybody_reads_why(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.now = DURING
    made = await a_consultation()
    await staff(client, DURING, "designer")
    page = "/staff/mk/consultations/trees/extend"
    assert (await client.get(page)).status_code == 200
    wrong = await client.post(page, data={"last_on": "2026-12-01", "reason-mk": WHY["mk"]})
    assert wrong.status_code == 422
    assert WHY["mk"] in wrong.text
    done = await client.post(page, data={"last_on": "2026-12-20", "reason-mk": WHY["mk"], "reason-ka": WHY["ka"]})
    assert done.status_code == 303
    found = await queries.consultation("trees")
    assert found is not None
    assert found.last_day(ZONE) == date(2026, 12, 20)
    assert found.phases[0].ends == date(2026, 12, 20)
    assert WHY["ka"] in (await client.get("/ka/consultations/trees")).text
    assert [entry.kind for entry in await history("consultation", made.id)][-1] == "consultation.extended"
    for change in ('update consultation_shift set reason = \'{"mk": "x"}\'', "delete from consultation_shift"):
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await storage.execute(change)
    with pytest.raises(NotExtendable):
        await shift_operations.extend_consultation(
            made.id, last_on=date(2027, 1, 9), answers_due=None, reason=WHY, time_zone=ZONE, actor=None, at=LATE
        )
    assert (await shift_operations.shifts_of([made.id]))[made.id][0].is_extension
