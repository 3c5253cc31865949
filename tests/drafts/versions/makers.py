"""Articles and second versions for tests: every field has a default."""

from uuid import UUID, uuid4

from consult.drafts import operations
from consult.drafts.draft import Article, Draft
from tests.consultations.makers import DURING
from tests.drafts.makers import a_draft, the_draft

SECOND = {
    "mk": "Врз основа на член 36 од законот, Советот донесе\n\n# Глава 1. Општи одредби\n## Член 1. Глоба\n"
    "Глоба од 300 евра.\n\n## Член 2. Предмет\n(1) Со оваа одлука се уредува садењето дрвја на јавните паркиралишта.\n"
    "(2) Се применува во целиот град и во околните населби.\n",
    "en": "# Chapter 1. General\n## Article 1. Fine\nA fine of 300 euros.\n## Article 2. Subject\n"
    "(1) This decision governs the planting of trees in public car parks.\n(2) It applies to the whole city.\n",
}
REASON = {"mk": "По коментарите.", "en": "After the comments."}


def an_article(
    number: str = "1",
    body: str = "Се сади дрво.",
    *,
    id_: UUID | None = None,
    position: int | None = None,
    heading: str = "",
    **languages: str,
) -> Article:
    """body is in Macedonian; languages are the same article's texts in others."""
    texts = {"mk": body, **languages}
    return Article(
        id=id_ or uuid4(),
        position=int(number.partition("-")[0]) if position is None else position,
        number=number,
        label=dict.fromkeys(texts, number),
        chapter={},
        heading={"mk": heading} if heading else {},
        body=texts,
        plain_words={},
    )


async def a_second_version(draft: Draft) -> Draft:
    """Article 1 of the first became article 2 and was changed, a new article 1 came, the old article 2 was left out."""
    await operations.save_working_version(draft_id=draft.id, texts=SECOND, memorandum={}, actor=None, at=DURING)
    await operations.publish_version(draft.id, reason=REASON, actor=None, at=DURING)
    return await the_draft(draft.id)


async def a_draft_of_two_versions() -> Draft:
    return await a_second_version(await a_draft())
