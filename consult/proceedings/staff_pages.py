"""Staff: what keeps the report from being made, making it, looking at it, publishing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations import queries as consultations
from consult.consultations.consultation import Consultation
from consult.consultations.forms import text_of
from consult.errors import Invalid, NotFound, Problem
from consult.i18n import AUTONYMS, Locale, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.proceedings import operations, queries
from consult.proceedings.compiling import TOO_EARLY, missing_answers
from consult.proceedings.pages import file_response, shown_with
from consult.proceedings.unanswered import NoOutcome, NotOver, Unanswered
from consult.proceedings.writing import document
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

ONE = "/staff/{language:str}/consultations/{slug:str}/report"
WRITES = [requires("designer")]
READS = [requires("designer", "moderator", "analyst")]


@get(ONE, guards=READS)
async def overview(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    return await _overview(request, await consultations.the_consultation(slug), Form(), profile, now)


@post(ONE, guards=WRITES)
async def compile_report(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await consultations.the_consultation(slug)
    form = await read_form(request)
    if form.get("language") in languages():
        return await _overview(request, found, form, profile, now, spoken=locale_of(form.get("language")))
    try:
        await operations.compile_report(
            consultation_id=found.id, profile=profile, reason=text_of(form, "reason"), actor=person.id, at=now
        )
    except Invalid as invalid:
        return await _overview(request, found, form, profile, now, invalid.problems, status=422)
    except (NotOver, NoOutcome, Unanswered) as refused:
        problems = [refused.problem()]
        return await _overview(request, found, form, profile, now, problems, status=409)
    return to_staff(locale, "consultations", slug, "report")


@get(ONE + "/{number:int}", guards=READS)
async def preview(
    request: AnyRequest,
    slug: FromPath[str],
    number: FromPath[int],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    """The report as everybody will see it."""
    consultation = await consultations.the_consultation(slug)
    found = await queries.one(consultation.id, number)
    if found is None:
        raise NotFound
    made = document(await queries.record_of(found.id), locale, profile, fingerprint=found.fingerprint)
    return page(request, "proceedings/staff_preview.html", **shown_with(made, consultation, found, locale, profile))


@get(ONE + "/{number:int}/{name:str}", guards=READS)
async def report_file(slug: FromPath[str], number: FromPath[int], name: FromPath[str]) -> Response[bytes]:
    consultation = await consultations.the_consultation(slug)
    found = await queries.one(consultation.id, number)
    if found is None:
        raise NotFound
    return await file_response(found, slug, name)


@post(ONE + "/{number:int}/publish", guards=WRITES)
async def publish_report(
    slug: FromPath[str],
    number: FromPath[int],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    found = await consultations.the_consultation(slug)
    await operations.publish_report(
        consultation_id=found.id, number=number, languages=languages(), actor=person.id, at=now
    )
    return to_staff(locale, "consultations", slug, "report")


async def _overview(
    request: AnyRequest,
    found: Consultation,
    form: Form,
    profile: Profile,
    now: datetime,
    problems: Sequence[Problem] = (),
    *,
    spoken: Locale | None = None,
    status: int = 200,
) -> Response[bytes]:
    is_over = found.state_at(now) not in TOO_EARLY
    return page(
        request,
        "proceedings/staff_overview.html",
        status=status,
        locale=spoken,
        consultation=found,
        values=form,
        problems=problems,
        offered=languages(),
        authentic=found.authentic_language,
        is_over=is_over,
        missing=await missing_answers(found, profile.zone) if is_over else (),
        reports=await queries.of_consultation(found.id),
        names=AUTONYMS,
    )


nav: list[NavItem] = []
routes = [overview, compile_report, preview, report_file, publish_report]
