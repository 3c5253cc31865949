"""What staff do with the files beside a consultation; they are public as soon as the consultation is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from consult.consultations.consultation import LONGEST_TITLE, text_problems
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Text
from consult.records import operations as records
from consult.records.cleaning import MACROS, has_macros
from consult.storage import execute, fetchrow, fetchval, transaction

RECORD = "consultation"
MOST_FILES = 30
TOO_MANY = N_("A consultation takes at most %(most)s attachments.")
LANGUAGE = N_("Choose a language from the list.")
TITLE = N_("Name the document in at least one language.")


async def attach(
    consultation_id: UUID,
    *,
    name: str,
    content: bytes,
    title: Text,
    language: str = "",
    languages: Collection[str],
    actor: UUID | None,
    at: datetime,
) -> UUID:
    """Put a file beside a consultation. Raises Invalid with all problems, NotFound."""
    named = {key: words.strip() for key, words in title.items() if words.strip()}
    problems = text_problems("title", named, needed=(), longest=LONGEST_TITLE)
    if has_macros(content):
        problems.append(Problem("file", MACROS))
    if language and language not in languages:
        problems.append(Problem("file_language", LANGUAGE))
    async with transaction():
        authentic = await _lock(consultation_id)
        if not named:
            problems.insert(0, Problem(f"title-{authentic}", TITLE))
        if problems:
            raise Invalid(problems)
        count = await fetchval("select count(*) from consultation_file where consultation = $1", consultation_id)
        if count >= MOST_FILES:
            raise Invalid([Problem("file", TOO_MANY, {"most": MOST_FILES})])
        attachment_id = await records.attach(
            record=RECORD, record_id=consultation_id, name=name, content=content, by=actor, at=at
        )
        await execute(
            "insert into consultation_file (attachment, consultation, position, title, language) values ($1, $2, "
            "(select coalesce(max(position), 0) + 1 from consultation_file where consultation = $2), $3, $4)",
            attachment_id,
            consultation_id,
            named,
            language,
        )
        await records.audit(
            actor=actor,
            kind="consultation.attached",
            record=RECORD,
            record_id=consultation_id,
            after={"document": named},
            at=at,
        )
    return attachment_id


async def detach(*, consultation_id: UUID, attachment_id: UUID, actor: UUID | None, at: datetime) -> None:
    """Take a file away; the history says so. Raises NotFound."""
    async with transaction():
        await _lock(consultation_id)
        row = await fetchrow(
            "delete from consultation_file where consultation = $1 and attachment = $2 returning title",
            consultation_id,
            attachment_id,
        )
        if row is None:
            raise NotFound
        await records.detach(attachment_id=attachment_id)
        await records.audit(
            actor=actor,
            kind="consultation.detached",
            record=RECORD,
            record_id=consultation_id,
            before={"document": row["title"]},
            at=at,
        )


async def _lock(consultation_id: UUID) -> str:
    authentic = await fetchval("select authentic_language from consultation where id = $1 for update", consultation_id)
    if authentic is None:
        raise NotFound
    return str(authentic)
