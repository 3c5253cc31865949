"""Reads: which responses of a survey carry which flags, the stored ones and those that follow from the answers."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from consult.storage import fetch, fetchval
from consult.surveys import flags, queries
from consult.surveys.flags import ALL

Flagged = dict[UUID, tuple[str, ...]]

_kept: dict[UUID, tuple[Any, Flagged]] = {}
MOST_KEPT = 20
BLOCK = 2000


async def flagged(survey_id: UUID) -> Flagged:
    """The flags of every response in force that has any, in the order of flags.ALL.

    Looks at all answers once and again only when there are others.
    """
    state = await fetchval(
        "select (count(*), count(*) filter (where flags <> '{}'), bit_xor(hashtextextended(id::text, 0)))::text"
        f" {queries.IN_FORCE} and survey = $1",
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
    own: dict[UUID, set[str]] = {}
    duplicates = flags.Duplicates()
    every = any(flags.can_be_computed(definition) for definition in definitions.values())
    after = UUID(int=0)
    while True:
        rows = await fetch(
            f"select id, version, flags, answers {queries.IN_FORCE} and survey = $1 and id > $2"
            " and ($3 or flags <> '{}') order by id limit $4",
            survey_id,
            after,
            every,
            BLOCK,
        )
        for row in rows:
            definition = definitions[row["version"]]
            found = set(row["flags"])
            if every and flags.straight_lined(definition, row["answers"]):
                found.add("straight_lined")
            if every:
                duplicates.add(row["id"], definition, row["answers"])
            if found:
                own[row["id"]] = found
        if len(rows) < BLOCK:
            break
        after = rows[-1]["id"]
        await asyncio.sleep(0)
    for response in duplicates.found():
        own.setdefault(response, set()).add("duplicate_text")
    return {response: tuple(flag for flag in ALL if flag in found) for response, found in own.items()}
