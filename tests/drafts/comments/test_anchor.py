"""Quoted words and what becomes of them: never taken from another place in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.drafts.comments.anchor import SURROUNDINGS, Anchor, Standing, anchor_of, places, standing
from consult.drafts.markup import to_words
from consult.errors import Problem

LAW = (
    "(1) На секои три паркинг-места се сади едно дрво. (2) Дрвата ги одржува јавното претпријатие „Паркови“. "
    "(3) За секое исечено дрво се садат две нови. (4) Дрвата ги запишува регистарот на градот."
)
WORDS = st.lists(
    st.sampled_from(["дрво", "место", "град", "одлука", "сенка", "вода", "улица", "три", "ново", "хектар"]), min_size=1
)
TEXT = st.lists(WORDS.map(" ".join), min_size=3, max_size=12).map(". ".join)


def the_anchor(quote: str, text: str = LAW, before: str = "") -> Anchor:
    found = anchor_of({"mk": text}, quote, before=before)
    assert isinstance(found, Anchor)
    return found


def refusal(quote: str, text: str = LAW, before: str = "") -> str:
    found = anchor_of({"mk": text}, quote, before=before)
    assert isinstance(found, Problem)
    return found.message


def test_words_are_found_as_a_person_copies_them() -> None:
    for written in (
        "јавното претпријатие „Паркови“",
        '  Јавното  претпријатие\n"Паркови" ',
        "„јавното претпријатие „Паркови“",
    ):
        assert the_anchor(written).quote.startswith("јавното претпријатие „Паркови")
    found = the_anchor("едно дрво")
    assert (found.before[-8:], found.after[:5], len(found.before)) == ("се сади ", ". (2)", SURROUNDINGS)


def test_words_that_stand_nowhere_or_twice_are_refused_not_guessed() -> None:
    assert "do not stand" in refusal("две дрва")
    assert "%(count)s times" in refusal("Дрвата ги")
    assert the_anchor("Дрвата ги", before="садат две нови. (4)").after.startswith(" запишува")
    assert "at most" in refusal("а" * 501)


def test_the_language_of_the_page_comes_first() -> None:
    texts = {"mk": "Прво. Tree.", "en": "A tree. Tree rows."}
    found = anchor_of(texts, "tree rows", languages=["mk"])
    assert isinstance(found, Anchor)
    assert (found.language, found.quote) == ("en", "Tree rows")
    first = anchor_of(texts, "tree", languages=["mk"])
    assert isinstance(first, Anchor)
    assert first.language == "mk"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (LAW, Standing.KEPT),
        ("Нова реченица. " + LAW, Standing.MOVED),
        (LAW.replace("„Паркови“", "„Зеленило“"), Standing.MOVED),
        (LAW.replace("се сади едно дрво", "се садат две дрва"), Standing.ORPHANED),
        ("(9) Во дворот се сади едно дрво и ништо друго.", Standing.ORPHANED),
        (None, Standing.ORPHANED),
    ],
)
def test_standing_on_the_next_version(new: str | None, expected: Standing) -> None:
    assert standing(the_anchor("се сади едно дрво"), LAW, new).standing is expected


def test_when_the_meant_place_is_deleted_its_twin_is_not_taken() -> None:
    old = "До 100 денари за секое дрво во градот и селата. До 200 денари за секое дрво во градот и селата."
    meant = the_anchor("денари", old, before="До 100")
    assert standing(meant, old, "До 200 денари за секое дрво во градот и селата.").standing is Standing.ORPHANED
    assert standing(meant, old, old + " Ново.").at == old.index("денари")


@settings(max_examples=60, deadline=None)
@given(TEXT, st.data())
def test_text_put_in_before_moves_the_words_and_a_change_in_them_orphans(text: str, data: st.DataObject) -> None:
    quote = "точно овие зборови"
    cut = data.draw(st.integers(0, len(text)))
    old = f"{text[:cut]} {quote} {text[cut:]}"
    meant = the_anchor(quote, old)
    before = data.draw(st.integers(0, cut))
    moved = standing(meant, old, f"{old[:before]}Вметнато. {old[before:]}")
    if before <= cut - SURROUNDINGS or len(text) - cut >= 2 * SURROUNDINGS:
        assert moved.standing is Standing.MOVED
    if moved.at is not None:
        assert moved.at == cut + 1 + len("Вметнато. ")
    assert standing(meant, old, old.replace(quote, "точно оние зборови")).standing is Standing.ORPHANED


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT)
def test_the_same_words_among_others_are_never_taken(old: str, new: str) -> None:
    quote = "точно овие зборови"
    meant = the_anchor(quote, f"{old} {quote} {old}")
    found = standing(meant, f"{old} {quote} {old}", f"Сосема друго опкружување 1 {quote} 2 нешто поинакво. {new}")
    assert found.standing is Standing.ORPHANED


def test_places_count_overlaps() -> None:
    assert places("ааа", "аа") == [0, 1]


def test_words_of_markdown_are_those_that_are_seen() -> None:
    assert (
        to_words("(1) **Едно** дрво,\n(2) [две](https://x.mk) & три.\n\n- ред") == "(1) Едно дрво, (2) две & три. ред"
    )
