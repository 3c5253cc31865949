"""Publishing a version: staff see what becomes of each article, correct what was guessed wrongly, and confirm."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID, uuid4

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations.forms import text_of
from consult.drafts import operations, queries, regulation
from consult.drafts.draft import Article, Draft, DraftVersion
from consult.drafts.regulation import AlignedArticle, Regulation
from consult.drafts.staff_pages import ONE, WRITES
from consult.drafts.versions.changes import What
from consult.drafts.versions.compared import Compared, compared_articles
from consult.drafts.versions.mapping import ArticleMapping, Origin, planned, propose
from consult.drafts.versions.mapping import problems as mapping_problems
from consult.drafts.versions.matching import Neighbours
from consult.drafts.versions.sides import marked
from consult.errors import Invalid, Problem
from consult.i18n import Locale, languages, pick
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

ALL_OFFERED = 60
"""A version of more articles offers for each only those that are near by words, by number or left over."""


@dataclass(frozen=True, slots=True)
class Choice:
    """kind: new, continues, from (taken out of); for an article that is left out: left, into (merged)."""

    value: str
    kind: str
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An article of the new version or one that is left out; value and offered are those of its select."""

    compared: Compared
    name: str
    value: str
    offered: tuple[Choice, ...]

    @property
    def is_folded(self) -> bool:
        return self.compared.change.what is What.SAME


@get(f"{ONE}/publish", guards=WRITES)
async def publish_form(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    return await _publish_page(request, await queries.the_draft(slug), Form())


@post(f"{ONE}/publish", guards=[requires("designer")])
async def publish_version(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    draft = await queries.the_draft(slug)
    form = await read_form(request)
    if form.get("language") in languages():
        return await _publish_page(request, draft, form, spoken=locale_of(form.get("language")))
    if form.get("action") == "show":
        return await _publish_page(request, draft, form)
    try:
        text, _, known = await _material(draft)
        await operations.publish_version(
            draft.id,
            reason=text_of(form, "reason"),
            mapping=await asyncio.to_thread(_mapping_of, form, known, text.articles, draft.authentic_language),
            seen_at=_moment(form.get("seen_at")),
            confirmed=form.flag("confirmed"),
            actor=person.id,
            at=now,
        )
    except Invalid as invalid:
        return await _publish_page(request, draft, form, invalid.problems, status=422)
    return to_staff(locale, "drafts", slug)


async def _material(draft: Draft) -> tuple[Regulation, DraftVersion | None, tuple[Article, ...]]:
    working = await queries.working_copy(draft.id)
    text = regulation.align(working.texts if working else {}, draft.authentic_language)
    before = await queries.version(draft.id)
    return text, before, await queries.articles(before.id) if before else ()


async def _publish_page(
    request: AnyRequest,
    draft: Draft,
    form: Form,
    problems: Sequence[Problem] = (),
    *,
    spoken: Locale | None = None,
    status: int = 200,
) -> Response[bytes]:
    working = await queries.working_copy(draft.id)
    text, before, known = await _material(draft)
    language = draft.authentic_language
    mapping = await asyncio.to_thread(_mapping_of, form, known, text.articles, language)
    faults = mapping_problems(mapping, known, text.articles)
    shown = propose(known, text.articles, language) if faults else mapping
    rows = await asyncio.to_thread(_rows, form, known, text.articles, shown, language)
    return page(
        request,
        "drafts/staff_publish.html",
        status=status,
        locale=spoken,
        draft=draft,
        values=form,
        problems=problems or (faults if form.get("action") == "show" else ()),
        text_problems=text.problems,
        blocks=[(folded, list(group)) for folded, group in groupby(rows, key=lambda row: row.is_folded)],
        marked=marked,
        seen_at=working.changed_at.isoformat() if working else "",
        is_first=before is None,
        offered=languages(),
        authentic=language,
        missing=[one for one in languages() if not (working and working.texts.get(one))],
    )


def _mapping_of(
    form: Form, known: Sequence[Article], articles: Sequence[AlignedArticle], language: str
) -> ArticleMapping:
    """The proposal with what staff chose instead, so far as the form names it."""
    proposed = propose(known, articles, language)
    origins = tuple(
        _origin(form.get(f"origin-{article.number}")) if f"origin-{article.number}" in form else origin
        for article, origin in zip(articles, proposed.origins, strict=True)
    )
    merged = {
        old.id: form.get(f"merged-{old.id}") if f"merged-{old.id}" in form else proposed.merged_into.get(old.id, "")
        for old in ArticleMapping(origins).left_out(known)
    }
    return ArticleMapping(origins, {old: number for old, number in merged.items() if number})


def _origin(value: str) -> Origin:
    """What a select says: nothing (new), an article, or "from-" and an article. Whatever else comes names none."""
    written = value.removeprefix("from-")
    if not written:
        return Origin()
    try:
        article = UUID(written)
    except ValueError:
        article = uuid4()
    return Origin(taken_from=article) if value.startswith("from-") else Origin(continues=article)


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _rows(
    form: Form, known: Sequence[Article], articles: Sequence[AlignedArticle], mapping: ArticleMapping, language: str
) -> list[Row]:
    """What the mapping says of every article, each with the choices staff have instead."""
    origins = {article.number: origin for article, origin in zip(articles, mapping.origins, strict=True)}
    left = {old.id for old in mapping.left_out(known)}
    before = Neighbours({old.id: pick(old.body, language)[0] for old in known})
    made = planned(known, articles, mapping)
    after = Neighbours({new.id: pick(new.body, language)[0] for new in made.articles})
    rows = []
    for one in compared_articles(made.changes, language, ()):
        change = one.change
        words = pick(change.article.body, language)[0]
        near = {identity for identity, _ in (before if change.new else after).shared(words)}
        if change.new is None:
            name, value = f"merged-{change.article.id}", mapping.merged_into.get(change.article.id, "")
            offered = [Choice("", "left")]
            offered += [
                Choice(new.number, "into", new) for new in made.articles if new.id in near or new.number == value
            ]
        else:
            name, origin = f"origin-{change.new.number}", origins[change.new.number]
            value = _value(origin)
            kept = near | left | {origin.continues, origin.taken_from}
            offered = [Choice("", "new")]
            offered += [
                Choice(str(old.id), "continues", old)
                for old in known
                if len(known) <= ALL_OFFERED or old.id in kept or old.number == change.new.number
            ]
            offered += [Choice(f"from-{old.id}", "from", old) for old in known if old.id in near | {origin.taken_from}]
        rows.append(Row(one, name, form.get(name) if name in form else value, tuple(offered)))
    return rows


def _value(origin: Origin) -> str:
    if origin.continues:
        return str(origin.continues)
    return f"from-{origin.taken_from}" if origin.taken_from else ""


routes = [publish_form, publish_version]
nav: list[NavItem] = []
