"""Staff pages of a draft's answers: how far they are, article by article, and their release in one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.drafts import queries as drafts
from consult.drafts.answers import operations, queries, worklist_queries
from consult.drafts.answers.access import LEADS, today
from consult.drafts.answers.answer import DECISION_NAMES
from consult.drafts.answers.due import usual
from consult.drafts.draft import Draft
from consult.errors import Invalid, Problem
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.web import AnyRequest, page, read_form, shell, to_staff

ONE = "/staff/{language:str}/drafts/{slug:str}/answers"


@get(ONE, guards=[requires()])
async def draft_answers(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    return await _page(request, await drafts.the_draft(slug), person, profile, now)


@post(ONE, guards=[requires(*LEADS)])
async def release_answers(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Release all reviewed answers of the draft, with their letters."""
    draft = await drafts.the_draft(slug)
    form = await read_form(request)
    try:
        released = await operations.release_answers(
            draft.id,
            base_url=shell(request).settings.base_url,
            actor=person.id,
            at=now,
            partial=form.flag("partial"),
            appeal=profile.answers.appeal,
        )
    except Invalid as invalid:
        return await _page(request, draft, person, profile, now, invalid.problems, status=422)
    return to_staff(locale, "drafts", slug, "answers", released=released)


async def _page(
    request: AnyRequest,
    draft: Draft,
    person: Person,
    profile: Profile,
    now: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    day = usual(draft, profile)
    released = request.query_params.get("released", "")
    return page(
        request,
        "drafts/staff_draft_answers.html",
        status=status,
        draft=draft,
        ready=await queries.readiness(draft.id, takes_comments=draft.takes_comments(now)),
        coverage=await queries.coverage(draft.id),
        articles=await worklist_queries.by_article(draft.id, day, today(profile, now)),
        decisions=DECISION_NAMES,
        due=day,
        today=today(profile, now),
        leads=person.may(*LEADS),
        released=int(released) if released.isascii() and released.isdigit() and len(released) < 7 else None,
        problems=problems,
    )


nav = ()
routes = [draft_answers, release_answers]
