"""Staff pages of questions: checking them, grouping, the shortlist, the answers, and whether questions are taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums.forms import text_of
from consult.forums.forum import Forum, local_moment
from consult.forums.links import links_of
from consult.forums.parts import Part, Shown
from consult.forums.parts import Provider as PartProvider
from consult.forums.questions import operations, queries
from consult.forums.questions.pages import asked_of
from consult.forums.questions.question import (
    CHANNEL_NAMES,
    REFUSALS,
    STATE_NAMES,
    STATE_TAGS,
    Asking,
    Channel,
    Moderation,
    Question,
)
from consult.forums.staff_pages import READS, ROLES, RUNS, autonyms, the_forum
from consult.i18n import Locale, languages
from consult.people.person import Person
from consult.people.waiting import Provider, Waiting
from consult.profile import Profile
from consult.settings import Settings
from consult.web import AnyRequest, Form, NavItem, page, read_form, shell, to_staff
from consult.web.moments import local_in

ALL = "/staff/{language:str}/forums/{forum_id:uuid}/questions"
ONE = f"{ALL}/{{question_id:uuid}}"
BY_HAND = (Channel.HALL, Channel.PHONE, Channel.COUNTER, Channel.LETTER)
LIST_NAMES = {
    "submitted": N_("Questions to check"),
    "published": N_("Published questions"),
    "shortlisted": N_("Shortlist"),
    "answered": N_("Answered questions"),
    "refused": N_("Questions not published"),
}
NOTICES = {
    "published": N_("The chosen questions are published."),
    "nothing": N_("Nothing was chosen, so nothing has changed."),
    "refused": N_("The question is not published. Who left an address has been told the reason."),
    "shortlisted": N_("The shortlist is saved."),
    "grouped": N_("The questions now stand together."),
    "ungrouped": N_("The question stands alone again."),
    "answered": N_("The question is marked as answered."),
    "reopened": N_("The question is open again."),
    "erased": N_("The personal data are erased."),
    "added": N_("The question is added and published."),
    "asking": N_("The rules for questions are saved."),
}


@get(ALL, guards=READS)
async def question_list(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    profile: NamedDependency[Profile],
    page_number: NamedDependency[int],
    shown: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    return await _list_page(request, forum, Form(), shown=shown, number=page_number, done=NOTICES.get(done))


@post(ALL, guards=READS)
async def act_on_list(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Publish what was ticked, or put it under the first of it."""
    form = await read_form(request)
    chosen = _ids(form.list("chosen"))
    if not chosen:
        return to_staff(locale, "forums", forum_id, "questions", done="nothing")
    if form.get("action") == "publish":
        await operations.publish(chosen, forum_id=forum_id, links=links_of(settings), actor=person.id, at=now)
        return to_staff(locale, "forums", forum_id, "questions", done="published")
    await operations.group(chosen, head_id=chosen[0], forum_id=forum_id, actor=person.id, at=now)
    return to_staff(locale, "forums", forum_id, "questions", done="grouped", shown="published")


@post(f"{ALL}/add", guards=READS)
async def add_question(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Write down a question from the hall, by telephone, at the counter or from a letter."""
    forum = await the_forum(forum_id)
    form = await read_form(request)
    channel = next((one for one in BY_HAND if one.value == form.get("channel")), Channel.HALL)
    spoken = form.get("spoken")
    asked, wrong = asked_of(form)
    try:
        if wrong:
            raise Invalid(wrong)
        await operations.ask(
            form_id=uuid4(),
            forum_slug=forum.slug,
            asked=asked,
            language=spoken if spoken in languages() else locale.code,
            at=now,
            channel=channel,
            actor=person.id,
        )
    except Invalid as invalid:
        return await _list_page(request, forum, form, problems=invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _list_page(request, forum, form, problems=[problem], status=409)
    return to_staff(locale, "forums", forum_id, "questions", done="added", shown="published")


@post(f"{ALL}/asking", guards=RUNS)
async def change_asking(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    forum = await the_forum(forum_id)
    form = await read_form(request)
    closes_at = None
    if form.get("until"):
        try:
            closes_at = local_moment(local_in(form.get("until")), profile.zone)
        except ValueError:
            closes_at = None
        if closes_at is None:
            problem = Problem("until", N_("Write a day such as 2026-12-31 and an hour such as 18:00."))
            return await _list_page(request, forum, form, problems=[problem], status=422)
    moderation = Moderation.AFTER if form.get("moderation") == Moderation.AFTER else Moderation.BEFORE
    asking = Asking(form.flag("is_open"), closes_at, moderation)
    await operations.set_asking(forum_id=forum_id, asking=asking, actor=person.id, at=now)
    return to_staff(locale, "forums", forum_id, "questions", done="asking")


@get(ONE, guards=READS)
async def question_page(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    question_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    return await _question_page(request, forum_id, question_id, None, done=NOTICES.get(done))


@post(ONE, guards=READS)
async def act_on_question(
    request: AnyRequest,
    forum_id: FromPath[UUID],
    question_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    settings: NamedDependency[Settings],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    try:
        done = await _act(form, forum_id, question_id, settings, person, now)
    except Invalid as invalid:
        return await _question_page(request, forum_id, question_id, form, problems=invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _question_page(request, forum_id, question_id, form, problems=[problem], status=409)
    if form.get("back") in queries.LISTS:
        return to_staff(locale, "forums", forum_id, "questions", shown=form.get("back"), done=done)
    return to_staff(locale, "forums", forum_id, "questions", question_id, done=done)


async def _act(form: Form, forum_id: UUID, question_id: UUID, settings: Settings, person: Person, now: datetime) -> str:
    links, by = links_of(settings), person.id
    match form.get("action"):
        case "publish":
            await operations.publish([question_id], forum_id=forum_id, links=links, actor=by, at=now)
            return "published"
        case "refuse":
            reason = form.get("reason")
            await operations.refuse(question_id, forum_id=forum_id, reason=reason, links=links, actor=by, at=now)
            return "refused"
        case "shortlist" | "drop" as action:
            is_on = action == "shortlist"
            await operations.shortlist(question_id, forum_id=forum_id, is_on=is_on, actor=by, at=now)
            return "shortlisted"
        case "answer":
            answer = text_of(form, "answer")
            await operations.answer(question_id, forum_id=forum_id, answer=answer, links=links, actor=by, at=now)
            return "answered"
        case "reopen":
            await operations.reopen(question_id, forum_id=forum_id, actor=by, at=now)
            return "reopened"
        case "group":
            near = _ids(form.list("near"))
            await operations.group(near, head_id=question_id, forum_id=forum_id, actor=by, at=now)
            return "grouped" if near else "nothing"
        case "ungroup":
            await operations.ungroup(question_id, forum_id=forum_id, actor=by, at=now)
            return "ungrouped"
        case "erase":
            await operations.erase(
                question_id,
                forum_id=forum_id,
                with_text=form.flag("with_text"),
                reason=form.get("ground"),
                actor=by,
                at=now,
            )
            return "erased"
    raise NotFound


async def _list_page(
    request: AnyRequest,
    forum: Forum,
    form: Form,
    *,
    shown: str = "",
    number: int = 1,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    counts = await queries.counts(forum.id)
    if shown not in queries.LISTS:
        shown = "submitted" if counts["submitted"] else "published"
    asking = await queries.asking(forum.id)
    zone = shell(request).profile.zone
    return page(
        request,
        "forums/staff_questions.html",
        status=status,
        forum=forum,
        found=await queries.listed(forum.id, shown, number=number),
        shown=shown,
        counts=counts,
        lists=LIST_NAMES,
        states=STATE_NAMES,
        tags=STATE_TAGS,
        asking=asking,
        until=asking.closes_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if asking.closes_at else "",
        channels=[(one.value, CHANNEL_NAMES[one]) for one in BY_HAND],
        autonyms=autonyms(),
        form=form,
        done=done,
        problems=problems,
    )


async def _question_page(
    request: AnyRequest,
    forum_id: UUID,
    question_id: UUID,
    form: Form | None,
    *,
    done: str | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response[bytes]:
    forum = await the_forum(forum_id)
    question = await queries.question(question_id)
    if question is None or question.forum != forum_id:
        raise NotFound
    return page(
        request,
        "forums/staff_question.html",
        status=status,
        forum=forum,
        question=question,
        head=await queries.question(question.head) if question.head else None,
        members=(await queries.members_of([question.id])).get(question.id, []),
        form=form or _kept(question),
        refusals=REFUSALS,
        channels=CHANNEL_NAMES,
        states=STATE_NAMES,
        tags=STATE_TAGS,
        offered=languages(),
        authentic=shell(request).profile.authentic_language,
        autonyms=autonyms(),
        done=done,
        problems=problems,
    )


def _kept(question: Question) -> Form:
    return Form({f"answer-{language}": [words] for language, words in question.answer.items()})


def _ids(written: Sequence[str]) -> list[UUID]:
    found = []
    for one in written[:200]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


async def questions_to_check(person: Person, at: datetime) -> list[Waiting]:
    label = N_("Questions for meetings to check")
    return [Waiting(label, await queries.waiting(at), "forums", ROLES)]


async def questions_row(shown: Shown) -> Part | None:
    """What staff find on the page of a forum: how many questions wait, and the way to the hall."""
    return Part(
        "forums/staff_questions_box.html", {"counts": await queries.counts(shown.forum.id), "lists": LIST_NAMES}
    )


forum_parts: list[PartProvider] = [questions_row]
routes: list[Any] = [question_list, act_on_list, add_question, change_asking, question_page, act_on_question]
nav: list[NavItem] = []
waiting_providers: list[Provider] = [questions_to_check]
