"""Staff pages of one answer: writing it, its review, its correction, who answers by when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations.forms import day_of, text_of
from consult.drafts import queries as drafts
from consult.drafts.answers import acts, assigning, operations, queries, worklist_queries
from consult.drafts.answers.access import LEADS, allow_writing, may_write, today
from consult.drafts.answers.answer import DECISION_NAMES, STAGE_NAMES, STAGE_TAGS, Work
from consult.drafts.answers.due import due, usual
from consult.drafts.answers.showing import completed
from consult.drafts.answers.worklist import Assignment
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment, State
from consult.drafts.moderation import groups
from consult.drafts.moderation.queries import overlaid
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale, languages
from consult.people import queries as people
from consult.people import trail, units
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.web import AnyRequest, Form, page, read_form, to_staff

ONE = "/staff/{language:str}/answers/{number:str}"


@get(ONE, guards=[requires()])
async def answer(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """A comment and the form of its answer, with what was prepared before; unpublished ones are for moderators."""
    found = await _comment(number)
    if found.state is not State.PUBLISHED and not person.may(*LEADS):
        raise NotFound
    return await _answer_page(request, found, person, profile, now)


@post(ONE, guards=[requires()])
async def write_answer(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Keep the answer, or the correction of a released one; `send` asks for its review at once."""
    found = await _comment(number)
    await allow_writing(person, await worklist_queries.assignment(found.id))
    form = await read_form(request)
    decision, reason = form.get("decision"), text_of(form, "reason")
    try:
        if await queries.released(found.id):
            await operations.correct_answer(
                found.id,
                decision=decision,
                reason=reason,
                correction=text_of(form, "correction"),
                actor=person.id,
                at=now,
            )
        else:
            also = await groups.members_of(found.id) if form.flag("for_group") else ()
            await operations.answer_comment(
                found.id, decision=decision, reason=reason, also=also, actor=person.id, at=now
            )
        if form.get("action") == "send":
            await operations.send_for_review(found.id, actor=person.id, at=now)
    except Invalid as invalid:
        return await _answer_page(request, found, person, profile, now, form, invalid.problems, status=422)
    return to_staff(locale, "answers", number)


@post(f"{ONE}/send", guards=[requires()])
async def send_for_review(
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    found = await _comment(number)
    await allow_writing(person, await worklist_queries.assignment(found.id))
    await operations.send_for_review(found.id, actor=person.id, at=now)
    return to_staff(locale, "answers", number)


@post(f"{ONE}/approve", guards=[requires()])
async def approve_answer(
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    found = await _comment(number)
    await allow_writing(person, await worklist_queries.assignment(found.id))
    await operations.approve_answer(found.id, actor=person.id, at=now)
    return to_staff(locale, "answers", number)


@post(f"{ONE}/return", guards=[requires()])
async def return_answer(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await _comment(number)
    await allow_writing(person, await worklist_queries.assignment(found.id))
    form = await read_form(request)
    try:
        await operations.return_answer(found.id, note=form.get("note"), actor=person.id, at=now)
    except Invalid as invalid:
        return await _answer_page(request, found, person, profile, now, form, invalid.problems, status=422)
    return to_staff(locale, "answers", number)


@post(f"{ONE}/assign", guards=[requires(*LEADS)])
async def assign_comment(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    profile: NamedDependency[Profile],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Give one comment to a unit and, if one wants, to somebody in it: the field holds "unit" or "unit:person"."""
    found = await _comment(number)
    form = await read_form(request)
    problems: list[Problem] = []
    due_on = day_of(form, "due_on", problems)
    unit, _, somebody = form.get("unit").partition(":")
    try:
        unit_id, person_id = UUID(unit) if unit else None, UUID(somebody) if somebody else None
    except ValueError:
        problems.append(Problem("unit", N_("Choose a unit.")))
        unit_id = person_id = None
    try:
        if problems:
            raise Invalid(problems)
        await assigning.assign_comments(
            [found.id],
            unit_id=unit_id,
            person_id=person_id,
            due_on=due_on,
            due_reason=form.get("due_reason"),
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return await _answer_page(request, found, person, profile, now, form, invalid.problems, status=422)
    return to_staff(locale, "answers", number)


async def _answer_page(
    request: AnyRequest,
    found: Comment,
    person: Person,
    profile: Profile,
    now: datetime,
    form: Form | None = None,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    draft = await drafts.draft_by_id(found.draft)
    version = await drafts.version(found.draft, found.version_number)
    if draft is None or version is None:
        raise NotFound
    articles = await drafts.articles(version.id) if found.article else ()
    work = await queries.in_work(found.id)
    assignment = await worklist_queries.assignment(found.id)
    (shown,) = await completed(await overlaid([found]))
    together = await queries.written_together(work) if work else []
    vocabulary: trail.Vocabulary = request.app.state.vocabulary
    needed = tuple(dict.fromkeys((found.letters_in, draft.authentic_language)))
    return page(
        request,
        "drafts/staff_answer.html",
        status=status,
        comment=shown,
        draft=draft,
        article=next((one for one in articles if one.id == found.article), None),
        work=work,
        together=len(together),
        alike=len(await groups.members_of(found.id)),
        may_write=await may_write(person, assignment),
        may_review=work is not None and work.may_review(person.id),
        leads=person.may(*LEADS),
        values=form or _form(work, assignment_field(assignment)),
        problems=problems,
        decisions=list(DECISION_NAMES.items()),
        decision_names=DECISION_NAMES,
        stages=STAGE_NAMES,
        stage_tags=STAGE_TAGS,
        needed=needed,
        offered=(*needed, *(code for code in languages() if code not in needed)),
        names=await people.names([work.decided_by, work.sent_by, work.reviewed_by] if work else []),
        assignment=assignment,
        units=await units.units(),
        due=due(usual(draft, profile), assignment.set_on, assignment.reason) if assignment else usual(draft, profile),
        today=today(profile, now),
        lines=await trail.history(operations.RECORD, found.id),
        kinds=vocabulary.kinds,
        words=acts.WORDS,
        domains=vocabulary.words,
    )


def assignment_field(assignment: Assignment | None) -> dict[str, list[str]]:
    if assignment is None:
        return {}
    whose = f"{assignment.unit}:{assignment.person}" if assignment.person else str(assignment.unit)
    day = assignment.set_on.isoformat() if assignment.set_on else ""
    return {"unit": [whose], "due_on": [day], "due_reason": [assignment.reason]}


def _form(work: Work | None, fields: dict[str, list[str]]) -> Form:
    if work is None:
        return Form(fields)
    reason = {f"reason-{language}": [words] for language, words in work.reason.items()}
    why = {f"correction-{language}": [words] for language, words in work.correction.items()}
    return Form(fields | reason | why | {"decision": [work.decision.value]})


async def _comment(number: str) -> Comment:
    found = await comments.comment_by_number(number)
    if found is None:
        raise NotFound
    return found


nav = ()
routes = [answer, write_answer, send_for_review, approve_answer, return_answer, assign_comment]
