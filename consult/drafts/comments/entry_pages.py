"""Staff pages for comments that come by letter, telephone, counter or meeting: entering them, a slip to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from markupsafe import Markup

from consult.consultations.forms import day_of
from consult.drafts import queries as drafts
from consult.drafts.comments import entry_operations as operations
from consult.drafts.comments import files, queries
from consult.drafts.comments.comment import CHANNEL_NAMES, Channel, Comment, OnBehalf, written_languages
from consult.drafts.comments.letters import slip_path
from consult.drafts.comments.pages import FORM, sent_id, submission_of
from consult.drafts.draft import Draft
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.people.waiting import Waiting
from consult.settings import secret_key
from consult.web import AnyRequest, Form, NavItem, absolute, form_id, page, read_form, scanned, shell, to_staff

LIST = "/staff/{language:str}/comments"
ONE = f"{LIST}/{{number:str}}"
TO_POST = N_("Answers to send by post")
ENTERS = [requires("moderator", "clerk")]


@get(f"{LIST}/new", guards=ENTERS)
async def new_comment(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
    draft: FromQuery[str] = "",
) -> Response[bytes]:
    """First the draft, then the form with its articles; and the answers that are still to be posted."""
    if not draft:
        return page(
            request,
            "drafts/staff_entry_drafts.html",
            drafts=await drafts.published_drafts(),
            to_post=await queries.to_post(number=page_number),
            now=now,
        )
    today = locale.local(now).date().isoformat()
    given = Form({"received_on": [today], "channel": [Channel.LETTER.value], "letters_in": [locale.code]})
    return await _entry_page(request, await _draft(draft), given, locale)


@post(f"{LIST}/new", guards=ENTERS)
async def enter_comment(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    await read_form(request)
    form = await scanned(request)
    draft = await _draft(form.get("draft"))
    if form.get("language") in languages():
        return await _entry_page(request, draft, form, locale_of(form.get("language")))
    problems: list[Problem] = []
    try:
        fresh_id = form_id.read(secret_key(shell(request).settings), FORM, form.get("form"))
        problems += form.refused
        problems += await files.receive(fresh_id, form.files, dropped=form.list("drop"), by=person.id, at=now)
        way = OnBehalf(form.get("channel"), day_of(form, "received_on", problems), form.get("postal"))
        if problems:
            raise Invalid([*submission_of(form).problems(), *problems])
        stored = await operations.enter_comment(
            form_id=fresh_id,
            draft_slug=draft.slug,
            article_id=await _article(draft, form.get("article")),
            language=form.get("letters_in") if form.get("letters_in") in languages() else locale.code,
            submission=submission_of(form),
            way=way,
            zone=locale.zone,
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return await _entry_page(request, draft, form, locale, invalid.problems, status=422)
    except Refused as refused:
        again = Form(form.values | {"form": []}, form.files)
        problem = refused.problem()
        return await _entry_page(request, draft, again, locale, (problem,), status=409)
    return to_staff(locale, "comments", stored.number, "slip")


@get(f"{ONE}/slip", guards=ENTERS)
async def printed_slip(request: AnyRequest, number: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    """What the author gets in the hand: number, words, and the address where the answer will stand."""
    found, draft = await _entered(number)
    address = absolute(shell(request).settings, slip_path(locale_of(found.letters_in), draft, found))
    picture = segno.make(address, error="m").svg_inline(border=1, scale=3, svgclass=None, lineclass=None)
    return page(
        request,
        "drafts/staff_slip.html",
        comment=found,
        draft=draft,
        address=address,
        code=Markup(picture),
    )


@post(f"{ONE}/posted", guards=ENTERS)
async def answer_posted(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    """The printed answer is on its way, so the postal address goes."""
    found, _ = await _entered(number)
    await operations.forget_postal_address(found.id, actor=person.id, at=now)
    return to_staff(locale, "comments", number, "slip")


async def answers_to_post(person: Person, at: datetime) -> list[Waiting]:
    roles = frozenset({"clerk", "moderator"})
    return [Waiting(TO_POST, (await queries.to_post(size=1)).total, "comments/new", roles)]


async def _entry_page(
    request: AnyRequest,
    draft: Draft,
    form: Form,
    locale: Locale,
    problems: Sequence[Problem] = (),
    *,
    status: int = 200,
) -> Response[bytes]:
    version = await drafts.version(draft.id)
    token = form.get("form") or form_id.issue(secret_key(shell(request).settings), FORM)
    return page(
        request,
        "drafts/staff_entry.html",
        status=status,
        locale=locale,
        draft=draft,
        articles=await drafts.articles(version.id) if version else (),
        channels=[(one.value, name) for one, name in CHANNEL_NAMES.items() if one is not Channel.WEB],
        written_languages=written_languages(),
        letter_languages=[(code, written_languages()[code]) for code in languages()],
        form_token=token,
        kept=await files.waiting(sent_id(request, token)),
        file_slots=files.SLOTS,
        values=form,
        problems=problems,
    )


async def _draft(slug: str) -> Draft:
    found = await drafts.draft(slug)
    if found is None or not found.is_published:
        raise NotFound
    return found


async def _article(draft: Draft, written: str) -> UUID | None:
    version = await drafts.version(draft.id)
    if not written or version is None:
        return None
    found = next((one for one in await drafts.articles(version.id) if str(one.id) == written), None)
    if found is None:
        raise NotFound
    return found.id


async def _entered(number: str) -> tuple[Comment, Draft]:
    """What a clerk has entered. The own page of somebody who wrote on the website is nobody else's."""
    found = await queries.comment_by_number(number)
    draft = await drafts.draft_by_id(found.draft) if found else None
    if found is None or draft is None or found.channel is Channel.WEB:
        raise NotFound
    return found, draft


routes = [new_comment, enter_comment, printed_slip, answer_posted]
waiting_providers = (answers_to_post,)
nav = [NavItem(N_("Enter a comment"), "comments/new", frozenset({"clerk", "moderator"}))]
