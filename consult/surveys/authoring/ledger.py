"""The translation ledger in the database: reading it, and what is written into it. Its rules stand in translations.py.

Whoever writes a working copy calls `keep` first, in the same transaction; nobody else needs to know of the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, Problem, Refused
from consult.storage import execute, fetch, transaction
from consult.surveys import queries
from consult.surveys.authoring.translations import Ledger, Pair, State, Statement, fingerprint, pairs
from consult.surveys.definition.schema import Definition

NAMED = 5


class NotReady(Invalid):
    message = N_("The survey can be opened when every language is complete and up to date.")


class OwnTranslation(Refused):
    message = N_("A second person approves a translation. You wrote this one.")


TOLD = {
    State.MISSING: N_("Missing in “%(language)s” (%(number)s): %(places)s."),
    State.STALE: N_("Out of date in “%(language)s” (%(number)s): %(places)s."),
    State.WAITING: N_("To be approved in “%(language)s” (%(number)s): %(places)s."),
}


async def ledger(survey_id: UUID, *, needs_approval: bool = False) -> Ledger:
    return Ledger(await statements(survey_id), needs_approval=needs_approval)


async def statements(survey_id: UUID) -> list[Statement]:
    rows = await fetch(
        """select source_language, language, source, value, made_at, made_by, approved_at, approved_by
           from survey_translation where survey = $1 order by made_at, source, id""",
        survey_id,
    )
    return [
        Statement(
            Pair(row["source_language"], row["language"], row["source"], row["value"]),
            row["made_at"],
            row["made_by"],
            row["approved_at"],
            row["approved_by"],
        )
        for row in rows
    ]


async def keep(*, survey_id: UUID, definition: Definition, at: datetime, person: UUID | None = None) -> None:
    """Note the translations that a new working copy brings. Call before it is written, in the same transaction."""
    copy = await queries.working_copy(survey_id)
    before = copy.definition if copy else None
    known = await statements(survey_id)
    if before is not None and not known:
        # Older than the ledger: what stands there and what was published begins it.
        earlier = [before, *(version.definition for version in await queries.versions(survey_id))]
        begun = dict.fromkeys(pair for one in earlier for pair in pairs(one))
        await _state(survey_id, begun, at, None)
        known = [Statement(pair, at) for pair in begun]
    await _state(survey_id, Ledger(known).new_pairs(before, definition), at, person)


async def confirm(*, survey_id: UUID, wanted: Iterable[Pair], at: datetime, person: UUID | None = None) -> None:
    """Somebody has read translations beside their source and found them right."""
    await _state(survey_id, wanted, at, person)


async def _state(survey_id: UUID, wanted: Iterable[Pair], at: datetime, person: UUID | None) -> None:
    found = list(wanted)
    if not found:
        return
    await execute(
        """insert into survey_translation
               (id, survey, source_language, language, source, value, source_hash, value_hash, made_at, made_by)
           select id, $1, source_language, language, source, value, source_hash, value_hash, $2, $3
           from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
               as given (id, source_language, language, source, value, source_hash, value_hash)
           on conflict do nothing""",
        survey_id,
        at,
        person,
        [uuid4() for _ in found],
        [pair.source_language for pair in found],
        [pair.language for pair in found],
        [pair.source for pair in found],
        [pair.value for pair in found],
        [fingerprint(pair.source) for pair in found],
        [fingerprint(pair.value) for pair in found],
    )


async def approve(*, survey_id: UUID, wanted: Iterable[Pair], at: datetime, person: UUID) -> int:
    """A second person approves translations; how many it were. Raises OwnTranslation when all were their own."""
    asked = list(wanted)
    async with transaction():
        known = {statement.pair: statement for statement in await statements(survey_id)}
        waiting = [known[pair] for pair in asked if pair in known and known[pair].approved_at is None]
        others = [statement for statement in waiting if statement.made_by != person]
        if waiting and not others:
            raise OwnTranslation
        for statement in others:
            pair = statement.pair
            await execute(
                """update survey_translation set approved_at = $2, approved_by = $3
                   where survey = $1 and source_language = $4 and language = $5 and source_hash = $6
                       and value_hash = $7 and approved_at is null""",
                survey_id,
                at,
                person,
                pair.source_language,
                pair.language,
                fingerprint(pair.source),
                fingerprint(pair.value),
            )
    return len(others)


async def require_ready(
    survey_id: UUID, definition: Definition, languages: Iterable[str] = (), *, needs_approval: bool = False
) -> None:
    """Raises NotReady, which says what is missing, out of date or to be approved in which language, and where."""
    found: defaultdict[tuple[str, State], list[str]] = defaultdict(list)
    made = await ledger(survey_id, needs_approval=needs_approval)
    for line in made.lines(definition, tuple(languages) or definition.languages):
        if line.state is not State.FRESH:
            found[line.language, line.state].append(line.place)
    if found:
        raise NotReady(
            Problem(
                "translations",
                TOLD[state],
                {
                    "language": language,
                    "number": len(places),
                    "places": ", ".join(places[:NAMED]) + (" …" if len(places) > NAMED else ""),
                },
            )
            for (language, state), places in found.items()
        )
