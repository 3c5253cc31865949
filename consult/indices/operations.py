"""Writes: define an index, change it, keep what it was worth at a wave."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

import msgspec

from consult.analysis.estimate import Estimate
from consult.columns.published import counted
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Text
from consult.indices import queries
from consult.indices.standing import KEY, KEY_WRONG, Standing, faults
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchval, transaction
from consult.surveys import queries as surveys
from consult.surveys.survey import State

KEY_TAKEN = N_("There is an index with this short name. Choose another one.")
VALUE_WRONG = N_("The value must be a number from %(low)s to 100.")
DAY_LATER = N_("The day lies in the future. Write the day of the measurement.")
ORIGIN_MISSING = N_("Say where the figure comes from, such as the title and page of a report.")
PEOPLE_WRONG = N_("Write how many people were asked, as a whole number above 0.")


class StillOpen(Refused):
    message = N_("The survey still takes answers. The wave can be kept once it is closed.")


class NotMeasured(Refused):
    message = N_("This survey does not ask all questions of the index, or nobody has answered them.")


class SameVersion(Refused):
    message = N_("Nothing was changed, so there is nothing to keep.")


class KeptAlready(Refused):
    message = N_("A measurement of that day is kept already. Kept figures never change.")


async def define(*, key: str, standing: Standing, at: datetime, person: UUID | None = None) -> None:
    """Begin an index. Raises Invalid with all that is wrong."""
    problems = faults(standing, None)
    if not KEY.fullmatch(key):
        problems.append(Problem("key", KEY_WRONG))
    async with transaction():
        if await fetchval("select 1 from standing_index where key = $1", key):
            problems.append(Problem("key", KEY_TAKEN))
        if problems:
            raise Invalid(problems)
        index_id = uuid4()
        await execute("insert into standing_index (id, key, created_at) values ($1, $2, $3)", index_id, key, at)
        await _keep_version(index_id, 1, standing, at, person)
        await audit(actor=person, kind="index.defined", record="index", record_id=index_id, at=at, after={"index": key})


async def change(*, key: str, standing: Standing, at: datetime, person: UUID | None = None) -> None:
    """Make a new version; earlier waves keep theirs. Raises NotFound, SameVersion, Invalid."""
    async with transaction():
        index_id = await fetchval("select id from standing_index where key = $1 for update", key)
        if index_id is None:
            raise NotFound
        before = await queries.index(key)
        if problems := faults(standing, before.standing):
            raise Invalid(problems)
        if msgspec.structs.replace(standing, changed={}) == msgspec.structs.replace(before.standing, changed={}):
            raise SameVersion
        await _keep_version(index_id, before.number + 1, standing, at, person)
        await audit(
            actor=person,
            kind="index.changed",
            record="index",
            record_id=index_id,
            at=at,
            after={"index": key, "version": before.number + 1},
        )


async def _keep_version(index_id: UUID, number: int, standing: Standing, at: datetime, person: UUID | None) -> None:
    await execute(
        "insert into standing_index_version (id, standing_index, number, document, created_at, created_by)"
        " values ($1, $2, $3, $4, $5, $6)",
        uuid4(),
        index_id,
        number,
        msgspec.to_builtins(standing),
        at,
        person,
    )


async def keep_wave(*, key: str, survey_id: UUID, at: datetime, person: UUID | None = None) -> None:
    """Keep for ever what the index was worth in a survey that is closed; doing it twice changes nothing.

    Raises NotFound, StillOpen, NotMeasured.
    """
    of = await queries.index(key)
    survey = await surveys.survey_by_id(survey_id)
    if survey.state(at) is not State.CLOSED:
        raise StillOpen
    wave = await queries.live_wave(of, survey)
    if wave is None or wave.estimate.value is None:
        raise NotMeasured
    snapshot = (await counted(survey_id)).snapshot.key
    async with transaction():
        added = await _insert(of, wave, survey_id, snapshot, at, person)
        if added:
            await audit(
                actor=person,
                kind="index.measured",
                record="index",
                record_id=of.id,
                at=at,
                after={"index": key, "survey": survey.slug},
            )


async def keep_closed_waves(*, at: datetime) -> int:
    """Keep the waves of all surveys that have closed and whose results are public; how many there were.

    Before publication staff may still leave marked answers out, or make weights; until then they keep a wave by hand.
    """
    kept = 0
    public = {row["survey"] for row in await fetch("select survey from results_publication")}
    for of in await queries.indices():
        for wave in await queries.series(of, at=at):
            if not wave.is_kept:
                survey = await surveys.survey(wave.survey)
                if survey.id in public and survey.state(at) is State.CLOSED:
                    await keep_wave(key=of.key, survey_id=survey.id, at=at)
                    kept += 1
    return kept


async def record_elsewhere(
    *,
    key: str,
    on: date | None,
    label: Text,
    value: float | None,
    people: int | None,
    origin: str,
    at: datetime,
    person: UUID | None = None,
) -> None:
    """Keep a figure that was measured before or elsewhere, so that the series begins there. Raises NotFound, Invalid,
    KeptAlready.
    """
    of = await queries.index(key)
    problems = []
    if on is None:
        problems.append(Problem("on", N_("Write the day of the measurement.")))
    elif on > at.date():
        problems.append(Problem("on", DAY_LATER))
    if value is None or not of.standing.lowest <= value <= 100:
        problems.append(Problem("value", VALUE_WRONG, {"low": f"{of.standing.lowest:g}"}))
    if people is None or people < 1:
        problems.append(Problem("people", PEOPLE_WRONG))
    if not origin:
        problems.append(Problem("origin", ORIGIN_MISSING))
    if problems or on is None or value is None or people is None:
        raise Invalid(problems)
    estimate = Estimate(value, people)
    wave = queries.Wave(on, label, of.number, estimate, origin=origin)
    async with transaction():
        if not await _insert(of, wave, None, "", at, person):
            raise KeptAlready
        await audit(
            actor=person,
            kind="index.recorded",
            record="index",
            record_id=of.id,
            at=at,
            after={"index": key, "day": on.isoformat()},
        )


async def _insert(
    of: queries.Index, wave: queries.Wave, survey_id: UUID | None, snapshot: str, at: datetime, person: UUID | None
) -> bool:
    added = await fetchval(
        "insert into standing_index_measurement (id, standing_index, number, survey, on_day, label, value, low, high,"
        " people, snapshot, origin, measured_at, measured_by)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing returning id",
        uuid4(),
        of.id,
        wave.number,
        survey_id,
        wave.on,
        dict(wave.label),
        wave.estimate.value,
        wave.estimate.low,
        wave.estimate.high,
        wave.estimate.n,
        snapshot,
        wave.origin,
        at,
        person,
    )
    return added is not None
