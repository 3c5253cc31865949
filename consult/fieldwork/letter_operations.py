"""Writes: make sheets for households, each with its code."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, Problem, Refused
from consult.fieldwork import queries
from consult.fieldwork.contact import Contact
from consult.fieldwork.letters import MOST_SHEETS, Sheet, households
from consult.fieldwork.links import Links
from consult.fieldwork.mailing_operations import NobodyLeft, TakesNoInvitations, issue
from consult.i18n import locale
from consult.records.operations import audit
from consult.storage import execute, transaction
from consult.surveys import queries as surveys
from consult.surveys.admission import invitations
from consult.surveys.admission.invitation_operations import issue_loose_tokens, open_contacts
from consult.surveys.survey import State, Survey

WHO = {
    "new": N_("Households that have had no letter yet"),
    "unanswered": N_("Households that have not answered, again"),
    "all": N_("All households that have not answered"),
}


class IsClosed(Refused):
    message = N_("The survey is closed. A code would no longer work.")


async def waiting(*, survey_id: UUID, who: str, key: bytes) -> list[Contact]:
    """The households that a print would reach: their codes are not used yet."""
    found = households(await queries.contacts(survey_id))
    unused = await open_contacts(survey_id=survey_id, contacts=[one.id for one in found if one.is_issued], key=key)
    found = [one for one in found if not one.is_issued or one.id in unused]
    if who == "new":
        return [one for one in found if one.printed_on is None]
    if who == "unanswered":
        return [one for one in found if one.printed_on is not None]
    return found


async def make_sheets(
    *, survey_id: UUID, who: str, links: Links, at: datetime, person: UUID | None = None, part: int = 1,
) -> list[Sheet]:  # fmt: skip
    """The sheets of a part of the households, at most MOST_SHEETS; their codes work from now on.

    Raises TakesNoInvitations, IsClosed, NobodyLeft.
    """
    async with transaction():
        survey = await _ready(survey_id, at)
        first = 0 if who == "new" else (part - 1) * MOST_SHEETS  # those who have had a letter are no longer new
        chosen = (await waiting(survey_id=survey_id, who=who, key=links.key))[first : first + MOST_SHEETS]
        if not chosen:
            raise NobodyLeft
        await issue(survey_id=survey_id, contacts=chosen, key=links.key)
        await execute(
            "update contact set printed_on = $2 where id = any($1::uuid[])", [one.id for one in chosen], at.date()
        )
        await audit(
            actor=person,
            kind="contacts.printed",
            record="survey",
            record_id=survey_id,
            at=at,
            after={"letters": len(chosen)},
        )
    return [_sheet(survey, one, one.language, links.token(survey, one.id), links) for one in chosen]


async def make_loose_sheets(
    *, survey_id: UUID, number: str, language: str, links: Links, at: datetime, person: UUID | None = None
) -> list[Sheet]:
    """Sheets without names, to be handed out; they cannot be printed again.

    Raises Invalid, TakesNoInvitations, IsClosed.
    """
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    if not 0 < wanted <= MOST_SHEETS:
        raise Invalid([Problem("number", N_("Write a number from 1 to %(most)s."), {"most": MOST_SHEETS})])
    async with transaction():
        survey = await _ready(survey_id, at)
        tokens = await issue_loose_tokens(survey_id=survey_id, number=wanted, key=links.key)
        await audit(
            actor=person,
            kind="contacts.printed",
            record="survey",
            record_id=survey_id,
            at=at,
            after={"letters": wanted},
        )
    return [_sheet(survey, None, language, token, links) for token in tokens]


async def _ready(survey_id: UUID, at: datetime) -> Survey:
    await execute("select id from survey where id = $1 for update", survey_id)
    survey = await surveys.survey_by_id(survey_id)
    if not survey.access.takes_invitations:
        raise TakesNoInvitations
    if survey.version == 0 or survey.state(at) is State.CLOSED:
        raise IsClosed
    return survey


def _sheet(survey: Survey, contact: Contact | None, language: str, token: str, links: Links) -> Sheet:
    link = links.answering(locale(language), survey, token)
    return Sheet(contact, language, invitations.spaced(token), link)
