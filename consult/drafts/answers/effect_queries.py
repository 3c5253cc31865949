"""Reading which comments changed which words, and which accepted comments have changed nothing yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from consult.drafts.answers.answer import Effect
from consult.drafts.answers.covered import covered_texts
from consult.drafts.answers.effects import ArticleChange, Candidate
from consult.storage import Slice, fetch, fetchval

ACCEPTED = "('accepted', 'partly')"
PROMISES_SIZE = 25

# An article that a version left out keeps the label that it had before.
_EFFECT = """
select e.comment, d.slug as draft_slug, d.authentic_language as language, v.number as version_number,
       e.before, e.deleted, e.inserted, e.after, t.number as article_number, t.label as article_label,
       t.version < v.number as left_out
from comment_effect e
join draft_version v on v.id = e.version
join draft d on d.id = v.draft
join lateral (
    select a.number, a.label, o.number as version from article_text a join draft_version o on o.id = a.version
    where a.article = e.article and o.number <= v.number order by o.number desc limit 1
) t on true
"""
_CANDIDATE = f"""
select c.id, c.number, c.article, v.number as version_number, k.decision, c.language, c.text, c.letters_in
from comment c
join draft_version v on v.id = c.version
join reasoned_answer k on k.comment = c.id and k.is_current
where c.draft = $1 and c.state = 'published' and k.decision in {ACCEPTED} and v.number < $2
"""  # noqa: S608 - constants


async def effects_of(comment_ids: Sequence[UUID]) -> dict[UUID, tuple[Effect, ...]]:
    """The words that comments led to, whatever was decided on them: who shows them asks for the decision."""
    if not comment_ids:
        return {}
    rows = await fetch(
        f"{_EFFECT} where e.comment = any($1::uuid[]) order by v.number, e.article, e.place", list(comment_ids)
    )
    found: dict[UUID, list[Effect]] = {}
    for row in rows:
        found.setdefault(row["comment"], []).append(_effect(row))
    return {comment: tuple(effects) for comment, effects in found.items()}


async def changes_of(draft_id: UUID, version_number: int) -> dict[UUID, list[ArticleChange]]:
    """For each article the comments that changed it, up to a version; only those whose answer is released."""
    rows = await fetch(
        "select distinct e.article, v.number as version_number, c.number as comment_number "  # noqa: S608 - a constant
        "from comment_effect e join draft_version v on v.id = e.version "
        "join comment c on c.id = e.comment "
        "join reasoned_answer k on k.comment = c.id and k.is_current and k.released_at is not null "
        f"where v.draft = $1 and v.number <= $2 and c.state = 'published' and k.decision in {ACCEPTED} "
        "order by v.number, c.number",
        draft_id,
        version_number,
    )
    found: dict[UUID, list[ArticleChange]] = {}
    for row in rows:
        change = ArticleChange(row["version_number"], row["comment_number"])
        found.setdefault(row["article"], []).append(change)
    return found


async def candidates(draft_id: UUID, version_number: int) -> list[Candidate]:
    """The accepted comments on versions before this one, the whole draft first, then by number."""
    rows = await fetch(f"{_CANDIDATE} order by c.article is not null, c.number", draft_id, version_number)
    return await _candidates(rows)


async def noted(version_id: UUID) -> dict[UUID, set[tuple[int, UUID]]]:
    """For each article of a version the (place, comment) that staff have noted."""
    rows = await fetch("select article, place, comment from comment_effect where version = $1", version_id)
    found: dict[UUID, set[tuple[int, UUID]]] = {}
    for row in rows:
        found.setdefault(row["article"], set()).add((row["place"], row["comment"]))
    return found


async def open_promises(draft_id: UUID, version_number: int, number: int = 1) -> Slice[Candidate]:
    """Accepted comments on versions before this one that have led to no changed words."""
    unmet = f"{_CANDIDATE} and not exists (select from comment_effect e where e.comment = c.id)"
    rows = await fetch(
        f"{unmet} order by c.number limit $3 offset $4",
        draft_id,
        version_number,
        PROMISES_SIZE,
        Slice.offset(number, PROMISES_SIZE),
    )
    total = await fetchval(f"select count(*) from ({unmet}) p", draft_id, version_number)  # noqa: S608 - constants
    return Slice(await _candidates(rows), number, int(total), PROMISES_SIZE)


async def _candidates(rows: Sequence[Any]) -> list[Candidate]:
    texts = await covered_texts(rows)
    fields = ("id", "number", "article", "version_number", "decision", "language")
    return [Candidate(**{name: row[name] for name in fields}, text=texts[row["id"]]) for row in rows]


def _effect(row: Any) -> Effect:
    return Effect(**{name: value for name, value in dict(row).items() if name != "comment"})
