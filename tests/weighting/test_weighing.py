"""From recipes and designs to weights: pure, over columns of a small survey."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import pytest

from consult.analysis.estimate import Reason
from consult.analysis.sampling.weighting import Place
from consult.columns.column import Coded, Column
from consult.columns.reading import columns
from consult.columns.variables import Found, variables
from consult.weighting.declared import Declared, may_group, problems
from consult.weighting.recipe import OUTSIDE, Group, Margin, Recipe, belonging, matched
from consult.weighting.recipe import problems as recipe_problems
from consult.weighting.weighing import designed, relative, shares, weighed
from tests.results.makers import text
from tests.weighting.makers import AGES, ANSWERS, a_definition, a_margin, a_recipe, answer


@dataclass
class Rows:
    """Columns as a frame has them."""

    answers: Any = ANSWERS
    n: int = 0
    by_key: dict[str, Column] = field(default_factory=dict)
    variables: Any = None

    def __post_init__(self) -> None:
        made = columns(a_definition(), ((given, "web") for given in self.answers))
        self.n, self.by_key = made.n, {key: made.column(key) for key in made.found}
        found: dict[str, Found] = {
            key: ("coded", column.points)
            for key, column in self.by_key.items()
            if isinstance(column, Coded) and not key.startswith("@")
        }
        self.variables = variables(a_definition(), found)

    def column(self, key: str) -> Column:
        return self.by_key[key]


def test_weights_meet_both_distributions() -> None:
    rows = Rows()
    found = weighed(rows, Declared(), a_recipe(rows, is_capped=False))  # type: ignore[arg-type]
    for margin, wanted in zip(found.margins, ([0.5, 0.5], [0.3, 0.7]), strict=True):
        assert shares(margin, found.weights)[0] == pytest.approx(wanted)
    assert found.reason is None
    assert found.weights.sum() == pytest.approx(1000)
    assert len(found.design.projections) == 1


def test_unknown_towns_keep_their_share() -> None:
    rows = Rows([*ANSWERS, *[answer("dont_know", "old")] * 10])
    found = weighed(rows, Declared(), a_recipe(rows))  # type: ignore[arg-type]
    assert shares(found.margins[0], found.weights)[1] == pytest.approx(0.2)


def test_people_from_outside_the_population_weigh_nothing() -> None:
    rows = Rows([*ANSWERS, *[answer("away", "old")] * 10])
    recipe = a_recipe(rows)  # type: ignore[arg-type]
    towns = msgspec.structs.replace(recipe.margins[0], belongs={**recipe.margins[0].belongs, "away": OUTSIDE})
    found = weighed(rows, Declared(), Recipe((towns, recipe.margins[1])))
    assert (found.weights[-10:] == 0).all()
    assert found.cost.n == 40


def test_a_group_without_respondents_is_named_and_the_design_holds() -> None:
    rows = Rows([given for given in ANSWERS if given["town"] == "north"])
    found = weighed(rows, Declared(), a_recipe(rows))  # type: ignore[arg-type]
    assert (found.reason, found.faults) == (Reason.EMPTY_GROUP, (Place("town", "south"),))
    assert (found.weights == 1).all()


def test_a_group_may_be_counted_together_with_another() -> None:
    rows = Rows([given for given in ANSWERS if given["town"] == "north"])
    recipe = a_recipe(rows)  # type: ignore[arg-type]
    north, south = recipe.margins[0].groups
    towns = msgspec.structs.replace(recipe.margins[0], groups=(north, msgspec.structs.replace(south, into="north")))
    found = weighed(rows, Declared(), Recipe((towns, recipe.margins[1])))
    assert found.reason is None
    assert found.margins[0].population.tolist() == [1000]


def test_groups_that_name_each_other_do_not_go_round_in_circles() -> None:
    north, south = a_margin().groups
    towns = msgspec.structs.replace(
        a_margin(),
        groups=(msgspec.structs.replace(north, into="south"), msgspec.structs.replace(south, into="north")),
    )
    together = towns.together()
    assert set(together) == {"north", "south"}
    assert all(together[end] == end or together[together[end]] != together[end] for end in together.values())


def test_nobody_has_weights() -> None:
    found = weighed(Rows([]), Declared(), a_recipe(Rows()))  # type: ignore[arg-type]
    assert found.weights.shape == (0,)
    assert found.reason is Reason.NO_ANSWERS
    assert relative(found.weights).shape == (0,)


def test_strata_weigh_people_for_each_respondent() -> None:
    rows = Rows()
    declared = Declared(kind="sample", strata="town", counts={"north": 300, "south": 20}, clusters="")
    design, fault = designed(rows, declared)
    assert fault is None
    assert design.weights[[0, -1]].tolist() == [10, 2]
    assert design.fpc[0][[0, -1]].tolist() == [300, 20]
    assert design.df == 38


def test_groups_that_are_not_of_the_population_weigh_nothing() -> None:
    rows = Rows([*ANSWERS, answer("away", "old"), answer("dont_know", "old")])
    declared = Declared(kind="sample", strata="town", counts={"north": 300, "south": 20})
    design, fault = designed(rows, declared)
    assert fault is None
    assert design.weights[-2] == 0
    assert design.weights[-1] == pytest.approx(320 / 41)
    assert design.weights.sum() == pytest.approx(320)
    assert np.isfinite(design.variance(design.weights)).all()


def test_clusters_are_counted_and_unknown_ones_stand_alone() -> None:
    rows = Rows([*ANSWERS, answer(None, "old"), answer(None, "old")])
    design, _ = designed(rows, Declared(kind="sample", population=1000, clusters="town"))
    assert len(np.unique(design.stages[0])) == 4
    assert design.fpc == ()
    assert design.weights[0] == pytest.approx(1000 / 42)


def test_a_stratum_nobody_answered_from_is_said() -> None:
    rows = Rows([given for given in ANSWERS if given["town"] == "north"])
    declared = Declared(kind="sample", strata="town", counts={"north": 300, "south": 20})
    found = weighed(rows, declared, None)
    assert (found.reason, found.faults) == (Reason.EMPTY_GROUP, (Place("town", "south"),))


def test_groups_find_their_answers_by_code_or_words() -> None:
    rows = Rows()
    by_words = replace_keys(a_margin())
    assert belonging(a_margin(), rows.variables["town"]) == {"north": "north", "south": "south"}
    assert belonging(by_words, rows.variables["town"]) == {"north": "1", "south": "2"}
    strange = a_margin((("x", text("No such")), ("y", text("words"))))
    margins = matched([a_margin(AGES, (1, 2)), strange, a_margin(), a_margin()], may_group(rows.variables))
    assert [margin.variable for margin in margins] == ["age", "", "town", ""]


def replace_keys(margin: Any) -> Any:
    groups = (msgspec.structs.replace(group, key=str(i)) for i, group in enumerate(margin.groups, 1))
    return msgspec.structs.replace(margin, groups=tuple(groups))


def test_a_declaration_tells_all_that_is_missing() -> None:
    rows = Rows()
    declared = Declared(kind="sample", population=10, drawn=20, strata="town", counts={"north": 3}, clusters="gone")
    places = [problem.place for problem in problems(declared, rows.variables)]
    assert places == ["drawn", "clusters"]
    none = msgspec.structs.replace(declared, drawn=None, counts={}, clusters="town")
    assert [problem.place for problem in problems(none, rows.variables)] == ["count-north", "clusters"]
    assert not problems(replace_kind(declared), rows.variables)


def replace_kind(declared: Declared) -> Declared:
    return msgspec.structs.replace(declared, kind="open")


def test_one_question_serves_one_distribution() -> None:
    rows = Rows()
    recipe = a_recipe(rows)  # type: ignore[arg-type]
    twice = Recipe((recipe.margins[0], recipe.margins[0]), lowest=1, highest=1)
    found = recipe_problems("x" * 90, twice, rows.variables, ["y"])
    assert [problem.place for problem in found] == ["name", "variable-1", "lowest"]
    assert [p.place for p in recipe_problems("Census", recipe, rows.variables, ["census"])] == ["name"]


def test_groups_that_are_joined_in_a_circle_are_one_group() -> None:
    def joined(**into: str) -> dict[str, str]:
        groups = tuple(Group(key, {"en": key}, 10, other) for key, other in into.items())
        return Margin({"en": "Age"}, groups).together()

    assert joined(a="b", b="a", c="") == {"a": "a", "b": "a", "c": "c"}
    assert joined(a="b", b="c", c="b", d="a") == {"a": "b", "b": "b", "c": "b", "d": "b"}
    assert joined(a="a", b="gone", c="b") == {"a": "a", "b": "b", "c": "b"}
