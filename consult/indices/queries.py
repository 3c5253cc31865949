"""Reads: indices, their versions, and their series: what they were worth at each wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from consult.analysis.estimate import Estimate, Reason
from consult.columns.frame import Frame
from consult.columns.published import counted
from consult.errors import NotFound
from consult.i18n import Text
from consult.indices.measuring import asked_in, measure
from consult.indices.standing import Standing
from consult.storage import fetch, fetchrow
from consult.surveys import queries as surveys
from consult.surveys.survey import State, Survey
from consult.weighting import queries as weighting

NEWEST = """
select i.id, i.key, v.number, v.document, v.created_at from standing_index i
join lateral (
    select * from standing_index_version where standing_index = i.id order by number desc limit 1
) v on true
"""


@dataclass(frozen=True, slots=True)
class Index:
    """An index in its newest version, or in one of those before."""

    id: UUID
    key: str
    number: int
    standing: Standing
    since: datetime


@dataclass(frozen=True, slots=True)
class Wave:
    """One measurement. survey: the survey's address, empty if it was measured elsewhere (origin says where).

    is_kept  it never changes any more; else it follows the answers that come in.
    is_open  everybody could take part: such a figure does not compare with those of samples.
    """

    on: date
    label: Text
    number: int
    estimate: Estimate
    survey: str = ""
    origin: str = ""
    is_kept: bool = True
    id: UUID | None = None
    is_open: bool = False


def comparable(waves: list[Wave]) -> list[Wave]:
    """The waves of a series that compare: without open consultations, unless there are no others."""
    return [wave for wave in waves if not wave.is_open] or waves


async def indices() -> list[Index]:
    """All indices in their newest versions, by name of their key."""
    return [_index(row) for row in await fetch(f"{NEWEST} order by i.key")]


async def index(key: str) -> Index:
    """Raises NotFound."""
    row = await fetchrow(f"{NEWEST} where i.key = $1", key)
    if row is None:
        raise NotFound
    return _index(row)


async def versions(index_id: UUID) -> list[Index]:
    """All versions, the newest first."""
    rows = await fetch(
        "select i.id, i.key, v.number, v.document, v.created_at from standing_index i"
        " join standing_index_version v on v.standing_index = i.id where i.id = $1 order by v.number desc",
        index_id,
    )
    return [_index(row) for row in rows]


async def series(of: Index, *, at: datetime) -> list[Wave]:
    """All waves in the order of time: those kept, and the surveys in the field that ask for all items."""
    rows = await _measurements(of)
    waves = [await _kept(row) for row in rows]
    known = {row["survey"] for row in rows}
    for survey in await surveys.all_surveys():
        if survey.id not in known and survey.version and survey.state(at) in (State.OPEN, State.CLOSED):
            live = await live_wave(of, survey)
            if live is not None:
                waves.append(live)
    return sorted(waves, key=lambda wave: (wave.on, wave.is_kept, wave.survey))


async def kept_waves(of: Index) -> list[Wave]:
    """The waves that never change any more, in the order of time."""
    waves = [await _kept(row) for row in await _measurements(of)]
    return sorted(waves, key=lambda wave: (wave.on, wave.survey))


async def _measurements(of: Index) -> list[Any]:
    found: list[Any] = await fetch(
        "select m.*, s.slug from standing_index_measurement m left join survey s on s.id = m.survey"
        " where m.standing_index = $1",
        of.id,
    )
    return found


async def of_survey(survey: Survey) -> list[tuple[Index, Wave]]:
    """The indices that this survey measures, with what they are worth in it now or were when the wave was kept."""
    found = []
    for one in await indices():
        row = await fetchrow(
            "select m.*, s.slug from standing_index_measurement m join survey s on s.id = m.survey"
            " where m.standing_index = $1 and m.survey = $2",
            one.id,
            survey.id,
        )
        wave = await _kept(row) if row is not None else await live_wave(one, survey)
        if wave is not None:
            found.append((one, wave))
    return found


async def live_wave(of: Index, survey: Survey) -> Wave | None:
    """What the survey's answers say now; None if it does not ask for all items or nobody has answered them."""
    if not survey.version:
        return None
    made = await counted(survey.id)
    if len(asked_in(made, of.standing)) < len(of.standing.items):
        return None
    found = await measured(made, of.standing)
    if found.value is None:
        return None
    day = made.snapshot.last_day or made.snapshot.taken_at.date()
    is_open = (await weighting.design_of(survey.id)).kind == "open"
    return Wave(day, survey.title, of.number, found, survey.slug, is_kept=False, is_open=is_open)


async def measured(made: Frame, standing: Standing) -> Estimate:
    """The index in one survey, with an interval where a sample was declared.

    Without the weights that the index names there is no figure: unweighted it would be another one.
    """
    known = {one.key for one in await weighting.weight_sets(made.survey_id)}
    if standing.weights and standing.weights not in known:
        return Estimate(None, 0, reason=Reason.NO_SOLUTION)
    used = await weighting.weights_of(made, standing.weights)
    if used.reason is not None:
        return Estimate(None, 0, reason=used.reason)
    return measure(made, standing, used.design, has_design=used.declared.permits_intervals)


def _index(row: Mapping[str, Any]) -> Index:
    return Index(row["id"], row["key"], row["number"], msgspec.convert(row["document"], Standing), row["created_at"])


async def _kept(row: Mapping[str, Any]) -> Wave:
    reason = None if row["low"] is not None else Reason.NO_DESIGN
    found = Estimate(row["value"], row["people"], low=row["low"], high=row["high"], reason=reason)
    is_open = row["survey"] is not None and (await weighting.design_of(row["survey"])).kind == "open"
    return Wave(
        row["on_day"], row["label"], row["number"], found, row["slug"] or "", row["origin"], True, row["id"], is_open
    )
