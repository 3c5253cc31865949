"""What an index is, and how its items are typed."""

import pytest

from consult.app import Application
from consult.indices.standing import Item, Standing, faults, items_in, items_text

NAME = {"mk": "Задоволство", "ka": "კმაყოფილება", "en": "Satisfaction"}
GOOD = Standing(name=NAME, items=(Item("satisfaction.overall"),))


def places(standing: Standing, before: Standing | None = None) -> set[str]:
    return {problem.place for problem in faults(standing, before)}


def test_items_are_typed_one_in_each_line_with_a_weight_behind() -> None:
    found, problems = items_in("satisfaction.overall\n\n  satisfaction.ideal 2,5 \n")
    assert found == (Item("satisfaction.overall"), Item("satisfaction.ideal", 2.5))
    assert problems == []
    assert items_in(items_text(found)) == (found, [])


@pytest.mark.parametrize("line", ["Задоволство", "a b c", "x -1", "x 0", "x nan", ".overall", "x 1e9"])
def test_what_is_no_item_is_named(line: str) -> None:
    found, problems = items_in(line)
    assert found == ()
    assert [problem.place for problem in problems] == ["items"]


def test_an_item_counts_once() -> None:
    found, problems = items_in("a.b\na.b 2")
    assert (len(found), len(problems)) == (1, 1)


def test_a_version_needs_a_name_items_and_a_possible_target(application: Application) -> None:
    assert places(GOOD) == set()
    assert places(Standing(name={})) == {"name-mk", "name-ka", "name-en", "items"}
    assert places(Standing(name=NAME, items=GOOD.items, target=-5)) == {"target"}
    assert places(Standing(name=NAME, items=GOOD.items, target=-5, rule="net")) == set()


def test_a_change_of_the_method_must_be_said_but_not_one_of_the_name(application: Application) -> None:
    renamed = Standing(name=NAME | {"en": "Pleased"}, items=GOOD.items, target=80)
    assert places(renamed, GOOD) == set()
    weighed = Standing(name=NAME, items=(Item("satisfaction.overall", 2),))
    assert places(weighed, GOOD) == {"changed-mk", "changed-ka", "changed-en"}
