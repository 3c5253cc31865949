"""What a person can do with groups of comments: have them looked for, confirm, take out, split off, dissolve."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from consult.drafts.moderation import grouping
from consult.drafts.moderation.grouping import Known, Written
from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.jobs import enqueue
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchrow, fetchval, transaction

RECORD = "comment_group"
GIVEN_UP_AFTER = timedelta(hours=1)


class GroupChanged(Refused):
    message = N_("This group has changed in the meantime. Look at it again.")


class SearchRunning(Refused):
    message = N_("A search is running already.")


async def ask_for_groups(draft_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """Have the comments of a draft compared in the background. Raises SearchRunning."""
    async with transaction():
        running = await fetchval(
            "select 1 from comment_grouping where draft = $1 and step <> 'done' and asked_at > $2 for update",
            draft_id,
            at - GIVEN_UP_AFTER,
        )
        if running:
            raise SearchRunning
        await execute(
            "insert into comment_grouping (draft, asked_at, asked_by) values ($1, $2, $3) "
            "on conflict (draft) do update set asked_at = excluded.asked_at, asked_by = excluded.asked_by, "
            "started_at = null, done_at = null, step = 'waiting'",
            draft_id,
            at,
            actor,
        )
        await enqueue("drafts.group_comments", {"draft": str(draft_id)})
        if actor is not None:
            await audit(actor=actor, kind="comment_group.searched", record="draft", record_id=draft_id, at=at)


async def find_groups(draft_id: UUID, *, at: datetime) -> int:
    """Compare all comments of a draft that are not refused, and propose what is new; give how many groups have news.

    Doing it twice changes nothing. The comparing itself is done in a thread: other work goes on meanwhile.
    """
    await _step(draft_id, "reading", at)
    rows = await fetch(
        "select id, text, email, submitted_at from comment where draft = $1 and state <> 'refused' and text <> '' "
        "order by submitted_at, number",
        draft_id,
    )
    await _step(draft_id, "comparing", at)
    texts, found, is_complete = await asyncio.to_thread(_compare, [(row["id"], row["text"]) for row in rows])
    await _step(draft_id, "keeping", at)
    async with transaction():
        await fetchval("select 1 from comment_grouping where draft = $1 for update", draft_id)
        news = await _propose(draft_id, texts, found, at)
        await execute(
            "update comment_grouping set step = 'done', done_at = $2, texts = $3, people = $4, found = $5, "
            "is_complete = $6, seen_until = $7 where draft = $1",
            draft_id,
            at,
            len(texts),
            len({row["email"].lower() for row in rows if row["email"]}),
            news,
            is_complete,
            max((row["submitted_at"] for row in rows), default=None),
        )
    return news


async def ask_where_news(*, at: datetime) -> int:
    """Have those drafts searched that got comments since their last search; give how many."""
    rows = await fetch(
        "select d.id from draft d left join comment_grouping g on g.draft = d.id "
        "where (g.draft is null or g.step = 'done' or g.asked_at <= $1) and exists (select 1 from comment c "
        "where c.draft = d.id and c.submitted_at > coalesce(g.seen_until, '-infinity'))",
        at - GIVEN_UP_AFTER,
    )
    for row in rows:
        await ask_for_groups(row["id"], actor=None, at=at)
    return len(rows)


async def confirm_group(group_id: UUID, *, proposed: int, actor: UUID | None, at: datetime) -> None:
    """Confirm that all comments in a group say the same. proposed: how many were seen as not confirmed yet.

    Raises NotFound, GroupChanged.
    """
    async with transaction():
        await _locked(group_id)
        await _drop_refused(group_id)
        changed = await fetch(
            "update comment_group_member set state = 'confirmed' where comment_group = $1 and state = 'proposed' "
            "returning comment",
            group_id,
        )
        if len(changed) != proposed or not changed:
            raise GroupChanged
        await _decide(group_id, "confirmed", actor, at)
        await audit(
            actor=actor,
            kind="comment_group.confirmed",
            record=RECORD,
            record_id=group_id,
            after={"comments": len(changed)},
            at=at,
        )


async def take_out(
    group_id: UUID, *, comments: Sequence[UUID], split: bool = False, actor: UUID | None, at: datetime
) -> int | None:
    """Take comments out of a group; with split they become a confirmed group of their own, whose number is given.

    A group of fewer than two comments is dissolved. Raises NotFound, Invalid, GroupChanged.
    """
    if len(comments) < (2 if split else 1):
        words = N_("Choose at least two comments.") if split else N_("Choose at least one comment.")
        raise Invalid([Problem("chosen", words)])
    async with transaction():
        draft_id = await _locked(group_id)
        moved = await fetch(
            "update comment_group_member set state = 'out' where comment_group = $1 and comment = any($2::uuid[]) "
            "and state <> 'out' returning comment",
            group_id,
            list(comments),
        )
        if len(moved) != len(set(comments)):
            raise GroupChanged
        left = await fetchval(
            "select count(*) from comment_group_member where comment_group = $1 and state <> 'out'", group_id
        )
        if left < 2:
            await _dissolve(group_id, actor, at)
        else:
            await _count_wordings(group_id)
        number = await _split_off(draft_id, comments, actor, at) if split else None
        kind = "comment_group.split" if split else "comment_group.taken_out"
        await audit(actor=actor, kind=kind, record=RECORD, record_id=group_id, after={"comments": len(moved)}, at=at)
    return number


async def dissolve_group(group_id: UUID, *, actor: UUID | None, at: datetime) -> None:
    """Say that these comments do not say the same; they are not proposed together again. Raises NotFound."""
    async with transaction():
        await _locked(group_id)
        await _dissolve(group_id, actor, at)
        await audit(actor=actor, kind="comment_group.dissolved", record=RECORD, record_id=group_id, at=at)


def _compare(rows: Sequence[tuple[UUID, str]]) -> tuple[list[Written], list[tuple[UUID, ...]], bool]:
    texts = [Written.of(comment, text) for comment, text in rows]
    return texts, *grouping.alike(texts)


async def _step(draft_id: UUID, step: str, at: datetime) -> None:
    await execute(
        "insert into comment_grouping (draft, asked_at, started_at, step) values ($1, $2, $2, $3) "
        "on conflict (draft) do update set step = excluded.step, done_at = null, "
        "started_at = case excluded.step when 'reading' then excluded.started_at else comment_grouping.started_at end",
        draft_id,
        at,
        step,
    )


async def _propose(draft_id: UUID, texts: Sequence[Written], found: list[tuple[UUID, ...]], at: datetime) -> int:
    rows = await fetch(
        "select m.comment, m.comment_group, m.state <> 'out' and g.state <> 'dissolved' as is_in "
        "from comment_group g join comment_group_member m on m.comment_group = g.id where g.draft = $1",
        draft_id,
    )
    known: dict[UUID, list[Known]] = {}
    inside: dict[UUID, list[UUID]] = {}
    for row in rows:
        known.setdefault(row["comment"], []).append(Known(row["comment_group"], row["is_in"]))
        if row["is_in"]:
            inside.setdefault(row["comment_group"], []).append(row["comment"])
    written = {text.id: text for text in texts}
    number = int(await fetchval("select coalesce(max(number), 0) from comment_group where draft = $1", draft_id))
    groups: list[tuple[UUID, int, UUID]] = []
    members: list[tuple[UUID, grouping.Member, str]] = []
    news = grouping.additions(found, known)
    for one in news:
        if one.group is None:
            number += 1
            counted = grouping.members([written[comment] for comment in one.comments])
            group_id = uuid4()
            groups.append((group_id, number, next(member.comment for member in counted if member.wording == 0)))
            members += [(group_id, member, "proposed") for member in counted]
        else:
            members += [(one.group, grouping.Member(comment, 0, 0), "proposed") for comment in one.comments]
    await _insert_groups(draft_id, groups, at)
    await _insert_members(members)
    for one in news:
        if one.group is not None:
            await _count_wordings(one.group)
    return len(news)


async def _insert_groups(draft_id: UUID, groups: Sequence[tuple[UUID, int, UUID]], at: datetime) -> None:
    await execute(
        "insert into comment_group (id, draft, number, head, state, found_at) "
        "select id, $1, number, head, 'proposed', $2 "
        "from unnest($3::uuid[], $4::int[], $5::uuid[]) as x(id, number, head)",
        draft_id,
        at,
        [group for group, _, _ in groups],
        [number for _, number, _ in groups],
        [head for _, _, head in groups],
    )


async def _insert_members(members: Sequence[tuple[UUID, grouping.Member, str]]) -> None:
    await execute(
        "insert into comment_group_member (id, comment_group, comment, state, wording, likeness) "
        "select gen_random_uuid(), * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::real[]) "
        "on conflict (comment_group, comment) do update set state = excluded.state, wording = excluded.wording, "
        "likeness = excluded.likeness",
        [group for group, _, _ in members],
        [member.comment for _, member, _ in members],
        [state for _, _, state in members],
        [member.wording for _, member, _ in members],
        [member.likeness for _, member, _ in members],
    )


async def _count_wordings(group_id: UUID) -> None:
    """Number the wordings of a group anew; a head that was taken out is replaced."""
    rows = await fetch(
        "select m.comment, m.state, c.text from comment_group_member m join comment c on c.id = m.comment "
        "where m.comment_group = $1 and m.state <> 'out' order by c.number",
        group_id,
    )
    head = await fetchval("select head from comment_group where id = $1", group_id)
    counted = grouping.members([Written.of(row["comment"], row["text"]) for row in rows], head)
    await _insert_members([(group_id, member, row["state"]) for member, row in zip(counted, rows, strict=True)])
    if head not in {member.comment for member in counted}:
        fresh = next(member.comment for member in counted if member.wording == 0)
        await execute("update comment_group set head = $2 where id = $1", group_id, fresh)


async def _split_off(draft_id: UUID, comments: Sequence[UUID], actor: UUID | None, at: datetime) -> int:
    group_id = uuid4()
    number = int(await fetchval("select coalesce(max(number), 0) + 1 from comment_group where draft = $1", draft_id))
    await _insert_groups(draft_id, [(group_id, number, comments[0])], at)
    await _insert_members([(group_id, grouping.Member(comment, 0, 0), "confirmed") for comment in comments])
    await _count_wordings(group_id)
    await _decide(group_id, "confirmed", actor, at)
    return number


async def _decide(group_id: UUID, state: str, actor: UUID | None, at: datetime) -> None:
    """Addresses are erased when an answer was sent, so the number of people is kept from here on."""
    await execute(
        "update comment_group set state = $2, decided_at = $3, decided_by = $4, people = greatest(people, "
        "(select count(distinct lower(c.email)) from comment_group_member m join comment c on c.id = m.comment "
        "where m.comment_group = $1 and m.state <> 'out' and c.email <> '')) where id = $1",
        group_id,
        state,
        at,
        actor,
    )


async def _dissolve(group_id: UUID, actor: UUID | None, at: datetime) -> None:
    await execute("update comment_group_member set state = 'out' where comment_group = $1", group_id)
    await execute(
        "update comment_group set state = 'dissolved', decided_at = $2, decided_by = $3 where id = $1",
        group_id,
        at,
        actor,
    )


async def _drop_refused(group_id: UUID) -> None:
    await execute(
        "update comment_group_member m set state = 'out' from comment c "
        "where c.id = m.comment and c.state = 'refused' and m.comment_group = $1 and m.state = 'proposed'",
        group_id,
    )


async def _locked(group_id: UUID) -> UUID:
    """Lock the search of the draft, then the group: a search and a decision, or two decisions, take their turns."""
    row = await fetchrow("select draft, state from comment_group where id = $1", group_id)
    if row is None:
        raise NotFound
    await fetchval("select 1 from comment_grouping where draft = $1 for update", row["draft"])
    state = await fetchval("select state from comment_group where id = $1 for update", group_id)
    if state == "dissolved":
        raise GroupChanged
    draft_id: UUID = row["draft"]
    return draft_id
