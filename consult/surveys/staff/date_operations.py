"""Writes to a survey that has been opened: give it more time, or open it once more. A reason always stays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, Problem, Refused
from consult.records.operations import audit
from consult.storage import execute, transaction
from consult.surveys import published, queries
from consult.surveys.survey import State

SHORTEST_REASON, LONGEST_REASON = 10, 1000


class NotOpen(Refused):
    message = N_("Only an open survey can be given more time.")


class NotClosed(Refused):
    message = N_("Only a closed survey can be opened once more.")


async def extend(
    *, survey_id: UUID, closes_at: datetime, reason: str, at: datetime, person: UUID | None = None
) -> None:
    """Let an open survey close later. Raises NotFound, NotOpen, Invalid."""
    await _close_later(survey_id, State.OPEN, NotOpen, closes_at, reason, "survey.extended", at, person)


async def reopen(
    *, survey_id: UUID, closes_at: datetime, reason: str, at: datetime, person: UUID | None = None
) -> None:
    """Open a closed survey once more; what was answered before stays. Raises NotFound, NotClosed, Invalid."""
    await _close_later(survey_id, State.CLOSED, NotClosed, closes_at, reason, "survey.reopened", at, person)


async def _close_later(
    survey_id: UUID, wanted: State, refusal: type[Refused], closes_at: datetime, reason: str, kind: str, at: datetime,
    person: UUID | None,
) -> None:  # fmt: skip
    reason = reason.strip()
    async with transaction():
        await execute("select from survey where id = $1 for update", survey_id)
        survey = await queries.survey_by_id(survey_id)
        if survey.state(at) is not wanted:
            raise refusal
        problems = list(_problems(survey.closes_at if wanted is State.OPEN else at, closes_at, reason))
        if problems:
            raise Invalid(problems)
        await execute("update survey set closes_at = $2 where id = $1", survey_id, closes_at)
        await audit(
            actor=person, kind=kind, record="survey", record_id=survey_id, at=at,
            before={"closes_at": survey.closes_at}, after={"closes_at": closes_at}, reason=reason,
        )  # fmt: skip
    published.forget(survey.slug)


def _problems(after: datetime | None, closes_at: datetime, reason: str) -> list[Problem]:
    problems = []
    if after is None:
        problems.append(Problem("closes_at", N_("This survey has no end. Close it instead.")))
    elif closes_at <= after:
        problems.append(Problem("closes_at", N_("Choose a later day or hour than the present end.")))
    if len(reason) < SHORTEST_REASON:
        problems.append(Problem("reason", N_("Write the reason, in at least %(least)s characters."),
                                {"least": SHORTEST_REASON}))  # fmt: skip
    elif len(reason) > LONGEST_REASON:
        problems.append(Problem("reason", N_("Shorten the reason to %(most)s characters."), {"most": LONGEST_REASON}))
    return problems
