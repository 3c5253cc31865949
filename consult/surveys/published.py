"""What the hot path needs of a survey, kept in memory: its dates for a second, its versions for good.

Versions never change, so a compiled one is right for ever. Dates do: every process looks again after a second.
While the database is away, what was known last goes on being shown.
"""

from __future__ import annotations

import time
from uuid import UUID

from consult.errors import NotFound, Unavailable
from consult.surveys import queries
from consult.surveys.flow import Compiled
from consult.surveys.inserts import AWAY
from consult.surveys.survey import Survey

FRESH_S = 1.0
MOST_MISSES = 1000

_surveys: dict[str, tuple[float, Survey | None]] = {}
_versions: dict[tuple[UUID, int], Compiled] = {}


async def survey(slug: str) -> Survey:
    """Raises NotFound."""
    now = time.monotonic()
    kept = _surveys.get(slug)
    if kept is None or now - kept[0] > FRESH_S:
        if kept is not None:
            _surveys[slug] = (now, kept[1])  # one request looks; those that come meanwhile do with what is known
        found: Survey | None
        try:
            found = await queries.survey(slug)
        except NotFound:
            found = None
            if len(_surveys) > MOST_MISSES:
                _surveys.clear()
        except AWAY:
            if kept is None:
                raise Unavailable from None
            found = kept[1]
        kept = (now, found)
        _surveys[slug] = kept
    if kept[1] is None:
        raise NotFound
    return kept[1]


async def version(survey_id: UUID, number: int) -> Compiled:
    """Raises NotFound."""
    compiled = _versions.get((survey_id, number))
    if compiled is None:
        compiled = Compiled((await queries.version(survey_id, number)).definition)
        _versions[survey_id, number] = compiled
    return compiled


def forget(slug: str) -> None:
    """Look again at the next request: something has changed here."""
    _surveys.pop(slug, None)
