"""What staff do with the documents beside a draft. Publishing a version keeps them with it for ever."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from consult.consultations.consultation import LONGEST_TEXT, LONGEST_TITLE, text_problems
from consult.drafts.sources.document import KINDS, MOST_FILES
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Text
from consult.records import operations as records
from consult.records.cleaning import MACROS, has_macros
from consult.storage import execute, fetchrow, fetchval, transaction

RECORD = "draft"
TOO_MANY = N_("A draft takes at most %(most)s attachments.")
KIND = N_("Choose what kind of document it is.")
LANGUAGE = N_("Choose a language from the list.")
TITLE = N_("Name the document in at least one language.")


async def keep_legal_basis(*, draft_id: UUID, legal_basis: Text, actor: UUID | None, at: datetime) -> None:
    """Write on which laws the draft rests; an empty text takes it away. Raises Invalid, NotFound."""
    kept = {language: words.strip() for language, words in legal_basis.items() if words.strip()}
    problems = text_problems("legal_basis", kept, needed=(), longest=LONGEST_TEXT)
    if problems:
        raise Invalid(problems)
    async with transaction():
        await _lock(draft_id)
        await execute(
            "insert into draft_basis (draft, legal_basis, changed_at, changed_by) values ($1, $2, $3, $4) "
            "on conflict (draft) do update set legal_basis = excluded.legal_basis, changed_at = excluded.changed_at, "
            "changed_by = excluded.changed_by",
            draft_id,
            kept,
            at,
            actor,
        )
        await records.audit(
            actor=actor,
            kind="draft.basis_changed",
            record=RECORD,
            record_id=draft_id,
            after={"languages": sorted(kept)},
            at=at,
        )


async def attach(
    draft_id: UUID,
    *,
    name: str,
    content: bytes,
    kind: str,
    title: Text,
    language: str = "",
    actor: UUID | None,
    at: datetime,
) -> UUID:
    """Put a file beside the working copy. Raises Invalid with all problems, NotFound."""
    named = {key: words.strip() for key, words in title.items() if words.strip()}
    problems = text_problems("title", named, needed=(), longest=LONGEST_TITLE)
    if has_macros(content):
        problems.append(Problem("file", MACROS))
    if kind not in KINDS:
        problems.append(Problem("kind", KIND))
    if language and not re.fullmatch(r"[a-z]{2,3}", language):
        problems.append(Problem("file_language", LANGUAGE))
    async with transaction():
        authentic = await _lock(draft_id)
        if not named:
            problems.insert(0, Problem(f"title-{authentic}", TITLE))
        if problems:
            raise Invalid(problems)
        count = await fetchval("select count(*) from draft_file where draft = $1", draft_id)
        if count >= MOST_FILES:
            raise Invalid([Problem("file", TOO_MANY, {"most": MOST_FILES})])
        attachment_id = await records.attach(
            record=RECORD, record_id=draft_id, name=name, content=content, by=actor, at=at
        )
        await execute(
            "insert into draft_file (attachment, draft, position, kind, title, language) values ($1, $2, "
            "(select coalesce(max(position), 0) + 1 from draft_file where draft = $2), $3, $4, $5)",
            attachment_id,
            draft_id,
            kind,
            named,
            language,
        )
        await records.audit(
            actor=actor, kind="draft.attached", record=RECORD, record_id=draft_id, after={"title": named}, at=at
        )
    return attachment_id


async def detach(*, draft_id: UUID, attachment_id: UUID, actor: UUID | None, at: datetime) -> None:
    """Take a file away from the working copy; versions that were published with it keep it. Raises NotFound."""
    async with transaction():
        await _lock(draft_id)
        row = await fetchrow(
            "delete from draft_file where draft = $1 and attachment = $2 returning title", draft_id, attachment_id
        )
        if row is None:
            raise NotFound
        if not await fetchval("select 1 from version_file where attachment = $1 limit 1", attachment_id):
            await records.detach(attachment_id=attachment_id)
        await records.audit(
            actor=actor, kind="draft.detached", record=RECORD, record_id=draft_id, before={"title": row["title"]}, at=at
        )


async def keep_with_version(*, draft_id: UUID, version_id: UUID) -> None:
    """Publish the documents of the working copy with a version, inside the transaction that inserts the version."""
    await execute(
        "insert into version_basis (version, legal_basis) "
        "select $2, legal_basis from draft_basis where draft = $1 and legal_basis <> '{}'::jsonb",
        draft_id,
        version_id,
    )
    await execute(
        "insert into version_file (id, version, attachment, position, kind, title, language, sha256) "
        "select gen_random_uuid(), $2, f.attachment, f.position, f.kind, f.title, f.language, a.sha256 "
        "from draft_file f join attachment a on a.id = f.attachment where f.draft = $1",
        draft_id,
        version_id,
    )


async def _lock(draft_id: UUID) -> str:
    """Lock the draft and give its authentic language."""
    language: str | None = await fetchval("select authentic_language from draft where id = $1 for update", draft_id)
    if language is None:
        raise NotFound
    return language
