"""Consultations as JSON, read only. Texts have one value per language."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from consult.consultations import queries
from consult.consultations.consultation import Consultation
from consult.errors import NotFound

PageNumber = Annotated[int, QueryParameter(name="page", ge=1, le=100_000, description="Counted from 1.")]
PageSize = Annotated[int, QueryParameter(name="size", ge=1, le=100, description="Items on a page.")]


class PhaseOut(msgspec.Struct, frozen=True):
    key: str
    label: dict[str, str]
    starts: dt.date | None
    ends: dt.date | None


class OutcomeOut(msgspec.Struct, frozen=True):
    asked: dict[str, str]
    said: dict[str, str]
    did: dict[str, str]


class ConsultationOut(msgspec.Struct, frozen=True):
    """A consultation. `state` is what it is at the moment of asking; times are in UTC."""

    slug: str
    kind: str
    state: str
    title: dict[str, str]
    summary: dict[str, str]
    plain_words: dict[str, str]
    legal_basis: dict[str, str]
    contact: dict[str, str]
    authentic_language: str
    announced_at: dt.datetime | None
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    answers_due: dt.date | None
    phases: list[PhaseOut]
    outcome: OutcomeOut | None
    is_demo: bool


class ConsultationPage(msgspec.Struct, frozen=True):
    items: list[ConsultationOut]
    page: int
    size: int
    total: int


def consultation_out(found: Consultation, now: dt.datetime) -> ConsultationOut:
    outcome = found.outcome
    return ConsultationOut(
        slug=found.slug,
        kind=found.kind.value,
        state=found.state_at(now).value,
        title=found.title,
        summary=found.summary,
        plain_words=found.plain_words,
        legal_basis=found.legal_basis,
        contact=found.contact,
        authentic_language=found.authentic_language,
        announced_at=found.announced_at,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        answers_due=found.answers_due,
        phases=[PhaseOut(one.key, one.label, one.starts, one.ends) for one in found.phases],
        outcome=OutcomeOut(outcome.asked, outcome.said, outcome.did) if outcome else None,
        is_demo=found.is_demo,
    )


@get("/api/v1/consultations", include_in_schema=True, tags=["consultations"])
async def list_consultations(
    now: NamedDependency[dt.datetime], page: PageNumber = 1, size: PageSize = 50
) -> ConsultationPage:
    """All public consultations, the one that closes last first."""
    found, total = await queries.public_page(limit=size, offset=(page - 1) * size)
    return ConsultationPage([consultation_out(one, now) for one in found], page, size, total)


@get("/api/v1/consultations/{slug:str}", include_in_schema=True, tags=["consultations"])
async def get_consultation(slug: FromPath[str], now: NamedDependency[dt.datetime]) -> ConsultationOut:
    """One public consultation."""
    found = await queries.consultation(slug)
    if found is None or not found.is_public:
        raise NotFound
    return consultation_out(found, now)


routes = [list_consultations, get_consultation]
