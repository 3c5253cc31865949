"""The workspace's page of a survey's contacts: the list, one contact, erasing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid, Problem
from consult.fieldwork import mailing_queries, operations, queries
from consult.fieldwork.contact import BOUNCES, Contact
from consult.fieldwork.links import links_of
from consult.fieldwork.mailing import KIND_NAMES
from consult.fieldwork.mailing import STATE_NAMES as MAILING_STATES
from consult.i18n import AUTONYMS, Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.settings import Settings
from consult.surveys import queries as surveys
from consult.surveys.survey import STATE_NAMES, Survey
from consult.web import AnyRequest, Form, page, read_form, read_query, to_staff
from consult.web.failures import language_of

HERE = "/staff/{language:str}/surveys/{slug:str}/contacts"
READS = [requires("designer", "clerk")]
WRITES = [requires("designer", "clerk")]
ERASES = [requires("designer")]
FIELDS = ("name", "email", "phone", "language", "address", "household", "external_id", "stratum", "weight")
NOTICES: dict[str, str] = {
    "taken": N_("The contacts are taken in."),
    "added": N_("The contact is added."),
    "corrected": N_("The contact is corrected."),
    "deleted": N_("The contact is deleted."),
    "started": N_("The letters are on their way. This page shows how far they are."),
    "stopped": N_("No more letters of this round are sent."),
    "bounces": N_("The contacts whose letters came back are marked. They get no more."),
    "erased": N_("All contacts of this survey are erased."),
}


def language_options() -> list[tuple[str, str]]:
    return [(code, AUTONYMS.get(code, code)) for code in languages()]


async def overview(request: AnyRequest, survey: Survey, now: datetime, **more: Any) -> Response[bytes]:
    """The list of contacts with what can be done there."""
    query = read_query(request)
    words = query.get("words")[:100]
    settings: Settings = request.app.state.shell.settings
    links = links_of(settings)
    return page(
        request,
        "fieldwork/staff-contacts.html",
        survey=survey,
        state=survey.state(now),
        state_names=STATE_NAMES,
        is_open=survey.is_open(now),
        frame=await mailing_queries.frame_counts(survey.id, links.key),
        mailings=await mailing_queries.mailings(survey.id),
        to_invite=len(await mailing_queries.recipients(survey.id, "invitation", links)),
        to_remind=len(await mailing_queries.recipients(survey.id, "reminder", links)),
        kind_names=KIND_NAMES,
        mailing_states=MAILING_STATES,
        per_minute=settings.letters_per_minute,
        slice=await queries.some_contacts(survey.id, words=words, number=query.page_number()),
        words=words,
        bounces=BOUNCES,
        spoken=language_of(request).languages,
        notice=NOTICES.get(query.get("done"), ""),
        **{"problems": (), "returned": "", **more},
    )


@get(HERE, guards=READS)
async def contacts(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], now: NamedDependency[datetime]
) -> Response[bytes]:
    return await overview(request, await surveys.survey(slug), now)


def contact_view(
    request: AnyRequest, survey: Survey, values: Mapping[str, str], contact: Contact | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response[bytes]:  # fmt: skip
    return page(
        request,
        "fieldwork/staff-contact.html",
        status=422 if problems else 200,
        survey=survey,
        contact=contact,
        values=values,
        language_options=language_options(),
        problems=problems,
        bounces=BOUNCES,
    )


def written(form: Form) -> dict[str, str]:
    return {name: form.get(name) for name in FIELDS}


@get(f"{HERE}/new", guards=WRITES)
async def new_contact(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    return contact_view(request, await surveys.survey(slug), written(Form()))


@post(f"{HERE}/new", guards=WRITES)
async def add_contact(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    survey = await surveys.survey(slug)
    values = written(await read_form(request))
    try:
        await operations.add_contact(
            survey_id=survey.id, values=values, language=languages()[0], enabled=languages(), at=now, person=person.id
        )
    except Invalid as refused:
        return contact_view(request, survey, values, None, refused.problems)
    return to_staff(locale, "surveys", slug, "contacts", done="added")


@get(f"{HERE}/{{contact_id:uuid}}", guards=READS)
async def contact_page(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], contact_id: FromPath[UUID]
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    contact = await queries.contact(survey.id, contact_id)
    values = {name: getattr(contact, name) or "" for name in FIELDS}
    return contact_view(request, survey, values, contact)


@post(f"{HERE}/{{contact_id:uuid}}", guards=WRITES)
async def correct_contact(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    contact_id: FromPath[UUID],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    survey = await surveys.survey(slug)
    values = written(await read_form(request))
    try:
        await operations.correct_contact(
            survey_id=survey.id, contact_id=contact_id, values=values, language=languages()[0], enabled=languages(),
            at=now, person=person.id,
        )  # fmt: skip
    except Invalid as refused:
        contact = await queries.contact(survey.id, contact_id)
        return contact_view(request, survey, values, contact, refused.problems)
    return to_staff(locale, "surveys", slug, "contacts", done="corrected")


@post(f"{HERE}/{{contact_id:uuid}}/delete", guards=WRITES)
async def delete_contact(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    contact_id: FromPath[UUID],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Redirect:
    survey = await surveys.survey(slug)
    key = links_of(settings).key
    await operations.delete_contact(survey_id=survey.id, contact_id=contact_id, key=key, at=now, person=person.id)
    return to_staff(locale, "surveys", slug, "contacts", done="deleted")


@post(f"{HERE}/erase", guards=ERASES)
async def erase(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    survey = await surveys.survey(slug)
    if not (await read_form(request)).flag("sure"):
        problem = Problem("sure", N_("Tick the box to say that the contacts may be erased for good."))
        return await overview(request, survey, now, problems=(problem,), status=422)
    await operations.erase_contacts(survey_id=survey.id, key=links_of(settings).key, at=now, person=person.id)
    return to_staff(locale, "surveys", slug, "contacts", done="erased")


nav: list[Any] = []
routes = [contacts, new_contact, add_contact, contact_page, correct_contact, delete_contact, erase]
