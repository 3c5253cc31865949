"""Words and pairs of words, by persons."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consult.textmatch.corpus import corpus
from consult.textmatch.counts import counts
from consult.textmatch.forms import bases
from consult.textmatch.letters import key

TEXTS = st.lists(
    st.tuples(
        st.sampled_from(["mk", "en"]), st.lists(st.sampled_from(["Парк", "улица", "bus", "и", ",", "12"]), max_size=8)
    ),
    max_size=8,
).map(lambda texts: [(language, " ".join(words)) for language, words in texts])


def test_persons_count_once_however_often_they_say_it() -> None:
    made = counts(corpus([("mk", "Парк, парк и парк"), ("mk", "улица, парк"), ("en", "park")]), "mk")
    assert [(one.words, one.persons, one.times) for one in made.words] == [("парк", 2, 4), ("улица", 1, 1)]
    assert made.texts == 2


def test_pairs_are_neighbours_without_a_sign_or_a_small_word_between() -> None:
    made = counts(corpus([("mk", "јавен превоз, чиста улица"), ("mk", "Јавен превоз. Парк и улица")]), "mk")
    assert [(one.words, one.persons) for one in made.pairs] == [("јавен превоз", 2), ("чиста улица", 1)]


def test_a_word_is_shown_as_most_people_write_it() -> None:
    made = counts(corpus([("mk", "Скопје скопје"), ("mk", "скопјe")]), "mk")  # the last with a Latin e
    assert [(one.words, one.persons) for one in made.words] == [("скопје", 2)]


def test_a_form_counts_with_its_base_when_somebody_wrote_the_base() -> None:
    made = counts(corpus([("mk", "паркот"), ("mk", "парк, паркот"), ("mk", "лета")]), "mk")
    assert [(one.words, one.persons, one.times, one.forms) for one in made.words] == [
        ("парк", 2, 3, ("паркот",)),
        ("лета", 1, 1, ()),
    ]


NOUNS = ("პარკი", "პარკში", "პარკის", "ქუჩა", "ქუჩის", "ქუჩებში", "ქუჩები", "არის", "არა", "სახლში")


def test_georgian_cases_join_what_stands_among_the_texts() -> None:
    persons = {key(word): 1 for word in NOUNS}
    assert bases(persons, "ka") == {"პარკში": "პარკი", "პარკის": "პარკი", "ქუჩის": "ქუჩა", "ქუჩებში": "ქუჩები"}


def test_forms_of_other_languages_are_left_alone() -> None:
    assert bases({"parks": 1, "park": 2}, "en") == {}


@given(TEXTS, st.randoms())
def test_the_order_of_texts_changes_nothing(texts: list[tuple[str, str]], random: Random) -> None:
    shuffled = list(texts)
    random.shuffle(shuffled)
    for language in ("mk", "en"):
        assert counts(corpus(texts), language) == counts(corpus(shuffled), language)


@given(TEXTS)
def test_persons_are_what_looking_at_each_text_says(texts: list[tuple[str, str]]) -> None:
    made = counts(corpus(texts), "mk")
    for one in made.words:
        assert one.persons == sum(1 for language, text in texts if language == "mk" and one.key in key(text).split())
        assert one.times == sum(key(text).split().count(one.key) for language, text in texts if language == "mk")


def test_only_the_chosen_texts_are_counted() -> None:
    made = counts(corpus([("mk", "парк"), ("mk", "улица")]), "mk", np.array([False, True]))
    assert [one.words for one in made.words] == ["улица"]
    assert counts(corpus([]), "mk").words == ()
