"""Reading groups of comments that say the same. Records come out, never table rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.storage import Slice, fetch, fetchrow, fetchval

GROUPS_ON_A_PAGE = 10
WORDINGS_ON_A_PAGE = 25
EXAMPLES = 6
MEMBERS_OF_A_WORDING = 12
LARGEST_NUMBER = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Group:
    """comments counts those that are in it, proposed those of them that nobody confirmed yet.

    people: the different e-mail addresses that their authors left, as many as there ever were.
    """

    id: UUID
    number: int
    state: str
    head: UUID
    comments: int
    proposed: int
    wordings: int
    people: int
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say it: how alike it is to the head's, how many say it so, the first of them, and who."""

    number: int
    likeness: float
    count: int
    first: UUID
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands with a comment in public: the number of its group and how many published comments say the same."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Search:
    """The last search for groups of a draft."""

    step: str
    asked_at: datetime
    started_at: datetime | None
    done_at: datetime | None
    texts: int
    people: int
    found: int
    is_complete: bool

    @property
    def is_running(self) -> bool:
        return self.step != "done"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many groups are confirmed and proposed, and how many comments are in each kind."""

    confirmed: int
    confirmed_comments: int
    proposed: int
    proposed_comments: int


async def members_of(comment_id: UUID) -> list[UUID]:
    """The published comments of the confirmed group that a comment is in, itself among them; else itself alone."""
    rows = await fetch(
        "select o.comment from comment_group_member m "
        "join comment_group g on g.id = m.comment_group and g.state = 'confirmed' "
        "join comment_group_member o on o.comment_group = g.id and o.state = 'confirmed' "
        "join comment c on c.id = o.comment and c.state = 'published' "
        "where m.comment = $1 and m.state = 'confirmed' order by c.number",
        comment_id,
    )
    found = [row["comment"] for row in rows]
    return found if comment_id in found else [comment_id]


async def marks_of(comment_ids: Sequence[UUID]) -> dict[UUID, Mark]:
    """The marks of those comments that are in a confirmed group together with another published one."""
    rows = await fetch(
        "select m.comment, g.number, (select count(*) from comment_group_member o "
        "join comment c on c.id = o.comment and c.state = 'published' "
        "where o.comment_group = g.id and o.state = 'confirmed') as count from comment_group_member m "
        "join comment_group g on g.id = m.comment_group and g.state = 'confirmed' "
        "where m.comment = any($1::uuid[]) and m.state = 'confirmed'",
        list(comment_ids),
    )
    return {row["comment"]: Mark(row["number"], int(row["count"])) for row in rows if row["count"] > 1}


async def number_of(comment_id: UUID) -> int | None:
    """The number of the group that a comment is in, proposed or confirmed: for staff."""
    found = await fetchval(
        "select g.number from comment_group_member m join comment_group g on g.id = m.comment_group "
        "where m.comment = $1 and m.state <> 'out'",
        comment_id,
    )
    return None if found is None else int(found)


_GROUP = """
select g.id, g.number, g.state, g.head, g.decided_at, m.comments, m.proposed, m.wordings,
       greatest(g.people, m.people) as people
from comment_group g
cross join lateral (
    select count(*) as comments, count(*) filter (where m.state = 'proposed') as proposed,
           count(distinct m.wording) as wordings,
           count(distinct lower(c.email)) filter (where c.email <> '') as people
    from comment_group_member m join comment c on c.id = m.comment and c.state <> 'refused'
    where m.comment_group = g.id and m.state <> 'out'
) m
"""


def _group(row: Any) -> Group:
    return Group(**{name: row[name] for name in Group.__slots__})


async def of_draft(draft_id: UUID, state: str, *, number: int = 1) -> Slice[Group]:
    """One page of a draft's groups, in the order of their numbers. state "proposed" takes in confirmed groups for
    which more comments are proposed."""
    condition = "g.draft = $1 and g.state = $2"
    if state == "proposed":
        condition = (
            "g.draft = $1 and (g.state = $2 or g.state = 'confirmed' and exists (select 1 from comment_group_member p "
            "where p.comment_group = g.id and p.state = 'proposed'))"
        )
    rows = await fetch(
        f"{_GROUP} where g.id in (select g.id from comment_group g where {condition} order by g.number "  # noqa: S608
        "limit $3 offset $4) order by g.number",
        draft_id,
        state,
        GROUPS_ON_A_PAGE,
        Slice.offset(number, GROUPS_ON_A_PAGE),
    )
    total = await fetchval(f"select count(*) from comment_group g where {condition}", draft_id, state)  # noqa: S608 - constants
    return Slice([_group(row) for row in rows], number, int(total), GROUPS_ON_A_PAGE)


async def group(draft_id: UUID, number: int) -> Group | None:
    if number > LARGEST_NUMBER:
        return None
    row = await fetchrow(f"{_GROUP} where g.draft = $1 and g.number = $2", draft_id, number)
    return _group(row) if row else None


_WORDINGS = """
select m.comment_group, m.wording as number, min(m.likeness)::float8 as likeness, count(*) as count,
       (array_agg(m.comment order by c.number))[1] as first,
       (array_agg(c.number order by c.number))[1:%s] as numbers, (array_agg(m.state order by c.number))[1:%s] as states
from comment_group_member m join comment c on c.id = m.comment and c.state <> 'refused'
where m.state <> 'out'
"""


def _wording(row: Any) -> Wording:
    members = tuple(zip(row["numbers"], row["states"], strict=True))
    return Wording(int(row["number"]), row["likeness"], int(row["count"]), row["first"], members)


async def wordings(group: Group, *, number: int = 1) -> Slice[Wording]:
    """One page of the ways in which a group says it; the head's first, then the most frequent."""
    most = MEMBERS_OF_A_WORDING
    rows = await fetch(
        f"{_WORDINGS % (most, most)} and m.comment_group = $1 group by m.comment_group, m.wording order by m.wording "
        "limit $2 offset $3",
        group.id,
        WORDINGS_ON_A_PAGE,
        Slice.offset(number, WORDINGS_ON_A_PAGE),
    )
    return Slice([_wording(row) for row in rows], number, group.wordings, WORDINGS_ON_A_PAGE)


async def examples(group_ids: Sequence[UUID]) -> dict[UUID, list[Wording]]:
    """Of each group the first few wordings: the head's, and the most frequent others."""
    rows = await fetch(
        f"{_WORDINGS % (1, 1)} and m.comment_group = any($1::uuid[]) and m.wording <= $2 "
        "group by m.comment_group, m.wording order by m.comment_group, m.wording",
        list(group_ids),
        EXAMPLES,
    )
    found: dict[UUID, list[Wording]] = {}
    for row in rows:
        found.setdefault(row["comment_group"], []).append(_wording(row))
    return found


async def published_members(draft_id: UUID, number: int, *, page: int, size: int = 25) -> Slice[UUID] | None:
    """The published comments of a confirmed group, the oldest first; None if the public has no such group."""
    if number > LARGEST_NUMBER:
        return None
    condition = (
        "from comment_group g join comment_group_member m on m.comment_group = g.id and m.state = 'confirmed' "
        "join comment c on c.id = m.comment and c.state = 'published' "
        "where g.draft = $1 and g.number = $2 and g.state = 'confirmed'"
    )
    total = int(await fetchval(f"select count(*) {condition}", draft_id, number))
    if total < 2:
        return None
    rows = await fetch(
        f"select c.id {condition} order by c.published_at, c.number limit $3 offset $4",
        draft_id,
        number,
        size,
        Slice.offset(page, size),
    )
    return Slice([row["id"] for row in rows], page, total, size)


async def search(draft_id: UUID) -> Search | None:
    row = await fetchrow(
        "select step, asked_at, started_at, done_at, texts, people, found, is_complete from comment_grouping "
        "where draft = $1",
        draft_id,
    )
    return Search(**row) if row else None


async def figures(draft_id: UUID) -> Figures:
    row = await fetchrow(
        "select count(*) filter (where g.state = 'confirmed') as confirmed, "
        "count(*) filter (where g.state = 'proposed') as proposed, "
        "coalesce(sum(m.confirmed) filter (where g.state = 'confirmed'), 0) as confirmed_comments, "
        "coalesce(sum(m.proposed), 0) as proposed_comments from comment_group g left join ("
        "select comment_group, count(*) filter (where state = 'confirmed') as confirmed, "
        "count(*) filter (where state = 'proposed') as proposed from comment_group_member "
        "where state <> 'out' group by comment_group) m on m.comment_group = g.id "
        "where g.draft = $1 and g.state <> 'dissolved'",
        draft_id,
    )
    return Figures(**{name: int(row[name]) for name in Figures.__slots__})


async def chosen(group_id: UUID, wordings: Sequence[int], numbers: Sequence[str]) -> list[UUID]:
    """The comments of a group that have one of these wordings or numbers."""
    rows = await fetch(
        "select m.comment from comment_group_member m join comment c on c.id = m.comment "
        "where m.comment_group = $1 and m.state <> 'out' "
        "and (m.wording = any($2::int[]) or c.number = any($3::text[])) "
        "order by c.number",
        group_id,
        list(wordings),
        list(numbers),
    )
    return [row["comment"] for row in rows]
