"""Public pages of questions: the list with its support buttons, the form, and what became of a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums.forum import Forum, Stage
from consult.forums.pages import PRIVATE, public_forum
from consult.forums.parts import Part, Provider, Shown
from consult.forums.questions import operations, queries
from consult.forums.questions.question import PURPOSE, REFUSALS, Asked, Asking, Moderation
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.settings import secret_key
from consult.web import AnyRequest, Form, form_id, page, patience, read_form, see_other, shell, supporter, url

IN_BOX = 3
ALL = "/{language:str}/forums/{slug:str}/questions"
ONE = f"{ALL}/{{question_id:uuid}}"
NOTICES = {
    "supported": N_("Your support is counted."),
    "taken-back": N_("Your support is no longer counted."),
}


@get(ALL)
async def question_list(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
    done: FromQuery[str] = "",
) -> Response[bytes]:
    """The published questions. Only a browser that has supported something sees a page of its own."""
    forum = await public_forum(slug)
    asking = await queries.asking(forum.id)
    found = await queries.published(forum.id, number=page_number)
    if page_number > found.pages:
        raise NotFound
    members = await queries.members_of([one.id for one in found.items])
    browser = supporter.known(request)
    supported: set[UUID] = set()
    if browser is not None:
        mark = browser.mark(_secret(request), forum.id)
        shown = [one.id for one in found.items] + [one.id for group in members.values() for one in group]
        supported = await queries.supported_by(mark, shown)
    return page(
        request,
        "forums/questions.html",
        headers=PRIVATE if browser is not None or done else None,
        forum=forum,
        found=found,
        members=members,
        supported=supported,
        is_open=asking.is_due(forum, now),
        end=_end(forum, asking),
        can_support=_may_support(forum, now),
        done=NOTICES.get(done),
    )


@get(f"{ALL}/new")
async def question_form(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    return await _form_page(request, await public_forum(slug), Form(), locale, now)


@post(f"{ALL}/new")
async def send_question(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes] | Redirect:
    """Keep the question and lead to its slip; whatever is wrong, the words come back in the form."""
    forum = await public_forum(slug)
    form = await read_form(request)
    if form.get("language") in languages():
        return await _form_page(request, forum, form, locale_of(form.get("language")), now)
    if patience.must_wait(request, "question", shell(request).settings.comments_per_network, now):
        return await _form_page(request, forum, form, locale, now, (patience.PROBLEM,), status=429)
    asked, wrong = asked_of(form)
    try:
        if wrong:
            raise Invalid([*wrong, *asked.problems(forum)])
        kept = await operations.ask(
            form_id=form_id.read(_secret(request), PURPOSE, form.get("form")),
            forum_slug=slug,
            asked=asked,
            language=locale.code,
            at=now,
        )
    except Invalid as invalid:
        return await _form_page(request, forum, form, locale, now, invalid.problems, status=422)
    except Refused as refused:
        problems = [refused.problem()]
        return await _form_page(request, forum, form, locale, now, problems, status=409, fresh=True)
    patience.note(request, "question", now)
    return see_other(url(locale, "forums", slug, "questions", kept.id))


def asked_of(form: Form) -> tuple[Asked, list[Problem]]:
    """Read the form; a session that is none is a problem of its own."""
    session, wrong = None, []
    if form.get("session"):
        try:
            session = UUID(form.get("session"))
        except ValueError:
            wrong = [Problem("session", N_("Choose a session from the list."))]
    return Asked(form.get("text"), form.get("name"), form.get("email"), session), wrong


@get(ONE)
async def question_slip(
    request: AnyRequest,
    slug: FromPath[str],
    question_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """What became of a question, for whoever has its address."""
    forum = await public_forum(slug)
    question = await queries.question(question_id)
    if question is None or question.forum != forum.id:
        raise NotFound
    head = await queries.question(question.head) if question.head else None
    return page(
        request,
        "forums/question_slip.html",
        headers=PRIVATE,
        forum=forum,
        question=question,
        head=head,
        answer=(head or question).answer,
        answered_at=(head or question).answered_at,
        refusal=REFUSALS.get(question.refusal, ""),
        is_open=(await queries.asking(forum.id)).is_due(forum, now),
    )


@post(f"{ONE}/support")
async def support_question(
    request: AnyRequest,
    slug: FromPath[str],
    question_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
) -> Redirect:
    """Count this browser's support, or take it back; it leads back to the question in the list."""
    forum = await public_forum(slug)
    form = await read_form(request)
    question = await queries.question(question_id)
    if question is None or question.forum != forum.id or not question.is_public:
        raise NotFound
    if not _may_support(forum, now):
        raise operations.QuestionsClosed
    acting = supporter.supporter(request)
    mark = acting.mark(_secret(request), forum.id)
    if form.get("action") == "take-back":
        await operations.take_back(question_id=question_id, mark=mark)
        done = "taken-back"
    else:
        await operations.support(question_id=question_id, mark=mark, at=now)
        done = "supported"
    number = form.page_number()
    there = url(locale, "forums", slug, "questions")
    answer = see_other(there, anchor=question.anchor, page=number if number > 1 else "", done=done)
    supporter.remember(answer, request, acting)
    return answer


async def _form_page(
    request: AnyRequest,
    forum: Forum,
    form: Form,
    locale: Locale,
    now: datetime,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
    fresh: bool = False,
) -> Response[bytes]:
    """The form as it was filled in. fresh gives it a new id, because the old one is spent or spoilt."""
    asking = await queries.asking(forum.id)
    token = "" if fresh else form.get("form")
    return page(
        request,
        "forums/question_form.html",
        status=status,
        headers=PRIVATE | patience.HEADERS if status == 429 else PRIVATE,
        locale=locale,
        forum=forum,
        form=form,
        form_token=token or form_id.issue(_secret(request), PURPOSE),
        problems=problems,
        is_open=asking.is_due(forum, now),
        is_checked_first=asking.moderation is Moderation.BEFORE,
        sessions=[session for session in forum.sessions if not session.is_over(now)],
        refusals=list(REFUSALS.values()),
        end=_end(forum, asking),
    )


def _end(forum: Forum, asking: Asking) -> datetime | None:
    return min((moment for moment in (asking.closes_at, forum.ends_at) if moment is not None), default=None)


def _may_support(forum: Forum, at: datetime) -> bool:
    """Support counts until the meeting is over."""
    return forum.stage(at) not in {Stage.CANCELLED, Stage.OVER}


def _secret(request: AnyRequest) -> bytes:
    return secret_key(shell(request).settings)


async def questions_box(shown: Shown) -> Part | None:
    """The first questions on the page of the forum; nothing where there is none and none can be asked."""
    found = await queries.published(shown.forum.id, size=IN_BOX)
    is_open = (await queries.asking(shown.forum.id)).is_due(shown.forum, shown.now)
    if not found.total and not is_open:
        return None
    values = {"first": found.items, "total": found.total, "is_open": is_open}
    return Part("forums/questions_box.html", {**values, "takes_support": _may_support(shown.forum, shown.now)})


forum_parts: list[Provider] = [questions_box]
routes: list[Any] = [question_list, question_form, send_question, question_slip, support_question]
