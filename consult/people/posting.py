"""Sending a letter to a colleague."""

from __future__ import annotations

import datetime as dt

from consult.mail.operations import notify
from consult.people import letters
from consult.people.letters import Letter
from consult.people.person import Person


async def post(person: Person, event: str, letter: Letter, at: dt.datetime) -> None:
    """Hand a letter on, in the transaction of what it tells of; a second one of the same event changes nothing."""
    await notify(
        recipient_email=person.email,
        event=event,
        language=letters.language_for(person.language).code,
        subject=letter.subject,
        body_text=letter.body,
        at=at,
    )
