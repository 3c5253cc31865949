"""Staff: what belongs to a consultation, what it lacks before it is published, and how its days are counted."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations import queries as consultations
from consult.consultations.consultation import STATE_NAMES, Consultation
from consult.consultations.papers import queries as beside
from consult.drafts import queries as drafts
from consult.drafts.answers import due
from consult.errors import N_, Problem
from consult.forums import queries as forums
from consult.forums.forum import STAGE_NAMES, STAGE_TAGS
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.portal import readiness
from consult.portal.course import minimum_in_words
from consult.profile import Profile
from consult.surveys import operations
from consult.surveys import queries as surveys
from consult.surveys.survey import STATE_NAMES as SURVEY_STATE_NAMES
from consult.web import AnyRequest, NavItem, page, read_form, to_staff

ONE = "/staff/{language:str}/consultations/{slug:str}/contents"
READS = [requires("designer", "moderator", "translator", "analyst")]
WRITES = [requires("designer")]
UNKNOWN = N_("Choose a survey from the list.")


@get(ONE, guards=READS)
async def contents(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    profile: NamedDependency[Profile],
) -> Response[bytes]:
    return await _page(request, await consultations.the_consultation(slug), locale, profile, now)


@post(ONE, guards=WRITES)
async def change_contents(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
    profile: NamedDependency[Profile],
) -> Response[bytes] | Redirect:
    """Let a survey belong to the consultation, or take it out, by the button that was pressed."""
    found = await consultations.the_consultation(slug)
    form = await read_form(request)
    every = {survey.slug: survey for survey in await surveys.all_surveys()}
    chosen = every.get(form.get("remove") or form.get("survey"))
    belongs = chosen is not None and chosen.consultation == found.id
    if chosen is None or belongs is not bool(form.get("remove")) or (chosen.consultation and not belongs):
        wrong = (Problem("survey", UNKNOWN),)
        return await _page(request, found, locale, profile, now, wrong, status=422)
    await operations.belong(
        survey_id=chosen.id, consultation_id=None if belongs else found.id, person=person.id, at=now
    )
    return to_staff(locale, "consultations", slug, "contents")


async def _page(
    request: AnyRequest,
    found: Consultation,
    locale: Locale,
    profile: Profile,
    now: datetime,
    problems: tuple[Problem, ...] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    texts = [draft for draft in await drafts.all_drafts() if draft.consultation and draft.consultation.id == found.id]
    every = await surveys.all_surveys()
    asked = [survey for survey in every if survey.consultation == found.id]
    meetings = await forums.linked_to(found.id)
    answers = due.usual(texts[0], profile).counted if texts else None
    return page(
        request,
        "portal/staff_contents.html",
        status=status,
        consultation=found,
        state_name=STATE_NAMES[found.state_at(now)],
        now=now,
        drafts=texts,
        surveys=asked,
        free=[survey for survey in every if survey.consultation is None],
        forums=meetings,
        papers=await beside.papers(found.id),
        survey_states=SURVEY_STATE_NAMES,
        stages=STAGE_NAMES,
        stage_tags=STAGE_TAGS,
        lacks=readiness.lacks(found, texts, asked, meetings, languages(), now),
        arithmetic=minimum_in_words(found.first_day(profile.time_zone), locale, profile),
        answers_arithmetic=answers.steps(locale) if answers else [],
        problems=problems,
    )


nav: list[NavItem] = []
routes = [contents, change_contents]
