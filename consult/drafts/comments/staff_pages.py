"""The staff page of one comment: its article, its decision and its history. The queue is `moderation`'s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.drafts import queries as drafts
from consult.drafts.comments import files, operations, queries
from consult.drafts.comments.comment import CHANNEL_NAMES, REFUSALS, STATE_NAMES, Comment, State
from consult.drafts.draft import Article, Draft
from consult.drafts.moderation import groups
from consult.drafts.moderation import queries as moderation
from consult.drafts.moderation.queue import Filter
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale
from consult.people import trail
from consult.people.guards import requires
from consult.people.person import Person
from consult.records import queries as records
from consult.web import AnyRequest, Form, NavItem, page, read_form, shell, to_staff

ONE = "/staff/{language:str}/comments/{number:str}"
MODERATES = [requires("moderator")]
STATE_TAGS = {State.SUBMITTED: "part", State.PUBLISHED: "ok", State.REFUSED: "off"}
KINDS: dict[str, str] = {
    "comment.submitted": N_("Comment received"),
    "comment.published": N_("Comment published"),
    "comment.refused": N_("Comment refused"),
    "comment.hidden": N_("Comment hidden"),
    "comment.erased": N_("Person erased"),
    "comment.file_removed": N_("File removed"),
    "comment.answer_posted": N_("Answer posted, address deleted"),
}

WORDS: dict[str, str] = {
    "comment": N_("Comment"),
    "number": N_("Number of the comment"),
    "state": N_("Status"),
    "refusal": N_("Reason"),
    "name": N_("Name"),
    "email": N_("E-mail address"),
    "text": N_("Text"),
    "True": N_("removed"),
    "False": N_("kept"),
    "channel": N_("How it came"),
    **{state.value: name for state, name in STATE_NAMES.items()},
    **{channel.value: name for channel, name in CHANNEL_NAMES.items()},
    **REFUSALS,
}


@get(ONE, guards=MODERATES)
async def comment(request: AnyRequest, number: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    return await _comment_page(request, await _comment(number), locale)


@post(f"{ONE}/publish", guards=MODERATES)
async def publish_comment(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    found = await _comment(number)
    base_url = shell(request).settings.base_url
    await operations.publish_comment(found.id, base_url=base_url, actor=person.id, at=now)
    return await _next(request, locale, found)


@post(f"{ONE}/refuse", guards=MODERATES)
async def refuse_comment(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await _comment(number)
    form = await read_form(request)
    base_url = shell(request).settings.base_url
    try:
        await operations.refuse_comment(
            found.id, reason=form.get("refusal"), base_url=base_url, actor=person.id, at=now
        )
    except Invalid as invalid:
        problems = [replace(problem, place="refusal") for problem in invalid.problems]
        return await _comment_page(request, found, locale, form, problems, status=422)
    return await _next(request, locale, found)


@post(f"{ONE}/erase", guards=[requires("admin")])
async def erase_comment(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await _comment(number)
    form = await read_form(request)
    try:
        await operations.erase_comment(
            found.id,
            with_text=form.flag("with_text"),
            reason=form.get("ground"),
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        problems = [replace(problem, place="ground") for problem in invalid.problems]
        return await _comment_page(request, found, locale, form, problems, status=422)
    return to_staff(locale, "comments", number)


@post(f"{ONE}/files/{{file_id:uuid}}/remove", guards=MODERATES)
async def remove_file(
    request: AnyRequest,
    number: FromPath[str],
    file_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await _comment(number)
    form = await read_form(request)
    try:
        await files.remove_file(found.id, file_id, reason=form.get("file_reason"), actor=person.id, at=now)
    except Invalid as invalid:
        return await _comment_page(request, found, locale, form, invalid.problems, status=422)
    return to_staff(locale, "comments", number)


async def _comment_page(
    request: AnyRequest,
    found: Comment,
    locale: Locale,
    form: Form | None = None,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    """One comment; the form comes back as it was sent."""
    draft = await drafts.draft_by_id(found.draft)
    if draft is None:
        raise NotFound
    article = next((one for one in await _articles(draft, found.version_number) if one.id == found.article), None)
    vocabulary: trail.Vocabulary = request.app.state.vocabulary
    return page(
        request,
        "drafts/staff_comment.html",
        status=status,
        comment=found,
        draft=draft,
        article=article,
        attached=await records.attachments(operations.RECORD, found.id),
        values=form or Form(),
        problems=problems,
        queue=await _beside(found),
        group=await groups.number_of(found.id),
        refusals=list(REFUSALS.items()),
        state_names=STATE_NAMES,
        state_tags=STATE_TAGS,
        lines=await trail.history(operations.RECORD, found.id),
        kinds=vocabulary.kinds,
        words=WORDS,
        domains=vocabulary.words,
    )


def _status_of(found: Comment) -> str:
    """The queue a comment belongs to now: what a moderator wants to see beside it."""
    if found.state is not State.PUBLISHED:
        return found.state.value
    if found.moderated_at is None:
        return "unchecked"
    if found.answer is None:
        return "unanswered"
    return "published" if found.released_answer else "prepared"


async def _beside(found: Comment, size: int = 12) -> list[Comment]:
    """Comments of the same draft that wait for the same."""
    wanted = Filter(draft=found.draft, status=_status_of(found))
    return await queries.by_ids((await moderation.queue(wanted, size=size)).items)


async def _next(request: AnyRequest, locale: Locale, done: Comment) -> Redirect:
    """Lead on to the next comment that waits for the same; back to the queue when none is left."""
    waiting = await _beside(done, size=1)
    following = [one.number for one in waiting if one.id != done.id]
    return to_staff(locale, "comments", *following)


async def _articles(draft: Draft, number: int | None = None) -> tuple[Article, ...]:
    version = await drafts.version(draft.id, number)
    return await drafts.articles(version.id) if version else ()


async def _comment(number: str) -> Comment:
    found = await queries.comment_by_number(number)
    if found is None:
        raise NotFound
    return found


nav: list[NavItem] = []
routes = [comment, publish_comment, refuse_comment, erase_comment, remove_file]
