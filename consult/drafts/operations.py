"""What a person can do with a draft regulation. Each operation is one transaction with its entry in the audit trail.

Comments have their own operations in comments/, the mapping of articles its rules in versions/mapping.py.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from consult.consultations.consultation import LONGEST_TEXT, LONGEST_TITLE, slug_problems, text_problems
from consult.consultations.following import operations as following
from consult.drafts import queries, regulation
from consult.drafts.comments.comment import Moderation
from consult.drafts.draft import Draft
from consult.drafts.regulation import Regulation
from consult.drafts.sources import operations as documents
from consult.drafts.versions.mapping import CHANGED_MEANWHILE, ArticleMapping, planned, propose
from consult.drafts.versions.mapping import problems as mapping_problems
from consult.drafts.versions.operations import keep_articles, keep_changes
from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Text, pick
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "draft"


@dataclass(frozen=True, slots=True)
class DraftContent:
    """What staff say about a draft besides its text."""

    slug: str
    title: Text
    authentic_language: str
    summary: Text = field(default_factory=dict)
    consultation_id: UUID | None = None
    moderation: str = Moderation.BEFORE
    closes_at: datetime | None = None
    is_demo: bool = False

    def problems(self) -> list[Problem]:
        found = slug_problems(self.slug)
        found += text_problems("title", self.title, needed=[self.authentic_language], longest=LONGEST_TITLE)
        found += text_problems("summary", self.summary, needed=(), longest=LONGEST_TEXT)
        if self.moderation not in {mode.value for mode in Moderation}:
            found.append(Problem("moderation", N_("Choose when comments are checked.")))
        return found


async def create_draft(content: DraftContent, *, actor: UUID | None, at: datetime) -> UUID:
    """Keep a new draft with an empty working copy. Raises Invalid with all problems."""
    async with transaction():
        problems = await _problems(content, None)
        if problems:
            raise Invalid(problems)
        draft_id = uuid4()
        await execute(
            "insert into draft (id, slug, consultation, title, summary, authentic_language, moderation, closes_at, "
            "is_demo, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            draft_id,
            content.slug,
            content.consultation_id,
            content.title,
            content.summary,
            content.authentic_language,
            content.moderation,
            content.closes_at,
            content.is_demo,
            at,
        )
        await execute(
            "insert into draft_working (draft, texts, memorandum, changed_at, changed_by) values ($1, $2, $2, $3, $4)",
            draft_id,
            {},
            at,
            actor,
        )
        await audit(
            actor=actor,
            kind="draft.created",
            record=RECORD,
            record_id=draft_id,
            after={"slug": content.slug, "title": content.title},
            at=at,
        )
    return draft_id


async def change_draft(*, draft_id: UUID, content: DraftContent, actor: UUID | None, at: datetime) -> None:
    """Change title, summary, consultation and moderation; the address stays once it is published. Raises Invalid."""
    async with transaction():
        before = await _locked(draft_id)
        problems = await _problems(content, draft_id)
        if before.version_number is not None and content.slug != before.slug:
            problems.append(Problem("slug", N_("The address of a published draft does not change.")))
        if problems:
            raise Invalid(problems)
        await execute(
            "update draft set slug = $2, consultation = $3, title = $4, summary = $5, authentic_language = $6, "
            "moderation = $7, closes_at = $8 where id = $1",
            draft_id,
            content.slug,
            content.consultation_id,
            content.title,
            content.summary,
            content.authentic_language,
            content.moderation,
            content.closes_at,
        )
        await audit(
            actor=actor,
            kind="draft.changed",
            record=RECORD,
            record_id=draft_id,
            before={"slug": before.slug, "title": before.title, "moderation": before.moderation.value},
            after={"slug": content.slug, "title": content.title, "moderation": content.moderation},
            at=at,
        )


async def save_working_version(
    *, draft_id: UUID, texts: Mapping[str, str], memorandum: Mapping[str, str], actor: UUID | None, at: datetime
) -> Regulation:
    """Keep the Markdown as it was written, with all its problems; publishing is what needs it right."""
    async with transaction():
        draft = await _locked(draft_id)
        kept = {language: text for language, text in texts.items() if text.strip()}
        await execute(
            "update draft_working set texts = $2, memorandum = $3, changed_at = $4, changed_by = $5 where draft = $1",
            draft_id,
            kept,
            {language: text for language, text in memorandum.items() if text.strip()},
            at,
            actor,
        )
        await audit(
            actor=actor, kind="draft.saved", record=RECORD, record_id=draft_id, after={"languages": sorted(kept)}, at=at
        )
    return regulation.align(kept, draft.authentic_language)


async def publish_version(
    draft_id: UUID,
    *,
    reason: Text | None = None,
    mapping: ArticleMapping | None = None,
    seen_at: datetime | None = None,
    confirmed: bool = True,
    actor: UUID | None,
    at: datetime,
) -> int:
    """Make the working copy the next version and give its number.

    mapping     which article continues which one, as staff confirmed it; without one as it is proposed
    seen_at     when the working copy that they saw was saved; if it was saved again since, they have to look anew
    confirmed   whether they said that the mapping is right

    From the second version on a reason is needed. Raises Invalid with all problems of the text by line, NotFound.
    """
    async with transaction():
        draft = await _locked(draft_id)
        working = await queries.working_copy(draft_id)
        if working is None:
            raise NotFound
        text = regulation.align(working.texts, draft.authentic_language)
        before = await queries.version(draft_id)
        known = await queries.articles(before.id) if before else ()
        mapping = mapping or propose(known, text.articles, draft.authentic_language)
        problems = list(text.problems)
        if before is not None:
            problems += text_problems("reason", reason or {}, needed=[draft.authentic_language], longest=LONGEST_TEXT)
            if not confirmed:
                problems.append(Problem("confirmed", N_("Look at what becomes of each article, then tick the box.")))
        if seen_at is not None and seen_at != working.changed_at:
            problems.append(Problem("", CHANGED_MEANWHILE))
        elif not text.problems:
            problems += mapping_problems(mapping, known, text.articles)
        if problems:
            raise Invalid(problems)
        number = (draft.version_number or 0) + 1
        version_id = await _insert_version(
            draft_id, number, text, memorandum=working.memorandum, reason=reason or {}, actor=actor, at=at
        )
        made = planned(known, text.articles, mapping)
        await keep_articles(draft_id=draft_id, version_id=version_id, made=made, at=at)
        if before is not None:
            await keep_changes(version_id=version_id, made=made)
            await _announce(draft, version_id, number, reason or {})
        await documents.keep_with_version(draft_id=draft_id, version_id=version_id)
        await audit(
            actor=actor,
            kind="draft.published",
            record=RECORD,
            record_id=draft_id,
            after={"version": number, "sha256": _hashes(working.texts), "articles": len(text.articles)},
            reason=pick(reason or {}, draft.authentic_language)[0] or None,
            at=at,
        )
    return number


async def _insert_version(
    draft_id: UUID, number: int, text: Regulation, *, memorandum: Text, reason: Text, actor: UUID | None, at: datetime
) -> UUID:
    version_id = uuid4()
    await execute(
        "insert into draft_version (id, draft, number, preamble, memorandum, reason, published_at, published_by) "
        "values ($1, $2, $3, $4, $5, $6, $7, $8)",
        version_id,
        draft_id,
        number,
        text.preamble,
        memorandum,
        reason,
        at,
        actor,
    )
    return version_id


async def _announce(draft: Draft, version_id: UUID, number: int, reason: Text) -> None:
    """Tell those who follow the consultation."""
    if draft.consultation is not None:
        event = f"draft.version:{version_id}"
        path = ("drafts", draft.slug)
        await following.announce(
            consultation_id=draft.consultation.id,
            notice="version",
            event=event,
            path=path,
            number=number,
            reason=reason,
        )


def _hashes(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: hashlib.sha256(text.encode()).hexdigest() for language, text in texts.items()}


async def _problems(content: DraftContent, own_id: UUID | None) -> list[Problem]:
    problems = content.problems()
    taken = await fetchval("select 1 from draft where slug = $1 and id is distinct from $2::uuid", content.slug, own_id)
    if taken:
        problems.append(Problem("slug", N_("This address is taken; choose another.")))
    if content.consultation_id is not None:
        known = await fetchval("select 1 from consultation where id = $1", content.consultation_id)
        if not known:
            problems.append(Problem("consultation", N_("Choose a consultation from the list.")))
    return problems


async def _locked(draft_id: UUID) -> Draft:
    """Lock the row, so that two people cannot publish the same number."""
    await fetchval("select 1 from draft where id = $1 for update", draft_id)
    found = await queries.draft_by_id(draft_id)
    if found is None:
        raise NotFound
    return found
