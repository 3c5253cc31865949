"""Reading forums, sessions and registrations. Records come out, never table rows."""

# ruff: noqa: S608 - statements are put together from the constants of this module only

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from consult.forums.agenda import AgendaItem
from consult.forums.forum import Forum, ForumSession, Kind, State
from consult.forums.registration import Channel, Registration
from consult.forums.registration import State as RegistrationState
from consult.forums.venue import Point
from consult.storage import Slice, fetch, fetchrow, fetchval

FORUM = """SELECT f.id, f.slug, f.kind, f.consultation, f.title, f.summary, f.agenda, f.venue, f.address, f.access,
    f.organiser, f.opens_at, f.closes_at, f.state, f.cancel_reason, f.is_demo, f.published_at,
    f.latitude, f.longitude, f.facts, f.transport, f.stream, f.spoken, f.interpreted, f.smaller_may_pass,
    f.one_session, f.offer_hours, f.remind_before, f.notice_reason FROM forum f"""
SESSION = """SELECT s.id, s.forum, s.starts_at, s.ends_at, s.title, s.speakers, s.place, s.capacity, s.wished_capacity,
    s.seats_taken, s.sequence, s.settlement, s.venue, s.address, s.latitude, s.longitude, s.facts, s.transport,
    s.reminded,
    (SELECT count(*) FROM registration r WHERE r.session = s.id AND r.state = 'waitlisted') AS waiting
    FROM forum_session s"""
REGISTRATION = """SELECT r.id, r.number, r.party, r.session, r.state, r.name, r.email, r.phone, r.companions,
    r.needs, r.needs_note, r.language, r.channel, r.created_at, r.offered_until, r.cancelled_at,
    r.erased_at FROM registration r"""
LAST_END = "(SELECT max(s.ends_at) FROM forum_session s WHERE s.forum = f.id)"
FIRST_START = "(SELECT min(s.starts_at) FROM forum_session s WHERE s.forum = f.id)"


async def forum(slug: str) -> Forum | None:
    """A forum of any state; a public page must ask `is_public`."""
    return await _one(f"{FORUM} WHERE f.slug = $1", slug)


async def forums(slugs: Iterable[str]) -> list[Forum]:
    return await _many(f"{FORUM} WHERE f.slug = ANY($1::text[])", list(slugs))


async def forum_by_id(forum_id: UUID) -> Forum | None:
    return await _one(f"{FORUM} WHERE f.id = $1", forum_id)


async def forum_of_session(session_id: UUID) -> Forum | None:
    return await _one(f"{FORUM} WHERE f.id = (SELECT forum FROM forum_session WHERE id = $1)", session_id)


async def of_consultation(consultation_id: UUID) -> list[Forum]:
    """The public forums of a consultation, in order of time."""
    sql = f"{FORUM} WHERE f.consultation = $1 AND f.published_at IS NOT NULL ORDER BY {FIRST_START}, f.slug"
    return await _many(sql, consultation_id)


async def linked_to(consultation_id: UUID) -> list[Forum]:
    """Every forum of a consultation for staff, those in preparation among them."""
    return await _many(f"{FORUM} WHERE f.consultation = $1 ORDER BY {FIRST_START} NULLS LAST, f.slug", consultation_id)


async def open_forums(at: datetime) -> list[Forum]:
    """Published forums that are not over, the next first."""
    sql = f"{FORUM} WHERE f.state = 'published' AND {LAST_END} > $1 ORDER BY {FIRST_START}, f.slug"
    return await _many(sql, at)


async def coming(at: datetime) -> list[Forum]:
    """Public forums that are not over, the cancelled ones too: people look for what they read about."""
    sql = f"{FORUM} WHERE f.published_at IS NOT NULL AND {LAST_END} > $1 ORDER BY {FIRST_START}, f.slug"
    return await _many(sql, at)


async def past(at: datetime, *, number: int = 1, size: int = 20) -> Slice[Forum]:
    """Public forums that are over, the latest first."""
    where = f"WHERE f.published_at IS NOT NULL AND {LAST_END} <= $1"
    total = await fetchval(f"SELECT count(*) FROM forum f {where}", at)
    sql = f"{FORUM} {where} ORDER BY {LAST_END} DESC, f.slug LIMIT $2 OFFSET $3"
    items = await _many(sql, at, size, Slice.offset(number, size))
    return Slice(items=items, number=number, total=int(total), size=size)


async def published_forums() -> list[Forum]:
    return await _many(f"{FORUM} WHERE f.published_at IS NOT NULL ORDER BY {FIRST_START} DESC, f.slug")


async def all_forums(*, number: int = 1, size: int = 50) -> Slice[Forum]:
    """Every forum for staff, the one that begins last first; those in preparation are among them."""
    total = await fetchval("SELECT count(*) FROM forum")
    sql = f"{FORUM} ORDER BY {FIRST_START} DESC NULLS FIRST, f.slug LIMIT $1 OFFSET $2"
    items = await _many(sql, size, Slice.offset(number, size))
    return Slice(items=items, number=number, total=int(total), size=size)


async def agenda_of(forum_ids: Sequence[UUID]) -> dict[UUID, list[AgendaItem]]:
    """The typed agenda of each forum, in its order; every id is a key."""
    found: dict[UUID, list[AgendaItem]] = {forum_id: [] for forum_id in forum_ids}
    rows = await fetch(
        """SELECT id, forum, session, position, starts, title, speakers FROM forum_agenda_item
           WHERE forum = ANY($1::uuid[]) ORDER BY position""",
        list(forum_ids),
    )
    for row in rows:
        found[row["forum"]].append(AgendaItem(**dict(row)))
    return found


async def session(session_id: UUID) -> ForumSession | None:
    row = await fetchrow(f"{SESSION} WHERE s.id = $1", session_id)
    return _session(row) if row else None


async def sessions(ids: Iterable[UUID]) -> dict[UUID, ForumSession]:
    rows = await fetch(f"{SESSION} WHERE s.id = ANY($1::uuid[])", list(ids))
    return {row["id"]: _session(row) for row in rows}


async def registration(registration_id: UUID) -> Registration | None:
    row = await fetchrow(f"{REGISTRATION} WHERE r.id = $1", registration_id)
    return _registration(row) if row else None


async def party(token_hash: bytes) -> list[Registration]:
    """The registrations that one link opens, in order of their sessions."""
    sql = f"{REGISTRATION} JOIN forum_session s ON s.id = r.session WHERE r.token_hash = $1 ORDER BY s.starts_at, s.id"
    return [_registration(row) for row in await fetch(sql, token_hash)]


async def of_party(party_id: UUID) -> list[Registration]:
    sql = f"{REGISTRATION} JOIN forum_session s ON s.id = r.session WHERE r.party = $1 ORDER BY s.starts_at, s.id"
    return [_registration(row) for row in await fetch(sql, party_id)]


async def registrations(session_id: UUID) -> list[Registration]:
    """Everybody who registered for a session, in order of registration."""
    rows = await fetch(f"{REGISTRATION} WHERE r.session = $1 ORDER BY r.number", session_id)
    return [_registration(row) for row in rows]


async def registrations_of(session_ids: Sequence[UUID]) -> dict[UUID, list[Registration]]:
    """The same of several sessions."""
    found: dict[UUID, list[Registration]] = {one: [] for one in session_ids}
    for row in await fetch(f"{REGISTRATION} WHERE r.session = ANY($1::uuid[]) ORDER BY r.number", list(session_ids)):
        found[row["session"]].append(_registration(row))
    return found


async def living_among(session_ids: Sequence[UUID], emails: Iterable[str]) -> dict[tuple[UUID, str], Registration]:
    """By session and address in small letters: what is registered there and neither cancelled nor expired."""
    rows = await fetch(
        f"""{REGISTRATION} WHERE r.session = ANY($1::uuid[]) AND r.state NOT IN ('cancelled', 'expired')
            AND lower(r.email) = ANY(SELECT lower(written) FROM unnest($2::text[]) AS written)""",
        list(session_ids),
        list(emails),
    )
    return {(row["session"], row["email"].lower()): _registration(row) for row in rows}


async def waitlisted(session_id: UUID) -> list[Registration]:
    """The waiting list in its order."""
    sql = f"{REGISTRATION} WHERE r.session = $1 AND r.state = 'waitlisted' ORDER BY r.number"
    return [_registration(row) for row in await fetch(sql, session_id)]


async def position(waiting: Registration) -> int:
    """The place in the waiting list, counted from 1."""
    before = await fetchval(
        "SELECT count(*) FROM registration WHERE session = $1 AND state = 'waitlisted' AND number < $2",
        waiting.session,
        waiting.number,
    )
    return int(before) + 1


async def needs_of(session_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """By session, how many living registrations have each need."""
    found: dict[UUID, dict[str, int]] = {session_id: {} for session_id in session_ids}
    rows = await fetch(
        """SELECT r.session, need, count(*) AS number FROM registration r, unnest(r.needs) AS need
           WHERE r.session = ANY($1::uuid[]) AND r.state NOT IN ('cancelled', 'expired') GROUP BY r.session, need""",
        list(session_ids),
    )
    for row in rows:
        found[row["session"]][row["need"]] = row["number"]
    return found


async def with_open_offers(at: datetime) -> int:
    """How many offers wait for the answer of somebody who has no e-mail: staff have to telephone."""
    return int(
        await fetchval(
            "SELECT count(*) FROM registration WHERE state = 'offered' AND email IS NULL AND offered_until > $1", at
        )
    )


async def sessions_to_mark(at: datetime) -> int:
    """How many sessions of the last month have registrations whose attendance nobody has entered."""
    return int(
        await fetchval(
            """SELECT count(*) FROM forum_session s JOIN forum f ON f.id = s.forum
               WHERE f.state = 'published' AND s.ends_at <= $1 AND s.ends_at > $1 - interval '30 days'
                 AND EXISTS (SELECT 1 FROM registration r WHERE r.session = s.id AND r.state = 'confirmed')
                 AND NOT EXISTS (SELECT 1 FROM registration r WHERE r.session = s.id
                                 AND r.state IN ('attended', 'no_show'))""",
            at,
        )
    )


async def _one(sql: str, *arguments: object) -> Forum | None:
    found = await _many(sql, *arguments)
    return found[0] if found else None


async def _many(sql: str, *arguments: object) -> list[Forum]:
    rows = await fetch(sql, *arguments)
    if not rows:
        return []
    held: dict[UUID, list[ForumSession]] = {row["id"]: [] for row in rows}
    for row in await fetch(f"{SESSION} WHERE s.forum = ANY($1::uuid[]) ORDER BY s.starts_at, s.id", list(held)):
        held[row["forum"]].append(_session(row))
    return [_forum(row, tuple(held[row["id"]])) for row in rows]


def _forum(row: Any, sessions: tuple[ForumSession, ...]) -> Forum:
    known = {"kind": Kind(row["kind"]), "state": State(row["state"]), "sessions": sessions}
    lists = {name: tuple(row[name]) for name in ("spoken", "interpreted", "remind_before")}
    return Forum(**_on_the_map(row) | lists | known)


def _session(row: Any) -> ForumSession:
    return ForumSession(**_on_the_map(row) | {"reminded": tuple(row["reminded"])})


def _on_the_map(row: Any) -> dict[str, Any]:
    """The columns of a row, its coordinates made one point."""
    fields = dict(row)
    latitude, longitude = fields.pop("latitude"), fields.pop("longitude")
    point = None if latitude is None else Point(latitude, longitude)
    return fields | {"point": point, "facts": tuple(fields["facts"])}


def _registration(row: Any) -> Registration:
    fields = dict(row)
    return Registration(
        **fields
        | {
            "state": RegistrationState(row["state"]),
            "channel": Channel(row["channel"]),
            "needs": tuple(row["needs"]),
        }
    )
