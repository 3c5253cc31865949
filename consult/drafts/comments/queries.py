"""Reading comments and their answers. Records come out, never table rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from consult.drafts.answers.answer import Answer, Decision
from consult.drafts.answers.showing import completed
from consult.drafts.comments.anchor import Anchor
from consult.drafts.comments.comment import Channel, Comment, Kind, State
from consult.drafts.comments.files import RECORD
from consult.drafts.comments.standings import placed
from consult.drafts.moderation.queries import overlaid
from consult.i18n import Text
from consult.records.queries import attachments_of
from consult.storage import Slice, fetch, fetchrow, fetchval

COMMENTS_BESIDE_ARTICLE = 3
REPLIES_BELOW_COMMENT = 5
PAGE_SIZE = 25
COUNTED = ("submitted", "published", "refused", "answered", "prepared")

_COLUMNS = """
select c.id, c.number, c.draft, c.version, v.number as version_number, c.article, a.number as article_number,
       a.label as article_label, a.heading as article_heading, c.language, c.kind, c.text, c.name, c.email, c.state,
       c.refusal, c.supports, c.submitted_at, c.published_at, c.moderated_at, c.erased_at,
       c.letters_in, c.channel, c.received_on, c.postal, c.quote, c.quote_before, c.quote_after, c.quote_language,
       c.reply_to, p.number as reply_to_number,
       (select count(*) from comment x where x.reply_to = c.id and x.state = 'published') as reply_count,
       r.decision, r.reason, r.decided_at, r.released_at
"""
_FROM = """
from comment c
join draft_version v on v.id = c.version
left join article_text a on a.version = c.version and a.article = c.article
left join reasoned_answer r on r.comment = c.id and r.is_current
left join comment p on p.id = c.reply_to
"""
_COMMENT = _COLUMNS + _FROM
_COUNTED = "from comment c left join comment p on p.id = c.reply_to"
# What everybody may see: a reply is hidden together with what it replies to.
_SHOWN = "c.state = 'published' and (p.id is null or p.state = 'published')"
_OF_PLACE = (
    f"c.draft = $1 and {_SHOWN} and "
    "case when $2::uuid is not null then c.article = $2 when $3 then c.article is null else true end"
)


def _comment(row: Any) -> Comment:
    answer = None
    if row["decision"] is not None:
        answer = Answer(Decision(row["decision"]), row["reason"], row["decided_at"], row["released_at"])
    return Comment(
        id=row["id"],
        number=row["number"],
        draft=row["draft"],
        version=row["version"],
        version_number=row["version_number"],
        article=row["article"],
        article_number=row["article_number"],
        article_label=row["article_label"] or {},
        article_heading=row["article_heading"] or {},
        language=row["language"],
        kind=Kind(row["kind"]),
        text=row["text"],
        name=row["name"],
        email=row["email"],
        state=State(row["state"]),
        refusal=row["refusal"],
        supports=row["supports"],
        submitted_at=row["submitted_at"],
        published_at=row["published_at"],
        moderated_at=row["moderated_at"],
        erased_at=row["erased_at"],
        answer=answer,
        letters_in=row["letters_in"],
        channel=Channel(row["channel"]),
        received_on=row["received_on"],
        postal=row["postal"],
        quoted=_anchor(row),
        reply_to=row["reply_to"],
        reply_to_number=row["reply_to_number"] or "",
        reply_count=int(row["reply_count"]),
    )


def _anchor(row: Any) -> Anchor | None:
    if not row["quote"]:
        return None
    return Anchor(row["quote_language"], row["quote"], row["quote_before"], row["quote_after"])


async def newest(
    draft_id: UUID, version: UUID, bodies: Mapping[UUID, Text]
) -> dict[UUID | None, list[tuple[Comment, int]]]:
    """The newest shown comments of each article, each with the number of all of that article, replies included.

    version and bodies are what is being read: quoted words get their standing there.
    """
    # The newest of each article are found one by one: an index has them in this order, and there may be 100,000.
    top = "c.state = 'published' and c.reply_to is null order by c.published_at desc, c.number desc limit $2"
    rows = await fetch(
        "with totals as ("  # noqa: S608 - constants
        "select article, sum(n) as total from ("
        "select article, count(*) as n from comment where draft = $1 and state = 'published' group by article "
        "union all select c.article, -count(*) from comment c join comment p on p.id = c.reply_to "
        "where c.draft = $1 and c.state = 'published' and c.reply_to is not null and p.state <> 'published' "
        "group by c.article) x group by article"
        "), newest as ("
        "select k.id from article l cross join lateral ("
        f"select c.id from comment c where c.draft = $1 and c.article = l.id and {top}) k where l.draft = $1 "
        f"union all (select c.id from comment c where c.draft = $1 and c.article is null and {top})"
        f") select q.*, t.total from newest k join ({_COMMENT}) q on q.id = k.id "
        "join totals t on t.article is not distinct from q.article "
        "order by q.published_at desc, q.number desc",
        draft_id,
        COMMENTS_BESIDE_ARTICLE,
    )
    comments = await placed(await _for_everybody(rows), version, bodies)
    found: dict[UUID | None, list[tuple[Comment, int]]] = {}
    for row, one in zip(rows, comments, strict=True):
        found.setdefault(one.article, []).append((one, int(row["total"])))
    return found


async def _for_everybody(rows: Sequence[Any]) -> list[Comment]:
    """The one way in which comments reach the public."""
    complete = await completed(await overlaid([_comment(row) for row in rows]))
    attached = await attachments_of(RECORD, [one.id for one in complete])
    return [replace(one, files=attached.get(str(one.id), ())) for one in complete]


async def comment(comment_id: UUID) -> Comment | None:
    """A comment of any state, by the identity that only its author and the staff know."""
    row = await fetchrow(f"{_COMMENT} where c.id = $1", comment_id)
    return _comment(row) if row else None


async def comment_by_number(number: str) -> Comment | None:
    row = await fetchrow(f"{_COMMENT} where c.number = $1", number)
    return _comment(row) if row else None


async def shown_comment(number: str, draft_id: UUID) -> Comment | None:
    """A comment that everybody may see, by its number."""
    rows = await fetch(f"{_COMMENT} where c.number = $1 and c.draft = $2 and {_SHOWN}", number, draft_id)
    return next(iter(await _for_everybody(rows)), None)


async def published_comments(
    draft_id: UUID,
    article_id: UUID | None = None,
    *,
    whole_draft: bool = False,
    by_support: bool = False,
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Slice[Comment]:
    """One page of the shown comments: of an article, of the draft as a whole, or (neither given) of everything.

    Replies are not among them but below them, the first few. The newest come first, or those with most support.
    """
    # The page is chosen without the joins, in an order that an index has: there may be 100,000 comments.
    condition, arguments = "c.draft = $1 and c.state = 'published' and c.reply_to is null", [draft_id]
    if article_id is not None:
        condition, arguments = f"{condition} and c.article = $2", [draft_id, article_id]
    elif whole_draft:
        condition += " and c.article is null"
    order = ("c.supports desc, " if by_support else "") + "c.published_at desc, c.number desc"
    rows = await fetch(
        f"{_COMMENT} where c.id in (select c.id from comment c where {condition} "  # noqa: S608 - constants
        f"order by {order} limit {int(size)} offset {Slice.offset(number, size)}) order by {order}",
        *arguments,
    )
    replies = await _first_replies([row["id"] for row in rows if row["reply_count"]])
    below: dict[UUID | None, list[Comment]] = {}
    for one in await _for_everybody([*rows, *replies]):
        below.setdefault(one.reply_to, []).append(one)
    items = [replace(one, replies=tuple(below.get(one.id, ()))) for one in below.get(None, ())]
    total = await fetchval(f"select count(*) from comment c where {condition}", *arguments)  # noqa: S608 - constants
    return Slice(items, number, int(total), size)


async def _first_replies(comment_ids: Sequence[UUID]) -> Sequence[Any]:
    """The rows of the first replies to each of these comments."""
    if not comment_ids:
        return ()
    ranked = (
        "select c.id, row_number() over (partition by c.reply_to order by c.published_at, c.number) as place "
        "from comment c where c.reply_to = any($1::uuid[]) and c.state = 'published'"
    )
    rows: Sequence[Any] = await fetch(
        f"{_COMMENT} join ({ranked}) k on k.id = c.id where k.place <= $2 order by c.published_at, c.number",
        list(comment_ids),
        REPLIES_BELOW_COMMENT,
    )
    return rows


async def comments_and_replies(draft_id: UUID, *, number: int = 1, size: int = PAGE_SIZE) -> Slice[Comment]:
    """Everything shown on a draft, replies among the rest, the newest first."""
    rows = await fetch(
        f"{_COMMENT} where {_OF_PLACE} order by c.published_at desc, c.number desc limit $4 offset $5",
        draft_id,
        None,
        False,
        size,
        Slice.offset(number, size),
    )
    return Slice(await _for_everybody(rows), number, await count_shown(draft_id), size)


async def count_shown(draft_id: UUID, article_id: UUID | None = None, *, whole_draft: bool = False) -> int:
    """How many comments are shown in a place, replies included."""
    total = await fetchval(f"select count(*) {_COUNTED} where {_OF_PLACE}", draft_id, article_id, whole_draft)
    return int(total)


async def replies_to(comment_id: UUID, *, number: int = 1, size: int = PAGE_SIZE) -> Slice[Comment]:
    """One page of what was replied to a comment, the oldest first."""
    condition = f"c.reply_to = $1 and {_SHOWN}"
    rows = await fetch(
        f"{_COMMENT} where {condition} order by c.published_at, c.number limit $2 offset $3",
        comment_id,
        size,
        Slice.offset(number, size),
    )
    total = await fetchval(f"select count(*) {_COUNTED} where {condition}", comment_id)
    return Slice(await _for_everybody(rows), number, int(total), size)


async def by_ids(comment_ids: Sequence[UUID]) -> list[Comment]:
    """Comments of any state with their own words, in the order of their ids as given; for staff pages."""
    rows = await fetch(f"{_COMMENT} where c.id = any($1::uuid[])", list(comment_ids))
    found = {row["id"]: _comment(row) for row in rows}
    return [found[one] for one in comment_ids if one in found]


async def shown_by_ids(comment_ids: Sequence[UUID]) -> list[Comment]:
    """Those of some comments that everybody may see, in the order of their ids as given."""
    rows = await fetch(f"{_COMMENT} where c.id = any($1::uuid[]) and {_SHOWN}", list(comment_ids))
    found = {one.id: one for one in await _for_everybody(rows)}
    return [found[one] for one in comment_ids if one in found]


async def by_numbers(numbers: Sequence[str]) -> list[Comment]:
    """The same by their public numbers, in the order of these."""
    rows = await fetch(f"{_COMMENT} where c.number = any($1::text[]) order by c.number", list(numbers))
    return [_comment(row) for row in rows]


async def counts_by_state(draft_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """For each draft how many comments are submitted, published, refused, answered (released), prepared."""
    rows = await fetch(
        "select draft, state as stands, count(*) as n from comment where draft = any($1::uuid[]) group by draft, state "
        "union all select c.draft, case when r.released_at is null then 'prepared' else 'answered' end, count(*) "
        "from reasoned_answer r join comment c on c.id = r.comment "
        "where r.is_current and c.draft = any($1::uuid[]) group by 1, 2",
        list(draft_ids),
    )
    found = {one: dict.fromkeys(COUNTED, 0) for one in draft_ids}
    for row in rows:
        if row["stands"] in COUNTED:
            found[row["draft"]][row["stands"]] = int(row["n"])
    return found


async def to_post(*, number: int = 1, size: int = PAGE_SIZE) -> Slice[Comment]:
    """Comments whose released answer goes by post and is not on its way yet, the oldest first."""
    condition = "c.postal <> '' and r.released_at is not null"
    rows = await fetch(
        f"{_COMMENT} where {condition} order by r.released_at, c.number limit $1 offset $2",
        size,
        Slice.offset(number, size),
    )
    total = await fetchval(f"select count(*) {_FROM} where {condition}")
    return Slice([_comment(row) for row in rows], number, int(total), size)


async def is_supported(comment_id: UUID, browser: bytes) -> bool:
    found = await fetchval("select 1 from comment_support where comment = $1 and browser = $2", comment_id, browser)
    return found is not None
