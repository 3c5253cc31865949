"""Writing down what makes a forum a gathering."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from consult.errors import N_, Invalid, NotFound, Refused
from consult.forums import queries as forums
from consult.forums.forum import Kind
from consult.forums.gatherings import queries
from consult.forums.gatherings.gathering import CALL_RULE, QUORUM_RULE, Gathering, GatheringContent
from consult.profile import Profile
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction


class NoGathering(Refused):
    message = N_("This meeting is not a gathering of residents.")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the municipality's rules say about gatherings; None where they set nothing."""

    settlements: Collection[str]
    authentic: str
    call_percent: Decimal | None
    quorum_percent: Decimal | None


def rules_of(*, profile: Profile, on: date) -> Rules:
    """The rules that hold on a day."""
    return Rules(
        settlements=[place.code for place in profile.places],
        authentic=profile.authentic_language,
        call_percent=_percent(profile, CALL_RULE, on),
        quorum_percent=_percent(profile, QUORUM_RULE, on),
    )


def _percent(profile: Profile, key: str, on: date) -> Decimal | None:
    rule = profile.rule(key, on)
    return None if rule is None or rule.percent is None else Decimal(str(rule.percent))


async def keep_gathering(
    *, forum_id: UUID, content: GatheringContent, rules: Rules, actor: UUID | None, at: datetime
) -> None:
    """Write the figures down, with the percentages that hold today. Raises Invalid, NotFound, NoGathering."""
    async with transaction():
        await fetchval("SELECT id FROM forum WHERE id = $1 FOR UPDATE", forum_id)
        forum = await forums.forum_by_id(forum_id)
        if forum is None:
            raise NotFound
        if forum.kind is not Kind.GATHERING:
            raise NoGathering
        before = (await queries.gathering_of([forum_id])).get(forum_id)
        found = content.problems(
            settlements=rules.settlements, authentic=rules.authentic, call_percent=rules.call_percent, today=at.date()
        )
        if problems := list(found):
            raise Invalid(problems)
        await execute(
            """INSERT INTO forum_gathering (forum, settlement, called_by, supporters, voters, counted_on, source,
                   call_percent, quorum_percent)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
               ON CONFLICT (forum) DO UPDATE SET settlement = excluded.settlement, called_by = excluded.called_by,
                   supporters = excluded.supporters, voters = excluded.voters, counted_on = excluded.counted_on,
                   source = excluded.source, call_percent = excluded.call_percent,
                   quorum_percent = excluded.quorum_percent""",
            forum_id,
            content.settlement,
            content.called_by,
            content.supporters,
            content.voters,
            content.counted_on,
            content.source,
            rules.call_percent,
            rules.quorum_percent,
        )
        after = (await queries.gathering_of([forum_id]))[forum_id]
        await audit(
            actor=actor,
            kind="forum.gathering_kept",
            record="forum",
            record_id=forum_id,
            before=_figures(before),
            after=_figures(after),
            at=at,
        )


def _figures(gathering: Gathering | None) -> dict[str, Any] | None:
    if gathering is None:
        return None
    return {
        "settlement": gathering.settlement,
        "called_by": gathering.called_by,
        "supporters": gathering.supporters,
        "voters": gathering.voters,
        "counted_on": gathering.counted_on,
        "quorum": gathering.quorum,
    }
