"""A survey as an author would build it and residents would answer it: the texts, the people, and their hands.

Whoever wants to see the way sets CONSULT_TEST_SHOTS to a folder: a picture of each step is put there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from playwright.async_api import Page

from consult.surveys.definition import schema as d
from tests.browser.keyboard import Keyboard

LANGUAGES = ("mk", "ka", "en")
Words = tuple[str, str, str]


@dataclass(frozen=True)
class Wanted:
    """A question to be built. label: of its type in the editor; items: options or rows; ends: of a scale."""

    label: str
    text: Words
    items: tuple[Words, ...] = ()
    ends: tuple[Words, Words] | None = None
    ticks: tuple[str, ...] = ()


TITLE: Words = ("Како се движите низ градот?", "როგორ გადაადგილდებით ქალაქში?", "How do you move about the city?")
PAGES: tuple[tuple[Words, tuple[Wanted, ...]], ...] = (
    (
        ("Вашите патувања", "თქვენი მგზავრობა", "Your journeys"),
        (
            Wanted(
                "One of several answers",
                ("Како најчесто патувате?", "როგორ მგზავრობთ ყველაზე ხშირად?", "How do you travel most often?"),
                (
                    ("Со автобус", "ავტობუსით", "By bus"),
                    ("Со автомобил", "ავტომობილით", "By car"),
                    ("Со велосипед", "ველოსიპედით", "By bicycle"),
                    ("Пеш", "ფეხით", "On foot"),
                ),
                ticks=("required",),
            ),
            Wanted(
                "Scale",
                (
                    "Колку сте задоволни од автобусите?",
                    "რამდენად კმაყოფილი ხართ ავტობუსებით?",
                    "How satisfied are you with the buses?",
                ),
                ends=(
                    ("многу незадоволни", "ძალიან უკმაყოფილო", "very dissatisfied"),
                    ("многу задоволни", "ძალიან კმაყოფილი", "very satisfied"),
                ),
            ),
            Wanted(
                "Several answers",
                ("Што би ви помогнало?", "რა დაგეხმარებოდათ?", "What would help you?"),
                (
                    ("Почести автобуси", "უფრო ხშირი ავტობუსები", "More frequent buses"),
                    ("Безбедни велосипедски патеки", "უსაფრთხო ველობილიკები", "Safe cycle paths"),
                    ("Подобри тротоари", "უკეთესი ტროტუარები", "Better pavements"),
                ),
            ),
            Wanted(
                "Faces", ("Како се чувствувате на пат?", "როგორ გრძნობთ თავს გზაში?", "How do you feel on the way?")
            ),
            Wanted(
                "Number",
                (
                    "Колку минути патувате дневно?",
                    "დღეში რამდენ წუთს მგზავრობთ?",
                    "How many minutes a day do you travel?",
                ),
            ),
            Wanted(
                "Written answer",
                ("Што ви пречи најмногу?", "რა გაწუხებთ ყველაზე მეტად?", "What bothers you most?"),
                ticks=("long",),
            ),
        ),
    ),
    (
        ("Што да се подобри", "რა უნდა გაუმჯობესდეს", "What to improve"),
        (
            Wanted(
                "Table of scales",
                ("Како ги оценувате?", "როგორ აფასებთ მათ?", "How do you rate them?"),
                (
                    ("Улици", "ქუჩები", "Streets"),
                    ("Тротоари", "ტროტუარები", "Pavements"),
                ),
                ends=(("лошо", "ცუდი", "bad"), ("добро", "კარგი", "good")),
            ),
            Wanted(
                "Put in order",
                ("Што е најважно?", "რა არის ყველაზე მნიშვნელოვანი?", "What matters most?"),
                (
                    ("Безбедност", "უსაფრთხოება", "Safety"),
                    ("Брзина", "სისწრაფე", "Speed"),
                    ("Цена", "ფასი", "Price"),
                ),
            ),
            Wanted(
                "Share out points",
                ("Како би ги поделиле парите?", "როგორ გაანაწილებდით თანხას?", "How would you share out the money?"),
                (
                    ("Автобуси", "ავტობუსები", "Buses"),
                    ("Патеки", "ბილიკები", "Paths"),
                ),
            ),
            Wanted(
                "Recommendation, 0 to 10",
                (
                    "Дали би го препорачале јавниот превоз?",
                    "ურჩევდით სხვებს საზოგადოებრივ ტრანსპორტს?",
                    "Would you recommend public transport?",
                ),
                ends=(("воопшто не", "საერთოდ არა", "not at all"), ("секако", "აუცილებლად", "certainly")),
            ),
            Wanted("Date", ("Кога патувавте последен пат?", "ბოლოს როდის იმგზავრეთ?", "When did you last travel?")),
            Wanted("Place", ("Каде живеете?", "სად ცხოვრობთ?", "Where do you live?")),
        ),
    ),
)
QUESTIONS = tuple(question for _, questions in PAGES for question in questions)


@dataclass(frozen=True)
class Person:
    """Who answers: what they choose, by the number of the question; places in a list count from 0."""

    language: str
    chosen: Mapping[int, Any]
    hidden: frozenset[int] = field(default_factory=frozenset)


MK = Person("mk", {0: 0, 1: 2, 2: [0, 2], 3: 2, 4: 45, 5: "Долго чекање", 6: [4, 5], 7: [2, 0, 1], 8: [70, 30],
                   9: 3, 10: "2026-11-20", 11: 1})  # fmt: skip
KA = Person("ka", {0: 2, 2: [1], 3: 4, 4: 20, 6: [1, 2], 7: [0, 1, 2], 8: [0, 100], 9: 10, 10: "2026-10-01", 11: 3},
            frozenset({1, 5}))  # fmt: skip
EN = Person("en", {0: 3, 2: [2], 3: 5, 4: 60, 5: "No shade & no benches", 6: [5, 3], 7: [1, 2, 0], 8: [50, 50],
                   9: 8, 10: "2026-11-01", 11: 2}, frozenset({1}))  # fmt: skip


def stored(person: Person, survey: d.Definition, places: tuple[str, ...]) -> dict[str, Any]:
    """What must be in the database, from the codes of the survey."""
    found: dict[str, Any] = {}
    for number, question in enumerate(survey.questions):
        if number in person.hidden:
            continue
        given = person.chosen[number]
        match question:
            case d.Single(options=options):
                given = options[given].code
            case d.Multiple(options=options) | d.Ranking(options=options):
                given = [options[place].code for place in given]
            case d.Allocation(options=options):
                given = {option.code: points for option, points in zip(options, given, strict=True)}
            case d.MatrixScale(rows=rows):
                given = {row.code: value for row, value in zip(rows, given, strict=True)}
            case d.Place():
                given = places[given]
        found[question.key] = given
    return found


class Hands(Protocol):
    """How somebody uses a page: each function is given the name of a field."""

    async def pick(self, name: str, value: str, place: int) -> None: ...
    async def tick(self, name: str, value: str) -> None: ...
    async def write(self, name: str, words: str) -> None: ...
    async def select(self, name: str, value: str, place: int) -> None: ...
    async def rank(self, names: list[str]) -> None: ...
    async def go_on(self) -> None: ...


GO_ON = "main button[name=_go][value=next]"


class Fingers:
    """Taps on what is seen: labels, never the small controls themselves."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def _tap(self, name: str, value: str) -> None:
        control = await self.page.locator(f'[name="{name}"][value="{value}"]').get_attribute("id")
        await self.page.locator(f'label[for="{control}"]').tap(force=True)  # of a scale, the circle lies upon its label

    async def pick(self, name: str, value: str, place: int) -> None:
        await self._tap(name, value)

    async def tick(self, name: str, value: str) -> None:
        await self._tap(name, value)

    async def write(self, name: str, words: str) -> None:
        field = self.page.locator(f'[name="{name}"]')
        await field.tap()
        await field.press_sequentially(words)

    async def select(self, name: str, value: str, place: int) -> None:
        await self.page.locator(f'[name="{name}"]').select_option(value)

    async def rank(self, names: list[str]) -> None:
        for name in names:
            button = self.page.locator(f'li:has([name="{name}"]) [data-step=add]')
            if await button.is_visible():  # the place of the last one follows from the others
                await button.tap()

    async def go_on(self) -> None:
        async with self.page.expect_navigation():
            await self.page.locator(GO_ON).tap()


class Bare(Fingers):
    """Taps and clicks in a browser that runs no scripts: an order is given by numbers."""

    async def rank(self, names: list[str]) -> None:
        for place, name in enumerate(names, 1):
            await self.page.locator(f'[name="{name}"]').select_option(str(place))

    async def go_on(self) -> None:
        async with self.page.expect_navigation():
            await self.page.locator(GO_ON).click()


class Keys:
    """Tab, arrows, blank and Enter; the focus must be seen on everything that is reached."""

    def __init__(self, page: Page) -> None:
        self.keys = Keyboard(page)
        self.page = page

    async def pick(self, name: str, value: str, place: int) -> None:
        await self.keys.choose(f'[name="{name}"]', arrows=place)

    async def tick(self, name: str, value: str) -> None:
        await self.keys.choose(f'[name="{name}"][value="{value}"]')

    async def write(self, name: str, words: str) -> None:
        await self.keys.write(f'[name="{name}"]', words)

    async def select(self, name: str, value: str, place: int) -> None:
        await self.keys.to(f'[name="{name}"]')
        for _ in range(place):
            await self.page.keyboard.press("ArrowDown")

    async def rank(self, names: list[str]) -> None:
        for name in names[:-1]:
            await self.keys.to(f'li:has([name="{name}"]) [data-step=add]')
            await self.page.keyboard.press("Enter")

    async def go_on(self) -> None:
        await self.keys.press(GO_ON)


async def answer(hands: Hands, question: d.AnyQuestion, given: Any, places: tuple[str, ...]) -> None:
    key = question.key
    match question:
        case d.Single(options=options):
            await hands.pick(key, options[given].code, given)
        case d.Multiple(options=options):
            for place in given:
                await hands.tick(key, options[place].code)
        case d.MatrixScale(rows=rows):
            for row, value in zip(rows, given, strict=True):
                await hands.pick(f"{key}.{row.code}", str(value), value - question.values[0])
        case d.Scaled() | d.Nps():
            await hands.pick(key, str(given), given - question.values[0])
        case d.Ranking(options=options):
            await hands.rank([f"{key}.{options[place].code}" for place in given])
        case d.Allocation(options=options):
            for option, points in zip(options, given, strict=True):
                await hands.write(f"{key}.{option.code}", str(points))
        case d.Date():
            year, month, day = given.split("-")
            for part, value in (("day", day), ("month", month), ("year", year)):
                await hands.write(f"{key}.{part}", str(int(value)))
        case d.Place():
            await hands.select(key, places[given], given + 1)
        case _:
            await hands.write(key, str(given))


async def shot(page: Page, name: str) -> None:
    """A picture of the whole page, for those who look."""
    folder = os.environ.get("CONSULT_TEST_SHOTS")
    if folder:
        await page.screenshot(path=str(Path(folder) / f"walk-{name}.png"), full_page=True)
