"""Reads: how many responses came on which day, by which way and in which language. Superseded ones do not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from consult.storage import fetch


@dataclass(frozen=True, slots=True)
class Count:
    day: date
    channel: str
    language: str
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something happened, whoever did it: `page_posted`, `sent`, `screened_out`, `quota_full`.

    page is the key of the page that it happened on; "" for what concerns the whole survey.
    """

    event: str
    page: str
    channel: str
    language: str
    count: int


async def by_day(survey_id: UUID) -> list[Count]:
    rows = await fetch(
        """select day, channel, language, count(*)::int as count from response r
           where survey = $1 and not exists (select from response later where later.supersedes = r.id)
           group by day, channel, language order by day, channel, language""",
        survey_id,
    )
    return [Count(**dict(row)) for row in rows]


async def tallies(survey_id: UUID) -> list[Tally]:
    """What happened on the survey's pages since it opened, all versions and days together."""
    rows = await fetch(
        """select event, page, channel, language, sum(count)::int as count from survey_tally where survey = $1
           group by event, page, channel, language order by event, page, channel, language""",
        survey_id,
    )
    return [Tally(**dict(row)) for row in rows]
