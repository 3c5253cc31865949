"""Reading the documents beside drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from consult.drafts.sources.document import Attached, Documents
from consult.errors import NotFound
from consult.records import queries as records
from consult.records.attachment import Attachment
from consult.storage import fetch, fetchval

_FILE = "f.attachment as id, f.kind, f.title, f.language, a.name, a.media_type, a.size"


async def working(draft_id: UUID) -> Documents:
    """What the next version will have beside its text."""
    basis = await fetchval("select legal_basis from draft_basis where draft = $1", draft_id)
    rows = await fetch(
        f"select {_FILE} from draft_file f join attachment a on a.id = f.attachment "  # noqa: S608 - fixed columns
        "where f.draft = $1 order by f.position",
        draft_id,
    )
    return Documents(basis or {}, tuple(_attached(row) for row in rows))


async def of_versions(version_ids: Sequence[UUID]) -> dict[UUID, Documents]:
    """What was published with versions; a version without documents is absent."""
    rows = await fetch(
        f"select v.id as version, b.legal_basis, f.position, {_FILE} from draft_version v "  # noqa: S608 - fixed columns
        "left join version_basis b on b.version = v.id left join version_file f on f.version = v.id "
        "left join attachment a on a.id = f.attachment "
        "where v.id = any($1::uuid[]) and (b.version is not null or f.version is not null) order by v.id, f.position",
        list(version_ids),
    )
    found: dict[UUID, Documents] = {}
    for row in rows:
        known = found.get(row["version"], Documents(row["legal_basis"] or {}))
        more = (_attached(row),) if row["id"] else ()
        found[row["version"]] = Documents(known.legal_basis, known.files + more)
    return found


async def of_version(version_id: UUID) -> Documents:
    return (await of_versions([version_id])).get(version_id, Documents())


async def published_file(draft_id: UUID, attachment_id: UUID) -> tuple[Attachment, bytes]:
    """A file that was published with a version of this draft. Raises NotFound."""
    known = await fetchval(
        "select 1 from version_file f join draft_version v on v.id = f.version "
        "where v.draft = $1 and f.attachment = $2 limit 1",
        draft_id,
        attachment_id,
    )
    if not known:
        raise NotFound
    return await records.attachment(attachment_id)


async def working_file(draft_id: UUID, attachment_id: UUID) -> tuple[Attachment, bytes]:
    """A file of the working copy. Raises NotFound."""
    if not await fetchval("select 1 from draft_file where draft = $1 and attachment = $2", draft_id, attachment_id):
        raise NotFound
    return await records.attachment(attachment_id)


def _attached(row: Any) -> Attached:
    return Attached(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        language=row["language"],
        name=row["name"],
        media_type=row["media_type"],
        size=row["size"],
    )
