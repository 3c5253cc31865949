"""Reads: indices, their versions, and their series: what they were worth at each wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
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
from consult.surveys.definition.schema import Design
from consult.surveys.survey import State, Survey
from consult.weighting import declared as designs
from consult.weighting import queries as weighting
from consult.weighting.declared import Declared
from consult.weighting.state import Remembered, states

MOST_REMEMBERED = 2_000
NEWEST = """
select i.id, i.key, v.number, v.document, v.created_at from standing_index i
join lateral (
    select * from standing_index_version where standing_index = i.id order by number desc limit 1
) v on true
"""
KEPT = """select m.*, s.slug, d.document as declared, v.document -> 'design' as designed
    from standing_index_measurement m left join survey s on s.id = m.survey
    left join survey_design d on d.survey = m.survey
    left join lateral (select document from survey_version where survey = m.survey order by number desc limit 1) v
        on true"""
CONCEPTS = """select v.survey, v.number, jsonb_path_query_array(v.document, '$.**.concept') as concepts
    from unnest($1::uuid[], $2::int[]) as w(survey, number) join survey_version v using (survey, number)"""


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


_concepts: dict[tuple[UUID, int], frozenset[str]] = {}  # versions never change
_remembered: Remembered[Wave | None] = Remembered(MOST_REMEMBERED)


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
    return (await all_versions([index_id]))[index_id]


async def all_versions(those: Sequence[UUID]) -> dict[UUID, list[Index]]:
    """All versions of each index, the newest first."""
    rows = await fetch(
        "select i.id, i.key, v.number, v.document, v.created_at from standing_index i"
        " join standing_index_version v on v.standing_index = i.id where i.id = any($1::uuid[]) order by v.number desc",
        list(those),
    )
    found: dict[UUID, list[Index]] = {one: [] for one in those}
    for row in rows:
        found[row["id"]].append(_index(row))
    return found


async def series(of: Index, *, at: datetime) -> list[Wave]:
    """All waves in the order of time: those kept, and the surveys in the field that ask for all items."""
    return (await all_series([of], at=at))[of.id]


async def all_series(those: Sequence[Index], *, at: datetime) -> dict[UUID, list[Wave]]:
    """The same of several indices, in hardly more questions than for one."""
    kept = await _measurements(those)
    answered = (State.OPEN, State.CLOSED)
    fielded = [one for one in await surveys.all_surveys() if one.version and one.state(at) in answered]
    asked = await concepts([one.id for one in fielded])
    counting = await surveys.answered([one.id for one in fielded])
    wanted = [
        (of, survey)
        for of in those
        for survey in fielded
        if survey.id in counting
        and survey.id not in kept[of.id]
        and {item.concept for item in of.standing.items} <= asked[survey.id]
    ]
    found = {of.id: list(kept[of.id].values()) for of in those}
    for (of, _), wave in zip(wanted, await _live_waves(wanted), strict=True):
        if wave is not None:
            found[of.id].append(wave)
    return {key: sorted(waves, key=lambda wave: (wave.on, wave.is_kept, wave.survey)) for key, waves in found.items()}


async def kept_waves(those: Sequence[Index]) -> dict[UUID, list[Wave]]:
    """The waves of each index that never change any more, in the order of time."""
    kept = await _measurements(those)
    return {key: sorted(waves.values(), key=lambda wave: (wave.on, wave.survey)) for key, waves in kept.items()}


async def _measurements(those: Sequence[Index]) -> dict[UUID, dict[UUID, Wave]]:
    """The kept waves of each index, by survey; what was measured elsewhere by its own id."""
    rows = await fetch(f"{KEPT} where m.standing_index = any($1::uuid[])", [one.id for one in those])
    found: dict[UUID, dict[UUID, Wave]] = {one.id: {} for one in those}
    for row in rows:
        found[row["standing_index"]][row["survey"] or row["id"]] = _kept(row)
    return found


async def of_survey(survey: Survey) -> list[tuple[Index, Wave]]:
    """The indices that this survey measures, with what they are worth in it now or were when the wave was kept."""
    those = await indices()
    rows = await fetch(f"{KEPT} where m.survey = $1", survey.id)
    kept = {row["standing_index"]: _kept(row) for row in rows}
    asked = (await concepts([survey.id]))[survey.id]
    wanted = [
        (one, survey)
        for one in those
        if one.id not in kept and survey.version and {item.concept for item in one.standing.items} <= asked
    ]
    live = {of.id: wave for (of, _), wave in zip(wanted, await _live_waves(wanted), strict=True)}
    return [(one, wave) for one in those if (wave := kept.get(one.id) or live.get(one.id)) is not None]


async def concepts(of: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """What the versions of each survey ask for, all of them together."""
    rows = await fetch("select survey, number from survey_version where survey = any($1::uuid[])", list(of))
    missing = [(row["survey"], row["number"]) for row in rows if (row["survey"], row["number"]) not in _concepts]
    if missing:
        read = await fetch(CONCEPTS, [one for one, _ in missing], [number for _, number in missing])
        _concepts.update({(row["survey"], row["number"]): frozenset(row["concepts"]) for row in read})
    found: dict[UUID, frozenset[str]] = dict.fromkeys(of, frozenset())
    for row in rows:
        found[row["survey"]] |= _concepts[row["survey"], row["number"]]
    return found


async def _live_waves(wanted: Sequence[tuple[Index, Survey]]) -> list[Wave | None]:
    now = await states({survey.id for _, survey in wanted})
    return [
        await _remembered.of((of.id, of.number, survey.id), now.get(survey.id), partial(live_wave, of, survey))
        for of, survey in wanted
    ]


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


def _kept(row: Mapping[str, Any]) -> Wave:
    reason = None if row["low"] is not None else Reason.NO_DESIGN
    found = Estimate(row["value"], row["people"], low=row["low"], high=row["high"], reason=reason)
    is_open = row["survey"] is not None and _declared(row).kind == "open"
    return Wave(
        row["on_day"], row["label"], row["number"], found, row["slug"] or "", row["origin"], True, row["id"], is_open
    )


def _declared(row: Mapping[str, Any]) -> Declared:
    """How the respondents of a kept wave were chosen: as staff declared it, else as the newest version has it."""
    if row["declared"] is not None:
        return designs.from_builtins(row["declared"])
    return Declared() if row["designed"] is None else designs.of_definition(msgspec.convert(row["designed"], Design))
