"""What staff do for appointments: officials, the rule and its freezing, times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries as forums
from consult.forums.links import Links
from consult.forums.slots import letters, queries
from consult.forums.slots.allocation import Rule, Tie, commitment, needs_seed, new_seed
from consult.forums.slots.giving import fill, lock
from consult.forums.slots.slot import MOST_CAPACITY, MOST_SLOTS, MOST_TOPICS, Terms
from consult.i18n import Text
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "forum"


class RuleFrozen(Refused):
    message = N_("The rule has been published and no longer changes.")


class TimesOverlap(Refused):
    message = N_("This official already has another appointment at that time. Nothing was added.")


class NoTimes(Refused):
    message = N_("Add times first: nobody can ask for an appointment without any.")


class TooLate(Refused):
    message = N_("The rule must be published before requests open. Choose a later opening.")


@dataclass(frozen=True, slots=True)
class TermsContent:
    """What staff write about the appointments of a forum; moments are on the world's clock already."""

    rule: str
    tie: str
    opens_at: datetime | None
    closes_at: datetime | None
    topics: tuple[Text, ...] = ()
    note: Text | None = None

    def problems(self) -> list[Problem]:
        found = []
        if self.rule not in {rule.value for rule in Rule}:
            found.append(Problem("rule", N_("Choose a rule.")))
        if self.tie not in {tie.value for tie in Tie}:
            found.append(Problem("tie", N_("Choose how those are ordered who are alike.")))
        if self.opens_at is None:
            found.append(Problem("opens", N_("Write from when requests are taken.")))
        if self.closes_at is None:
            found.append(Problem("closes", N_("Write until when requests are taken.")))
        elif self.opens_at is not None and self.opens_at >= self.closes_at:
            found.append(Problem("closes", N_("Requests must close after they open.")))
        if len(self.topics) > MOST_TOPICS:
            found.append(Problem("topics", N_("Use at most %(most)s topics."), {"most": MOST_TOPICS}))
        return found


@dataclass(frozen=True, slots=True)
class SlotContent:
    """What all times that are made together have in common."""

    official: int
    place: Text
    topic: int | None = None
    language: str = ""
    has_interpreter: bool = False
    capacity: int = 1


async def add_official(*, name: Text, office: Text, authentic: str, actor: UUID | None, at: datetime) -> int:
    """Raises Invalid."""
    problems = [
        Problem(f"{place}-{authentic}", N_("Write this at least in the official language."))
        for place, text in (("name", name), ("office", office))
        if not text.get(authentic, "").strip()
    ]
    if problems:
        raise Invalid(problems)
    async with transaction():
        sql = "INSERT INTO forum_official (name, office, is_active) VALUES ($1, $2, true) RETURNING number"
        number = int(await fetchval(sql, name, office))
        await audit(
            actor=actor,
            kind="official.added",
            record="forum_official",
            record_id=str(number),
            after={"name": name},
            at=at,
        )
    return number


async def set_active(*, number: int, is_active: bool, actor: UUID | None, at: datetime) -> None:
    """Offer an official for new times, or no longer. Raises NotFound."""
    async with transaction():
        sql = "UPDATE forum_official SET is_active = $2 WHERE number = $1 RETURNING number"
        if await fetchval(sql, number, is_active) is None:
            raise NotFound
        await audit(
            actor=actor,
            kind="official.changed",
            record="forum_official",
            record_id=str(number),
            after={"is_active": is_active},
            at=at,
        )


async def set_terms(*, forum_id: UUID, content: TermsContent, actor: UUID | None, at: datetime) -> None:
    """Write the rule down while it is not published; afterwards only a later end. Raises Invalid, RuleFrozen."""
    if problems := content.problems():
        raise Invalid(problems)
    async with transaction():
        before = await lock(forum_id)
        if before is not None and before.is_frozen:
            await _extend(before, content, actor, at)
            return
        await execute(
            """INSERT INTO forum_slots (forum, rule, tie, opens_at, closes_at, topics, note)
               VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (forum) DO UPDATE SET rule = excluded.rule, tie = excluded.tie,
                   opens_at = excluded.opens_at, closes_at = excluded.closes_at, topics = excluded.topics,
                   note = excluded.note""",
            forum_id,
            content.rule,
            content.tie,
            content.opens_at,
            content.closes_at,
            list(content.topics),
            content.note or {},
        )
        told = {"rule": content.rule, "tie": content.tie, "opens_at": content.opens_at, "closes_at": content.closes_at}
        await audit(actor=actor, kind="slots.rule_written", record=RECORD, record_id=forum_id, after=told, at=at)


async def _extend(before: Terms, content: TermsContent, actor: UUID | None, at: datetime) -> None:
    asked = (content.rule, content.tie, content.opens_at, content.topics)
    if asked != (before.rule, before.tie, before.opens_at, before.topics) or before.allocated_at is not None:
        raise RuleFrozen
    if content.closes_at is None or content.closes_at < before.closes_at or at >= before.closes_at:
        raise RuleFrozen
    sql = "UPDATE forum_slots SET closes_at = $2, note = $3 WHERE forum = $1"
    await execute(sql, before.forum, content.closes_at, content.note or {})
    told = [{"closes_at": before.closes_at}, {"closes_at": content.closes_at}]
    await audit(
        actor=actor, kind="slots.extended", record=RECORD, record_id=before.forum, before=told[0], after=told[1], at=at
    )


async def freeze(forum_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """Publish the rule: from now on it stands. A draw gets its seed, of which only the SHA-256 is shown.

    Raises NotFound, NoTimes, TooLate. A second time changes nothing.
    """
    async with transaction():
        terms = await lock(forum_id)
        if terms is None:
            raise NotFound
        if terms.is_frozen:
            return
        if not any(slot.room for slot in await queries.slots(forum_id)):
            raise NoTimes
        if at > terms.opens_at:
            raise TooLate
        seed = new_seed() if needs_seed(terms.rule, terms.tie) else None
        await execute(
            "UPDATE forum_slots SET frozen_at = $2, seed = $3, seed_hash = $4 WHERE forum = $1",
            forum_id,
            at,
            seed,
            commitment(seed) if seed else None,
        )
        told = {"rule": terms.rule.value, "seed_hash": commitment(seed) if seed else None}
        await audit(actor=actor, kind="slots.rule_published", record=RECORD, record_id=forum_id, after=told, at=at)


async def add_slots(
    *,
    forum_id: UUID,
    content: SlotContent,
    times: Sequence[tuple[datetime, datetime]],
    links: Links,
    actor: UUID | None,
    at: datetime,
) -> int:
    """Add times, all or none; who waits may get one at once. Raises Invalid, NotFound, TimesOverlap."""
    if not 1 <= content.capacity <= MOST_CAPACITY:
        raise Invalid([Problem("capacity", N_("Write how many can come at the same time, from 1 to 50."))])
    try:
        async with transaction():
            terms = await lock(forum_id)
            known = {one.number for one in await queries.officials(only_active=True)}
            if content.official not in known:
                raise Invalid([Problem("official", N_("Choose an official from the list."))])
            if len(await queries.slots(forum_id)) + len(times) > MOST_SLOTS:
                raise Invalid([Problem("ends", N_("Use at most %(most)s times."), {"most": MOST_SLOTS})])
            for starts_at, ends_at in times:
                await _add(forum_id, content, starts_at, ends_at)
            forum = await forums.forum_by_id(forum_id)
            if terms is not None and forum is not None:
                await fill(letters.About(forum, terms, links, at))
            await audit(
                actor=actor, kind="slots.added", record=RECORD, record_id=forum_id, after={"times": len(times)}, at=at
            )
    except asyncpg.ExclusionViolationError as fault:
        raise TimesOverlap from fault
    return len(times)


async def _add(forum_id: UUID, content: SlotContent, starts_at: datetime, ends_at: datetime) -> None:
    await execute(
        """INSERT INTO forum_slot (id, forum, official, starts_at, ends_at, place, topic, language, has_interpreter,
               capacity) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        uuid4(),
        forum_id,
        content.official,
        starts_at,
        ends_at,
        content.place,
        content.topic,
        content.language,
        content.has_interpreter,
        content.capacity,
    )


async def cancel_slot(slot_id: UUID, *, forum_id: UUID, links: Links, actor: UUID | None, at: datetime) -> None:
    """Call a time off: its holders keep their place in the order and get the next time. Raises NotFound."""
    async with transaction():
        terms = await lock(forum_id)
        slot = await queries.slot(slot_id)
        forum = await forums.forum_by_id(forum_id)
        if slot is None or slot.forum != forum_id or forum is None:
            raise NotFound
        if slot.cancelled_at is not None:
            return
        holders = [one for one in await queries.of_slot(slot_id) if one.is_living]
        await execute(
            """UPDATE forum_slot_request SET state = 'waiting', slot = NULL, changed_at = $2
               WHERE slot = $1 AND state = 'given'""",
            slot_id,
            at,
        )
        await execute("UPDATE forum_slot SET cancelled_at = $2, taken = 0 WHERE id = $1", slot_id, at)
        if terms is not None:
            about = letters.About(forum, terms, links, at)
            for holder in holders:
                await letters.slot_cancelled(about, holder, slot)
            await fill(about)
        told: Mapping[str, Any] = {"starts_at": slot.starts_at, "holders": len(holders)}
        await audit(actor=actor, kind="slots.cancelled", record=RECORD, record_id=forum_id, after=told, at=at)
