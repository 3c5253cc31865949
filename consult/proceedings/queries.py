"""Reading compiled reports and their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.i18n import Text
from consult.proceedings.record import Record, decoded
from consult.storage import fetch, fetchrow

FORMATS = ("pdf", "docx")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a report, without its bytes."""

    language: str
    format: str
    size: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Proceedings:
    """A compiled report without its data. number counts the reports of one consultation from 1."""

    id: UUID
    consultation: UUID
    number: int
    fingerprint: str
    reason: Text
    compiled_at: datetime
    published_at: datetime | None
    files: tuple[File, ...] = ()

    def is_ready(self, languages: Sequence[str]) -> bool:
        """Whether every file of every language is made."""
        return {(one.language, one.format) for one in self.files} >= {
            (language, kind) for language in languages for kind in FORMATS
        }


_HEAD = "id, consultation, number, encode(sha256, 'hex') as fingerprint, reason, compiled_at, published_at"


async def of_consultation(consultation_id: UUID) -> list[Proceedings]:
    """All reports of a consultation with their files, the newest first."""
    rows = await fetch(
        f"select {_HEAD} from proceedings where consultation = $1 order by number desc",  # noqa: S608 - a constant
        consultation_id,
    )
    files = await _files([row["id"] for row in rows])
    return [Proceedings(**dict(row), files=files.get(row["id"], ())) for row in rows]


async def published(consultation_id: UUID) -> Proceedings | None:
    """The newest public report."""
    return next((one for one in await of_consultation(consultation_id) if one.published_at), None)


async def one(consultation_id: UUID, number: int) -> Proceedings | None:
    return next((each for each in await of_consultation(consultation_id) if each.number == number), None)


async def data_of(proceedings_id: UUID) -> bytes:
    row = await fetchrow("select data from proceedings where id = $1", proceedings_id)
    return bytes(row["data"]) if row else b""


async def record_of(proceedings_id: UUID) -> Record:
    return decoded(await data_of(proceedings_id))


async def file(proceedings_id: UUID, language: str, format_: str) -> bytes | None:
    row = await fetchrow(
        "select content from proceedings_file where proceedings = $1 and language = $2 and format = $3",
        proceedings_id,
        language,
        format_,
    )
    return bytes(row["content"]) if row else None


async def _files(ids: Sequence[UUID]) -> dict[UUID, tuple[File, ...]]:
    rows = await fetch(
        "select proceedings, language, format, length(content) as size, encode(sha256, 'hex') as fingerprint "
        "from proceedings_file where proceedings = any($1::uuid[]) order by language, format desc",
        list(ids),
    )
    found: dict[UUID, list[File]] = {}
    for row in rows:
        fields = dict(row)
        found.setdefault(fields.pop("proceedings"), []).append(File(**fields))
    return {key: tuple(files) for key, files in found.items()}
