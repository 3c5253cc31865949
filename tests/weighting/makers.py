"""A survey on trees that asks for town and age, its answers, and distributions of the population."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from consult.columns.frame import Frame
from consult.surveys.definition.schema import Definition
from consult.weighting.recipe import Group, Margin, Recipe, with_variable
from tests.results.makers import DONT_KNOW, Answers, a_survey, definition, question, text

TOWNS = (("north", text("North", "Север", "ჩრდილოეთი")), ("south", text("South", "Југ", "სამხრეთი")))
AGES = (("young", text("Young", "Млади", "ახალგაზრდა")), ("old", text("Old", "Стари", "ხანდაზმული")))


def options(*pairs: tuple[str, dict[str, str]]) -> list[dict[str, Any]]:
    return [{"code": code, "text": words} for code, words in pairs]


def a_definition(**more: Any) -> Definition:
    return definition(
        question("single", "town", options=[*options(*TOWNS, ("away", text("Elsewhere"))), DONT_KNOW]),
        question("single", "age", options=options(*AGES)),
        question(
            "single", "trees", options=options(("yes", text("Yes", "Да", "დიახ")), ("no", text("No", "Не", "არა")))
        ),
        **more,
    )


def answer(town: str | None, age: str, trees: str = "yes") -> Answers:
    return {"town": town, "age": age, "trees": trees}


ANSWERS: Sequence[Answers] = (
    *[answer("north", "young", "yes")] * 20,
    *[answer("north", "old", "no")] * 10,
    *[answer("south", "young", "no")] * 6,
    *[answer("south", "old", "no")] * 4,
)


async def a_weighable_survey(answers: Sequence[Answers] = ANSWERS, **more: Any) -> UUID:
    return await a_survey(a_definition(**more), answers)


def a_margin(pairs: tuple[tuple[str, dict[str, str]], ...] = TOWNS, people: Sequence[float] = (500, 500)) -> Margin:
    return Margin(
        title=text("Residents by town", "Жители по град", "მოსახლეობა ქალაქების მიხედვით"),
        source=text("Census of 2021"),
        groups=tuple(Group(code, words, count) for (code, words), count in zip(pairs, people, strict=True)),
    )


def a_recipe(frame: Frame, **more: Any) -> Recipe:
    """By town, half and half, and by age, 30 to 70."""
    towns, ages = a_margin(), a_margin(AGES, (300, 700))
    return Recipe((with_variable(towns, frame.variables["town"]), with_variable(ages, frame.variables["age"])), **more)
