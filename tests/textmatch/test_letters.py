"""When two words count as the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.textmatch.letters import composed, hits, key, split
from consult.textmatch.stops import languages, stop_words

WRITTEN = st.text(st.sampled_from("аАбвВгеЕѓѝсСaAbBcCeExo აბგᲐ ё1'’-.,\u00ad\u0301\u200bß İ"), max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Повеќе ПАРКОВИ!", "повеќе паркови"),
        ("\u0433\u0301аво", "ѓаво"),  # composed by NFC
        ("пaркoви", "паркови"),  # Latin a and o
        ("НЕМА BОДА", "нема вода"),  # Latin B in a Cyrillic word
        ("Вus", "bus"),  # Cyrillic В in a Latin word
        ("e", "е"),  # a word of one look-alike letter
        ("ᲞᲐᲠᲙᲘ", "პარკი"),  # Mtavruli
        ("don’t", "don't"),
        ("пар\u00adкови", "паркови"),
        ("за\u0301мок", "замок"),
        ("ѝ", "и"),
        ("12,5 км", "12.5 км"),
        ("  „паркови“ – улици ", "паркови улици"),
    ],
)
def test_these_count_as_the_same(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("affordable", "unaffordable"), ("чисто", "не чисто"), ("12", "13"), ("cana", "канa"), ("სახლი", "სახლში")],
)
def test_these_do_not(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(WRITTEN)
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)


@given(WRITTEN)
def test_composition_and_case_change_no_key(text: str) -> None:
    assert key(unicodedata.normalize("NFD", text)) == key(text)
    assert key(composed(text).lower()) == key(composed(text)) or "İ" in composed(text) or "B" in text or "В" in text


@given(WRITTEN, WRITTEN)
def test_a_hit_is_found_exactly_where_the_key_has_the_words(text: str, wanted: str) -> None:
    text = composed(text)
    found = hits(text, key(wanted))
    assert bool(found) == (bool(key(wanted)) and key(wanted) in key(text))
    assert all(start < end for start, end in found)
    assert [place for hit in found for place in hit] == sorted(place for hit in found for place in hit)


def test_a_hit_marks_whole_words_in_the_text_as_it_was_written() -> None:
    text = "Помалку ПAРКОВИ, повеќе улици и паркинзи"
    assert [text[start:end] for start, end in hits(text, key("парк"))] == ["ПAРКОВИ", "паркинзи"]
    assert [text[start:end] for start, end in hits(text, key("паркови повеќе"))] == ["ПAРКОВИ, повеќе"]


def test_words_stand_where_they_are_written() -> None:
    text = "Мир,  не бучава"
    assert [text[word.start : word.end] for word in split(text)] == ["Мир", "не", "бучава"]


def test_every_language_has_its_small_words_and_none_that_turns_a_meaning_round() -> None:
    assert languages() == ("en", "ka", "mk")
    assert all(len(stop_words(language)) > 80 for language in languages())
    negations = ["не", "без", "нема", "არ", "ვერ", "არა", "no", "not", "without", "never"]
    assert not {key(word) for word in negations} & {word for code in languages() for word in stop_words(code)}
    assert stop_words("sq") == frozenset()
