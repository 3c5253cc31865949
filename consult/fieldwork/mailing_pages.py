"""The workspace's pages of letters by e-mail: write a round, stop it, note what came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.fieldwork import mailing_operations, mailing_queries
from consult.fieldwork.contact import Contact
from consult.fieldwork.links import links_of
from consult.fieldwork.mailing import KIND_NAMES, PLACES, body_of, check_texts, default_texts, subject_of
from consult.fieldwork.mailing_operations import filling_of
from consult.fieldwork.staff_pages import HERE, WRITES, overview
from consult.i18n import AUTONYMS, Locale, Text, languages
from consult.i18n import locale as locale_of
from consult.people.person import Person
from consult.settings import Settings
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey
from consult.web import AnyRequest, page, read_form, to_staff


async def writing(
    request: AnyRequest, survey: Survey, kind: str, subject: Text, body: Text, *, shows: bool = False,
    problems: tuple[Problem, ...] = (),
) -> Response[bytes]:  # fmt: skip
    if kind not in KIND_NAMES:
        raise NotFound
    shell = request.app.state.shell
    chosen = await mailing_queries.recipients(survey.id, kind, links_of(shell.settings))
    return page(
        request,
        "fieldwork/staff-mailing.html",
        status=422 if problems else 200,
        survey=survey,
        kind=kind,
        kind_name=KIND_NAMES[kind],
        subject=subject,
        body=body,
        names=[(code, AUTONYMS.get(code, code)) for code in languages()],
        counts={code: sum(one.language == code for one in chosen) for code in languages()},
        total=len(chosen),
        minutes=-(-len(chosen) // shell.settings.letters_per_minute),
        places=["{" + name + "}" for name in PLACES],
        examples=await _examples(request, survey, subject, body, chosen) if shows and not problems else [],
        problems=problems,
    )


async def _examples(
    request: AnyRequest, survey: Survey, subject: Text, body: Text, chosen: list[Contact]
) -> list[tuple[str, str, str]]:
    """The letter of one contact in each language, as it would go out; its link is not shown."""
    shell = request.app.state.shell
    mode = (await surveys.version(survey.id)).definition.mode
    found = []
    for code in languages():
        contact = next((one for one in chosen if one.language == code), None)
        if contact is not None:
            spoken = locale_of(code)
            links = links_of(shell.settings)
            filling = filling_of(
                survey=survey, contact=contact, links=links, sender=shell.profile.name, mode=mode, spoken=spoken
            )
            text = body_of(body, filling, spoken)
            hidden = text.replace(links.token(survey, contact.id), "…").replace(filling.way_out.rpartition("/")[2], "…")
            found.append((code, subject_of(subject, filling, spoken), hidden))
    return found


@get(f"{HERE}/write/{{kind:str}}", guards=WRITES)
async def write_letter(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], kind: FromPath[str]
) -> Response[bytes]:
    if kind not in KIND_NAMES:
        raise NotFound
    subject, body = default_texts(kind, [locale_of(code) for code in languages()])
    return await writing(request, await surveys.survey(slug), kind, subject, body)


@post(f"{HERE}/write/{{kind:str}}", guards=WRITES)
async def start(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    kind: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Send the round, or show what its letters look like."""
    if kind not in KIND_NAMES:
        raise NotFound
    survey = await surveys.survey(slug)
    form = await read_form(request)
    subject = {code: form.get(f"subject-{code}") for code in languages()}
    body = {code: form.get(f"body-{code}") for code in languages()}
    if form.get("go") == "show":
        problems = tuple(check_texts(subject, body, languages()))
        return await writing(request, survey, kind, subject, body, shows=True, problems=problems)
    try:
        await mailing_operations.start_mailing(
            survey_id=survey.id, kind=kind, subject=subject, body=body, codes=languages(), links=links_of(settings),
            at=now, person=person.id,
        )  # fmt: skip
    except (Invalid, Refused) as refused:
        problems = refused.problems if isinstance(refused, Invalid) else ()
        shown = problems or (refused.problem(),)
        return await writing(request, survey, kind, subject, body, problems=shown)
    return to_staff(locale, "surveys", slug, "contacts", done="started")


@post(f"{HERE}/mailings/{{mailing_id:uuid}}/stop", guards=WRITES)
async def stop(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    mailing_id: FromPath[UUID],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    survey = await surveys.survey(slug)
    await mailing_operations.stop_mailing(survey_id=survey.id, mailing_id=mailing_id, at=now, person=person.id)
    return to_staff(locale, "surveys", slug, "contacts", done="stopped")


@post(f"{HERE}/bounces", guards=WRITES)
async def bounces(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    survey = await surveys.survey(slug)
    text = (await read_form(request)).get("returned")
    if not await mailing_operations.note_bounces(survey_id=survey.id, text=text, at=now, person=person.id):
        message = N_("No contact that gets letters has an address that stands here.")
        shown = (Problem("returned", message),)
        return await overview(request, survey, now, problems=shown, returned=text, status=422)
    return to_staff(locale, "surveys", slug, "contacts", done="bounces")


nav: list[Any] = []
routes = [write_letter, start, stop, bounces]
