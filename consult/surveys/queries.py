"""Reads: surveys with their newest version, versions, responses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from consult.errors import NotFound
from consult.storage import Slice, fetch, fetchrow, fetchval
from consult.surveys import access, version_heads
from consult.surveys.definition.schema import Definition, from_builtins
from consult.surveys.survey import Answered, Survey, Version, id_range

# Whole documents are large: of what was never published only the head is read, of versions see version_heads.py.
SURVEY = f"""
select s.*, v.id as newest, coalesce(v.number, 0) as version, to_jsonb(a) as access,
    case when v.id is null then (
        select jsonb_strip_nulls(to_jsonb(d)) from survey_working_copy w,
            jsonb_to_record(w.document) as d({version_heads.IN_DOCUMENT}) where w.survey = s.id) end as head
from survey s
left join lateral (
    select id, number from survey_version where survey = s.id order by number desc limit 1
) v on true
left join survey_access a on a.survey = s.id
"""  # noqa: S608 - names of ours
VERSION = "select id, survey, number, content_hash, languages, published_at, published_by, document from survey_version"
# A response that a later one replaces counts no more; only one can replace it. "is not null" says no more, but with it
# PostgreSQL reads the few rows of that unique index rather than all responses once more.
IN_FORCE = (
    "from response where not exists"
    " (select from response later where later.supersedes = response.id and later.supersedes is not null)"
)
FIELDS = "id, survey, version, language, channel, day, answers"
ANSWERED = f"select {FIELDS} from response"  # noqa: S608 - names of ours


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    definition: Definition
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    count: int


async def survey(slug: str) -> Survey:
    """Raises NotFound."""
    return await _one("where s.slug = $1", slug)


async def survey_by_id(survey_id: UUID) -> Survey:
    """Raises NotFound."""
    return await _one("where s.id = $1", survey_id)


async def survey_by_code(code: str) -> Survey:
    """The survey behind a short link. Raises NotFound."""
    return await _one("where s.code = $1", code)


async def all_surveys() -> list[Survey]:
    """Every survey, newest first."""
    return await _surveys("order by s.created_at desc, s.slug")


async def listed(*, number: int, size: int, only_published: bool = False) -> Slice[Survey]:
    """One page of all surveys, the newest first."""
    where = "where exists (select from survey_version v where v.survey = s.id)" if only_published else ""
    total = int(await fetchval(f"select count(*) from survey s {where}"))  # noqa: S608 - constants
    # The page is chosen before anything is joined to it.
    chosen = f"(select s.id from survey s {where} order by s.created_at desc, s.slug limit $1 offset $2)"  # noqa: S608 - constants
    found = await _surveys(
        f"where s.id in {chosen} order by s.created_at desc, s.slug", size, Slice.offset(number, size)
    )
    return Slice(found, number, total, size)


async def unfinished() -> tuple[int, int]:
    """How many surveys are not opened yet, and how many are being tested."""
    row = await fetchrow(
        "select count(*) filter (where opens_at is null or not exists"
        " (select from survey_version v where v.survey = s.id)) as unopened,"
        " count(*) filter (where is_testing) as testing from survey s"
    )
    return int(row["unopened"]), int(row["testing"])


async def some_surveys(ids: Collection[UUID]) -> list[Survey]:
    """Those of these that there are."""
    return await _surveys("where s.id = any($1::uuid[])", list(ids))


async def open_surveys(at: datetime) -> list[Survey]:
    """What can be answered now, that which closes soonest first."""
    return await _surveys(
        "where v.number is not null and s.opens_at <= $1 and (s.closes_at is null or s.closes_at > $1)"
        " order by s.closes_at nulls last, s.slug",
        at,
    )


async def published_surveys(at: datetime) -> list[Survey]:
    """Open and closed surveys, newest first."""
    return await _surveys("where v.number is not null and s.opens_at <= $1 order by s.opens_at desc, s.slug", at)


async def of_consultation(consultation_id: UUID) -> list[Survey]:
    return await _surveys("where s.consultation = $1 order by s.created_at, s.slug", consultation_id)


async def version(survey_id: UUID, number: int | None = None) -> Version:
    """One published version, the newest by default. Raises NotFound."""
    row = await fetchrow(
        VERSION + " where survey = $1 and ($2::int is null or number = $2) order by number desc limit 1",
        survey_id,
        number,
    )
    if row is None:
        raise NotFound
    return _version(row)


async def newest_definitions(ids: Collection[UUID]) -> dict[UUID, Definition]:
    """What the newest version of each of these surveys asks; those never published are left out."""
    sql = "select distinct on (survey) survey, document from survey_version where survey = any($1::uuid[])"
    rows = await fetch(f"{sql} order by survey, number desc", list(ids))
    return {row["survey"]: from_builtins(row["document"]) for row in rows}


async def versions(survey_id: UUID) -> list[Version]:
    """All published versions, newest first."""
    return [_version(row) for row in await fetch(VERSION + " where survey = $1 order by number desc", survey_id)]


async def working_copy(survey_id: UUID) -> WorkingCopy | None:
    row = await fetchrow("select document, changed_at from survey_working_copy where survey = $1", survey_id)
    return None if row is None else WorkingCopy(from_builtins(row["document"]), row["changed_at"])


async def answers(survey_id: UUID) -> list[tuple[int, dict[str, Any], str, str, date]]:
    """All responses as (version number, answers, channel, language, day), in an order that says nothing."""
    rows = await fetch(
        f"select version, answers, channel, language, day {IN_FORCE} and survey = $1 order by id",
        survey_id,
    )
    return [(row["version"], row["answers"], row["channel"], row["language"], row["day"]) for row in rows]


async def count(survey_id: UUID) -> int:
    return int(await fetchval(f"select count(*) {IN_FORCE} and survey = $1", survey_id))


async def counts(of: Collection[UUID] | None = None) -> dict[UUID, int]:
    """How many responses each survey has, or each of these."""
    sql = f"select survey, count(*) as responses {IN_FORCE}"
    if of is None:
        rows = await fetch(f"{sql} group by survey")
    else:
        rows = await fetch(f"{sql} and survey = any($1::uuid[]) group by survey", list(of))
    return {row["survey"]: row["responses"] for row in rows}


async def test_count(survey_id: UUID) -> int:
    return int(await fetchval("select count(*) from test_response where survey = $1", survey_id))


async def answered(of: Collection[UUID]) -> set[UUID]:
    """Those of these surveys that anybody has answered."""
    rows = await fetch(
        "select w.survey from unnest($1::uuid[]) as w(survey) where exists"
        " (select from response r where r.survey = w.survey)",
        list(of),
    )
    return {row["survey"] for row in rows}


async def per_day(survey_id: UUID) -> list[DayCount]:
    rows = await fetch(
        f"select day, count(*) as responses {IN_FORCE} and survey = $1 group by day order by day",
        survey_id,
    )
    return [DayCount(row["day"], row["responses"]) for row in rows]


async def erased(survey_id: UUID) -> int:
    """How many responses were erased."""
    return int(await fetchval("select count(*) from response_erasure where survey = $1", survey_id))


async def responses(
    survey_id: UUID, *, number: int = 1, size: int = 50, only: Collection[UUID] | None = None,
    without: Collection[UUID] = (),
) -> Slice[Answered]:  # fmt: skip
    """One page of responses, the latest days first; only some of them, or without some."""
    chosen = f"{IN_FORCE} and survey = $1 and ($2::uuid[] is null or id = any($2)) and id <> all($3::uuid[])"
    wanted = (survey_id, None if only is None else list(only), list(without))
    rows = await fetch(
        f"select {FIELDS} {chosen} order by day desc, id limit $4 offset $5",
        *wanted,
        size,
        Slice.offset(number, size),
    )
    total = await fetchval(f"select count(*) {chosen}", *wanted)
    return Slice([_answered(row) for row in rows], number=number, total=total, size=size)


async def response(response_id: UUID) -> Answered:
    """Raises NotFound."""
    row = await fetchrow(ANSWERED + " where id = $1", response_id)
    if row is None:
        raise NotFound
    return _answered(row)


async def latest(response_id: UUID) -> Answered:
    """The response itself, or what replaced it last. Raises NotFound."""
    row = await fetchrow(
        "with recursive chain as (select id from response where id = $1"  # noqa: S608 - names of ours
        " union all select newer.id from response newer join chain on newer.supersedes = chain.id)"
        f" select {FIELDS} {IN_FORCE} and id in (select id from chain)",
        response_id,
    )
    if row is None:
        raise NotFound
    return _answered(row)


async def chain(response_id: UUID) -> list[UUID]:
    """A response with all that it replaced and all that replaced it."""
    rows = await fetch(
        """with recursive chain as (
               select id, supersedes from response where id = $1
               union select other.id, other.supersedes from response other
                   join chain on other.supersedes = chain.id or other.id = chain.supersedes)
           select id from chain""",
        response_id,
    )
    return [row["id"] for row in rows]


async def response_by_code(survey_id: UUID, code: str) -> Answered:
    """The response whose receipt has this code. Raises NotFound."""
    bounds = id_range(code)
    if bounds is None:
        raise NotFound
    row = await fetchrow(ANSWERED + " where id between $1 and $2 and survey = $3", *bounds, survey_id)
    if row is None:
        raise NotFound
    return _answered(row)


async def is_stored(code: str) -> bool | None:
    """Whether an answer with this receipt is stored, in whichever survey; None where it is no code."""
    bounds = id_range(code)
    if bounds is None:
        return None
    return bool(await fetchval("select exists (select from response where id between $1 and $2)", *bounds))


async def _one(where: str, *arguments: object) -> Survey:
    """Raises NotFound."""
    found = await _surveys(where, *arguments)
    if not found:
        raise NotFound
    return found[0]


async def _surveys(where: str, *arguments: object) -> list[Survey]:
    rows = await fetch(SURVEY + where, *arguments)
    published = await version_heads.of_versions([row["newest"] for row in rows if row["newest"]])
    return [_survey(row, published.get(row["newest"])) for row in rows]


def _survey(row: Mapping[str, Any], published: version_heads.Head | None) -> Survey:
    draft = row["head"] or {}
    head = published or version_heads.of_document(draft, draft.get("minutes"))
    return Survey(
        id=row["id"],
        slug=row["slug"],
        code=row["code"],
        test_key=row["test_key"],
        consultation=row["consultation"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        is_testing=row["is_testing"],
        is_demo=row["is_demo"],
        created_at=row["created_at"],
        version=row["version"],
        title=head.title,
        summary=head.summary,
        languages=head.languages,
        minutes=head.minutes,
        is_public=head.is_public,
        mode=head.mode,
        access=access.of(row["access"], head.mode),
    )


def _version(row: Mapping[str, Any]) -> Version:
    fields = dict(row)
    document = fields.pop("document")
    fields["languages"] = tuple(fields["languages"])
    return Version(**fields, definition=from_builtins(document))


def _answered(row: Mapping[str, Any]) -> Answered:
    return Answered(**dict(row))
