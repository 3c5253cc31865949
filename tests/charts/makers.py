"""One chart of each of the other kinds, in words as long as they come."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from consult.analysis.estimate import Reason
from consult.charts.chart import LeftOut
from consult.charts.kinds import (
    Axis,
    Band,
    Cell,
    Column,
    Dot,
    Group,
    Grouped,
    Heat,
    Intervals,
    Line,
    Measure,
    Note,
    Scatter,
    Spot,
    Value,
    Wave,
    Word,
    Words,
)
from consult.charts.spec import OtherKind
from tests.results.makers import SATISFACTION, source, text

TITLE = text(
    "How satisfied are you with the upkeep of pavements in your neighbourhood?",
    "Колку сте задоволни од одржувањето на тротоарите во вашата населба?",
    "რამდენად კმაყოფილი ხართ ტროტუარების მოვლა-პატრონობით თქვენს უბანში?",
)
AGES = [
    text("18–29"),
    text("30–44"),
    text("45–64"),
    text("65 and over", "65 и повеќе години", "65 წლის და უფროსი"),
]
SERVICES = [
    text("Parks and playgrounds", "Паркови и детски игралишта", "პარკები და საბავშვო მოედნები"),
    text(
        "Street cleaning and waste collection",
        "Чистење улици и собирање отпад",
        "ქუჩების დასუფთავება და ნარჩენების გატანა",
    ),
    text("Public transport", "Јавен превоз", "საზოგადოებრივი ტრანსპორტი"),
    text("Counters for citizens", "Шалтери за граѓаните", "მოქალაქეთა მომსახურების დარბაზი"),
    text("Street lighting", "Улично осветлување", "გარე განათება"),
]
SATISFIED = text("Satisfied or very satisfied", "Задоволни или многу задоволни", "კმაყოფილი ან ძალიან კმაყოფილი")
METHOD = (
    Note("rao_scott", {"df1": 11.6, "df2": 11760.2, "f": 2.61, "p": 0.0021}),
    Note("cramers_v", {"v": 0.12}),
)


def sample(**more: Any) -> Any:
    return source("sample", confidence=0.95, **more)


def grouped(**more: Any) -> Grouped:
    shares = [[0.12, 0.09, 0.07, 0.04], [0.32, 0.28, 0.22, 0.18], [0.21, 0.21, 0.21, 0.19], [0.35, 0.42, 0.50, 0.59]]
    answers = (SATISFACTION[4], SATISFACTION[3], SATISFACTION[2], SATISFACTION[1])
    groups = tuple(
        Group(
            key=f"age{number}",
            label=label,
            base=188 + 40 * number,
            letter="ABCD"[number],
            values=tuple(
                Value(
                    row[number],
                    max(0.0, row[number] - 0.05),
                    row[number] + 0.05,
                    letters="D" if number == 0 and place == 1 else "",
                )
                for place, row in enumerate(shares)
            ),
        )
        for number, label in enumerate(AGES)
    )
    everybody = Group(
        key="all", label={}, base=1015, is_total=True, values=tuple(Value(s) for s in (0.08, 0.24, 0.21, 0.47))
    )
    values: dict[str, Any] = {
        "title": TITLE,
        "source": sample(),
        "base": 1015,
        "answers": answers,
        "notes": METHOD,
        "groups": (*groups, everybody),
        "breaks": text("Age", "Возраст", "ასაკი"),
        "left_out": (LeftOut("dont_know", 9),),
    }
    return Grouped(**(values | more))


def two_groups(**more: Any) -> Grouped:
    """Short names, so that they stand beside their bars; one group is hidden."""
    names = [text("Women", "Жени", "ქალი"), text("Men", "Мажи", "კაცი"), text("Other", "Друго", "სხვა")]
    values = [(0.61, 0.39), (0.44, 0.56), (None, None)]
    groups = tuple(
        Group(
            key=name["en"],
            label=name,
            base=base,
            values=tuple(Value(v, reason=None if v else Reason.HIDDEN) for v in pair),
        )
        for name, pair, base in zip(names, values, (402, 380, 3), strict=True)
    )
    made: dict[str, Any] = {
        "title": TITLE,
        "source": source(),
        "base": 785,
        "groups": groups,
        "answers": (text("Yes", "Да", "დიახ"), text("No", "Не", "არა")),
    }
    return Grouped(**(made | more))


def intervals(**more: Any) -> Intervals:
    means = [4.1, 3.2, 2.7, 3.9, 3.4]
    rows = tuple(
        Dot(key=f"s{number}", label=label, base=900 - 10 * number, figure=Value(mean, mean - 0.12, mean + 0.13))
        for number, (label, mean) in enumerate(zip(SERVICES, means, strict=True))
    )
    measure = Measure(
        "number",
        name=text("Mean satisfaction, 1 to 5", "Просечно задоволство, од 1 до 5", "საშუალო კმაყოფილება, 1-დან 5-მდე"),
        low=1,
        high=5,
    )
    made: dict[str, Any] = {
        "title": TITLE,
        "source": sample(weights=text("Age and sex", "Возраст и пол", "ასაკი და სქესი")),
        "base": 900,
        "rows": rows,
        "measure": measure,
        "reference": 3.46,
        "target": 4.0,
        "notes": (Note("t_interval"), Note("design_effect", {"deff": 1.34, "n": 671})),
    }
    return Intervals(**(made | more))


def line(**more: Any) -> Line:
    shares = [0.61, 0.63, 0.60, 0.62, 0.64, 0.52, 0.63, 0.70]
    waves = tuple(
        Wave(
            key=f"w{number}",
            label=text(f"{2019 + number}"),
            on=date(2019 + number, 10, 1),
            figure=Value(share, share - 0.03, share + 0.03),
            base=1000,
            centre=0.62 if number < 7 else 0.69,
            lower=0.57 if number < 7 else 0.64,
            upper=0.67 if number < 7 else 0.74,
            signals=("beyond",) if number == 5 else (),
            broken=text("paper was added", "додаден е хартиен прашалник", "დაემატა ქაღალდის კითხვარი")
            if number == 7
            else {},
        )
        for number, share in enumerate(shares)
    )
    made: dict[str, Any] = {
        "title": TITLE,
        "source": sample(),
        "base": 8000,
        "waves": waves,
        "target": 0.72,
        "measure": Measure(name=SATISFIED),
        "notes": (Note("p_chart"), Note("run_rules")),
    }
    return Line(**(made | more))


def _flag(residual: float) -> Literal[-1, 0, 1]:
    return 1 if residual > 2 else -1 if residual < -2 else 0


def heat(**more: Any) -> Heat:
    """A cross-tab with residuals, letters, a total and a hidden cell."""
    shares = [
        [0.12, 0.09, 0.07, 0.04],
        [0.32, 0.28, 0.22, 0.18],
        [0.21, 0.21, 0.21, 0.19],
        [0.23, 0.25, 0.29, 0.31],
        [0.12, 0.17, 0.21, 0.28],
    ]
    residuals = [
        [2.1, 0.6, -0.4, -2.3],
        [3.2, 1.4, -0.8, -2.6],
        [0.1, 0.2, 0.1, -0.3],
        [-1.2, -0.6, 0.7, 1.1],
        [-3.4, -1.1, 0.9, 3.9],
    ]
    rows = tuple(
        Band(
            key=f"a{number}",
            label=SATISFACTION[4 - number],
            base=200,
            cells=(
                *(
                    Cell(None, None, reason=Reason.HIDDEN)
                    if (number, place) == (0, 3)
                    else Cell(
                        share,
                        round(200 * share),
                        residual,
                        _flag(residual),
                        "D" if number == 1 and place == 0 else "",
                    )
                    for place, (share, residual) in enumerate(zip(shares[number], residuals[number], strict=True))
                ),
                Cell(sum(shares[number]) / 4, 150),
            ),
        )
        for number in range(5)
    )
    columns = tuple(Column(key=f"age{n}", label=label, base=200 + n, letter="ABCD"[n]) for n, label in enumerate(AGES))
    made: dict[str, Any] = {
        "title": TITLE,
        "source": sample(filters=(text("District: Center", "Општина: Центар", "უბანი: ცენტრი"),)),
        "base": 1015,
        "rows": rows,
        "shade": "residual",
        "notes": (*METHOD, Note("holm", {"level": 0.05})),
        "columns": (*columns, Column(key="all", label={}, base=1015, is_total=True)),
        "row_title": text("Answer", "Одговор", "პასუხი"),
    }
    return Heat(**(made | more))


def wide_heat(**more: Any) -> Heat:
    """Several services, rated from 1 to 10: more columns than a telephone has room for."""
    columns = tuple(Column(key=str(n), label=text(str(n))) for n in range(1, 11))
    rows = tuple(
        Band(key=f"s{place}", label=label, cells=tuple(Cell(((n + place) % 10 + 1) / 55, 5) for n in range(10)))
        for place, label in enumerate(SERVICES[:3])
    )
    made: dict[str, Any] = {
        "title": TITLE,
        "source": source(),
        "base": 400,
        "rows": rows,
        "columns": columns,
        "across": "row",
    }
    return Heat(**(made | more))


def scatter(**more: Any) -> Scatter:
    places = [(4.1, 0.12), (3.2, 0.31), (2.7, 0.27), (3.9, 0.22), (3.4, 0.08)]
    spots = tuple(
        Spot(key=f"s{n}", label=label, base=880, x=Value(x, x - 0.1, x + 0.1), y=Value(y, y - 0.03, y + 0.03))
        for n, (label, (x, y)) in enumerate(zip(SERVICES, places, strict=True))
    )
    made: dict[str, Any] = {
        "title": TITLE,
        "source": sample(),
        "base": 880,
        "spots": spots,
        "diagonal": True,
        "x": Axis(name=text("Mean satisfaction", "Просечно задоволство", "საშუალო კმაყოფილება"), cross=3.46),
        "y": Axis(name=text("Importance", "Важност", "მნიშვნელობა"), measure=Measure("share"), cross=0.2),
        "notes": (Note("lmg"), Note("explained", {"r2": 0.48}), Note("grand_means")),
    }
    return Scatter(**(made | more))


def words(**more: Any) -> Words:
    found = [
        ("тротоар", "mk", 84),
        ("паркинг", "mk", 61),
        ("ხეები", "ka", 40),
        ("осветлување", "mk", 33),
        ("bench", "en", 7),
    ]
    made: dict[str, Any] = {
        "title": TITLE,
        "source": source(),
        "base": 240,
        "languages": {"mk": 180, "ka": 50, "en": 10},
        "words": (
            *(Word(word=w, language=language, count=n, share=n / 240) for w, language, n in found),
            Word(word="x"),
        ),
    }
    return Words(**(made | more))


def each_kind() -> list[OtherKind]:
    return [grouped(), two_groups(), intervals(), line(), heat(), wide_heat(), scatter(), words()]
