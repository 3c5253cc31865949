"""Reads: which responses of a survey carry which flags, the stored ones and those that follow from the answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from consult.storage import fetch, fetchval
from consult.surveys import flags, queries
from consult.surveys.flags import ALL

Flagged = dict[UUID, tuple[str, ...]]

_kept: dict[UUID, tuple[Any, Flagged]] = {}
MOST_KEPT = 20


async def flagged(survey_id: UUID) -> Flagged:
    """The flags of every response in force that has any, in the order of flags.ALL.

    Looks at all answers once and again only when their number or the newest version has changed.
    """
    state = await fetchval(
        f"select (count(*), count(*) filter (where flags <> '{{}}'))::text {queries.IN_FORCE} and survey = $1",
        survey_id,
    )
    kept = _kept.get(survey_id)
    if kept is None or kept[0] != state:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[survey_id] = (state, await _computed(survey_id))
    return kept[1]


async def _computed(survey_id: UUID) -> Flagged:
    definitions = {version.number: version.definition for version in await queries.versions(survey_id)}
    rows = await fetch(f"select id, version, flags, answers {queries.IN_FORCE} and survey = $1", survey_id)
    duplicates = flags.duplicate_texts((row["id"], definitions[row["version"]], row["answers"]) for row in rows)
    found: Flagged = {}
    for row in rows:
        own = set(row["flags"])
        if flags.straight_lined(definitions[row["version"]], row["answers"]):
            own.add("straight_lined")
        if row["id"] in duplicates:
            own.add("duplicate_text")
        if own:
            found[row["id"]] = tuple(flag for flag in ALL if flag in own)
    return found
