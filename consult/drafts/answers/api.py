"""Released answers as JSON, read only: the decision, the reason, the words that changed, and the figures of a draft."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from consult.drafts import queries as drafts
from consult.drafts.answers import queries
from consult.drafts.answers.answer import Answer, Effect
from consult.drafts.answers.readiness import Coverage
from consult.drafts.answers.showing import completed
from consult.drafts.comments import queries as comments
from consult.errors import NotFound

PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=100_000, description="Counted from 1.")]
PageSize = Annotated[int, QueryParameter(name="size", ge=1, le=100, description="Items on a page.")]


class ChangeOut(msgspec.Struct, frozen=True):
    """Words of a later version that the comment led to, in the authentic language."""

    version: int
    article: str
    language: str
    deleted: str
    inserted: str


class EarlierAnswerOut(msgspec.Struct, frozen=True):
    """An answer that was corrected; `correction` says why the one before it was."""

    decision: str
    reason: dict[str, str]
    correction: dict[str, str]
    released_at: dt.datetime | None


class AnswerOut(msgspec.Struct, frozen=True):
    decision: str
    reason: dict[str, str]
    released_at: dt.datetime | None
    correction: dict[str, str]
    earlier: list[EarlierAnswerOut]
    changes: list[ChangeOut]


class AnswerLine(msgspec.Struct, frozen=True):
    comment: str
    article: str | None
    version: int
    answer: AnswerOut


class CoverageOut(msgspec.Struct, frozen=True):
    """Published comments that reply to nobody, and what became of them."""

    comments: int
    answered: int
    accepted: int
    partly: int
    rejected: int
    noted: int
    forwarded: int
    leading_to_text: int


class AnswerPage(msgspec.Struct, frozen=True):
    items: list[AnswerLine]
    page: int
    size: int
    total: int
    coverage: CoverageOut


@get("/api/v1/drafts/{slug:str}/answers", include_in_schema=True, tags=["drafts"])
async def list_answers(slug: FromPath[str], page: PageNumber = 1, size: PageSize = 50) -> AnswerPage:
    """The released answers of a draft, by the numbers of their comments, with the draft's coverage."""
    draft = await drafts.draft(slug)
    if draft is None or not draft.is_published:
        raise NotFound
    ids = await queries.answered(draft.id, number=page, size=size)
    found = await completed(await comments.by_ids(list(ids.items)))
    items = [
        AnswerLine(one.number, one.article_number, one.version_number, answer_out(one.released_answer))
        for one in found
        if one.released_answer is not None
    ]
    return AnswerPage(items, page, size, ids.total, _coverage(await queries.coverage(draft.id)))


def answer_out(answer: Answer) -> AnswerOut:
    return AnswerOut(
        decision=answer.decision.value,
        reason=answer.reason,
        released_at=answer.released_at,
        correction=answer.correction,
        earlier=[
            EarlierAnswerOut(one.decision.value, one.reason, one.correction, one.released_at) for one in answer.earlier
        ],
        changes=[_change(effect) for effect in answer.effects],
    )


def _change(effect: Effect) -> ChangeOut:
    return ChangeOut(effect.version_number, effect.article_number, effect.language, effect.deleted, effect.inserted)


def _coverage(found: Coverage) -> CoverageOut:
    return CoverageOut(**{name: getattr(found, name) for name in CoverageOut.__struct_fields__})


routes = [list_answers]
