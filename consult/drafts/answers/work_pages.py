"""Staff pages: the list of answers to write, and giving comments to units, one by one or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from consult.consultations.forms import day_of
from consult.drafts import queries as drafts
from consult.drafts.answers import assigning, worklist_queries
from consult.drafts.answers.access import LEADS, today, usual_days
from consult.drafts.answers.answer import DECISION_NAMES, STAGE_NAMES, STAGE_TAGS, Stage
from consult.drafts.answers.worklist import VIEWS, Wanted
from consult.drafts.comments import queries as comments
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale
from consult.i18n import locale as locale_of
from consult.people import units
from consult.people.guards import requires
from consult.people.person import ROLES, Person
from consult.people.units import Unit
from consult.people.waiting import Waiting
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

LIST = "/staff/{language:str}/answers"


@get(LIST, guards=[requires()])
async def worklist(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
    view: FromQuery[str] = "",
    draft: FromQuery[str] = "",
    article: FromQuery[str] = "",
    stage: FromQuery[str] = "",
) -> Response[bytes]:
    """What waits for an answer: at first that of one's own unit, for whoever is in one."""
    if not view:
        view = "unit" if await units.units_of(person.id) else "all"
    asked = {"view": view, "draft": draft, "article": article, "stage": stage}
    return await _list_page(request, asked, person, profile, now, page_number=page_number)


@post(f"{LIST}/assign", guards=[requires(*LEADS)])
async def assign(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Give the ticked comments to a unit, or all of the list on all its pages."""
    form = await read_form(request)
    asked = {name: form.get(name) for name in ("view", "draft", "article", "stage")}
    try:
        problems: list[Problem] = []
        due_on = day_of(form, "due_on", problems)
        chosen = await _chosen(form, asked, person, profile, now)
        if not chosen:
            problems.append(Problem("chosen", N_("Tick the comments that you mean.")))
        unit_id = _uuid(form.get("unit"))
        if unit_id is None and form.get("unit") != "none":
            problems.append(Problem("unit", N_("Choose a unit.")))
        if problems:
            raise Invalid(problems)
        changed = await assigning.assign_comments(
            chosen, unit_id=unit_id, due_on=due_on, due_reason=form.get("due_reason"), actor=person.id, at=now
        )
    except Invalid as invalid:
        return await _list_page(request, asked, person, profile, now, form=form, problems=invalid.problems, status=422)
    return to_staff(locale, "answers", **asked, assigned=changed)


async def _chosen(form: Form, asked: dict[str, str], person: Person, profile: Profile, now: datetime) -> Sequence[UUID]:
    if not form.flag("everything"):
        return [one.id for one in await comments.by_numbers(form.list("chosen"))]
    wanted = await _wanted(asked)
    days = await usual_days(profile)
    return await worklist_queries.comments_of(wanted, days=days, person=person.id, today=today(profile, now))


async def _wanted(asked: dict[str, str]) -> Wanted:
    """Raises NotFound for a view, a stage or a draft that does not exist."""
    chosen = await drafts.draft(asked["draft"]) if asked["draft"] else None
    known = asked["view"] in VIEWS and asked["stage"] in {"", *(stage.value for stage in Stage)}
    if not known or (asked["draft"] and chosen is None):
        raise NotFound
    return Wanted(asked["view"], chosen.id if chosen else None, asked["article"], asked["stage"])


async def _list_page(
    request: AnyRequest,
    asked: dict[str, str],
    person: Person,
    profile: Profile,
    now: datetime,
    *,
    page_number: int = 1,
    form: Form | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    wanted = await _wanted(asked)
    days, day = await usual_days(profile), today(profile, now)
    all_drafts = {draft.id: draft for draft in await drafts.all_drafts()}
    chosen = all_drafts[wanted.draft] if wanted.draft else None
    version = await drafts.version(chosen.id) if chosen else None
    counts = await worklist_queries.counts(days=days, person=person.id, today=day)
    found = await worklist_queries.tasks(
        wanted, days=days, person=person.id, today=day, number=page_number, known=counts
    )
    everybody = await units.units()
    return page(
        request,
        "drafts/staff_answers.html",
        status=status,
        tasks=found,
        counts=counts,
        views=VIEWS,
        asked=asked,
        drafts=all_drafts,
        draft=chosen,
        articles=await drafts.articles(version.id) if version else (),
        stages=STAGE_NAMES,
        stage_tags=STAGE_TAGS,
        decisions=DECISION_NAMES,
        units={one.id: one for one in everybody},
        people=_names(everybody),
        leads=person.may(*LEADS),
        today=day,
        values=form or Form(),
        problems=problems,
        assigned=_number(request.query_params.get("assigned", "")),
        query=urlencode({name: value for name, value in asked.items() if value}),
    )


def _names(everybody: Sequence[Unit]) -> dict[UUID, str]:
    return {member.id: member.name for unit in everybody for member in unit.members}


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else None


async def waiting_answers(person: Person, at: datetime) -> list[Waiting]:
    """What waits for this person: in their unit, and to be reviewed."""
    day: date = at.astimezone(locale_of(person.language).zone).date()
    counts = await worklist_queries.counts(days={}, person=person.id, today=day)
    return [
        Waiting(N_("Comments that your unit answers"), counts["unit"], "answers?view=unit"),
        Waiting(N_("Answers to review"), counts["review"], "answers?view=review", frozenset(LEADS)),
        Waiting(
            N_("Comments that no unit answers yet"), counts["unassigned"], "answers?view=unassigned", frozenset(LEADS)
        ),
    ]


nav = [NavItem(N_("Answers"), "answers", frozenset(ROLES))]
waiting_providers = (waiting_answers,)
routes = [worklist, assign]
