"""Staff pages of consultations: the list, the form in all languages, publishing, the outcome, the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations import forms, operations, queries
from consult.consultations.consultation import (
    KIND_NAMES,
    MOST_PHASES,
    MOVES,
    STATE_NAMES,
    Consultation,
    Outcome,
    State,
    Stored,
)
from consult.consultations.deadline import MINIMUM_RULE, minimum_days
from consult.consultations.shift import EXTENDABLE
from consult.errors import N_, Invalid, Problem
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people import trail
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

LIST = "/staff/{language:str}/consultations"
ONE = f"{LIST}/{{slug:str}}"
WRITES = [requires("designer")]
READS = [requires("designer", "moderator", "translator", "analyst")]
STATE_TAGS = {State.OPEN: "ok", State.ANNOUNCED: "", State.ANSWERING: "part"}
KINDS: dict[str, str] = {
    "consultation.created": N_("Consultation created"),
    "consultation.changed": N_("Consultation changed"),
    "consultation.published": N_("Consultation published"),
    "consultation.answering": N_("Answers are being prepared"),
    "consultation.reported": N_("Report published"),
    "consultation.archived": N_("Consultation archived"),
    "consultation.cancelled": N_("Consultation cancelled"),
    "consultation.outcome": N_("Outcome written"),
    "consultation.extended": N_("Consultation extended"),
    "consultation.attached": N_("Document attached"),
    "consultation.detached": N_("Attached document removed"),
}
WORDS: dict[str, str] = {
    "consultation": N_("Consultation"),
    "slug": N_("Address"),
    "kind": N_("Kind"),
    "title": N_("Title"),
    "summary": N_("Summary"),
    "plain_words": N_("In plain words"),
    "legal_basis": N_("Legal basis"),
    "contact": N_("Who answers questions"),
    "opens_on": N_("First day"),
    "last_on": N_("Last day"),
    "answers_due": N_("Answers by"),
    "short_reason": N_("Reason for a shorter period"),
    "phases": N_("Steps shown on the page"),
    "state": N_("Status"),
    "asked": N_("We asked"),
    "said": N_("You said"),
    "did": N_("We did"),
    "document": N_("Document"),
    **{state.value: name for state, name in STATE_NAMES.items()},
    **{kind.value: name for kind, name in KIND_NAMES.items()},
}
MOVE_NAMES: dict[Stored, str] = {
    Stored.ANSWERING: N_("Start answering"),
    Stored.REPORTED: N_("Mark the report as published"),
    Stored.ARCHIVED: N_("Archive"),
    Stored.CANCELLED: N_("Cancel the consultation"),
}


@get(LIST, guards=READS)
async def consultations(
    request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    return page(
        request,
        "consultations/staff_list.html",
        consultations=await queries.all_consultations(),
        state_names=STATE_NAMES,
        state_tags=STATE_TAGS,
        kind_names=KIND_NAMES,
        now=now,
    )


@get(f"{LIST}/new", guards=WRITES)
async def new_consultation(
    request: AnyRequest, locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    return _form_page(request, None, forms.new_form(), profile)


@post(f"{LIST}/new", guards=WRITES)
async def create_consultation(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    if form.get("language") in languages():
        return _form_page(request, None, form, profile, spoken=locale_of(form.get("language")))
    content, problems = forms.content_of(form, profile.authentic_language, profile)
    shortest = minimum_days(profile, content.opens_on)
    try:
        _refuse(problems, content.problems(shortest))
        await operations.create_consultation(
            content, minimum_days=shortest, time_zone=profile.time_zone, actor=person.id, at=now
        )
    except Invalid as invalid:
        return _form_page(request, None, form, profile, invalid.problems, status=422)
    return to_staff(locale, "consultations", content.slug)


@get(ONE, guards=READS)
async def consultation(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    return await _overview(request, await queries.the_consultation(slug), profile, now)


@get(f"{ONE}/edit", guards=WRITES)
async def edit_consultation(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    found = await queries.the_consultation(slug)
    return _form_page(request, found, forms.form_of(found, profile.time_zone), profile)


@post(f"{ONE}/edit", guards=WRITES)
async def change_consultation(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await queries.the_consultation(slug)
    form = await read_form(request)
    if form.get("language") in languages():
        return _form_page(request, found, form, profile, spoken=locale_of(form.get("language")))
    content, problems = forms.content_of(form, found.authentic_language, profile)
    shortest = minimum_days(profile, content.opens_on)
    try:
        _refuse(problems, content.problems(shortest))
        await operations.change_consultation(
            consultation_id=found.id,
            content=content,
            minimum_days=shortest,
            time_zone=profile.time_zone,
            reason=form.get("reason"),
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return _form_page(request, found, form, profile, invalid.problems, status=422)
    return to_staff(locale, "consultations", content.slug)


@post(f"{ONE}/publish", guards=WRITES)
async def publish_consultation(
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    found = await queries.the_consultation(slug)
    await operations.publish_consultation(found.id, actor=person.id, at=now)
    return to_staff(locale, "consultations", slug)


@post(f"{ONE}/state", guards=WRITES)
async def move_consultation(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await queries.the_consultation(slug)
    form = await read_form(request)
    if form.get("to") not in {state.value for state in MOVE_NAMES}:
        raise operations.MoveRefused
    try:
        await operations.move_consultation(
            found.id, to=Stored(form.get("to")), reason=form.get("reason"), actor=person.id, at=now
        )
    except Invalid as invalid:
        return await _overview(request, found, profile, now, invalid.problems, status=422)
    return to_staff(locale, "consultations", slug)


@get(f"{ONE}/outcome", guards=WRITES)
async def outcome_form(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    found = await queries.the_consultation(slug)
    return _outcome_page(request, found, forms.outcome_form(found.outcome))


@post(f"{ONE}/outcome", guards=WRITES)
async def record_outcome(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await queries.the_consultation(slug)
    form = await read_form(request)
    if form.get("language") in languages():
        return _outcome_page(request, found, form, spoken=locale_of(form.get("language")))
    outcome = Outcome(forms.text_of(form, "asked"), forms.text_of(form, "said"), forms.text_of(form, "did"))
    try:
        await operations.record_outcome(consultation_id=found.id, outcome=outcome, actor=person.id, at=now)
    except Invalid as invalid:
        return _outcome_page(request, found, form, invalid.problems, status=422)
    except operations.OutcomeTooEarly as refused:
        return _outcome_page(
            request, found, form, (Problem(f"asked-{found.authentic_language}", refused.message),), status=409
        )
    return to_staff(locale, "consultations", slug)


def _refuse(unreadable: Sequence[Problem], others: Sequence[Problem]) -> None:
    """All problems at once, when some fields could not even be read."""
    if unreadable:
        places = {problem.place for problem in unreadable}
        raise Invalid([*unreadable, *(problem for problem in others if problem.place not in places)])


def _form_page(
    request: AnyRequest,
    found: Consultation | None,
    form: Form,
    profile: Profile,
    problems: Sequence[Problem] = (),
    *,
    spoken: Locale | None = None,
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "consultations/staff_form.html",
        status=status,
        locale=spoken,
        consultation=found,
        values=form,
        problems=problems,
        kind_names=KIND_NAMES,
        offered=languages(),
        authentic=found.authentic_language if found else profile.authentic_language,
        phases=range(1, MOST_PHASES + 1),
        rule=profile.rule(MINIMUM_RULE),
        rules=[(rule.key, rule.title) for rule in profile.legal_rules if rule.percent is None],
    )


def _outcome_page(
    request: AnyRequest,
    found: Consultation,
    form: Form,
    problems: Sequence[Problem] = (),
    *,
    spoken: Locale | None = None,
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "consultations/staff_outcome.html",
        status=status,
        locale=spoken,
        consultation=found,
        values=form,
        problems=problems,
        offered=languages(),
        authentic=found.authentic_language,
    )


async def _overview(
    request: AnyRequest,
    found: Consultation,
    profile: Profile,
    now: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    state = found.state_at(now)
    vocabulary: trail.Vocabulary = request.app.state.vocabulary
    return page(
        request,
        "consultations/staff_one.html",
        status=status,
        consultation=found,
        state=state,
        state_names=STATE_NAMES,
        state_tags=STATE_TAGS,
        kind_names=KIND_NAMES,
        moves=[(move.value, MOVE_NAMES[move]) for move in MOVES[state]],
        can_extend=state in EXTENDABLE,
        can_tell_outcome=state not in {State.DRAFT, State.ANNOUNCED, State.OPEN, State.CANCELLED},
        first_day=found.first_day(profile.time_zone),
        last_day=found.last_day(profile.time_zone),
        today=now.astimezone(profile.zone).date(),
        offered=languages(),
        lines=await trail.history(operations.RECORD, found.id),
        kinds=vocabulary.kinds,
        words=WORDS,
        domains=vocabulary.words,
        problems=problems,
    )


nav = [NavItem(N_("Consultations"), "consultations", frozenset({"designer", "moderator", "translator", "analyst"}))]
routes = [
    consultations,
    new_consultation,
    create_consultation,
    consultation,
    edit_consultation,
    change_consultation,
    publish_consultation,
    move_consultation,
    outcome_form,
    record_outcome,
]
