"""Public pages of comments: the form, the slip, and all comments of an article. The reading page is `portal`'s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect

from consult.consultations.consultation import last_day
from consult.drafts import queries as drafts
from consult.drafts.answers.showing import completed
from consult.drafts.comments import files, operations, queries
from consult.drafts.comments.anchor import SURROUNDINGS
from consult.drafts.comments.comment import (
    REFUSALS,
    Comment,
    Kind,
    Moderation,
    State,
    Submission,
    written_languages,
)
from consult.drafts.comments.standings import placed
from consult.drafts.draft import Article, Draft
from consult.drafts.moderation import groups, hidden
from consult.drafts.moderation.queries import overlaid
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.settings import secret_key
from consult.web import (
    AnyRequest,
    Form,
    brings_files,
    form_id,
    page,
    patience,
    read_form,
    read_query,
    scanned,
    see_other,
    shell,
    url,
)

MOST_DIGITS = 6
VersionNumber = Annotated[int | None, QueryParameter(name="version", ge=1, le=10_000)]
CommentOrder = Annotated[Literal["", "support"], QueryParameter(name="order")]
NO_STORE = {"cache-control": "no-store"}
FORM = "comment-form"


async def published_draft(slug: str) -> Draft:
    """The draft, if the public may see it. Raises NotFound."""
    draft = await drafts.draft(slug)
    if draft is None or not draft.is_published:
        raise NotFound
    return draft


@get("/{language:str}/drafts/{slug:str}/comments")
async def comment_form(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    article: FromQuery[UUID | None] = None,
) -> Response[bytes]:
    """The form: on the draft, on an article, on words that a script has handed over, or in reply to a comment."""
    draft = await published_draft(slug)
    asked = read_query(request)
    parent = await _parent(draft, asked)
    version = draft.version_number or 1
    if parent is not None and parent.article not in {None, *(one.id for one in await _articles(draft))}:
        version = parent.version_number
    chosen = await _article(draft, parent.article if parent else article, version)
    given = Form({name: asked.list(name) for name in ("quote", "quote_before")})
    return await _form_page(request, draft, chosen, given, locale, now, version=version, parent=parent)


@post("/{language:str}/drafts/{slug:str}/comments")
async def send_comment(
    request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale], now: NamedDependency[datetime]
) -> Response[bytes] | Redirect:
    """Store the comment and lead to its slip; whatever is wrong, the words come back in the form."""
    form = await read_form(request)
    draft = await published_draft(slug)
    asked = form.get("version")
    version = int(asked) if asked.isdecimal() and len(asked) < MOST_DIGITS else draft.version_number or 1
    parent = await _parent(draft, form)
    chosen = await _article(draft, _uuid(form.get("article")), version)

    async def again(spoken: Locale, problems: Sequence[Problem] = (), **how: Any) -> Response[bytes]:
        return await _form_page(request, draft, chosen, form, spoken, now, version, problems, parent=parent, **how)

    wished = form.get("language")
    if wished in languages():
        await _keep_files(request, sent_id(request, form.get("form")), form, draft, now)
        return await again(locale_of(wished))
    if patience.must_wait(request, "comment", shell(request).settings.comments_per_network, now):
        return await again(locale, (patience.PROBLEM,), status=429)
    try:
        fresh_id = form_id.read(secret_key(shell(request).settings), FORM, form.get("form"))
        unfit = await _keep_files(request, fresh_id, form, draft, now)
        if unfit:
            raise Invalid([*submission_of(form).problems(), *unfit])
        stored = await operations.submit_comment(
            form_id=fresh_id,
            draft_slug=slug,
            version=version,
            article_id=chosen.id if chosen else None,
            language=locale.code,
            submission=submission_of(form),
            reply_to=parent.id if parent else None,
            at=now,
        )
    except Invalid as invalid:
        return await again(locale, invalid.problems, status=422)
    except Refused as refused:
        return await again(locale, [refused.problem()], status=409, fresh=True)
    patience.note(request, "comment", now)
    return see_other(url(locale, "drafts", slug, "comments", stored.id))


def sent_id(request: AnyRequest, token: str) -> UUID | None:
    """The id of a form; None for one that is not ours, which sending the form says."""
    try:
        return form_id.read(secret_key(shell(request).settings), FORM, token)
    except form_id.AlteredForm:
        return None


async def _keep_files(
    request: AnyRequest, fresh_id: UUID | None, form: Form, draft: Draft, at: datetime
) -> list[Problem]:
    """Keep what came with the form, whatever else is wrong with it, so that nobody has to choose a file twice."""
    if fresh_id is None or not draft.takes_comments(at):
        return []
    has_files = brings_files(request)
    if has_files and patience.must_wait(request, "comment-files", shell(request).settings.comments_per_network, at):
        return [patience.PROBLEM]
    form = await scanned(request)
    found = await files.receive(fresh_id, form.files, dropped=form.list("drop"), at=at)
    if has_files:
        patience.note(request, "comment-files", at)
    return [*form.refused, *found]


def submission_of(form: Form) -> Submission:
    return Submission(
        text=form.get("text"),
        kind=form.get("kind") or Kind.COMMENT,
        name=form.get("name"),
        email=form.get("email"),
        quote=form.get("quote"),
        quote_before=form.get("quote_before")[-SURROUNDINGS:],
        written_in=form.get("written_in"),
    )


@get("/{language:str}/drafts/{slug:str}/comments/{comment_id:uuid}")
async def comment_slip(
    request: AnyRequest,
    slug: FromPath[str],
    comment_id: FromPath[UUID],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """What became of one comment, for whoever has its address."""
    draft = await published_draft(slug)
    comment = await queries.comment(comment_id)
    if comment is None or comment.draft != draft.id:
        raise NotFound
    comment = (await completed(await overlaid([comment])))[0]
    return page(
        request,
        "drafts/comment_slip.html",
        headers=NO_STORE,
        draft=draft,
        comment=comment,
        refusal=REFUSALS.get(comment.refusal, ""),
        was_public=await hidden.note(comment.number, draft.id) is not None,
        steps=_steps(draft, comment, locale),
        now=now,
    )


@get("/{language:str}/drafts/{slug:str}/articles/{number:str}/comments")
async def comments_of_article(
    request: AnyRequest,
    slug: FromPath[str],
    number: FromPath[str],
    locale: NamedDependency[Locale],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
    of_version: VersionNumber = None,
    order: CommentOrder = "",
) -> Response[bytes]:
    """All shown comments with their replies: of an article, of the draft as a whole ("draft"), or all of them ("all").

    What was said to articles that the newest version no longer has stands under "all", with the version it was made
    on, and by itself where version names one that has the article.
    """
    draft = await published_draft(slug)
    version = await drafts.version(draft.id, of_version)
    if version is None:
        raise NotFound
    articles = await drafts.articles(version.id)
    chosen = next((article for article in articles if article.number == number), None)
    if chosen is None and number not in {"all", "draft"}:
        raise NotFound
    place, whole = chosen.id if chosen else None, number == "draft"
    by_support = order == "support"
    found = await queries.published_comments(
        draft.id, place, whole_draft=whole, by_support=by_support, number=page_number
    )
    if page_number > found.pages:
        raise NotFound
    shown = await placed(found.items, version.id, {one.id: one.body for one in articles})
    if chosen is not None:
        heading = locale.gettext(N_("Comments on article %(number)s"), number=_label(chosen, locale))
    else:
        heading = locale.gettext(N_("Comments on the whole draft") if number == "draft" else N_("All comments"))
    return page(
        request,
        "drafts/comments.html",
        draft=draft,
        article=chosen,
        articles=articles,
        comments=replace(found, items=shown),
        marks=await groups.marks_of([one.id for one in shown]),
        notes=hidden.Notes() if by_support else await hidden.notes(draft.id, place, found, whole_draft=whole),
        by_support=by_support,
        count=await queries.count_shown(draft.id, place, whole_draft=whole),
        version=version.number,
        is_newest=version.number == draft.version_number,
        heading=heading,
        last_day=_last_day(draft, locale),
        now=now,
    )


async def _form_page(
    request: AnyRequest,
    draft: Draft,
    article: Article | None,
    form: Form,
    locale: Locale,
    now: datetime,
    version: int,
    problems: Sequence[Problem] = (),
    *,
    parent: Comment | None = None,
    status: int = 200,
    fresh: bool = False,
) -> Response[bytes]:
    """The form as it was filled in. fresh gives it a new id, because the old one is spent or spoilt."""
    secret = secret_key(shell(request).settings)
    token = ("" if fresh else form.get("form")) or form_id.issue(secret, FORM)
    if parent is not None:
        heading = locale.gettext(N_("Your reply to comment %(number)s"), number=parent.number)
    elif article is None:
        heading = locale.gettext(N_("Your comment on the whole draft"))
    else:
        heading = locale.gettext(N_("Your comment on article %(number)s"), number=_label(article, locale))
    return page(
        request,
        "drafts/comment_form.html",
        status=status,
        headers={**NO_STORE, **patience.HEADERS} if status == 429 else NO_STORE,
        locale=locale,
        draft=draft,
        article=article,
        parent=parent,
        version=version,
        written_languages=written_languages(),
        form_token=token,
        kept=await files.waiting(sent_id(request, token)),
        file_slots=files.SLOTS,
        values=form,
        problems=problems,
        heading=heading,
        refusals=list(REFUSALS.values()),
        last_day=_last_day(draft, locale),
        now=now,
    )


def _steps(draft: Draft, comment: Comment, locale: Locale) -> list[tuple[str, str, str]]:
    steps = []
    if draft.moderation is Moderation.BEFORE:
        waits = comment.state is State.SUBMITTED
        steps.append(
            (
                locale.gettext(N_("We check your comment")),
                locale.gettext(N_("Then everybody can read it beside the article.")),
                "now" if waits else "done",
            )
        )
    due = draft.consultation.answers_due if draft.consultation else None
    answered = locale.gettext(N_("You get a reasoned response"))
    if due:
        by = locale.gettext(N_("By %(date)s, on this page and beside the article."), date=locale.date(due))
    else:
        by = locale.gettext(N_("On this page and beside the article."))
    steps.append((answered, by, "" if comment.state is State.SUBMITTED else "now"))
    decided = locale.gettext(N_("It is shown what changed in the text, and why."))
    steps.append((locale.gettext(N_("The council decides")), decided, ""))
    return steps


def _last_day(draft: Draft, locale: Locale) -> Any:
    end = draft.comments_end
    return last_day(end, locale.zone) if end else None


def _label(article: Article, locale: Locale) -> str:
    return article.label.get(locale.code) or article.number


def _uuid(written: str) -> UUID | None:
    if not written:
        return None
    try:
        return UUID(written)
    except ValueError as fault:
        raise NotFound from fault


async def _parent(draft: Draft, form: Form) -> Comment | None:
    """The comment that is replied to. Raises NotFound where it is not shown or is a reply itself."""
    number = form.get("reply")
    if not number:
        return None
    found = await queries.shown_comment(number, draft.id)
    if found is None or found.reply_to is not None:
        raise NotFound
    return found


async def _articles(draft: Draft, number: int | None = None) -> tuple[Article, ...]:
    version = await drafts.version(draft.id, number)
    return await drafts.articles(version.id) if version else ()


async def _article(draft: Draft, article_id: UUID | None, number: int | None = None) -> Article | None:
    """The article of a form. Raises NotFound where a form names one that the version has not."""
    if article_id is None:
        return None
    found = next((article for article in await _articles(draft, number) if article.id == article_id), None)
    if found is None:
        raise NotFound
    return found


routes = [comment_form, send_comment, comment_slip, comments_of_article]
