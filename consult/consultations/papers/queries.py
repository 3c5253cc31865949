"""Reading what lies beside consultations. Records come out, never table rows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from consult.consultations.papers.history import ACTS, PUBLISHED, Event, event
from consult.errors import NotFound
from consult.i18n import Text
from consult.records import queries as records
from consult.records.attachment import Attachment
from consult.storage import fetch, fetchval


@dataclass(frozen=True, slots=True)
class Paper:
    """A file beside a consultation. id is that of its bytes; language is "" where it is for all languages."""

    id: UUID
    title: Text
    language: str
    name: str
    size: int


async def papers(consultation_id: UUID) -> tuple[Paper, ...]:
    rows = await fetch(
        "select f.attachment as id, f.title, f.language, a.name, a.size from consultation_file f "
        "join attachment a on a.id = f.attachment where f.consultation = $1 order by f.position",
        consultation_id,
    )
    return tuple(Paper(**dict(row)) for row in rows)


async def paper(consultation_id: UUID, attachment_id: UUID) -> tuple[Attachment, bytes]:
    """A file with its bytes. Raises NotFound."""
    sql = "select 1 from consultation_file where consultation = $1 and attachment = $2"
    if not await fetchval(sql, consultation_id, attachment_id):
        raise NotFound
    return await records.attachment(attachment_id)


async def history(consultation_id: UUID) -> tuple[Event, ...]:
    """What was done since it became public, oldest first."""
    rows = await fetch(
        "select kind, at, after, reason from audit_entry where record = 'consultation' and record_id = $1 "
        "and kind = any($2::text[]) order by number",
        str(consultation_id),
        list(ACTS),
    )
    kinds = [row["kind"] for row in rows]
    first = kinds.index(PUBLISHED) if PUBLISHED in kinds else len(rows)
    return tuple(event(row["kind"], row["at"], row["after"], row["reason"]) for row in rows[first:])
