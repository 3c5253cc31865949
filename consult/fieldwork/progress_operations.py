"""Writes: how long answers are kept, their erasure, and the assumption behind response rates."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, Problem, Refused
from consult.fieldwork import progress_queries
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction
from consult.surveys import queries
from consult.surveys.survey import State

LONGEST_DAYS = 36_500
RETENTION_OVER = "The time for which answers are kept is over."
"""Stands in the audit trail and in the notes of erasure; the job has no language."""


class StillOpen(Refused):
    message = N_("Close the survey first. Then its answers can be erased.")


async def keep_for(*, survey_id: UUID, days: str, at: datetime, person: UUID | None = None) -> None:
    """Decide after how many days past the closing answers are erased; nothing: they are kept. Raises Invalid."""
    written = days.strip()
    if written and (not re.fullmatch(r"[0-9]{1,6}", written) or int(written) > LONGEST_DAYS):
        message = N_("Write a whole number of days from 0 to %(most)s, or nothing.")
        raise Invalid([Problem("days", message, {"most": LONGEST_DAYS})])
    async with transaction():
        before = await progress_queries.retention_days(survey_id)
        if written:
            await execute(
                """insert into survey_retention (survey, days, decided_at, decided_by) values ($1, $2, $3, $4)
                   on conflict (survey) do update set days = excluded.days, decided_at = excluded.decided_at,
                       decided_by = excluded.decided_by""",
                survey_id,
                int(written),
                at,
                person,
            )
        else:
            await execute("delete from survey_retention where survey = $1", survey_id)
        after = int(written) if written else None
        await audit(
            actor=person,
            kind="survey.retention_set",
            record="survey",
            record_id=survey_id,
            at=at,
            before={"days": before},
            after={"days": after},
        )


async def erase_answers(*, survey_id: UUID, confirmation: str, reason: str, at: datetime, person: UUID) -> int:
    """Erase everything that was answered in a closed survey. Raises NotFound, StillOpen, Invalid.

    confirmation: the survey's address, written by hand.
    """
    reason = reason.strip()
    async with transaction():
        survey = await queries.survey_by_id(survey_id)
        if survey.state(at) is State.OPEN:
            raise StillOpen
        problems = []
        if confirmation.strip().lower() != survey.slug:
            problems.append(
                Problem("confirmation", N_("Write “%(name)s” here, letter by letter."), {"name": survey.slug})
            )
        if not 10 <= len(reason) <= 1000:
            problems.append(Problem("erase_reason", N_("Write the reason, in 10 to 1,000 characters.")))
        if problems:
            raise Invalid(problems)
        return await _erase(survey_id, reason, at, person)


async def erase_due(*, at: datetime) -> int:
    """Erase the answers of all surveys whose time is over; how many surveys that were."""
    found = await progress_queries.due(at)
    for survey_id in found:
        async with transaction():
            await _erase(survey_id, RETENTION_OVER, at, None)
    return len(found)


async def _erase(survey_id: UUID, reason: str, at: datetime, person: UUID | None) -> int:
    gone = int(await fetchval("select erase_all_responses($1, $2, $3, $4)", survey_id, reason, at, person))
    await audit(
        actor=person,
        kind="survey.answers_erased",
        record="survey",
        record_id=survey_id,
        at=at,
        after={"answers": gone},
        reason=reason,
    )
    return gone


async def assume_eligible(
    *, survey_id: UUID, percent: str, reason: str, at: datetime, person: UUID | None = None
) -> None:
    """Decide what share of the people of unknown eligibility counts as eligible. Raises Invalid."""
    reason = reason.strip()
    problems = []
    written = percent.strip().replace(",", ".").removesuffix("%").strip()
    share = float(written) / 100 if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", written) else -1.0
    if not 0 <= share <= 1:
        problems.append(Problem("percent", N_("Write a percentage from 0 to 100.")))
    if not 10 <= len(reason) <= 1000:
        problems.append(Problem("eligibility_reason", N_("Write the reason, in 10 to 1,000 characters.")))
    if problems:
        raise Invalid(problems)
    async with transaction():
        before = await progress_queries.eligibility(survey_id)
        await execute(
            """insert into survey_eligibility (survey, share, reason, decided_at, decided_by)
               values ($1, $2, $3, $4, $5)
               on conflict (survey) do update set share = excluded.share, reason = excluded.reason,
                   decided_at = excluded.decided_at, decided_by = excluded.decided_by""",
            survey_id,
            share,
            reason,
            at,
            person,
        )
        await audit(
            actor=person, kind="survey.eligibility_assumed", record="survey", record_id=survey_id, at=at,
            before={"share": before.share},
            after={"share": share}, reason=reason,
        )  # fmt: skip
