"""Public pages: the rules of moderation, and the log of what was done on one draft. No texts and no names."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.drafts import queries as drafts
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import REFUSALS
from consult.drafts.comments.pages import published_draft
from consult.drafts.moderation import groups, queries
from consult.drafts.moderation.acts import PUBLIC_ACTS
from consult.drafts.moderation.queries import Counted
from consult.drafts.moderation.redaction import COVERS
from consult.errors import NotFound
from consult.i18n import Locale
from consult.storage import Slice
from consult.web import AnyRequest, page, shell


@get("/{language:str}/moderation")
async def rules(request: AnyRequest) -> Response[bytes]:
    """The rules for all drafts, and the way to the log of each."""
    return page(
        request,
        "drafts/moderation_rules.html",
        draft=None,
        drafts=await drafts.published_drafts(),
        refusals=REFUSALS,
        covers=COVERS,
    )


@get("/{language:str}/drafts/{slug:str}/moderation")
async def rules_of_draft(request: AnyRequest, slug: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    """The rules as they are for one draft, and its log: counts by month, act and reason."""
    draft = await published_draft(slug)
    months: dict[str, list[tuple[str, str]]] = {}
    for line in await queries.log(draft.id, shell(request).profile.time_zone):
        month = locale.period(locale.local(line.month).date(), "month")
        months.setdefault(month, []).append((_said(line, locale), locale.number(line.count)))
    return page(
        request,
        "drafts/moderation_rules.html",
        draft=draft,
        drafts=(),
        refusals=REFUSALS,
        covers=COVERS,
        months=months,
    )


def _said(line: Counted, locale: Locale) -> str:
    act = locale.gettext(PUBLIC_ACTS[line.act])
    if not line.reason:
        return act
    reasons = REFUSALS if line.act in {"refused", "hidden"} else COVERS
    return f"{act}: {locale.gettext(reasons[line.reason])}"


@get("/{language:str}/drafts/{slug:str}/same/{group:int}")
async def say_the_same(
    request: AnyRequest,
    slug: FromPath[str],
    group: FromPath[int],
    now: NamedDependency[datetime],
    page_number: NamedDependency[int],
) -> Response[bytes]:
    """All published comments of a confirmed group, each in its own words."""
    draft = await published_draft(slug)
    ids = await groups.published_members(draft.id, group, page=page_number)
    if ids is None or page_number > ids.pages:
        raise NotFound
    found = await comments.shown_by_ids(ids.items)
    return page(
        request,
        "drafts/same.html",
        draft=draft,
        comments=Slice(found, ids.number, ids.total, ids.size),
        version=draft.version_number,
        now=now,
    )


routes = [rules, rules_of_draft, say_the_same]
