"""Writes: making results public and taking them back; storing answers that come in a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.records.operations import audit
from consult.results.imports import Cells, Reader
from consult.storage import connection, fetchval, transaction
from consult.surveys import published as compiled
from consult.surveys import queries as surveys
from consult.surveys.responses.flags import ALL
from consult.surveys.responses.insert_rows import Row, columns
from consult.surveys.responses.inserts import responses

BATCH = 1000
MOST_PROBLEMS = 200


class ResultsKeptPrivate(Refused):
    message = N_("This survey says that its results are not public. Change that in the survey first.")


class NotOpenedYet(Refused):
    message = N_("This survey has not been published yet, so it has no results.")


@dataclass(frozen=True, slots=True)
class Imported:
    """stored: new responses; present: ids that were there already and were left as they are."""

    stored: int
    present: int


async def publish_results(
    *, survey_id: UUID, at: datetime, person: UUID | None = None, without: Collection[str] = ()
) -> None:
    """Make the results public; doing it twice changes nothing. Raises NotFound, NotOpenedYet, ResultsKeptPrivate.

    without  flags whose answers the published figures leave out; the public page says so. Another choice replaces it.
    """
    chosen = [flag for flag in ALL if flag in without]
    async with transaction():
        survey = await surveys.survey_by_id(survey_id)
        if not survey.version:
            raise NotOpenedYet
        if not survey.is_public:
            raise ResultsKeptPrivate
        added = await fetchval(
            "insert into results_publication as known (survey, published_at, published_by, without)"
            " values ($1, $2, $3, $4) on conflict (survey) do update set without = excluded.without"
            " where known.without <> excluded.without returning survey",
            survey_id,
            at,
            person,
            chosen,
        )
        if added is not None:
            await audit(
                actor=person,
                kind="results.published",
                record="survey",
                record_id=survey_id,
                at=at,
                after={"without": ", ".join(chosen)},
            )


async def withdraw_results(*, survey_id: UUID, at: datetime, person: UUID | None = None) -> None:
    """Take results back from the public; charts frozen at an article stay there. Raises NotFound."""
    async with transaction():
        await surveys.survey_by_id(survey_id)
        removed = await fetchval("delete from results_publication where survey = $1 returning survey", survey_id)
        if removed is not None:
            await audit(actor=person, kind="results.withdrawn", record="survey", record_id=survey_id, at=at)


async def import_responses(
    *, survey_id: UUID, rows: Iterable[Cells], at: datetime, person: UUID | None = None
) -> Imported:
    """Store answers from rows of a file by codes, all or none.

    rows  one mapping per line, column name -> text, as `exports` writes them. Optional columns: _id (a line whose id is
          stored already is left alone), _version (the newest), _language, _channel (paper) and _day (that of `at`).

    Every line is judged like a posted form: types, ranges, required answers, conditions. Raises NotFound, and Invalid
    with a problem per line and column, the first two hundred.
    """
    newest = await surveys.version(survey_id)
    problems: list[Problem] = []
    stored = present = 0
    async with transaction():
        batch: list[Row] = []
        readers: dict[int, Reader] = {}
        for line, cells in enumerate(rows, start=2):
            number = Reader.version_of(cells, newest.number)
            if number not in readers:
                readers[number] = await _reader(survey_id, number, newest.languages, at)
            found = readers[number].read(cells, line)
            if isinstance(found, Row):
                batch.append(found)
            else:
                problems += found
            if len(problems) >= MOST_PROBLEMS:
                break
            if len(batch) >= BATCH and not problems:
                stored, present, batch = await _stored(batch, stored, present)
        if problems:
            raise Invalid(problems[:MOST_PROBLEMS])
        stored, present, _ = await _stored(batch, stored, present)
        await audit(
            actor=person,
            kind="responses.imported",
            record="survey",
            record_id=survey_id,
            at=at,
            after={"stored": stored},
        )
    return Imported(stored, present)


async def _reader(survey_id: UUID, number: int, languages: tuple[str, ...], at: datetime) -> Reader:
    try:
        return Reader(survey_id, number, await compiled.version(survey_id, number), languages, at)
    except NotFound:
        return Reader(survey_id, number, None, languages, at)


async def _stored(batch: list[Row], stored: int, present: int) -> tuple[int, int, list[Row]]:
    if batch:
        async with connection() as raw:
            added = len(await raw.fetch(responses.insert_new, *columns(batch)))
        stored, present = stored + added, present + len(batch) - added
    return stored, present, []
