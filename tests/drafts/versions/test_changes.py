from uuid import uuid4

from consult.drafts.draft import DraftVersion
from consult.drafts.versions.changes import What, changes, counts
from consult.drafts.versions.compared import comparison
from tests.consultations.makers import WRITTEN
from tests.drafts.versions.makers import an_article

A, B, C, D = (uuid4() for _ in range(4))


def test_each_article_is_same_changed_moved_added_or_removed_in_the_order_of_the_new_text() -> None:
    old = [
        an_article("1", id_=A),
        an_article("2", "Стар текст.", id_=B),
        an_article("3", id_=C),
        an_article("4", id_=D),
    ]
    new = [
        an_article("1", id_=A),
        an_article("2", "Нов текст.", id_=B),
        an_article("2-a", position=3),
        an_article("3", id_=D, position=4),
    ]
    made = changes(old, new)
    assert [(one.what, one.article.number) for one in made] == [
        ("same", "1"),
        ("changed", "2"),
        ("removed", "3"),
        ("added", "2-a"),
        ("moved", "3"),
    ]
    assert counts(made) == {What.SAME: 1, What.CHANGED: 1, What.MOVED: 1, What.ADDED: 1, What.REMOVED: 1}
    assert made[1].changed_in == ("mk",)
    assert [one.is_renumbered for one in made] == [False, False, False, False, True]


def test_an_article_that_went_elsewhere_is_moved_and_those_it_passed_are_not() -> None:
    old = [an_article(str(n), id_=one) for n, one in enumerate((A, B, C, D), start=1)]
    new = [an_article(str(n + 1), id_=(A, B, C, D)[n], position=place) for place, n in enumerate((1, 2, 0, 3), start=1)]
    assert [one.article.id for one in changes(old, new) if one.what is What.MOVED] == [A]


def test_a_translation_that_is_added_is_no_change_and_one_that_differs_is_one_in_its_language() -> None:
    (same,) = changes([an_article(id_=A)], [an_article(id_=A, en="A tree is planted.")])
    assert same.what is What.SAME
    (changed,) = changes([an_article(id_=A, en="A tree.")], [an_article(id_=A, en="A tree is planted.")])
    assert (changed.what, changed.changed_in) == (What.CHANGED, ("en",))


def test_wrapped_lines_are_no_change() -> None:
    (one,) = changes([an_article(id_=A, body="Се сади дрво.")], [an_article(id_=A, body="Се сади\nдрво.")])
    assert one.what is What.SAME


def a_version(number: int, preamble: str = "Советот донесе") -> DraftVersion:
    return DraftVersion(uuid4(), number, {"mk": preamble}, {}, {}, WRITTEN)


def test_a_comparison_shows_what_is_asked_for_in_the_language_or_in_the_authentic_one() -> None:
    old = [an_article("1", "Рок од 10 дена.", id_=A, en="Within 10 days."), an_article("2", "Исто.", id_=B)]
    new = [an_article("1", "Рок од 15 дена.", id_=A, en="Within 10 days."), an_article("2", "Исто.", id_=B)]
    made = comparison(a_version(1), a_version(2), (old, new), language="en", order=("mk",))
    first, second = made.articles
    assert (first.language, first.is_only_translation) == ("en", True)
    assert second.language == "mk"
    assert not made.is_without_change
    ours = comparison(a_version(1), a_version(2, "Советот одлучи"), (old, new), language="mk", order=())
    assert ours.preamble.differ
    assert [piece.text for piece in ours.articles[0].body.pieces] == ["Рок од", " 10", " 15", " дена."]
    assert [(folded, len(group)) for folded, group in ours.blocks] == [(False, 1), (True, 1)]
