"""The queue of moderators: filters, and one act for many comments: choose, confirm, see what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.drafts import queries as drafts
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import REFUSALS, STATE_NAMES, State
from consult.drafts.draft import Article, Draft
from consult.drafts.moderation import operations, queries
from consult.drafts.moderation.queue import (
    ACTIONS,
    AGES,
    DONE,
    KINDS,
    MOST_AT_ONCE,
    OBSTACLES,
    OTHER_LANGUAGES,
    STATUSES,
    WILL,
    Action,
    Filter,
    plan,
    token,
)
from consult.errors import N_, NotFound, Problem
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.people.waiting import Waiting
from consult.storage import Slice
from consult.web import AnyRequest, Form, NavItem, page, read_form, shell, to_staff
from consult.web.forms import read_query

LIST = "/staff/{language:str}/comments"
MODERATES = [requires("moderator")]
PAGE_SIZE = 50
PREVIEW = 600
FIELDS = ("draft", "article", "status", "kind", "language", "age")
STATE_TAGS = {State.SUBMITTED: "part", State.PUBLISHED: "ok", State.REFUSED: "off"}


@get(LIST, guards=MODERATES)
async def queue(request: AnyRequest, now: NamedDependency[datetime]) -> Response[bytes]:
    """What waits for a check unless something else is asked for."""
    return await _queue_page(request, read_query(request), now)


@post(f"{LIST}/confirm", guards=MODERATES)
async def confirm(request: AnyRequest, now: NamedDependency[datetime]) -> Response[bytes]:
    """Say exactly what would happen to which comments; nothing is done yet."""
    form = await read_form(request)
    numbers = form.list("chosen")
    problems = _problems(form, numbers)
    if problems:
        return await _queue_page(request, form, now, problems)
    found = await comments.by_numbers(numbers)
    known = {one.number for one in found}
    action = Action(form.get("action"))
    return page(
        request,
        "drafts/staff_bulk_confirm.html",
        action=action,
        reason=form.get("reason"),
        refusals=REFUSALS,
        plan=plan(action, found, [number for number in numbers if number not in known]),
        will=WILL,
        obstacles=OBSTACLES,
        tokens={one.number: token(one) for one in found},
        query=_query(form),
        filter={name: form.get(name) for name in FIELDS if form.get(name)},
    )


@post(f"{LIST}/carry-out", guards=MODERATES)
async def carry_out(
    request: AnyRequest, person: NamedDependency[Person], now: NamedDependency[datetime]
) -> Response[bytes]:
    form = await read_form(request)
    seen = form.list("seen")
    problems = _problems(form, seen)
    if problems:
        return await _queue_page(request, form, now, problems)
    done = await operations.carry_out(
        Action(form.get("action")),
        seen=seen,
        reason=form.get("reason"),
        base_url=shell(request).settings.base_url,
        actor=person.id,
        at=now,
    )
    return page(
        request, "drafts/staff_bulk_done.html", outcome=done, done=DONE, obstacles=OBSTACLES, query=_query(form)
    )


@post(f"{LIST}/{{number:str}}/check", guards=MODERATES)
async def check_comment(
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    found = await comments.comment_by_number(number)
    if found is None:
        raise NotFound
    await operations.check_comment(found.id, actor=person.id, at=now)
    return to_staff(locale, "comments", number)


async def waiting_comments(person: Person, at: datetime) -> list[Waiting]:
    waiting, unchecked = await queries.waiting_counts()
    moderators = frozenset({"moderator"})
    found = [Waiting(N_("Comments to check"), waiting, "comments", moderators)]
    if unchecked:
        found.append(Waiting(N_("Published comments to check"), unchecked, "comments?status=unchecked", moderators))
    return found


def _problems(form: Form, chosen: Sequence[str]) -> list[Problem]:
    found = []
    if not chosen:
        found.append(Problem("chosen", N_("Choose at least one comment.")))
    if len(chosen) > MOST_AT_ONCE:
        found.append(Problem("chosen", N_("Choose at most %(most)s comments at once."), {"most": MOST_AT_ONCE}))
    if form.get("action") not in {action.value for action in Action}:
        found.append(Problem("action", N_("Choose what is to be done with them.")))
    if form.get("action") == Action.REFUSE and form.get("reason") not in REFUSALS:
        found.append(Problem("reason", N_("Choose a reason from the list.")))
    return found


async def _queue_page(
    request: AnyRequest, form: Form, now: datetime, problems: Sequence[Problem] = ()
) -> Response[bytes]:
    """The page of a filter: from an address, or from a posted form that comes back with its choices."""
    draft = await drafts.draft(form.get("draft")) if form.get("draft") else None
    wanted = _filter(form, draft, now)
    number = form.page_number()
    ids = await queries.queue(wanted, number=number, size=PAGE_SIZE)
    found = await comments.by_ids(ids.items)
    return page(
        request,
        "drafts/staff_comments.html",
        status=422 if problems else 200,
        problems=problems,
        values=form,
        comments=Slice(found, number, ids.total, PAGE_SIZE),
        covered=await queries.redactions_of(ids.items),
        chosen=set(form.list("chosen")) if problems else {one.number for one in found if form.flag("all")},
        drafts=await drafts.all_drafts(),
        draft=draft,
        articles=await _articles(draft) if draft else (),
        wanted=wanted,
        statuses=STATUSES,
        ages=AGES,
        kinds=KINDS,
        languages=(*languages(), OTHER_LANGUAGES),
        other=OTHER_LANGUAGES,
        actions=ACTIONS,
        refusals=REFUSALS,
        state_names=STATE_NAMES,
        state_tags=STATE_TAGS,
        preview=PREVIEW,
        query=_query(form),
        filter={name: form.get(name) for name in FIELDS if form.get(name)},
    )


def _filter(form: Form, draft: Draft | None, now: datetime) -> Filter:
    """Raises NotFound for what no list of this page offers."""
    status = form.get("status") or "submitted"
    kind, language, age = form.get("kind"), form.get("language"), form.get("age")
    is_offered = (
        status in STATUSES
        and (not form.get("draft") or draft is not None)
        and kind in {"", *KINDS}
        and language in {"", OTHER_LANGUAGES, *languages()}
        and age in {"", *AGES}
    )
    if not is_offered:
        raise NotFound
    return Filter(
        draft=draft.id if draft else None,
        article=form.get("article") if draft else "",
        status=status,
        kind=kind,
        language=language,
        before=now - timedelta(days=int(age)) if age else None,
    )


def _query(form: Form) -> str:
    return urlencode({name: form.get(name) for name in FIELDS if form.get(name)})


async def _articles(draft: Draft) -> tuple[Article, ...]:
    version = await drafts.version(draft.id)
    return await drafts.articles(version.id) if version else ()


nav = [NavItem(N_("Comments"), "comments", frozenset({"moderator"}))]
waiting_providers = (waiting_comments,)
routes = [queue, confirm, carry_out, check_comment]
