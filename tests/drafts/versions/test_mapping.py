"""What becomes of each article when a version is published: proposed, corrected, checked."""

from dataclasses import replace
from uuid import uuid4

from consult.drafts.draft import Article
from consult.drafts.regulation import AlignedArticle
from consult.drafts.versions.mapping import ArticleMapping, Origin, planned, problems, propose
from tests.drafts.versions.makers import an_article

TREES = "На секое паркиралиште се сади едно дрво на секои три паркинг места. Дрвото го полева оној што го засадил."
FEES = "За заземање на јавна површина се плаќа такса според ценовникот на градот. Таксата се плаќа однапред."
DOGS = "Кучињата во парк се водат на врвка не подолга од еден метар и половина."


def aligned(article: Article) -> AlignedArticle:
    names = ("position", "number", "label", "chapter", "heading", "body", "plain_words")
    return AlignedArticle(**{name: getattr(article, name) for name in names})


def new(number: str, body: str) -> AlignedArticle:
    return aligned(an_article(number, body))


def test_divided_and_joined_articles_are_proposed_with_where_their_words_come_from() -> None:
    old = [
        an_article("1", f"{TREES} {FEES}"),
        an_article("2", DOGS),
        an_article("3", "Прекршоците се казнуваат строго."),
    ]
    articles = [new("1", TREES), new("2", FEES), new("3", f"{DOGS} Прекршоците се казнуваат строго.")]
    mapping = propose(old, articles, "mk")
    assert mapping.origins == (Origin(old[0].id), Origin(None, old[0].id), Origin(old[1].id))
    assert mapping.merged_into == {old[2].id: "3"}
    made = planned(old, articles, mapping)
    assert made.related == {made.articles[1].id: old[0].id, old[2].id: old[1].id}
    assert [(change.what, change.article.number) for change in made.changes] == [
        ("changed", "1"),
        ("added", "2"),
        ("moved", "3"),
        ("removed", "3"),
    ]


def test_a_corrected_mapping_is_checked_by_field() -> None:
    old = [an_article("1", TREES), an_article("2", FEES)]
    articles = [new("1", TREES), new("2", FEES)]
    twice = ArticleMapping((Origin(old[0].id), Origin(old[0].id)))
    strange = ArticleMapping((Origin(uuid4()), Origin(None, uuid4())), {old[0].id: "9"})
    assert [problem.place for problem in problems(twice, old, articles)] == ["origin-2"]
    assert [problem.place for problem in problems(strange, old, articles)] == [
        "origin-1",
        "origin-2",
        f"merged-{old[0].id}",
    ]
    assert problems(replace(twice, origins=twice.origins[:1]), old, articles)
    assert problems(propose(old, articles, "mk"), old, articles) == []
