"""What staff wrote about a forum, as the columns that keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from consult.errors import N_, Invalid, Problem
from consult.forums.forum import ForumContent, SessionContent, local_moment, span
from consult.forums.venue import point_of
from consult.storage import execute


@dataclass(frozen=True, slots=True)
class Town:
    """What a forum needs to know of the municipality: its clock and its official language."""

    zone: ZoneInfo
    authentic: str


def forum_columns(content: ForumContent, town: Town) -> dict[str, object]:
    return {
        "slug": content.slug,
        "kind": content.kind,
        "consultation": content.consultation,
        "title": content.title,
        "summary": content.summary,
        "agenda": content.agenda,
        "venue": content.venue,
        "address": content.address,
        "access": content.access,
        "organiser": content.organiser,
        "opens_at": content.opens and local_moment(content.opens, town.zone),
        "closes_at": content.closes and local_moment(content.closes, town.zone),
        **_place_columns(content),
        "stream": content.stream,
        "spoken": list(content.spoken),
        "interpreted": list(content.interpreted),
        "smaller_may_pass": content.smaller_may_pass,
        "one_session": content.one_session,
        "offer_hours": content.offer_hours,
        "remind_before": sorted(set(content.remind_before), reverse=True),
    }


def session_columns(session: SessionContent, town: Town) -> dict[str, object]:
    """Raises Invalid when the session has no hours; a content without problems has."""
    moments = span(session, town.zone)
    if moments is None:
        raise Invalid([Problem("session-1-starts", N_("Write when the session begins."))])
    return {
        "starts_at": moments[0],
        "ends_at": moments[1],
        "title": session.title,
        "speakers": session.speakers,
        "place": session.place,
        "settlement": session.settlement,
        "venue": session.venue,
        "address": session.address,
        **_place_columns(session),
    }


def _place_columns(content: ForumContent | SessionContent) -> dict[str, object]:
    point = point_of(content.point)
    return {
        "latitude": point and point.latitude,
        "longitude": point and point.longitude,
        "facts": list(content.facts),
        "transport": content.transport,
    }


async def insert(table: str, columns: Mapping[str, object]) -> None:
    """Insert one row; names of tables and columns are constants of this package."""
    names, places = ", ".join(columns), ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    await execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *columns.values())  # noqa: S608 - see above


async def update(table: str, row_id: UUID, columns: Mapping[str, object]) -> None:
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, start=2))
    await execute(f"UPDATE {table} SET {changes} WHERE id = $1", row_id, *columns.values())  # noqa: S608 - see above
