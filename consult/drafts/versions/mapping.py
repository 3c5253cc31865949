"""What becomes of each article when a version is published: proposed, corrected by staff, checked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from consult.drafts.draft import Article
from consult.drafts.regulation import AlignedArticle
from consult.drafts.versions import matching
from consult.drafts.versions.changes import Change, changes
from consult.drafts.versions.matching import KnownArticle, Neighbours
from consult.errors import N_, Problem
from consult.i18n import pick

CHANGED_MEANWHILE = N_("The text was changed meanwhile. Look at the articles again, then publish.")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a new article comes from: it continues an old one, or it is new, perhaps taken out of an old one."""

    continues: UUID | None = None
    taken_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class ArticleMapping:
    """origins: one for each new article, in their order. merged_into: for articles left out, the number of the new
    article that took up their words."""

    origins: tuple[Origin, ...]
    merged_into: Mapping[UUID, str] = field(default_factory=dict)

    def left_out(self, known: Sequence[Article]) -> list[Article]:
        continued = {origin.continues for origin in self.origins}
        return [old for old in known if old.id not in continued]


@dataclass(frozen=True, slots=True)
class Planned:
    """A version before it is published: its articles with their identities, what became of each article, and from
    which one (or into which one) words went."""

    articles: tuple[Article, ...]
    changes: tuple[Change, ...]
    related: Mapping[UUID, UUID]


def propose(known: Sequence[Article], articles: Sequence[AlignedArticle], language: str) -> ArticleMapping:
    """The mapping that staff are shown first; for articles that come or go also whether others hold their words."""
    old = comparable(known, language)
    found = matching.match(old, articles, language)
    gone = [one for one in old if one.id not in set(found)]
    before = Neighbours({one.id: one.body for one in old} if None in found else {})
    origins = tuple(
        Origin(identity) if identity else Origin(None, before.holder(_body(article, language)))
        for identity, article in zip(found, articles, strict=True)
    )
    keys = {uuid4(): article for article in articles}
    after = Neighbours({key: _body(article, language) for key, article in keys.items()} if gone else {})
    merged = {one.id: after.holder(one.body) for one in gone}
    return ArticleMapping(origins, {one: keys[key].number for one, key in merged.items() if key})


def problems(mapping: ArticleMapping, known: Sequence[Article], articles: Sequence[AlignedArticle]) -> list[Problem]:
    """Every fault of a corrected mapping, by the field of its article."""
    if len(mapping.origins) != len(articles):
        return [Problem("", CHANGED_MEANWHILE)]
    ids = {old.id for old in known}
    numbers = {article.number for article in articles}
    found = []
    seen: dict[UUID, str] = {}
    for origin, article in zip(mapping.origins, articles, strict=True):
        place = f"origin-{article.number}"
        if not {origin.continues, origin.taken_from} <= {*ids, None}:
            found.append(Problem(place, N_("Choose an article of the version before.")))
        if origin.continues in seen:
            message = N_("Article %(number)s continues the same article; only one can. Make the other one new.")
            found.append(Problem(place, message, {"number": seen[origin.continues]}))
        elif origin.continues is not None:
            seen[origin.continues] = article.number
    for old, number in mapping.merged_into.items():
        if number not in numbers:
            found.append(Problem(f"merged-{old}", N_("Choose an article of the new version.")))
    return found


def planned(known: Sequence[Article], articles: Sequence[AlignedArticle], mapping: ArticleMapping) -> Planned:
    """Give the new articles their identities and say what became of every article. The mapping has no problems."""
    made = tuple(
        _with_identity(article, origin.continues or uuid4())
        for article, origin in zip(articles, mapping.origins, strict=True)
    )
    ids = {article.number: article.id for article in made}
    related = {
        article.id: origin.taken_from
        for article, origin in zip(made, mapping.origins, strict=True)
        if origin.continues is None and origin.taken_from is not None
    }
    for old in mapping.left_out(known):
        if old.id in mapping.merged_into:
            related[old.id] = ids[mapping.merged_into[old.id]]
    return Planned(made, changes(known, made), related)


def comparable(known: Sequence[Article], language: str) -> list[KnownArticle]:
    return [
        KnownArticle(old.id, old.number, pick(old.heading, language)[0], pick(old.body, language)[0]) for old in known
    ]


def _body(article: AlignedArticle, language: str) -> str:
    return pick(article.body, language)[0]


def _with_identity(article: AlignedArticle, identity: UUID) -> Article:
    return Article(
        id=identity,
        position=article.position,
        number=article.number,
        label=article.label,
        chapter=article.chapter,
        heading=article.heading,
        body=article.body,
        plain_words=article.plain_words,
    )
