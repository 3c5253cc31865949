"""The public page of one comment: its replies, and support for it by a click or by a confirmed address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.drafts import queries as drafts
from consult.drafts.comments import queries
from consult.drafts.comments import support_operations as operations
from consult.drafts.comments.comment import Comment
from consult.drafts.comments.pages import NO_STORE, published_draft
from consult.drafts.comments.standings import placed
from consult.drafts.comments.support import Ticket, read_ticket
from consult.drafts.draft import Draft
from consult.drafts.moderation import groups, hidden
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Locale
from consult.settings import secret_key
from consult.web import AnyRequest, Form, page, patience, read_form, see_other, shell, url
from consult.web.supporter import known, remember, supporter

ONE = "/{language:str}/drafts/{slug:str}/comment/{number:str}"
LETTER = "/{language:str}/support/{ticket:str}"
CLICKS_PER_NETWORK = 300
LETTERS_PER_NETWORK = 30
NOTICES = {
    "supported": N_("Thank you. Your support is counted."),
    "before": N_("Your support was counted before. One person counts once."),
    "withdrawn": N_("Your support is no longer counted."),
    "mailed": N_("We have sent a letter to this address. Your support counts once you open the link in it."),
}


@get(ONE)
async def one_comment(
    request: AnyRequest,
    slug: FromPath[str],
    number: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
) -> Response[bytes]:
    draft = await published_draft(slug)
    note = await hidden.note(number, draft.id)
    if note is not None:
        return page(request, "drafts/comment_hidden.html", status=410, draft=draft, note=note)
    return await _thread(request, draft, await _shown(draft, number), now, number=page_number)


@post(f"{ONE}/support")
async def support(
    request: AnyRequest,
    slug: FromPath[str],
    number: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Count this browser, once; or take its support back."""
    draft = await published_draft(slug)
    comment = await _shown(draft, number)
    form = await read_form(request)
    if patience.must_wait(request, "support", CLICKS_PER_NETWORK, now):
        return await _thread(request, draft, comment, now, problems=(patience.PROBLEM,), status=429)
    acting = supporter(request)
    mark = acting.mark(secret_key(shell(request).settings), comment.id)
    try:
        if form.flag("withdraw"):
            await operations.withdraw(comment_id=comment.id, browser=mark, at=now)
            done = "withdrawn"
        else:
            counted = await operations.support(comment_id=comment.id, browser=mark, at=now)
            done = "supported" if counted else "before"
    except Refused as refused:
        problem = refused.problem()
        return await _thread(request, draft, comment, now, problems=(problem,), status=409)
    patience.note(request, "support", now)
    answer = see_other(url(locale, "drafts", draft.slug, "comment", comment.number), done=done)
    remember(answer, request, acting)
    return answer


@post(f"{ONE}/support/letter")
async def support_by_letter(
    request: AnyRequest,
    slug: FromPath[str],
    number: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Send a link to an address; whoever opens it and presses the button is counted."""
    draft = await published_draft(slug)
    comment = await _shown(draft, number)
    form = await read_form(request)
    if patience.must_wait(request, "support-letter", LETTERS_PER_NETWORK, now):
        return await _thread(request, draft, comment, now, form, (patience.PROBLEM,), status=429)
    secret = secret_key(shell(request).settings)
    acting = supporter(request)
    try:
        await operations.send_link(
            comment_id=comment.id,
            email=form.get("email"),
            browser=acting.mark(secret, comment.id),
            language=locale.code,
            secret=secret,
            base_url=shell(request).settings.base_url,
            at=now,
        )
    except Invalid as invalid:
        return await _thread(request, draft, comment, now, form, invalid.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await _thread(request, draft, comment, now, form, (problem,), status=409)
    patience.note(request, "support-letter", now)
    answer = see_other(url(locale, "drafts", draft.slug, "comment", comment.number), done="mailed")
    remember(answer, request, acting)
    return answer


@get(LETTER)
async def confirm_page(
    request: AnyRequest, ticket: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    """A page with one button: mail programs open links on their own, so opening alone counts nobody."""
    given, comment, draft = await _of_ticket(request, ticket)
    return page(
        request,
        "drafts/support_confirm.html",
        headers=NO_STORE,
        draft=draft,
        comment=comment,
        is_valid=given.is_valid(now) and draft.takes_comments(now),
    )


@post(LETTER)
async def confirm_support(
    request: AnyRequest, ticket: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[Any]:
    given, comment, draft = await _of_ticket(request, ticket)
    acting = supporter(request)
    mark = acting.mark(secret_key(shell(request).settings), comment.id)
    try:
        counted = await operations.confirm(given, browser=mark, at=now)
    except Refused as refused:
        problem = refused.problem()
        return await _thread(request, draft, comment, now, problems=(problem,), status=409)
    answer = see_other(
        url(locale, "drafts", draft.slug, "comment", comment.number), done="supported" if counted else "before"
    )
    remember(answer, request, acting)
    return answer


async def _of_ticket(request: AnyRequest, written: str) -> tuple[Ticket, Comment, Draft]:
    given = read_ticket(secret_key(shell(request).settings), written)
    comment = await queries.comment(given.comment) if given else None
    draft = await drafts.draft_by_id(comment.draft) if comment else None
    if given is None or comment is None or draft is None or not draft.is_published:
        raise NotFound
    return given, await _shown(draft, comment.number), draft


async def _shown(draft: Draft, number: str) -> Comment:
    found = await queries.shown_comment(number, draft.id)
    if found is None:
        raise NotFound
    return found


async def _thread(
    request: AnyRequest,
    draft: Draft,
    comment: Comment,
    now: datetime,
    form: Form | None = None,
    problems: Sequence[Problem] = (),
    *,
    number: int = 1,
    status: int = 200,
) -> Response[bytes]:
    replies = await queries.replies_to(comment.id, number=number)
    version = await drafts.version(draft.id)
    if number > replies.pages or version is None:
        raise NotFound
    bodies = {one.id: one.body for one in await drafts.articles(version.id)}
    browser = known(request)
    mark = browser.mark(secret_key(shell(request).settings), comment.id) if browser else None
    return page(
        request,
        "drafts/comment.html",
        status=status,
        headers=NO_STORE | (patience.HEADERS if status == 429 else {}),
        draft=draft,
        comment=(await placed([comment], version.id, bodies))[0],
        replies=replies,
        same=(await groups.marks_of([comment.id])).get(comment.id),
        version=version.number,
        supports=mark is not None and await queries.is_supported(comment.id, mark),
        done=NOTICES.get(request.query_params.get("done", ""), ""),
        values=form or Form(),
        problems=problems,
        now=now,
    )


routes = [one_comment, support, support_by_letter, confirm_page, confirm_support]
