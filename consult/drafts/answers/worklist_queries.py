"""Reading the list of answers to write, for a person, a unit, an article, with what is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from consult.drafts.answers.answer import Decision, Stage
from consult.drafts.answers.covered import covered_texts
from consult.drafts.answers.due import Due, due
from consult.drafts.answers.queries import COUNTED, NEEDS_ANSWER
from consult.drafts.answers.worklist import VIEWS, ArticleCount, Assignment, Task, Wanted
from consult.storage import Slice, fetch, fetchrow, fetchval

PAGE_SIZE = 25

_STAGE = (
    "case when k.id is not null then 'released' when r.id is null then 'missing' when r.reviewed_at is not null "
    "then 'reviewed' when r.sent_at is not null then 'review' else 'drafted' end"
)
_STAGES = {
    "missing": "'missing'",
    "in_work": "'drafted', 'review'",
    "reviewed": "'reviewed'",
    "released": "'released'",
}
# What is owed an answer comes out of an index alone, without the texts; a correction may be in work for others too.
_CORRECTED = f"""
    select c.id, c.draft, c.article, c.version, c.number, false as needs_answer
        from comment c join reasoned_answer w on w.comment = c.id and w.released_at is null where not ({NEEDS_ANSWER})
"""  # noqa: S608 - constants
_EACH = f"""(
    select c.id, c.draft, c.article, c.version, c.number, true as needs_answer from comment c where {NEEDS_ANSWER}
    union all {_CORRECTED}
)"""  # noqa: S608 - constants
_TAKEN_UP = """
    select comment from reasoned_answer where released_at is null or is_current
    union select comment from comment_assignment
"""
_TOUCHED = f"""(
    select c.id, c.draft, c.article, c.version, c.number, {NEEDS_ANSWER} as needs_answer from comment c
        where c.id in ({_TAKEN_UP})
)"""  # noqa: S608 - constants
# $1 and $2 are the usual day of each draft.
_WORK_OF = """
left join reasoned_answer r on r.comment = c.id and r.released_at is null
left join reasoned_answer k on k.comment = c.id and k.released_at is not null and k.is_current
left join comment_assignment s on s.comment = c.id
"""
_WITH = f"left join unnest($1::uuid[], $2::date[]) as u (draft, day) on u.draft = c.draft {_WORK_OF}"
_WHOLE = ("all", "unassigned")
_ARTICLE = "left join article_text a on a.version = c.version and a.article = c.article"
_ORDER = 'due_day nulls last, c.number collate "C"'
# $3 is the person, $4 today.
_VIEWS: Mapping[str, str] = {
    "mine": "(s.person = $3 or r.decided_by = $3)",
    "unit": "s.unit in (select m.unit from unit_member m where m.person = $3)",
    "review": "r.sent_at is not null and r.reviewed_at is null and r.decided_by is distinct from $3 "
    "and r.sent_by is distinct from $3",
    "overdue": "k.id is null and coalesce(s.due_on, u.day) < $4::date",
    "unassigned": "s.comment is null",
    "all": "true",
}
_OPEN = "(c.needs_answer and k.id is null or r.id is not null)"


def _usual(days: Mapping[UUID, Due]) -> tuple[list[UUID], list[date | None]]:
    return list(days), [one.day for one in days.values()]


def _chosen(wanted: Wanted, source: str = _EACH) -> str:
    """From which comments, and the condition; $5 draft, $6 article, $7 stage, $8 unit."""
    stage = f"c.needs_answer and {_STAGE} = $7" if wanted.stage else f"$7::text = '' and {_OPEN}"
    article, joined = ("coalesce(a.number, '0') = $6", _ARTICLE) if wanted.article else ("$6::text = ''", "")
    return (
        f"from {source} c {_WITH} {joined} where {stage} and {_VIEWS[wanted.view]} "
        f"and ($5::uuid is null or c.draft = $5) and {article} and ($8::uuid is null or s.unit = $8) "
        "and $3::uuid is not null and $4::date is not null"
    )


def _arguments(wanted: Wanted, days: Mapping[UUID, Due], person: UUID, today: date) -> tuple[Any, ...]:
    return (*_usual(days), person, today, wanted.draft, wanted.article, wanted.stage, wanted.unit)


def _page(wanted: Wanted) -> str:
    """The ids of one page, in order; $9 how many, $10 how many come before.

    Most comments nobody has taken up yet: where a view leaves them in, they are read in the order of an index and
    merged with the others, of which there may be `n` before a place. Nothing long is joined.
    The array in `not in` makes PostgreSQL hash it, whatever it expects.
    """
    if wanted.view not in ("all", "unassigned") or wanted.stage not in ("", "missing") or wanted.article or wanted.unit:
        return (
            f"select c.id, coalesce(s.due_on, u.day) as due_day {_chosen(wanted)} order by {_ORDER} limit $9 offset $10"
        )
    order = 'due_day nulls last, number collate "C"'
    return (
        f"with touched as materialized (select c.id, coalesce(s.due_on, u.day) as due_day, c.number "  # noqa: S608 - constants
        f"{_chosen(wanted, _TOUCHED)}), counted as materialized (select count(*) as n from touched), "
        "days as (select day, array_agg(draft) as drafts from unnest($1::uuid[], $2::date[]) as u (draft, day) "
        "where $5::uuid is null or draft = $5 group by day order by day nulls last) select id, due_day from (("
        "select c.id, c.due_day, c.number from days cross join lateral ("
        "select c.id, days.day as due_day, c.number from comment c "
        f"where c.draft = any(days.drafts) and {NEEDS_ANSWER} and c.id not in (select unnest(array({_TAKEN_UP}))) "
        'order by c.number collate "C" limit $9::int + $10::int) c '
        f"order by {order} offset greatest(0, $10 - (select n from counted)) limit $9 + (select n from counted)) "
        f"union all select id, due_day, number from touched) c order by {order} limit $9 "
        "offset $10 - greatest(0, $10 - (select n from counted))"
    )


async def tasks(
    wanted: Wanted, *, days: Mapping[UUID, Due], person: UUID, today: date, number: int = 1, size: int = PAGE_SIZE,
    known: Mapping[str, int] | None = None,
) -> Slice[Task]:  # fmt: skip
    """One page of the list, what is due first at the top.

    days    the usual day of each draft (due.usual)
    known   what `counts` says, if that was asked already: a whole view needs no counting of its own
    """
    arguments = _arguments(wanted, days, person, today)
    rows = await fetch(
        f"select c.id, c.number, c.draft, a.number as article_number, a.label as article_label, c.language, "  # noqa: S608 - constants
        f"c.text, c.letters_in, {_STAGE} as stage, (k.id is not null and r.id is not null) as correcting, "
        "coalesce(r.decision, k.decision) as decision, s.unit, s.person, s.due_on, s.due_reason from ("
        f"{_page(wanted)}) o join comment c on c.id = o.id {_WITH} {_ARTICLE} order by {_ORDER}",
        *arguments,
        size,
        Slice.offset(number, size),
    )
    if known is not None and wanted == Wanted(wanted.view):
        total = known[wanted.view]
    else:
        total = int(await fetchval(f"select coalesce(sum(c.n), 0) {_chosen(wanted, COUNTED)}", *arguments))
    texts = await covered_texts(rows)
    return Slice([_task(row, days, texts[row["id"]]) for row in rows], number, total, size)


async def comments_of(wanted: Wanted, *, days: Mapping[UUID, Due], person: UUID, today: date) -> list[UUID]:
    """All comments of the list, on all its pages."""
    rows = await fetch(
        f"select c.id {_chosen(wanted)} order by c.id",
        *_arguments(wanted, days, person, today),
    )
    return [row["id"] for row in rows]


async def counts(*, days: Mapping[UUID, Due], person: UUID, today: date) -> dict[str, int]:
    """How many comments wait in each view."""
    asked = ", ".join(f"sum(c.n) filter (where {condition}) as {view}" for view, condition in _VIEWS.items())
    row = await fetchrow(f"select {asked} from {COUNTED} c {_WITH} where {_OPEN}", *_usual(days), person, today)  # noqa: S608 - constants
    return {view: int(row[view] or 0) for view in VIEWS}


async def by_article(draft_id: UUID, day: Due, today: date) -> list[ArticleCount]:
    """How the comments of a draft stand, article by article in the order of the newest version that had them."""
    stages = ", ".join(f"sum(c.n) filter (where {_STAGE} in ({those})) as {name}" for name, those in _STAGES.items())
    rows = await fetch(
        f"select t.number, t.label, t.heading, q.* from (select c.article, sum(c.n) as total, {stages}, "  # noqa: S608 - constants
        "sum(c.n) filter (where k.id is null and coalesce(s.due_on, u.day) < $4::date) as overdue "
        f"from {COUNTED} c {_WITH} where c.draft = $3 and c.needs_answer group by c.article) q "
        "left join lateral (select o.number, o.label, o.heading, o.position from article_text o "
        "join draft_version v on v.id = o.version where o.article = q.article order by v.number desc limit 1) t "
        "on true order by q.article is not null, t.position",
        [draft_id],
        [day.day],
        draft_id,
        today,
    )
    return [
        ArticleCount(
            row["number"],
            row["label"] or {},
            row["heading"] or {},
            *(int(row[name] or 0) for name in ("total", *_STAGES, "overdue")),
        )
        for row in rows
    ]


async def assignment(comment_id: UUID) -> Assignment | None:
    row = await fetchrow(
        "select unit, person, due_on as set_on, due_reason as reason from comment_assignment where comment = $1",
        comment_id,
    )
    return Assignment(**dict(row)) if row else None


def _task(row: Any, days: Mapping[UUID, Due], text: str) -> Task:
    usual = days[row["draft"]]
    return Task(
        comment=row["id"],
        number=row["number"],
        draft=row["draft"],
        article_number=row["article_number"],
        article_label=row["article_label"] or {},
        language=row["language"],
        text=text,
        stage=Stage(row["stage"]),
        correcting=row["correcting"],
        decision=Decision(row["decision"]) if row["decision"] else None,
        unit=row["unit"],
        person=row["person"],
        due=due(usual, row["due_on"], row["due_reason"] or ""),
    )
