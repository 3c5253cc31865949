"""Which old article a new one continues, as it is proposed."""

import random
import time
from uuid import UUID, uuid4

from consult.drafts.regulation import AlignedArticle
from consult.drafts.versions.matching import KnownArticle, match


def article(number: str, body: str, heading: str = "", position: int = 1) -> AlignedArticle:
    return AlignedArticle(position, number, {"mk": number}, {}, {"mk": heading} if heading else {}, {"mk": body}, {})


TREES = "На секое паркиралиште се сади едно дрво на секои три паркинг места со слободна почва"
FEES = "За заземање на јавна површина се плаќа такса според ценовникот на градот Скопје"
DOGS = "Кучињата во парк се водат на врвка не подолга од еден метар и половина"


def known(number: str, body: str, heading: str = "") -> KnownArticle:
    return KnownArticle(uuid4(), number, heading, body)


def test_same_number_and_similar_words_is_the_same_article() -> None:
    old = [known("1", TREES), known("2", FEES)]
    new = [article("1", TREES.replace("три", "две")), article("2", FEES)]
    assert match(old, new, "mk") == [old[0].id, old[1].id]


def test_an_inserted_article_is_new_and_the_renumbered_keep_their_identity() -> None:
    old = [known("1", TREES), known("2", FEES)]
    new = [article("1", TREES), article("2", DOGS), article("3", FEES)]
    assert match(old, new, "mk") == [old[0].id, None, old[1].id]


def test_articles_that_change_places_are_found_by_their_words() -> None:
    old = [known("1", TREES), known("2", FEES)]
    assert match(old, [article("1", FEES), article("2", TREES)], "mk") == [old[1].id, old[0].id]


def test_a_rewritten_article_keeps_its_identity_by_number_and_heading() -> None:
    old = [known("1", TREES, "Дрвја")]
    assert match(old, [article("1", DOGS, "Дрвја")], "mk") == [old[0].id]
    assert match(old, [article("1", DOGS, "Кучиња")], "mk") == [None]


def test_no_identity_is_given_twice() -> None:
    old = [known("1", TREES)]
    found = match(old, [article("1", TREES), article("2", TREES)], "mk")
    assert found == [old[0].id, None]


def test_four_hundred_articles_are_matched_quickly() -> None:
    bodies = [f"{TREES} {number} {FEES} " * 5 for number in range(400)]
    old = [known(str(n), body) for n, body in enumerate(bodies, start=1)]
    new = [article(str(n), body + " додаток") for n, body in enumerate(bodies, start=1)]
    begin = time.process_time()
    found: list[UUID | None] = match(old, new, "mk")
    assert found == [one.id for one in old]
    assert time.process_time() - begin < 5


def test_four_hundred_articles_after_an_inserted_one_are_found_by_their_words() -> None:
    draw = random.Random(1)
    bodies = [" ".join(f"збор{int(2000 * draw.random() ** 3)}" for _ in range(60)) for _ in range(400)]
    old = [known(str(n), body) for n, body in enumerate(bodies, start=1)]
    new = [article(str(n), body + " дополнет крај") for n, body in enumerate([DOGS, *bodies], start=1)]
    begin = time.process_time()
    found = match(old, new, "mk")
    assert time.process_time() - begin < 6
    assert found == [None, *(one.id for one in old)]
