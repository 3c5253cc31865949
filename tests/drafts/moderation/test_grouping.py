"""What the machine proposes as saying the same, beside what people decided before."""

from itertools import permutations
from uuid import UUID, uuid4

from consult.drafts.moderation.grouping import Addition, Known, Written, additions, alike, members
from consult.textmatch.difference import differing

PARKING = "Паркирањето треба да остане бесплатно за жителите на улицата."
LOOKALIKE = "Пapкирањето тpeбa да останe бесплатно за жителите на улицата!"  # with Latin letters
HOUSING_EN = "The rents in the new building by the river must stay affordable for all of the families who live there."
OPPOSITE = HOUSING_EN.replace("affordable", "unaffordable")
GEORGIAN = "გთხოვთ, ბავშვთა სათამაშო მოედანი შეინარჩუნოთ ძველ პარკში."
GEORGIAN_NEAR = "გთხოვთ ბავშვთა სათამაშო მოედანი შეინარჩუნოთ ძველი პარკში"


def written(*texts: str) -> list[Written]:
    return [Written.of(UUID(int=place), text) for place, text in enumerate(texts)]


def test_near_equal_words_of_each_script_are_proposed_together_in_any_order() -> None:
    texts = [PARKING, LOOKALIKE, HOUSING_EN, OPPOSITE, GEORGIAN, GEORGIAN_NEAR, "Нешто сосема друго.", ""]
    for order in list(permutations(range(len(texts))))[:5000:611]:
        found, is_complete = alike(written(*[texts[place] for place in order]))
        said = {frozenset(texts[order[one.int]] for one in group) for group in found}
        assert said == {
            frozenset({PARKING, LOOKALIKE}),
            frozenset({HOUSING_EN, OPPOSITE}),
            frozenset({GEORGIAN, GEORGIAN_NEAR}),
        }
        assert is_complete


def test_the_word_that_reverses_the_sense_is_seen() -> None:
    assert differing(HOUSING_EN, OPPOSITE) == (("affordable", "unaffordable"),)


def test_what_people_decided_stays_and_only_what_is_new_is_proposed() -> None:
    one, two, three, four, five = (UUID(int=place) for place in range(5))
    mine, other = uuid4(), uuid4()
    assert additions([(one, two)], {}) == [Addition(None, (one, two))]
    assert additions([(one, two)], {one: [Known(mine, True)]}) == [Addition(mine, (two,))]
    assert additions([(one, two)], {one: [Known(mine, False)]}) == []
    assert additions([(one, two)], {one: [Known(mine, True)], two: [Known(mine, True)]}) == []
    homes = {one: [Known(other, True)], two: [Known(mine, True)], three: [Known(other, False), Known(mine, True)]}
    assert additions([(one, two, three, four)], homes) == [Addition(mine, (four,))]
    assert additions([(one, four, five)], {one: [Known(mine, False)]}) == [Addition(None, (four, five))]


def test_wordings_are_numbered_from_the_heads_by_how_many_say_so() -> None:
    texts = written(OPPOSITE, HOUSING_EN, HOUSING_EN.upper(), OPPOSITE + " Yes")
    counted = members(texts)
    assert [member.wording for member in counted] == [1, 0, 0, 2]
    assert [member.likeness for member in counted][1:3] == [1, 1]
    assert 0.7 < counted[0].likeness < 1
    assert members(texts, texts[0].id)[0].wording == 0
