"""Writes: start and stop a round of letters, send its next part, note what came back and who wants none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from consult import jobs
from consult.errors import N_, Invalid, Refused
from consult.fieldwork import mailing_queries, queries
from consult.fieldwork.contact import Contact
from consult.fieldwork.links import Links
from consult.fieldwork.mailing import PROMISES, Filling, Mailing, body_of, check_texts, subject_of
from consult.i18n import Locale, Text, locale, pick
from consult.mail.delivery import REFUSED_RECIPIENT
from consult.mail.message import LOCAL_PART
from consult.mail.operations import notify
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchval, transaction
from consult.surveys import queries as surveys
from consult.surveys.admission.invitation_operations import issue_tokens, open_contacts
from consult.surveys.survey import Survey

MINUTE = timedelta(minutes=1)
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[\w.-]{3,253}")


class NotOpen(Refused):
    message = N_("The survey is not open. Letters go out only while it can be answered.")


class TakesNoInvitations(Refused):
    message = N_("This survey takes no personal invitations. Allow them under “Ways in” first.")


class NobodyLeft(Refused):
    message = N_("There is nobody to write to.")


class StillSending(Refused):
    message = N_("A round is being sent. Wait until it is through, or stop it.")


async def start_mailing(
    *, survey_id: UUID, kind: str, subject: Text, body: Text, codes: Sequence[str], links: Links, at: datetime,
    person: UUID | None = None,
) -> UUID:  # fmt: skip
    """Plan a round of letters; jobs send it, so many a minute. codes: the languages that its words are needed in.

    Raises Invalid, NotOpen, TakesNoInvitations, NobodyLeft, StillSending.
    """
    problems = check_texts(subject, body, codes)
    if problems:
        raise Invalid(problems)
    mailing_id = uuid4()
    try:
        async with transaction():
            survey = await surveys.survey_by_id(survey_id)
            await execute("select id from survey where id = $1 for update", survey_id)
            if not survey.is_open(at):
                raise NotOpen
            if not survey.access.takes_invitations:
                raise TakesNoInvitations
            chosen = await mailing_queries.recipients(survey_id, kind, links)
            if not chosen:
                raise NobodyLeft
            await issue(survey_id=survey_id, contacts=chosen, key=links.key)
            await execute(
                """insert into mailing (id, survey, kind, subject, body, state, started_at, started_by)
                   values ($1, $2, $3, $4, $5, 'running', $6, $7)""",
                mailing_id, survey_id, kind, subject, body, at, person,
            )  # fmt: skip
            await execute(
                """insert into mailing_letter (id, mailing, contact, state)
                   select gen_random_uuid(), $1, contact, 'planned' from unnest($2::uuid[]) as t (contact)""",
                mailing_id,
                [one.id for one in chosen],
            )
            await jobs.enqueue("fieldwork.send_now", {"mailing": mailing_id})
            after = {"kind": kind, "letters": len(chosen)}
            await audit(actor=person, kind="mailing.started", record="survey", record_id=survey_id, at=at, after=after)
    except asyncpg.UniqueViolationError as fault:
        raise StillSending from fault
    return mailing_id


async def issue(*, survey_id: UUID, contacts: Sequence[Contact], key: bytes) -> None:
    """Issue the invitations of those who have none yet: once for each, ever."""
    fresh = [one.id for one in contacts if not one.is_issued]
    await execute("update contact set is_issued = true where id = any($1::uuid[])", fresh)
    await issue_tokens(survey_id=survey_id, contacts=fresh, key=key)


async def stop_mailing(*, survey_id: UUID, mailing_id: UUID, at: datetime, person: UUID | None = None) -> None:
    """Send no more of a round; stopping it twice changes nothing. Raises NotFound."""
    async with transaction():
        found = await mailing_queries.mailing(survey_id, mailing_id)
        if found.state != "running":
            return
        await _end(found.id, "stopped")
        after = {"kind": found.kind, "letters": found.counts.total - found.counts.planned}
        await audit(actor=person, kind="mailing.stopped", record="survey", record_id=survey_id, at=at, after=after)


async def _end(mailing_id: UUID, state: str) -> None:
    await execute("delete from mailing_letter where mailing = $1 and state = 'planned'", mailing_id)
    await execute("update mailing set state = $2 where id = $1", mailing_id, state)


async def send_some(*, links: Links, sender: Text, per_minute: int, at: datetime) -> int:
    """Hand the next letters of all rounds to the post, at most per_minute within a minute. Returns how many.

    Who has answered, opted out or moved meanwhile gets none; a round of a survey that is no longer open stops.
    """
    async with transaction():
        await execute("select id from mailing where state = 'running' order by id for update")
        room = per_minute - await mailing_queries.letters_since(at, MINUTE)
        sent = 0
        for round_ in await mailing_queries.running():
            survey = await surveys.survey_by_id(round_.survey)
            if not survey.is_open(at):
                await _end(round_.id, "stopped")
                continue
            sent += await _send_part(round_, survey, links, sender, max(0, room - sent), at)
    return sent


async def _send_part(round_: Mailing, survey: Survey, links: Links, sender: Text, room: int, at: datetime) -> int:
    rows = await fetch(
        "select contact from mailing_letter where mailing = $1 and state = 'planned' order by id limit $2",
        round_.id,
        room,
    )
    contacts = await queries.by_ids([row["contact"] for row in rows])
    unused = await open_contacts(survey_id=survey.id, contacts=[one.id for one in contacts], key=links.key)
    mode = (await surveys.version(survey.id)).definition.mode
    sent = 0
    for one in contacts:
        if not one.gets_mail or one.id not in unused:
            await execute("delete from mailing_letter where mailing = $1 and contact = $2", round_.id, one.id)
            continue
        await _write(round_, survey, one, links, sender, mode, at)
        sent += 1
    if len(rows) < room:
        await execute(
            """update mailing set state = 'done' where id = $1
               and not exists (select from mailing_letter where mailing = $1 and state = 'planned')""",
            round_.id,
        )
    return sent


async def _write(
    round_: Mailing, survey: Survey, contact: Contact, links: Links, sender: Text, mode: str, at: datetime
) -> None:
    spoken = locale(contact.language)
    filling = filling_of(survey=survey, contact=contact, links=links, sender=sender, mode=mode, spoken=spoken)
    notification = await notify(
        recipient_email=contact.email or "",
        event=f"survey.{round_.kind}:{round_.id}:{contact.id}",
        language=contact.language,
        subject=subject_of(round_.subject, filling, spoken),
        body_text=body_of(round_.body, filling, spoken),
        unsubscribe=filling.way_out,
        at=at,
    )
    await execute(
        """update mailing_letter set state = 'queued', notification = $3, queued_at = $4
           where mailing = $1 and contact = $2""",
        round_.id, contact.id, notification, at,
    )  # fmt: skip


def filling_of(*, survey: Survey, contact: Contact, links: Links, sender: Text, mode: str, spoken: Locale) -> Filling:
    return Filling(
        name=contact.name,
        title=pick(survey.title, spoken.code, spoken.order)[0],
        link=links.answering(spoken, survey, links.token(survey, contact.id)),
        closes=spoken.deadline(survey.closes_at) if survey.closes_at else "",
        sender=pick(sender, spoken.code, spoken.order)[0],
        promise=spoken.gettext(PROMISES[mode]),
        way_out=links.way_out(spoken, contact.id),
    )


async def settle() -> None:
    """Note what became of letters at the mail server; an address that it refused gets no more."""
    async with transaction():
        await execute(
            """update mailing_letter l set state = case when n.state = 'sent' then 'sent'
                   when n.last_error like $1 || '%' then 'bounced' else 'failed' end
               from notification n where n.id = l.notification and l.state = 'queued' and n.state <> 'waiting'""",
            REFUSED_RECIPIENT,
        )
        await execute(
            """update contact set bounce = 'refused' from mailing_letter l
               where l.contact = contact.id and l.state = 'bounced' and contact.bounce is null
                 and exists (select from notification n where n.id = l.notification and n.recipient = contact.email)"""
        )


async def opt_out(*, contact_id: UUID, everything: bool, links: Links, at: datetime) -> None:
    """Send somebody no more letters about this survey, or about any. Somebody who is erased already is content."""
    async with transaction():
        email = await fetchval(
            "update contact set has_opted_out = true where id = $1 returning coalesce(email, '')", contact_id
        )
        if email and everything:
            await refuse_letters(email, links=links, at=at)


async def refuse_letters(email: str, *, links: Links, at: datetime) -> None:
    """Remember that an address wants no letters about surveys, whoever would send them."""
    await execute(
        "insert into invitation_refusal (address_hash, refused_on) values ($1, $2) on conflict do nothing",
        links.address_hash(email),
        at.date(),
    )


async def note_bounces(*, survey_id: UUID, text: str, at: datetime, person: UUID | None = None) -> int:
    """Mark the contacts whose addresses stand in what came back: a returned mail, or a list. Returns how many."""
    found = {one.strip(".<>").lower() for one in ADDRESS.findall(text[:200_000])}
    addresses = [one for one in found if LOCAL_PART.fullmatch(one.partition("@")[0])]
    async with transaction():
        rows = await fetch(
            """update contact set bounce = 'returned'
               where survey = $1 and lower(email) = any($2::text[]) and bounce is null returning id""",
            survey_id,
            addresses,
        )
        await execute(
            """update mailing_letter set state = 'bounced' where contact = any($1::uuid[]) and state = 'sent'""",
            [row["id"] for row in rows],
        )
        if rows:
            await audit(
                actor=person,
                kind="contacts.bounced",
                record="survey",
                record_id=survey_id,
                at=at,
                after={"contacts": len(rows)},
            )
    return len(rows)
