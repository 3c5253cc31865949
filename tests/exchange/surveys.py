"""Random definitions with every type of question: the same seed gives the same one."""

from __future__ import annotations

from random import Random
from typing import Any

from consult.surveys.definition import schema as d

LANGUAGES = ("mk", "ka", "en")
WORDS = ("парк", "улица", "ქუჩა", "bus", "= 1", "a < b", "& co", "it's", "100 %", "„…“", "a\nb")


def text(random: Random) -> d.Text:
    return {language: f"{random.choice(WORDS)} {random.randrange(1000)}" for language in LANGUAGES}


def maybe(random: Random, value: Any, usual: Any) -> Any:
    return value if random.random() < 0.4 else usual


def options(random: Random, **last: Any) -> tuple[d.Option, ...]:
    codes = [f"{random.choice('abcdef')}{number}" for number in range(random.randrange(2, 6))]
    made = [d.Option(code=code, text=text(random)) for code in codes]
    return (*made, d.Option(code="last", text=text(random), **last))


def outside(random: Random) -> tuple[d.Option, ...]:
    return maybe(random, (d.Option(code="dont_know", text=text(random), missing="dont_know"),), ())  # type: ignore[no-any-return]


def scale(random: Random) -> dict[str, Any]:
    points, first = random.randrange(3, 8), random.randrange(2)
    ends: dict[str, Any] = {"low": text(random), "high": text(random)}
    if random.random() < 0.5:
        ends = {"labels": tuple(text(random) for _ in range(points))}
    return {"points": points, "first": first, "outside": outside(random), **ends}


def rows(random: Random) -> tuple[d.Row, ...]:
    return tuple(d.Row(code=f"r{number}", text=text(random)) for number in range(random.randrange(1, 4)))


def question(random: Random, kind: type[d.AnyQuestion], key: str, numbers: list[str]) -> d.AnyQuestion:
    common: dict[str, Any] = {"key": key, "text": text(random)}
    if kind is d.Information:
        return d.Information(**common)
    if kind is d.Calculated:
        return d.Calculated(**common, value=f"{numbers[0]} + 1" if numbers else "1")
    if kind is d.Hidden:
        return d.Hidden(**common, parameter=key)
    common |= {"hint": maybe(random, text(random), {}), "required": random.random() < 0.4}
    more: dict[type[d.AnyQuestion], Any] = {
        d.Single: lambda: {"options": options(random, missing=maybe(random, "refused", None))},
        d.Multiple: lambda: {
            "options": options(random, exclusive=random.random() < 0.4), "max": maybe(random, 2, None),
        },
        d.Ranking: lambda: {"options": options(random)},
        d.Allocation: lambda: {"options": options(random)},
        d.Scale: lambda: scale(random),
        d.Smiley: lambda: scale(random),
        d.Nps: lambda: {"low": text(random), "high": text(random), "outside": outside(random)},
        d.MatrixScale: lambda: {**scale(random), "rows": rows(random), "hint": {}},
        d.MatrixSingle: lambda: {"options": options(random), "rows": rows(random), "hint": {}},
        d.MatrixMultiple: lambda: {"options": options(random), "rows": rows(random), "hint": {}},
        d.Number: lambda: {
            "min": maybe(random, 0.5, None), "max": maybe(random, 99.0, None), "decimals": random.randrange(7),
        },
        d.Free: lambda: {"long": random.random() < 0.5, "max_length": maybe(random, 80, None)},
        d.Place: lambda: {"coordinates": random.random() < 0.5},
        d.Date: lambda: {"latest": maybe(random, "2026-12-31", None)},
    }  # fmt: skip
    return kind(**{**common, **more.get(kind, dict)()})


def condition(random: Random, asked: list[d.AnyQuestion]) -> str:
    """A term about an earlier question."""
    chosen = random.choice(asked)
    key = chosen.key
    match chosen:
        case d.Single(options=found):
            code = found[0].code
            return random.choice([f"{key} == '{code}'", f"{key} != '{code}'", f"!({key} == '{code}')",
                                  f"{key} in ['{code}', '{found[1].code}']", f"!answered({key})"])  # fmt: skip
        case d.Multiple(options=found):
            code = found[0].code
            return random.choice(
                [f"'{code}' in {key}", f"!('{code}' in {key})", f"count({key}) < 2", f"count({key}) >= 2"]
            )
        case d.Scale() | d.Number():
            return random.choice([f"{key} >= 2", f"{key} != 2", f"!({key} < 2)", f"{key} + 1 > 2", f"!answered({key})"])
        case d.Free():
            return random.choice([f"answered({key})", f"size({key}) > 3", f"!{key}.contains('a')"])
        case d.MatrixScale():
            return f"{key}.r0 <= 3"
    raise AssertionError(chosen)


ASKABLE = (d.Single, d.Multiple, d.Scale, d.Number, d.Free, d.MatrixScale)
KINDS: tuple[type[d.AnyQuestion], ...] = d.AnyQuestion.__args__


def conditions(random: Random, asked: list[d.AnyQuestion]) -> str:
    if not asked or random.random() < 0.5:
        return ""
    terms = [condition(random, asked) for _ in range(random.randrange(1, 4))]
    said = terms[0]
    for term in terms[1:]:
        said = random.choice([f"{said} && {term}", f"{said} || {term}", f"!({said}) && {term}"])
    return said


def definition(seed: int, kinds: tuple[type[d.AnyQuestion], ...] = KINDS) -> d.Definition:
    random = Random(seed)
    asked: list[d.AnyQuestion] = []
    pages = []
    for number in range(random.randrange(1, 4)):
        made: list[d.AnyQuestion] = []
        for _ in range(random.randrange(1, 6)):
            numbers = [one.key for one in asked if isinstance(one, d.Number)]
            key = f"q{len(asked) + len(made) + 1}"
            one = question(random, random.choice(kinds), key, numbers)
            said = conditions(random, [one for one in asked if isinstance(one, ASKABLE)])
            made.append(d.from_builtins(d.to_builtins(_alone(one, said))).questions[0])
        asked += made
        pages.append(d.Page(key=f"p{number}", title=maybe(random, text(random), {}), questions=tuple(made)))
    return d.Definition(
        consult="survey/1", key=f"random-{seed}", title=dict.fromkeys(LANGUAGES, "Анкета"), languages=LANGUAGES,
        intro=maybe(random, text(random), {}), thanks=maybe(random, text(random), {}), pages=tuple(pages),
    )  # fmt: skip


def _alone(one: d.AnyQuestion, show_if: str) -> d.Definition:
    plain = {**d.to_builtins(d.Definition(consult="survey/1", key="x", title={"en": "x"}, languages=("en",), pages=(
        d.Page(key="p", questions=(one,)),)))}  # fmt: skip
    plain["pages"][0]["questions"][0]["show_if"] = show_if
    return d.from_builtins(plain)
