"""The staff page on which words of a comment are covered: write or paste them, look at each place, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment
from consult.drafts.moderation import operations, queries
from consult.drafts.moderation.redaction import COVERS, occurrences, stretches
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale
from consult.people.guards import requires
from consult.people.person import Person
from consult.web import AnyRequest, Form, NavItem, page, read_form, shell, to_staff

COVER = "/staff/{language:str}/comments/{number:str}/cover"
MODERATES = [requires("moderator")]
LONGEST_WORDS = 300


@get(COVER, guards=MODERATES)
async def cover(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    return await _page(request, await _comment(number), Form())


@post(COVER, guards=MODERATES)
async def cover_words(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Look for the words that were written; once places are chosen, cover exactly those."""
    found = await _comment(number)
    form = await read_form(request)
    if form.get("step") != "cover":
        return await _page(request, found, form, _search_problems(found, form))
    try:
        await operations.cover_words(
            found.id,
            places=form.list("chosen"),
            reason=form.get("reason"),
            base_url=shell(request).settings.base_url,
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return await _page(request, found, form, invalid.problems)
    return to_staff(locale, "comments", number, "cover")


@post(f"{COVER}/{{redaction_id:uuid}}/withdraw", guards=MODERATES)
async def uncover_words(
    number: FromPath[str],
    redaction_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    await operations.uncover_words(redaction_id, actor=person.id, at=now)
    return to_staff(locale, "comments", number, "cover")


def _search_problems(found: Comment, form: Form) -> list[Problem]:
    words = form.get("words")
    if not words:
        return [Problem("words", N_("Write the words that are to be covered."))]
    if len(words) > LONGEST_WORDS:
        return [Problem("words", N_("Use at most %(most)s characters."), {"most": LONGEST_WORDS})]
    if not occurrences(found.text, words):
        return [Problem("words", N_("The comment does not have these words. Copy them from its text."))]
    return []


async def _page(request: AnyRequest, found: Comment, form: Form, problems: Sequence[Problem] = ()) -> Response[bytes]:
    redactions = (await queries.redactions_of([found.id])).get(found.id, ())
    words = form.get("words")[:LONGEST_WORDS]
    return page(
        request,
        "drafts/staff_cover.html",
        status=422 if problems else 200,
        headers={"cache-control": "no-store"},
        comment=found,
        parts=stretches(found.text, redactions),
        public=(await queries.overlaid([found]))[0],
        redactions=[
            (one, "".join(part.text for part in stretches(found.text, [one]) if part.reason)) for one in redactions
        ],
        places=occurrences(found.text, words, redactions) if words else (),
        chosen=form.list("chosen") if form.get("step") == "cover" else None,
        values=form,
        problems=problems,
        reasons=COVERS,
    )


async def _comment(number: str) -> Comment:
    found = await comments.comment_by_number(number)
    if found is None:
        raise NotFound
    return found


nav: list[NavItem] = []
routes = [cover, cover_words, uncover_words]
