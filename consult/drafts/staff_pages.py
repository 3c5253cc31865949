"""Staff pages of drafts: the list, title and settings, writing in Markdown with its preview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations import queries as consultations
from consult.consultations.consultation import last_day
from consult.consultations.forms import text_of
from consult.drafts import forms, operations, queries, regulation
from consult.drafts.comments import queries as comment_queries
from consult.drafts.draft import Draft
from consult.drafts.regulation import Regulation
from consult.errors import N_, Invalid, Problem
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people import trail
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.web import AnyRequest, Form, NavItem, page, read_form, to_staff

LIST = "/staff/{language:str}/drafts"
ONE = f"{LIST}/{{slug:str}}"
BEGINS = [requires("designer")]
WRITES = [requires("designer", "translator")]
READS = [requires("designer", "moderator", "translator", "analyst")]
KINDS: dict[str, str] = {
    "draft.created": N_("Draft created"),
    "draft.changed": N_("Title or settings changed"),
    "draft.saved": N_("Working copy saved"),
    "draft.published": N_("Version published"),
}

WORDS: dict[str, str] = {
    "draft": N_("Draft regulation"),
    "slug": N_("Address"),
    "title": N_("Title"),
    "moderation": N_("Comments are checked"),
    "before": N_("before they are published"),
    "after": N_("after they are published"),
    "version": N_("Version"),
    "articles": N_("Articles"),
    "languages": N_("Languages"),
    "mk": N_("Macedonian"),
    "ka": N_("Georgian"),
    "en": N_("English"),
    "sha256": N_("Fingerprint of the text"),
}


@get(LIST, guards=READS)
async def drafts(
    request: AnyRequest, locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    found = await queries.all_drafts()
    counts = await comment_queries.counts_by_state([draft.id for draft in found])
    return page(request, "drafts/staff_list.html", drafts=found, counts=counts, now=now)


@get(f"{LIST}/new", guards=BEGINS)
async def new_draft(
    request: AnyRequest, locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    return await _settings_page(request, None, Form({"moderation": ["before"]}), profile)


@post(f"{LIST}/new", guards=BEGINS)
async def create_draft(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    form = await read_form(request)
    if form.get("language") in languages():
        return await _settings_page(request, None, form, profile, spoken=locale_of(form.get("language")))
    content, problems = forms.content_of(form, profile.authentic_language, profile.time_zone)
    try:
        if problems:
            raise Invalid([*problems, *content.problems()])
        await operations.create_draft(content, actor=person.id, at=now)
    except Invalid as invalid:
        return await _settings_page(request, None, form, profile, invalid.problems, status=422)
    return to_staff(locale, "drafts", content.slug)


@get(f"{ONE}/settings", guards=WRITES)
async def draft_settings(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], profile: NamedDependency[Profile]
) -> Response[bytes]:
    draft = await queries.the_draft(slug)
    closes_on = last_day(draft.closes_at, profile.zone).isoformat() if draft.closes_at else ""
    return await _settings_page(request, draft, forms.draft_form(draft, closes_on), profile)


@post(f"{ONE}/settings", guards=WRITES)
async def change_draft(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    draft = await queries.the_draft(slug)
    form = await read_form(request)
    if form.get("language") in languages():
        return await _settings_page(request, draft, form, profile, spoken=locale_of(form.get("language")))
    content, problems = forms.content_of(form, draft.authentic_language, profile.time_zone)
    try:
        if problems:
            raise Invalid([*problems, *content.problems()])
        await operations.change_draft(draft_id=draft.id, content=content, actor=person.id, at=now)
    except Invalid as invalid:
        return await _settings_page(request, draft, form, profile, invalid.problems, status=422)
    return to_staff(locale, "drafts", content.slug)


@get(ONE, guards=READS)
async def draft_text(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes]:
    draft = await queries.the_draft(slug)
    form = forms.working_form(await queries.working_copy(draft.id))
    return await _text_page(request, draft, form, now)


@post(ONE, guards=WRITES)
async def save_draft_text(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Preview shows what was typed and stores nothing; save keeps it, with its problems; go on leads to publishing."""
    draft = await queries.the_draft(slug)
    form = await read_form(request)
    if form.get("language") in languages():
        return await _text_page(request, draft, form, now, spoken=locale_of(form.get("language")))
    if form.get("action") == "preview":
        return await _text_page(request, draft, form, now, preview=True)
    text = await operations.save_working_version(
        draft_id=draft.id,
        texts=text_of(form, "text"),
        memorandum=text_of(form, "memorandum"),
        actor=person.id,
        at=now,
    )
    if form.get("action") == "publish" and not text.problems:
        return to_staff(locale, "drafts", slug, "publish")
    return await _text_page(request, draft, form, now, saved=True, preview=True)


async def _settings_page(
    request: AnyRequest,
    draft: Draft | None,
    form: Form,
    profile: Profile,
    problems: Sequence[Problem] = (),
    *,
    spoken: Locale | None = None,
    status: int = 200,
) -> Response[bytes]:
    return page(
        request,
        "drafts/staff_settings.html",
        status=status,
        locale=spoken,
        draft=draft,
        values=form,
        problems=problems,
        consultations=await consultations.all_consultations(),
        offered=languages(),
        authentic=draft.authentic_language if draft else profile.authentic_language,
    )


async def _text_page(
    request: AnyRequest,
    draft: Draft,
    form: Form,
    now: datetime,
    *,
    spoken: Locale | None = None,
    preview: bool = False,
    saved: bool = False,
) -> Response[bytes]:
    texts = text_of(form, "text")
    text = regulation.align(texts, draft.authentic_language) if texts else Regulation({}, (), ())
    counts = await comment_queries.counts_by_state([draft.id])
    vocabulary: trail.Vocabulary = request.app.state.vocabulary
    return page(
        request,
        "drafts/staff_text.html",
        locale=spoken,
        draft=draft,
        values=form,
        problems=text.problems if preview else (),
        known_problems=text.problems,
        preview=_preview(text, text_of(form, "memorandum")) if preview else None,
        saved=saved,
        article_count=len(text.articles),
        counts=counts[draft.id],
        offered=languages(),
        authentic=draft.authentic_language,
        article_words=regulation.ARTICLE_WORDS,
        lines=await trail.history(operations.RECORD, draft.id),
        kinds=vocabulary.kinds,
        words=WORDS,
        domains=vocabulary.words,
        now=now,
    )


def _preview(text: Regulation, memorandum: dict[str, str]) -> list[dict[str, Any]]:
    """Each language as residents will read it."""
    return [
        {
            "language": language,
            "articles": [
                {
                    "label": article.label[language],
                    "heading": article.heading.get(language, ""),
                    "chapter": article.chapter.get(language, ""),
                    "html": forms.html(article.body, language),
                    "plain_words": article.plain_words.get(language, ""),
                }
                for article in text.articles
                if language in article.label
            ],
            "preamble": forms.html(text.preamble, language),
            "memorandum": forms.html(memorandum, language),
        }
        for language in languages()
        if any(language in article.label for article in text.articles) or language in memorandum
    ]


nav = [NavItem(N_("Draft regulations"), "drafts", frozenset({"designer", "moderator", "translator", "analyst"}))]
routes = [
    drafts,
    new_draft,
    create_draft,
    draft_settings,
    change_draft,
    draft_text,
    save_draft_text,
]
