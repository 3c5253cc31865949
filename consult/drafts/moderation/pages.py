"""Public pages: the rules of moderation, and the log of what was done on one draft. No texts and no names."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.drafts import queries as drafts
from consult.drafts.comments.comment import REFUSALS
from consult.drafts.comments.pages import published_draft
from consult.drafts.moderation import queries
from consult.drafts.moderation.acts import PUBLIC_ACTS
from consult.drafts.moderation.redaction import COVERS
from consult.i18n import Locale
from consult.web import page, shell

AnyRequest = Request[Any, Any, Any]


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
    lines = await queries.log(draft.id, shell(request).profile.time_zone)
    reasons = {**REFUSALS, **COVERS}
    rows = [
        (
            locale.period(locale.local(line.month).date(), "month"),
            locale.gettext(PUBLIC_ACTS[line.act]),
            locale.gettext(reasons[line.reason]) if line.reason else "",
            locale.number(line.count),
        )
        for line in lines
    ]
    return page(
        request,
        "drafts/moderation_rules.html",
        draft=draft,
        drafts=(),
        refusals=REFUSALS,
        covers=COVERS,
        rows=rows,
    )


routes = [rules, rules_of_draft]
