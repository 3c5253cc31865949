"""A survey with one question of each kind that has a chart, and answers to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from consult.charts.chart import Chart, Source
from consult.columns.reading import columns
from consult.results.building import chart
from consult.results.counting import PUBLIC, Policy
from consult.storage import execute
from consult.surveys import operations
from consult.surveys.definition.schema import Definition, from_builtins

Answers = Mapping[str, Any]


def text(en: str, mk: str = "", ka: str = "") -> dict[str, str]:
    return {"en": en, "mk": mk or en, "ka": ka or en}


SATISFACTION = [
    text("Very dissatisfied", "Многу незадоволни", "ძალიან უკმაყოფილო"),
    text("Dissatisfied", "Незадоволни", "უკმაყოფილო"),
    text("Neither", "Ниту едно ниту друго", "არც ერთი"),
    text("Satisfied", "Задоволни", "კმაყოფილი"),
    text("Very satisfied", "Многу задоволни", "ძალიან კმაყოფილი"),
]
DONT_KNOW = {"code": "dont_know", "text": text("Don’t know", "Не знам", "არ ვიცი"), "missing": "dont_know"}


def question(type_: str, key: str = "q", **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": type_, "key": key, "text": text("One tree for two spaces?")}
    if type_ in ("single", "multiple", "matrix_single"):
        made["options"] = [
            {"code": "yes", "text": text("Yes", "Да", "დიახ")},
            {"code": "no", "text": text("No", "Не", "არა")},
            {"code": "other", "text": text("Another", "Друго", "სხვა"), "other": type_ != "matrix_single"},
            DONT_KNOW,
        ]
    if type_ in ("scale", "matrix_scale"):
        made |= {"points": 5, "labels": SATISFACTION, "measure": "satisfaction", "outside": [DONT_KNOW]}
    if type_ == "nps":
        made |= {"low": text("Never"), "high": text("Gladly")}
    if type_ in ("matrix_scale", "matrix_single"):
        made["rows"] = [
            {"code": "parks", "text": text("Parks", "Паркови", "პარკები")},
            {"code": "roads", "text": text("Roads", "Патишта", "გზები")},
        ]
    return made | more


def definition(*questions: dict[str, Any], **more: Any) -> Definition:
    return from_builtins(
        {
            "consult": "survey/1",
            "key": "trees",
            "title": text("Trees", "Дрвја", "ხეები"),
            "languages": ["mk", "ka", "en"],
            "pages": [{"key": "page", "questions": list(questions)}],
            **more,
        }
    )


def source(design: str = "open", **more: Any) -> Source:
    values: dict[str, Any] = {
        "survey": text("Trees"),
        "slug": "trees",
        "question": "q",
        "design": design,
        "responses": 100,
        "taken_at": datetime(2026, 11, 22, 12, tzinfo=UTC),
        "snapshot": "100-0",
        "first_day": date(2026, 11, 2),
        "last_day": date(2026, 11, 16),
        "channels": {"web": 100},
    }
    return Source(**(values | more))


def a_chart(
    asked: dict[str, Any], answers: Sequence[Any], *, design: str = "open", policy: Policy = PUBLIC, **more: Any
) -> Chart:
    """The chart of one question with these answers to it."""
    made = definition(asked)
    filled = columns(made, (({asked["key"]: answer}, "web") for answer in answers))
    return chart(made.questions[0], filled, source(design, **more), policy)


def one_of_each(design: str = "open") -> list[Chart]:
    return [
        a_chart(question("single"), ["yes"] * 70 + ["no"] * 20 + ["dont_know"] * 10, design=design),
        a_chart(question("multiple"), [["yes", "no"]] * 40 + [["yes"]] * 20, design=design),
        a_chart(question("scale"), [5] * 29 + [4] * 45 + [3] * 15 + [2] * 8 + [1] * 3, design=design),
        a_chart(question("scale", points=10, labels=[], low=text("bad"), high=text("good")), [9, 8, 7] * 9,
                design=design),
        a_chart(question("nps"), [10] * 40 + [8] * 40 + [3] * 20, design=design),
        a_chart(question("matrix_scale"), [{"parks": 5, "roads": 2}] * 30 + [{"parks": 4, "roads": 3}] * 30,
                design=design),
        a_chart(question("matrix_single"), [{"parks": "yes", "roads": "no"}] * 30, design=design),
        a_chart(question("number", unit=text("minutes", "минути", "წუთი")), list(range(5, 60)), design=design),
    ]  # fmt: skip


NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


async def a_survey(made: Definition, answers: Sequence[Answers] = (), *, channel: str = "web") -> UUID:
    """A published survey that opened a day ago, with these answers, all of one day."""
    survey_id = await operations.import_working_copy(definition=made, at=NOON)
    await operations.publish(survey_id=survey_id, at=NOON)
    opens_at = NOON - timedelta(days=1)
    await operations.schedule(survey_id=survey_id, opens_at=opens_at, closes_at=None, languages=("en",), at=NOON)
    await answered(survey_id, answers, channel=channel)
    return survey_id


async def answered(survey_id: UUID, answers: Sequence[Answers], *, channel: str = "web", version: int = 1) -> None:
    for answer in answers:
        await execute(
            "insert into response (id, survey, version, language, channel, day, answers)"
            " values ($1, $2, $3, 'mk', $4, $5, $6)",
            uuid4(),
            survey_id,
            version,
            channel,
            date(2026, 11, 20),
            dict(answer),
        )
