"""Groups of near-equal texts, and what they differ in."""

import random as randomness
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.textmatch import near
from consult.textmatch.difference import Part, differing, parts
from consult.textmatch.letters import key

WORDS = ["парк", "паркови", "улица", "улици", "чиста", "бучава", "ноќе", "вода", "не", "affordable", "unaffordable"]
SENTENCE = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
LONG = (
    "Предложената станарина од триста евра е affordable за семејство со две деца и двајца вработени, па барам "
    "советот да ја усвои одлуката уште на наредната седница и да објави точен список на становите до крајот на месецов"
)


def test_equal_texts_are_one_group_whatever_their_case_and_signs() -> None:
    made = near.groups([key(text) for text in ("Повеќе зеленило!", "повеќе зеленило", "бучава")])
    assert made.group.tolist() == [0, 0, 1]
    assert made.sizes.tolist() == [2, 1]
    assert made.wordings.tolist() == [1, 1]


def test_a_word_turned_round_stays_in_the_group_and_is_shown() -> None:
    other = LONG.replace("affordable", "unaffordable")
    assert near.groups([key(LONG), key(LONG), key(other)]).group.tolist() == [0, 0, 0]
    assert differing(LONG, other) == (("affordable", "unaffordable"),)
    assert [part.kind for part in parts(LONG, other)] == ["same", "differs", "same"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("паркинг", "паркниг", True),
        ("паркинг", "паркинк", True),
        ("паркинг", "паркнг", True),
        ("ред 12а", "ред 13а", False),
        ("да", "не", False),
        ("паркови", "улици", False),
        ("", "", True),
        ("", "парк", False),
    ],
)
def test_short_texts_are_near_if_one_letter_tells_them_apart(one: str, other: str, alike: bool) -> None:
    assert near.are_near(one, other) is alike
    assert near.are_near(other, one) is alike


@given(SENTENCE, SENTENCE)
def test_resemblance_and_differences_are_symmetric(one: str, other: str) -> None:
    assert near.resemblance(key(one), key(other)) == near.resemblance(key(other), key(one))
    assert near.are_near(key(one), key(other)) == near.are_near(key(other), key(one))
    exchanged = tuple(Part(part.kind, part.second, part.first) for part in parts(other, one))
    assert parts(one, other) == exchanged
    assert (differing(one, other) == ()) == (key(one) == key(other))


@given(SENTENCE, SENTENCE)
def test_the_parts_give_both_texts_back(one: str, other: str) -> None:
    made = parts(one, other)
    assert " ".join(part.first for part in made if part.first) == one
    assert " ".join(part.second for part in made if part.second) == other


@settings(max_examples=60)
@given(st.lists(SENTENCE, max_size=12), st.randoms())
def test_the_order_of_texts_changes_no_group(texts: list[str], random: randomness.Random) -> None:
    keys = [key(text) for text in texts]
    order = list(range(len(keys)))
    random.shuffle(order)
    made, mixed = near.groups(keys), near.groups([keys[place] for place in order])
    assert made.heads == mixed.heads
    assert made.sizes.tolist() == mixed.sizes.tolist()
    assert [made.group[place] for place in order] == mixed.group.tolist()


@settings(max_examples=60)
@given(st.lists(SENTENCE, max_size=12))
def test_every_member_is_near_its_head_and_every_text_has_a_group(texts: list[str]) -> None:
    keys = [key(text) for text in texts]
    made = near.groups(keys)
    assert all(near.are_near(one, made.heads[group]) for one, group in zip(keys, made.group, strict=True))
    assert made.sizes.sum() == len(keys)
    assert [len(made.members(number)) for number in range(len(made.heads))] == made.sizes.tolist()
    assert sorted(made.sizes.tolist(), reverse=True) == made.sizes.tolist()
    by_key = dict(zip(keys, made.group.tolist(), strict=True))
    assert [by_key[one] for one in keys] == made.group.tolist()  # equal texts are never parted


def test_a_campaign_is_one_group_and_strangers_stay_strangers() -> None:
    """2,000 copies of a letter with up to three words of their own, among 1,000 other letters."""
    random = randomness.Random(7)
    vocabulary = ["".join(random.choices("абвгдежзиклмнопрст", k=random.randint(4, 10))) for _ in range(3000)]
    letter = random.choices(vocabulary, k=60)
    texts = []
    for _ in range(2000):
        copy = list(letter)
        for _ in range(random.randint(0, 3)):
            copy[random.randrange(60)] = random.choice(vocabulary)
        texts.append(" ".join(copy))
    texts += [" ".join(random.choices(vocabulary, k=60)) for _ in range(1000)]
    began = time.process_time()
    made = near.groups([key(text) for text in texts])
    assert time.process_time() - began < 15
    assert made.is_complete
    assert made.sizes[0] == 2000
    assert made.sizes[1:].tolist() == [1] * 1000
