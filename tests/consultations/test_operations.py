"""What staff do with a consultation, on a real database."""

from datetime import date, timedelta
from uuid import uuid4

import asyncpg
import pytest

from consult import storage
from consult.consultations import operations, queries
from consult.consultations.consultation import Outcome, State, Stored
from consult.consultations.operations import AlreadyPublished, MoveRefused, NotComplete, OutcomeTooEarly
from consult.errors import Invalid, NotFound
from consult.records.queries import history
from tests.consultations.makers import AFTER, DURING, WRITTEN, ZONE, a_consultation, content, the_consultation

OUTCOME = Outcome({"mk": "Прашавме."}, {"mk": "Рековте."}, {"mk": "Направивме."})


async def test_a_consultation_is_kept_as_it_was_written(db: None) -> None:
    made = await a_consultation(published=False)
    assert made.title["ka"] == "ხეივნები და მწვანე სივრცეები"
    assert made.state_at(DURING) is State.DRAFT
    assert made.last_day(ZONE) == date(2026, 12, 12)
    assert [phase.ends for phase in made.phases] == [date(2026, 12, 12), date(2027, 1, 15)]
    assert await queries.consultation("trees") == made


async def test_a_published_consultation_opens_and_closes_by_itself(db: None) -> None:
    made = await a_consultation()
    assert made.announced_at == WRITTEN
    assert made.state_at(WRITTEN) is State.ANNOUNCED
    assert made.state_at(DURING) is State.OPEN
    assert made.state_at(AFTER) is State.CLOSED
    assert [one.slug for one in await queries.announced(WRITTEN)] == ["trees"]
    assert [one.slug for one in await queries.open_now(DURING)] == ["trees"]
    assert await queries.open_now(AFTER) == []


async def test_a_draft_is_not_public(db: None) -> None:
    await a_consultation(published=False)
    assert await queries.open_now(DURING) == []
    assert await queries.all_consultations(public_only=True) == []
    assert len(await queries.all_consultations()) == 1
    assert await queries.public_page(limit=10, offset=0) == ([], 0)


async def test_all_problems_of_a_new_consultation_come_at_once(db: None) -> None:
    with pytest.raises(Invalid) as refused:
        await operations.create_consultation(
            content(slug="X", kind="party", title={}, last_on=date(2026, 11, 10), answers_due=date(2026, 11, 4)),
            minimum_days=20,
            time_zone=ZONE,
            actor=None,
            at=WRITTEN,
        )
    assert [p.place for p in refused.value.problems] == ["slug", "kind", "title-mk", "short_reason", "answers_due"]


async def test_an_address_is_taken_once(db: None) -> None:
    await a_consultation()
    with pytest.raises(Invalid) as refused:
        await a_consultation()
    assert [p.place for p in refused.value.problems] == ["slug"]


async def test_a_short_period_is_kept_with_its_reason(db: None) -> None:
    made = await a_consultation(last_on=date(2026, 11, 10), answers_due=None, short_reason="Поплава.")
    assert (made.minimum_days, made.short_reason) == (20, "Поплава.")


async def test_publishing_needs_dates_and_happens_once(db: None) -> None:
    made = await a_consultation(published=False, opens_on=None, last_on=None)
    with pytest.raises(NotComplete):
        await operations.publish_consultation(made.id, actor=None, at=WRITTEN)
    other = await a_consultation(slug="other")
    with pytest.raises(AlreadyPublished):
        await operations.publish_consultation(other.id, actor=None, at=WRITTEN)


async def test_a_public_consultation_changes_only_with_a_reason_and_keeps_its_address(db: None) -> None:
    made = await a_consultation()
    longer = content(slug="elsewhere", last_on=date(2026, 12, 20))
    with pytest.raises(Invalid) as refused:
        await operations.change_consultation(
            consultation_id=made.id, content=longer, minimum_days=20, time_zone=ZONE, actor=None, at=DURING
        )
    assert [p.place for p in refused.value.problems] == ["reason", "slug"]
    await operations.change_consultation(
        consultation_id=made.id,
        content=content(last_on=date(2026, 12, 20)),
        minimum_days=20,
        time_zone=ZONE,
        reason="Продолжуваме.",
        actor=None,
        at=DURING,
    )
    assert (await the_consultation(made.id)).last_day(ZONE) == date(2026, 12, 20)
    entry = (await history("consultation", made.id))[-1]
    assert (entry.kind, entry.reason) == ("consultation.changed", "Продолжуваме.")


async def test_dates_of_a_public_consultation_cannot_be_taken_away(db: None) -> None:
    made = await a_consultation()
    with pytest.raises(Invalid) as refused:
        await operations.change_consultation(
            consultation_id=made.id,
            content=content(opens_on=None, last_on=None),
            minimum_days=20,
            time_zone=ZONE,
            reason="x",
            actor=None,
            at=DURING,
        )
    assert [p.place for p in refused.value.problems] == ["opens_on", "last_on"]


async def test_a_person_moves_it_on_and_the_trail_says_so(db: None) -> None:
    made = await a_consultation()
    with pytest.raises(MoveRefused):
        await operations.move_consultation(made.id, to=Stored.ANSWERING, actor=None, at=DURING)
    await operations.move_consultation(made.id, to=Stored.ANSWERING, actor=None, at=AFTER)
    await operations.move_consultation(made.id, to=Stored.REPORTED, actor=None, at=AFTER)
    assert (await the_consultation(made.id)).state_at(DURING) is State.REPORTED
    kinds = [entry.kind for entry in await history("consultation", made.id)]
    assert kinds == [
        "consultation.created",
        "consultation.published",
        "consultation.answering",
        "consultation.reported",
    ]


async def test_cancelling_needs_a_reason(db: None) -> None:
    made = await a_consultation()
    with pytest.raises(Invalid):
        await operations.move_consultation(made.id, to=Stored.CANCELLED, actor=None, at=DURING)
    await operations.move_consultation(made.id, to=Stored.CANCELLED, reason="Повлечен.", actor=None, at=DURING)
    assert (await the_consultation(made.id)).state_at(DURING) is State.CANCELLED


async def test_the_outcome_waits_for_the_end(db: None) -> None:
    made = await a_consultation()
    with pytest.raises(OutcomeTooEarly):
        await operations.record_outcome(consultation_id=made.id, outcome=OUTCOME, actor=None, at=DURING)
    with pytest.raises(Invalid) as refused:
        await operations.record_outcome(
            consultation_id=made.id, outcome=Outcome({}, {"mk": "x"}, {"en": "y"}), actor=None, at=AFTER
        )
    assert [p.place for p in refused.value.problems] == ["asked-mk", "did-mk"]
    await operations.record_outcome(consultation_id=made.id, outcome=OUTCOME, actor=None, at=AFTER)
    assert (await the_consultation(made.id)).outcome == OUTCOME
    assert [one.slug for one in await queries.closed_with_outcome()] == ["trees"]


async def test_what_does_not_exist_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        await operations.publish_consultation(uuid4(), actor=None, at=WRITTEN)
    assert await queries.consultation("nowhere") is None


@pytest.mark.parametrize(
    "change",
    [
        "state = 'open'",
        "kind = 'party'",
        "slug = 'Not A Slug'",
        "opens_at = closes_at + interval '1 day'",
        "closes_at = null",
        "title = '[]'",
        "outcome = '{\"asked\": {}}'",
    ],
)
async def test_the_database_refuses_what_the_rules_refuse(db: None, change: str) -> None:
    await a_consultation()
    with pytest.raises(asyncpg.CheckViolationError):
        await storage.execute(f"update consultation set {change}")


async def test_the_list_is_in_order_of_closing(db: None) -> None:
    await a_consultation(slug="later", last_on=date(2026, 12, 20))
    await a_consultation(slug="sooner")
    assert [one.slug for one in await queries.open_now(DURING)] == ["sooner", "later"]
    assert [one.slug for one in await queries.all_consultations()] == ["later", "sooner"]
    page, total = await queries.public_page(limit=1, offset=1)
    assert ([one.slug for one in page], total) == (["sooner"], 2)
    assert await queries.open_now(DURING + timedelta(days=60)) == []
