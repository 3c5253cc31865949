"""Who may write the answer to a comment: moderators, and whoever works in the unit that it was given to."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from consult.drafts import queries as drafts
from consult.drafts.answers.due import Due, usual
from consult.drafts.answers.worklist import Assignment
from consult.errors import NotAllowed
from consult.people import units
from consult.people.person import Person
from consult.profile import Profile

LEADS = ("moderator",)


async def allow_writing(person: Person, assignment: Assignment | None) -> None:
    """Raises NotAllowed."""
    if not await may_write(person, assignment):
        raise NotAllowed


async def may_write(person: Person, assignment: Assignment | None) -> bool:
    if person.may(*LEADS):
        return True
    return assignment is not None and assignment.unit in await units.units_of(person.id)


async def usual_days(profile: Profile) -> dict[UUID, Due]:
    """The day by which the comments of each draft are to be answered unless another was set."""
    return {draft.id: usual(draft, profile) for draft in await drafts.all_drafts()}


def today(profile: Profile, now: datetime) -> date:
    return now.astimezone(profile.zone).date()
