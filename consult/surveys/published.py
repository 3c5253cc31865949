"""What the hot path needs of a survey, kept in memory: its dates for a second, its versions for good.

Versions never change, so a compiled one is right for ever. Dates do: every process looks again after a second, once for
all surveys that it knows, so that a thousand cost as little as one.
While the database is away, what was known last goes on being shown.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from consult.errors import NotFound, Unavailable
from consult.storage import AWAY, fetch
from consult.surveys import queries
from consult.surveys.answers.flow import Compiled
from consult.surveys.survey import Survey

FRESH_S = 1.0
MOST_MISSES = 1000
MOST_VERSIONS = 1500

# What a survey shows, in one word: equal words, nothing has changed. The document of a published version never does.
STAMPS = """
select s.slug, md5(s::text || coalesce(a::text, '') || coalesce(v.number, 0) || case when v.number is null
    then coalesce(w.revision, 0) else 0 end) as stamp
from survey s
left join survey_access a on a.survey = s.id
left join survey_working_copy w on w.survey = s.id
left join lateral (select number from survey_version where survey = s.id order by number desc limit 1) v on true
where s.slug = any($1)
"""


@dataclass(slots=True)
class Kept:
    """at: when it was looked up; stamp: what it showed then, read before the rest."""

    at: float
    survey: Survey | None
    stamp: str


_surveys: dict[str, Kept] = {}
_versions: dict[tuple[UUID, int], Compiled] = {}
_looked = 0.0


async def survey(slug: str) -> Survey:
    """Raises NotFound, Unavailable."""
    global _looked
    now = time.monotonic()
    kept = _surveys.get(slug)
    if kept is not None and kept.survey is not None and now - kept.at > FRESH_S and now - _looked > FRESH_S:
        _looked = now  # one request looks for all surveys; those that come meanwhile do with what is known
        await _look(now)
        kept = _surveys.get(slug)
    if kept is None or (kept.survey is None and now - kept.at > FRESH_S):
        kept = await _found(slug, now)
    if kept.survey is None:
        raise NotFound
    return kept.survey


async def _found(slug: str, now: float) -> Kept:
    """Raises Unavailable."""
    try:
        stamps = await _stamps([slug])
        found = await queries.survey(slug) if stamps else None
    except NotFound:
        found = None
    except AWAY:
        raise Unavailable from None
    if found is None and len(_surveys) > MOST_MISSES:
        for missed in [one for one, kept in _surveys.items() if kept.survey is None]:
            del _surveys[missed]
    kept = _surveys[slug] = Kept(now, found, stamps.get(slug, ""))
    return kept


async def _look(now: float) -> None:
    """Look up anew what has changed; while the database is away, what was known last goes on being shown."""
    try:
        stamps = await _stamps([slug for slug, kept in _surveys.items() if kept.survey is not None])
        for slug, kept in list(_surveys.items()):
            if kept.survey is not None and stamps.get(slug) != kept.stamp:
                found = await queries.survey(slug) if slug in stamps else None
                _surveys[slug] = Kept(now, found, stamps.get(slug, ""))
            else:
                kept.at = now if kept.survey is not None else kept.at
    except NotFound:
        return  # it went between the two questions: the next look tells
    except AWAY:
        return


async def _stamps(slugs: list[str]) -> dict[str, str]:
    return {row["slug"]: row["stamp"] for row in await fetch(STAMPS, slugs)}


async def version(survey_id: UUID, number: int) -> Compiled:
    """Raises NotFound."""
    compiled = _versions.get((survey_id, number))
    if compiled is None:
        compiled = Compiled((await queries.version(survey_id, number)).definition)
        _versions[survey_id, number] = compiled
        if len(_versions) > MOST_VERSIONS:
            del _versions[next(iter(_versions))]
    return compiled


def forget(slug: str) -> None:
    """Look again at the next request: something has changed here."""
    _surveys.pop(slug, None)
