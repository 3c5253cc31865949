"""Reads: rounds of letters, how far they are, and who gets the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consult.errors import NotFound
from consult.fieldwork.contact import Contact
from consult.fieldwork.links import Links
from consult.fieldwork.mailing import Counts, Frame, Mailing
from consult.fieldwork.queries import CONTACT
from consult.storage import fetch, fetchrow, fetchval
from consult.surveys.admission.invitation_operations import open_contacts

MAILING = """
select m.id, m.survey, m.kind, m.subject, m.body, m.state, m.started_at,
    count(*) filter (where l.state = 'planned') as planned, count(*) filter (where l.state = 'queued') as queued,
    count(*) filter (where l.state = 'sent') as sent, count(*) filter (where l.state = 'failed') as failed,
    count(*) filter (where l.state = 'bounced') as bounced
from mailing m left join mailing_letter l on l.mailing = m.id
"""
GETS_MAIL = " where survey = $1 and email is not null and bounce is null and not has_opted_out"
UNINVITED = """ and not exists (
    select from mailing_letter l join mailing m on m.id = l.mailing
    where l.contact = contact.id and m.kind = 'invitation' and l.state not in ('failed', 'bounced'))"""
INVITED = """ and exists (select from mailing_letter l where l.contact = contact.id and l.state = 'sent')"""


async def mailings(survey_id: UUID) -> list[Mailing]:
    """The rounds of a survey, the newest first."""
    rows = await fetch(MAILING + " where m.survey = $1 group by m.id order by m.started_at desc, m.id", survey_id)
    return [_mailing(row) for row in rows]


async def mailing(survey_id: UUID, mailing_id: UUID) -> Mailing:
    """Raises NotFound."""
    row = await fetchrow(MAILING + " where m.survey = $1 and m.id = $2 group by m.id", survey_id, mailing_id)
    if row is None:
        raise NotFound
    return _mailing(row)


async def running() -> list[Mailing]:
    rows = await fetch(MAILING + " where m.state = 'running' group by m.id order by m.started_at, m.id")
    return [_mailing(row) for row in rows]


async def recipients(survey_id: UUID, kind: str, links: Links) -> list[Contact]:
    """Who would get the next round: invitations go to those who had none, reminders to those who did not answer."""
    rows = await fetch(
        CONTACT + GETS_MAIL + (UNINVITED if kind == "invitation" else INVITED) + " order by id", survey_id
    )
    found = [Contact(**dict(row)) for row in rows]
    unwanted = await refusing([one.email or "" for one in found], links)
    unused = await open_contacts(
        survey_id=survey_id, contacts=[one.id for one in found if one.is_issued], key=links.key
    )
    return [one for one in found if (one.email or "") not in unwanted and (not one.is_issued or one.id in unused)]


async def refusing(emails: Sequence[str], links: Links) -> set[str]:
    """Those of the addresses that want no letters about surveys."""
    hashes = {email: links.address_hash(email) for email in emails}
    rows = await fetch(
        "select address_hash from invitation_refusal where address_hash = any($1::bytea[])", list(hashes.values())
    )
    unwanted = {row["address_hash"] for row in rows}
    return {email for email, address_hash in hashes.items() if address_hash in unwanted}


async def letters_since(moment: datetime, within: timedelta) -> int:
    """How many letters of all rounds went to the post in the time before a moment."""
    sql = "select count(*) from mailing_letter where queued_at > $1"
    return int(await fetchval(sql, moment - within))


async def frame_counts(survey_id: UUID, key: bytes) -> Frame:
    """How far the invitations came; somebody who answered counts as nothing else."""
    rows = await fetch("select id, is_issued, has_opted_out, bounce from contact where survey = $1", survey_id)
    issued = [row["id"] for row in rows if row["is_issued"]]
    answered = set(issued) - await open_contacts(survey_id=survey_id, contacts=issued, key=key)
    others = [row for row in rows if row["id"] not in answered]
    return Frame(
        contacts=len(rows),
        invited=len(issued),
        opted_out=sum(row["has_opted_out"] for row in others),
        bounced=sum(row["bounce"] is not None and not row["has_opted_out"] for row in others),
        answered=len(answered),
    )


def _mailing(row: Mapping[str, Any]) -> Mailing:
    fields = dict(row)
    names = ("planned", "queued", "sent", "failed", "bounced")
    counts = Counts(**{name: fields.pop(name) for name in names})
    return Mailing(**fields, counts=counts)
