"""Writes: sheets of paper and telephone calls that clerks key in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, Problem, Refused
from consult.fieldwork import entry_queries, keying
from consult.fieldwork.entry_queries import Sheet
from consult.records.operations import audit
from consult.storage import execute, transaction
from consult.surveys import queries
from consult.surveys.answers.flow import Compiled, Decoded
from consult.surveys.responses import inserts
from consult.surveys.responses.inserts import Outcome, Row
from consult.surveys.survey import State, Version

LONGEST_NUMBER = 20
LONGEST_FIELD = 10_000


class Kept(Enum):
    """What became of a sheet."""

    STORED = "stored"
    ONCE = "once"
    DIFFERS = "differs"


class NotYetOpen(Refused):
    message = N_("This survey has not been opened. Answers can be keyed in from its opening on.")


class KeyedBySame(Refused):
    message = N_("You keyed this sheet the first time. A colleague keys it the second time.")


class NumberUsed(Refused):
    message = N_("A sheet with this number is stored already. Compare the number on the paper.")


class OtherLanguage(Refused):
    message = N_("The first time this sheet was keyed in another language. Compare the paper.")


async def set_double(*, survey_id: UUID, is_double: bool, at: datetime, person: UUID) -> None:
    """Decide whether two people key every sheet of paper."""
    async with transaction():
        before = await entry_queries.is_double(survey_id)
        if before == is_double:
            return
        await execute(
            """insert into entry_setting (survey, is_double) values ($1, $2)
               on conflict (survey) do update set is_double = excluded.is_double""",
            survey_id,
            is_double,
        )
        await audit(
            actor=person, kind="survey.double_entry_set", record="survey", record_id=survey_id, at=at,
            before={"double": before}, after={"double": is_double},
        )  # fmt: skip


async def key_sheet(
    *, survey_id: UUID, number: str, channel: str, language: str, day: date | None, typed: Mapping[str, str],
    at: datetime, person: UUID,
) -> Kept:  # fmt: skip
    """Take in what was typed of one sheet of paper, or of one telephone call.

    number: as it stands on the sheet; a telephone call has none. typed: by field, as it was typed.
    Raises Invalid with the problems by field, NotYetOpen, NumberUsed, KeyedBySame, OtherLanguage.
    """
    survey = await queries.survey_by_id(survey_id)
    if survey.state(at) not in (State.OPEN, State.CLOSED):
        raise NotYetOpen
    version = await queries.version(survey_id)
    number = re.sub(r"\s", "", number)
    problems = [*_about(number, channel, language, day, version, at), *judged(version=version, typed=typed)[1]]
    if problems or day is None:
        raise Invalid(problems)
    if channel == "phone":
        await _store(version, uuid4(), channel, language, day, typed, at)
        return Kept.STORED
    async with transaction():
        sheet, kept = await _take(version, number, language, day, typed, person)
    if kept is Kept.STORED:
        await _finish(sheet, version, typed, at)
    return kept


async def _take(
    version: Version, number: str, language: str, day: date, typed: Mapping[str, str], person: UUID
) -> tuple[Sheet, Kept]:
    """Keep the reading of a sheet; Kept.STORED: it is ready to become a response."""
    earlier = await entry_queries.numbered(version.survey, number)
    if earlier is None:
        sheet_id = uuid4()
        await execute(
            """insert into keyed_sheet
                   (id, survey, version, number, channel, language, day, state, response, first, first_by)
               values ($1, $2, $3, $4, 'paper', $5, $6, 'once', $7, $8, $9)""",
            sheet_id, version.survey, version.number, number, language, day, uuid4(), dict(typed), person,
        )  # fmt: skip
        is_double = await entry_queries.is_double(version.survey)
        return await entry_queries.sheet(sheet_id, version.survey), Kept.ONCE if is_double else Kept.STORED
    if earlier.state != "once" or earlier.first is None:
        raise NumberUsed
    if earlier.first_by == person:
        raise KeyedBySame
    if earlier.language != language:
        raise OtherLanguage
    first = await queries.version(earlier.survey, earlier.version)
    differs = bool(keying.different(first.definition, earlier.first, typed))
    await execute(
        "update keyed_sheet set state = $2, second = $3, second_by = $4 where id = $1",
        earlier.id,
        "differs" if differs else "once",
        dict(typed),
        person,
    )
    return earlier, Kept.DIFFERS if differs else Kept.STORED


async def settle(*, sheet_id: UUID, survey_id: UUID, typed: Mapping[str, str], at: datetime, person: UUID) -> None:
    """Store a sheet that was read in two ways, with the reading that was chosen. Raises NotFound, Invalid."""
    sheet = await entry_queries.sheet(sheet_id, survey_id)
    version = await queries.version(survey_id, sheet.version)
    problems = judged(version=version, typed=typed)[1]
    if problems:
        raise Invalid(problems)
    await _finish(sheet, version, typed, at)
    async with transaction():
        await audit(
            actor=person,
            kind="survey.sheet_settled",
            record="survey",
            record_id=survey_id,
            at=at,
            after={"number": sheet.number},
        )


async def discard(*, sheet_id: UUID, survey_id: UUID, at: datetime, person: UUID) -> None:
    """Take a sheet out that is not stored yet; it can be keyed anew. Raises NotFound."""
    async with transaction():
        sheet = await entry_queries.sheet(sheet_id, survey_id)
        await execute("delete from keyed_sheet where id = $1", sheet_id)
        await audit(
            actor=person,
            kind="survey.sheet_discarded",
            record="survey",
            record_id=survey_id,
            at=at,
            before={"number": sheet.number},
        )


async def _finish(sheet: Sheet, version: Version, typed: Mapping[str, str], at: datetime) -> None:
    """Make a sheet a response, then forget what was typed. After a crash in between it can be done once more."""
    if sheet.response is None:
        raise NumberUsed
    await _store(version, sheet.response, sheet.channel, sheet.language, sheet.day, typed, at)
    await execute(
        "update keyed_sheet set state = 'stored', response = null, first = null, second = null where id = $1", sheet.id
    )


async def _store(
    version: Version, response: UUID, channel: str, language: str, day: date, typed: Mapping[str, str], at: datetime
) -> None:
    """Insert a response; it takes no place in a quota, since what lies on paper cannot be refused any more."""
    decoded = judged(version=version, typed=typed)[0]
    outcome = await inserts.responses.store(
        Row(
            id=response,
            survey=version.survey,
            version=version.number,
            language=language,
            channel=channel,
            day=day,
            submitted_at=None if version.definition.mode == "anonymous" else at,
            answers=inserts.encoded(decoded.answers),
        )
    )
    if outcome is Outcome.DIFFERENT:
        raise NumberUsed


def judged(*, version: Version, typed: Mapping[str, str]) -> tuple[Decoded, list[Problem]]:
    """What was typed as answers, and what is wrong with it, by the field's name."""
    fields, problems = keying.typed(version.definition, lambda name: typed.get(name, "")[:LONGEST_FIELD])
    decoded = _compiled(version).decode(fields)
    seen = {problem.place for problem in problems}
    return decoded, [*problems, *(found for found in decoded.problems if found.place not in seen)]


_ready: dict[UUID, Compiled] = {}
"""By version: versions never change, so what was compiled once stays right."""


def _compiled(version: Version) -> Compiled:
    if version.id not in _ready:
        _ready[version.id] = Compiled(keying.relaxed(version.definition))
    return _ready[version.id]


def _about(
    number: str, channel: str, language: str, day: date | None, version: Version, at: datetime
) -> Iterator[Problem]:
    if channel not in ("paper", "phone"):
        yield Problem("_channel", N_("Choose paper or telephone."))
    if channel == "paper" and not 1 <= len(number) <= LONGEST_NUMBER:
        yield Problem("_number", N_("Write the number that stands on the sheet, at most 20 characters."))
    if language not in version.languages:
        yield Problem("_language", N_("Choose one of the survey's languages."))
    if day is None:
        yield Problem("_day", N_("Write the day, such as 2026-11-30."))
    elif day > at.date() + timedelta(days=1):
        yield Problem("_day", N_("This day is still to come. Write the day on which the answers were given."))
