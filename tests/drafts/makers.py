"""Drafts and comments for tests: every field has a default."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from consult.drafts import operations, queries
from consult.drafts.answers import operations as answers
from consult.drafts.comments import operations as comment_operations
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment, Submission
from consult.drafts.draft import Article, Draft
from consult.drafts.operations import DraftContent
from tests.consultations.makers import DURING, WRITTEN, a_consultation

TEXTS = {
    "mk": "Врз основа на член 36, Советот донесе\n\n# Глава 1. Општи одредби\n## Член 1. Предмет\n"
    "(1) Со оваа одлука се уредува садењето дрвја на јавните паркиралишта.\n(2) Се применува во целиот град.\n\n"
    "> Одлуката важи насекаде.\n\n## Член 2. Дрвја\nНа секои три паркинг-места се сади едно дрво.\n",
    "ka": "## მუხლი 1. საგანი\n(1) ეს დადგენილება აწესრიგებს ხეების დარგვას.\n(2) მოქმედებს მთელ ქალაქში.\n"
    "## მუხლი 2. ხეები\nყოველ სამ ადგილზე ირგვება ერთი ხე.\n",
    "en": "## Article 1. Subject\n(1) This decision governs the planting of trees in public car parks.\n"
    "(2) It applies to the whole city.\n## Article 2. Trees\nOne tree is planted for every three parking spaces.\n",
}
MEMORANDUM = {"mk": "# Зошто\nЛетата се потопли.", "en": "# Why\nSummers are hotter."}
BASE_URL = "https://consult.example"

CONTENT = DraftContent(
    slug="tree-rows",
    title={
        "mk": "Нацрт-одлука за дрворедите",
        "ka": "ხეივნების დადგენილების პროექტი",
        "en": "Draft decision on tree rows",
    },
    summary={"mk": "Едно дрво на секои три места."},
    authentic_language="mk",
)


def content(**changes: Any) -> DraftContent:
    return replace(CONTENT, **changes)


async def a_draft(
    *,
    published: bool = True,
    in_consultation: bool = True,
    texts: dict[str, str] | None = None,
    at: datetime = WRITTEN,
    **changes: Any,
) -> Draft:
    """A draft of two articles in three languages, version 1, in a consultation open in November 2026."""
    if in_consultation and "consultation_id" not in changes:
        changes["consultation_id"] = (await a_consultation(slug=f"c-{uuid4().hex[:8]}")).id
    made = await operations.create_draft(content(**changes), actor=None, at=at)
    await operations.save_working_version(draft_id=made, texts=texts or TEXTS, memorandum=MEMORANDUM, actor=None, at=at)
    if published:
        await operations.publish_version(made, actor=None, at=at)
    return await the_draft(made)


async def the_draft(draft_id: UUID) -> Draft:
    found = await queries.draft_by_id(draft_id)
    assert found is not None
    return found


async def the_articles(draft: Draft) -> tuple[Article, ...]:
    version = await queries.version(draft.id)
    assert version is not None
    return await queries.articles(version.id)


async def a_comment(
    draft: Draft,
    *,
    article: UUID | None = None,
    text: str = "Треба повеќе дрвја.",
    form_id: UUID | None = None,
    language: str = "mk",
    kind: str = "comment",
    name: str = "",
    email: str = "",
    quote: str = "",
    written_in: str = "",
    reply_to: Comment | None = None,
    published: bool = False,
    at: datetime = DURING,
) -> Comment:
    made = await comment_operations.submit_comment(
        form_id=form_id or uuid4(),
        draft_slug=draft.slug,
        version=draft.version_number or 0,
        article_id=reply_to.article if reply_to else article,
        language=language,
        submission=Submission(text, kind, name, email, quote=quote, written_in=written_in),
        reply_to=reply_to.id if reply_to else None,
        at=at,
    )
    if published:
        await comment_operations.publish_comment(made.id, base_url=BASE_URL, actor=None, at=at)
    return await the_comment(made.id)


async def the_comment(comment_id: UUID) -> Comment:
    found = await comments.comment(comment_id)
    assert found is not None
    return found


WRITER, REVIEWER = UUID(int=1), UUID(int=2)


async def an_answer(comment: Comment, decision: str = "accepted", *, at: datetime = DURING, **reason: str) -> None:
    """An answer that somebody wrote and somebody else reviewed; nobody has released it yet."""
    words = reason or {comment.language: "Да.", "mk": "Да."}
    await answers.answer_comment(comment.id, decision=decision, reason=words, actor=WRITER, at=at)
    await answers.send_for_review(comment.id, actor=WRITER, at=at)
    await answers.approve_answer(comment.id, actor=REVIEWER, at=at)


async def released(draft: Draft, *, at: datetime = DURING) -> int:
    return await answers.release_answers(draft.id, base_url=BASE_URL, actor=REVIEWER, at=at, partial=True)
