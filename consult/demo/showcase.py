"""Seeding what the tools for surveys are for: one survey in the making, and one for people with an invitation.

Every step looks for what it would make. Letters end in the folder of the data,
whatever mail server the settings name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from consult.consultations.consultation import first_moment
from consult.demo import content
from consult.demo.days import Calendar
from consult.documents.sheets import Sheet
from consult.fieldwork import entry_operations, entry_queries, mailing_operations, mailing_queries
from consult.fieldwork import operations as contacts
from consult.fieldwork import queries as contact_queries
from consult.fieldwork.links import Links, links_of
from consult.fieldwork.mailing import default_texts
from consult.i18n import locale
from consult.mail import operations as mail
from consult.mail.delivery import PostOffice
from consult.profile import Profile
from consult.settings import Settings, resource
from consult.storage import fetch, transaction
from consult.studio import operations as studio
from consult.studio.edits import Edited, change_page, change_question
from consult.studio.publishing import publish
from consult.surveys import operations, queries
from consult.surveys.access import Access
from consult.surveys.admission import invitations
from consult.surveys.authoring import yaml_reading
from consult.surveys.definition.schema import Definition
from consult.surveys.definition.texts import with_text
from consult.surveys.responses import daily_totals
from consult.surveys.responses.insert_rows import Outcome
from consult.surveys.responses.submissions import Sender, store_response
from consult.surveys.staff.access_operations import set_access

LAST_MINUTE = "23:59"


async def seed_showcase(
    town: content.Town, *, profile: Profile, settings: Settings, calendar: Calendar, staff: Mapping[str, UUID]
) -> None:
    known = {survey.slug: survey.id for survey in await queries.all_surveys()}
    if town.showcase.prepared.key not in known:
        await _prepare(town.showcase.prepared, profile, calendar, staff)
    invited = town.showcase.invited
    survey_id = known.get(invited.key) or await _publish(invited, profile, calendar, staff)
    post = PostOffice(replace(settings, smtp_host=None), profile.name)
    await _invite(survey_id, invited, profile, post, calendar, staff)
    await _key_sheets(survey_id, invited, calendar, staff)
    await daily_totals.flush()


def _definition(file: str, key: str, profile: Profile) -> Definition:
    """A ready-made survey; its authentic language is the town's."""
    found = yaml_reading.load(resource("surveys", f"{file}.yaml").read_bytes())
    languages = tuple(code for code in profile.languages if code in found.languages)
    return msgspec.structs.replace(found, key=key, languages=languages)


async def _prepare(one: content.Prepared, profile: Profile, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """A survey whose designer went on writing: some translations are out of date, others are missing."""
    at = calendar.past(one.day)
    async with transaction():
        survey_id = await operations.import_working_copy(
            definition=_definition(one.file, one.key, profile), at=at, person=staff["designer"], is_demo=True
        )
        for change in one.changes:
            await studio.save(
                survey_id=survey_id,
                edit=partial(_rewritten, change),
                at=at,
                person=staff["designer"],
            )


def _rewritten(change: content.Rewritten, before: Definition) -> Edited:
    after = with_text(before, change.place, change.language, change.words)
    part, key = change.place.split(".")[:2]
    if part == "questions":
        return change_question(before, key, after.question(key))
    return change_page(before, key, next(page for page in after.pages if page.key == key))


async def _publish(one: content.Invited, profile: Profile, calendar: Calendar, staff: Mapping[str, UUID]) -> UUID:
    at = calendar.past(one.opens - 1)
    person = staff["designer"]
    plain = _definition(one.file, one.key, profile)
    definition = msgspec.structs.replace(plain, review=True, resume=True, editable=True, quotas=tuple(one.quotas))
    async with transaction():
        survey_id = await operations.import_working_copy(definition=definition, at=at, person=person, is_demo=True)
        await publish(survey_id=survey_id, at=at, person=person, without=True)
        await operations.schedule(
            survey_id=survey_id,
            opens_at=first_moment(calendar.day(one.opens), profile.time_zone),
            closes_at=calendar.moment(one.closes, LAST_MINUTE),
            languages=tuple(profile.languages),
            at=at,
            person=person,
        )
        await set_access(survey_id=survey_id, access=Access(who="invited"), at=at, person=person)
    return survey_id


async def _invite(
    survey_id: UUID,
    one: content.Invited,
    profile: Profile,
    post: PostOffice,
    calendar: Calendar,
    staff: Mapping[str, UUID],
) -> None:
    links = links_of(post.settings)
    if not await contact_queries.count(survey_id):
        await _take_in(survey_id, one, profile, calendar, staff["designer"])
    rounds = {mailing.kind for mailing in await mailing_queries.mailings(survey_id)}
    if "invitation" not in rounds:
        await _send(survey_id, "invitation", one.invitation, profile, post, calendar, staff["designer"])
    if "reminder" in rounds:
        return
    await _reply(survey_id, one, profile, links, calendar)
    await mailing_operations.note_bounces(
        survey_id=survey_id, text=one.returned, at=calendar.past(one.invitation + 1), person=staff["clerk"]
    )
    people = await _by_email(survey_id)
    refusing = people[_email(one, one.opted_out)]
    await mailing_operations.opt_out(
        contact_id=refusing, everything=False, links=links, at=calendar.past(one.invitation + 1)
    )
    await _send(survey_id, "reminder", one.reminder, profile, post, calendar, staff["designer"])


async def _take_in(survey_id: UUID, one: content.Invited, profile: Profile, calendar: Calendar, person: UUID) -> None:
    head, *rows = one.contacts
    sheet = Sheet(tuple(head), tuple(map(tuple, rows)), tuple(range(2, len(rows) + 2)))
    at = calendar.past(one.opens)
    async with transaction():
        upload = await contacts.keep_upload(
            survey_id=survey_id, name="contacts.xlsx", sheet=sheet, at=at, person=person
        )
        await contacts.take_in(
            upload_id=upload,
            survey_id=survey_id,
            columns=head,
            language=profile.default_language,
            enabled=profile.languages,
            one_per_household=False,
            without_faulty=False,
            at=at,
            person=person,
        )


async def _send(
    survey_id: UUID, kind: str, day: int, profile: Profile, post: PostOffice, calendar: Calendar, person: UUID
) -> None:
    locales = [locale(code) for code in profile.languages]
    subject, body = default_texts(kind, locales)
    at = calendar.past(day)
    links = links_of(post.settings)
    async with transaction():
        await mailing_operations.start_mailing(
            survey_id=survey_id,
            kind=kind,
            subject=subject,
            body=body,
            codes=profile.languages,
            links=links,
            at=at,
            person=person,
        )
        everybody = await contact_queries.count(survey_id) + 1
        await mailing_operations.send_some(links=links, sender=profile.name, per_minute=everybody, at=at)
    for letter in await fetch("select notification from mailing_letter where state = 'queued'"):
        await mail.send(notification_id=letter["notification"], post=post, at=at)
    await mailing_operations.settle()


async def _reply(survey_id: UUID, one: content.Invited, profile: Profile, links: Links, calendar: Calendar) -> None:
    """Answers to the invitation; one that is there already stays."""
    survey = await queries.survey_by_id(survey_id)
    people = await _by_email(survey_id)
    pages = [page.key for page in (await queries.version(survey_id)).definition.pages]
    languages = one.contacts[0].index("language")
    for reply in one.replies:
        contact = people[_email(one, reply.contact)]
        sender = Sender(
            id=uuid5(NAMESPACE_URL, f"{one.key}/{reply.contact}"),
            survey=survey,
            version=survey.version,
            language=one.contacts[1:][reply.contact][languages],
            at=calendar.past(reply.day, "18:10"),
            zone=profile.zone,
            token=invitations.hashed(links.key, survey_id, links.token(survey, contact)),
        )
        stored = await store_response(sender, {name: [value] for name, value in reply.fields.items()})
        if stored.problems:
            raise ValueError(
                f"{one.key}: the survey refuses the reply of contact {reply.contact}: {stored.problems[0]}"
            )
        for page in pages if stored.outcome is Outcome.STORED else ():
            sender.count("page_posted", page)


def _email(one: content.Invited, number: int) -> str:
    return one.contacts[1:][number][one.contacts[0].index("email")]


async def _by_email(survey_id: UUID) -> dict[str, UUID]:
    return {contact.email: contact.id for contact in await contact_queries.contacts(survey_id) if contact.email}


async def _key_sheets(survey_id: UUID, one: content.Invited, calendar: Calendar, staff: Mapping[str, UUID]) -> None:
    """Sheets of paper, keyed once by the clerk; where somebody keyed them again, the readings differ."""
    at = calendar.past(one.opens)
    await entry_operations.set_double(survey_id=survey_id, is_double=True, at=at, person=staff["clerk"])
    for sheet in one.sheets:
        known = await entry_queries.numbered(survey_id, sheet.number)
        for typed, role in ((sheet.first, "clerk"), (sheet.second, "admin")):
            is_there = known is not None and (role == "clerk" or known.state != "once")
            if typed and not is_there:
                await entry_operations.key_sheet(
                    survey_id=survey_id,
                    number=sheet.number,
                    channel="paper",
                    language=sheet.language,
                    day=calendar.day(sheet.day),
                    typed=typed,
                    at=calendar.past(sheet.day),
                    person=staff[role],
                )
