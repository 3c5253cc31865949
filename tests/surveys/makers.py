"""Small definitions, every field defaulted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.forms import Fields
from consult.surveys.definition import schema as d

SAMPLES = Path(__file__).parent / "samples"
EVERYTHING = SAMPLES / "everything.yaml"


def text(words: str) -> d.Text:
    return {"en": words}


def options(*codes: str, **changes: Any) -> tuple[d.Option, ...]:
    return tuple(d.Option(code=code, text=text(code.title()), **changes) for code in codes)


def rows(*codes: str) -> tuple[d.Row, ...]:
    return tuple(d.Row(code=code, text=text(code.title())) for code in codes)


DONT_KNOW = d.Option(code="dont_know", text={"en": "Don't know"}, missing="dont_know")


def single(key: str = "colour", codes: tuple[str, ...] = ("red", "blue"), **changes: Any) -> d.Single:
    return d.Single(**{"key": key, "text": text(f"Which {key}?"), "options": options(*codes), **changes})


def multiple(key: str = "modes", codes: tuple[str, ...] = ("bus", "car", "foot"), **changes: Any) -> d.Multiple:
    return d.Multiple(**{"key": key, "text": text(f"Which {key}?"), "options": options(*codes), **changes})


def scale(key: str = "mood", **changes: Any) -> d.Scale:
    ends = {"low": text("bad"), "high": text("good")}
    return d.Scale(**{"key": key, "text": text(f"How is {key}?"), "points": 5, **ends, **changes})


def number(key: str = "age", **changes: Any) -> d.Number:
    return d.Number(**{"key": key, "text": text(f"What {key}?"), **changes})


def free(key: str = "wish", **changes: Any) -> d.Free:
    return d.Free(**{"key": key, "text": text(f"What {key}?"), **changes})


def matrix(key: str = "services", codes: tuple[str, ...] = ("waste", "parks"), **changes: Any) -> d.MatrixScale:
    ends = {"low": text("bad"), "high": text("good")}
    return d.MatrixScale(
        **{"key": key, "text": text(f"How are {key}?"), "points": 5, "rows": rows(*codes), **ends, **changes}
    )


def several(key: str = "travel", codes: tuple[str, ...] = ("weekdays", "weekend"), **changes: Any) -> d.MatrixMultiple:
    told = {"key": key, "text": text(f"Which {key}?"), "rows": rows(*codes), "options": options("bus", "car", "foot")}
    return d.MatrixMultiple(**{**told, **changes})


def ranking(key: str = "order", codes: tuple[str, ...] = ("parks", "streets", "waste"), **changes: Any) -> d.Ranking:
    return d.Ranking(**{"key": key, "text": text(f"Which {key}?"), "options": options(*codes), **changes})


def allocation(key: str = "budget", codes: tuple[str, ...] = ("parks", "streets"), **changes: Any) -> d.Allocation:
    return d.Allocation(**{"key": key, "text": text(f"Which {key}?"), "options": options(*codes), **changes})


def smiley(key: str = "face", **changes: Any) -> d.Smiley:
    words = tuple(text(word) for word in ("bad", "so-so", "good"))
    return d.Smiley(**{"key": key, "text": text(f"Which {key}?"), "points": 3, "labels": words, **changes})


def page(*questions: d.AnyQuestion, key: str = "one", **changes: Any) -> d.Page:
    return d.Page(key=key, questions=questions, **changes)


def survey(*questions: d.AnyQuestion, **changes: Any) -> d.Definition:
    """A survey of one page with these questions; pages= gives more."""
    return d.Definition(
        **{
            "consult": "survey/1",
            "key": "small",
            "title": text("A small survey"),
            "languages": ("en",),
            "pages": (page(*(questions or (single(),))),),
            **changes,
        }
    )


def compiled(*questions: d.AnyQuestion, **changes: Any) -> Compiled:
    return Compiled(survey(*questions, **changes))


def fields(**values: str | list[str]) -> Fields:
    """Form fields; a double underscore stands for the dot: services__waste."""
    return {name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in values.items()}
