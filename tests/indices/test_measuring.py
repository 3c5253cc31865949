"""What an index is worth, held against figures worked out by hand."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from consult.analysis.complex_samples.design import Design
from consult.analysis.estimate import Reason
from consult.columns.frame import frame
from consult.errors import Invalid
from consult.indices import operations, queries
from consult.indices.charts import line
from consult.indices.measuring import measure
from consult.indices.standing import Item, Standing
from consult.results.operations import publish_results
from consult.storage import execute
from consult.surveys import queries as surveys
from tests.results.makers import NOON, a_survey, answered, definition, question, text

QUESTIONS = (
    question("scale", "overall", concept="satisfaction.overall"),
    question("nps", "recommend", concept="nps.town"),
    question("scale", "trouble", concept="effort.trouble", reversed=True),
    question("single", "gender", concept="demo.sex"),
)
ANSWERS: list[dict[str, Any]] = [
    {"overall": 5, "recommend": 10, "trouble": 1},
    {"overall": 4, "recommend": 8, "trouble": 2},
    {"overall": 1, "recommend": 0, "trouble": 5},
    {"overall": "dont_know", "recommend": 9},
]
OVERALL = Standing(name=text("Satisfaction"), items=(Item("satisfaction.overall"),))
SAMPLE = {"design": {"kind": "sample", "population": 10_000}}


async def measured(standing: Standing, **more: Any) -> Any:
    survey_id = await a_survey(definition(*QUESTIONS, **more), ANSWERS)
    return await queries.measured(await frame(survey_id), standing)


async def test_a_mean_is_moved_to_0_to_100_with_its_interval(db: None) -> None:
    found = await measured(OVERALL, **SAMPLE)
    assert found.value == pytest.approx((100 + 75 + 0) / 3)
    assert found.n == 3
    assert found.low < found.value < found.high
    scores = [100 - found.value, 75 - found.value, -found.value]
    simple = math.sqrt(sum(s * s for s in scores) / 2 / 3)
    # Nearly the simple formula: one person did not know, and the population is finite.
    assert found.se == pytest.approx(simple, rel=0.1)


async def test_an_open_consultation_has_no_interval(db: None) -> None:
    found = await measured(OVERALL)
    assert (found.low, found.reason) == (None, Reason.NO_DESIGN)


@pytest.mark.parametrize(
    ("rule", "concept", "value"),
    [
        ("top", "satisfaction.overall", 200 / 3),
        ("net", "satisfaction.overall", 100 / 3),
        ("net", "nps.town", 25.0),
        ("top", "nps.town", 50.0),
        ("mean", "effort.trouble", (100 + 75 + 0) / 3),
    ],
)
async def test_rules_and_directions_of_scales(db: None, rule: Any, concept: str, value: float) -> None:
    standing = Standing(name=text("x"), rule=rule, items=(Item(concept),))
    assert (await measured(standing)).value == pytest.approx(value)


async def test_items_count_by_their_weights(db: None) -> None:
    items = (Item("satisfaction.overall", 3), Item("nps.town", 1))
    found = await measured(Standing(name=text("x"), items=items))
    assert found.value == pytest.approx((3 * 175 / 3 + (100 + 80 + 0 + 90) / 4) / 4)


async def test_a_survey_that_lacks_an_item_measures_nothing(db: None) -> None:
    for concept in ("satisfaction.gone", "demo.sex"):
        found = await measured_again(Standing(name=text("x"), items=(Item(concept),)))
        assert (found.value, found.reason) == (None, Reason.NO_BASE)


async def measured_again(standing: Standing) -> Any:
    known = await surveys.all_surveys()
    survey_id = known[0].id if known else await a_survey(definition(*QUESTIONS), ANSWERS)
    return await queries.measured(await frame(survey_id), standing)


async def test_rescaling_weights_changes_nothing(db: None) -> None:
    survey_id = await a_survey(definition(*QUESTIONS), ANSWERS)
    made = await frame(survey_id)

    weights = np.array([1.0, 2.0, 0.5, 1.0])
    one = measure(made, OVERALL, Design(weights), has_design=True)
    other = measure(made, OVERALL, Design(weights * 7), has_design=True)
    assert other.value == pytest.approx(one.value)
    assert other.se == pytest.approx(one.se)


async def test_without_its_weights_an_index_is_not_measured(db: None) -> None:
    found = await measured(Standing(name=text("x"), items=OVERALL.items, weights="census"), **SAMPLE)
    assert (found.value, found.reason) == (None, Reason.NO_SOLUTION)


async def closed(survey_id: UUID, at: datetime) -> None:
    await execute("update survey set closes_at = $2 where id = $1", survey_id, at)


async def test_a_wave_is_kept_when_its_survey_has_closed_and_never_changes(db: None) -> None:
    survey_id = await a_survey(definition(*QUESTIONS), ANSWERS)
    await operations.define(key="satisfaction", standing=OVERALL, at=NOON)
    with pytest.raises(operations.StillOpen):
        await operations.keep_wave(key="satisfaction", survey_id=survey_id, at=NOON)
    await closed(survey_id, NOON + timedelta(hours=1))
    assert await operations.keep_closed_waves(at=NOON + timedelta(hours=2)) == 0
    await publish_results(survey_id=survey_id, at=NOON)
    assert await operations.keep_closed_waves(at=NOON + timedelta(hours=2)) == 1
    assert await operations.keep_closed_waves(at=NOON + timedelta(hours=3)) == 0
    before = await queries.series(await queries.index("satisfaction"), at=NOON)
    await answered(survey_id, ANSWERS[2:3] * 5)
    after = await queries.series(await queries.index("satisfaction"), at=NOON)
    assert (
        [wave.estimate.value for wave in before] == [wave.estimate.value for wave in after] == [pytest.approx(175 / 3)]
    )
    assert after[0].is_kept


async def test_a_change_of_the_method_breaks_the_series(db: None) -> None:
    await operations.define(key="satisfaction", standing=OVERALL, at=NOON)
    for year in (2023, 2024):
        await operations.record_elsewhere(
            key="satisfaction", on=date(year, 5, 1), label=text(str(year)), value=60.0, people=900,
            origin="Report 2024, page 3", at=NOON,
        )  # fmt: skip
    changed = Standing(name=OVERALL.name, rule="top", items=OVERALL.items, changed=text("Shares now."))
    await operations.change(key="satisfaction", standing=changed, at=NOON)
    with pytest.raises(operations.SameVersion):
        await operations.change(key="satisfaction", standing=changed, at=NOON)
    await a_survey(definition(*QUESTIONS, **SAMPLE), ANSWERS)
    index = await queries.index("satisfaction")
    waves = await queries.series(index, at=NOON)
    chart = line(index, waves, await queries.versions(index.id), at=NOON)
    assert [wave.broken for wave in chart.waves] == [{}, {}, text("Shares now.")]
    assert chart.waves[-1].figure.value == pytest.approx(200 / 3)


async def test_open_consultations_are_not_drawn_among_samples(db: None) -> None:
    await operations.define(key="satisfaction", standing=OVERALL, at=NOON)
    await operations.record_elsewhere(
        key="satisfaction", on=date(2024, 5, 1), label=text("2024"), value=60.0, people=900, origin="R", at=NOON
    )
    await a_survey(definition(*QUESTIONS), ANSWERS)
    index = await queries.index("satisfaction")
    waves = await queries.series(index, at=NOON)
    assert [wave.is_open for wave in waves] == [False, True]
    assert len(line(index, waves, await queries.versions(index.id), at=NOON).waves) == 1


async def test_earlier_figures_are_judged_at_their_fields(db: None) -> None:
    await operations.define(key="satisfaction", standing=OVERALL, at=NOON)
    with pytest.raises(Invalid) as invalid:
        await operations.record_elsewhere(
            key="satisfaction", on=NOON.date() + timedelta(days=1), label=text("x"), value=101.0, people=0, origin="",
            at=NOON,
        )  # fmt: skip
    assert {problem.place for problem in invalid.value.problems} == {"on", "value", "people", "origin"}


async def test_two_figures_of_one_day_are_refused(db: None) -> None:
    await operations.define(key="satisfaction", standing=OVERALL, at=NOON)
    given: dict[str, Any] = {"on": date(2024, 5, 1), "label": text("x"), "people": 9, "origin": "R", "at": NOON}
    await operations.record_elsewhere(key="satisfaction", value=60.0, **given)
    with pytest.raises(operations.KeptAlready):
        await operations.record_elsewhere(key="satisfaction", value=61.0, **given)


async def test_the_short_name_of_an_index_is_unique(db: None) -> None:
    await operations.define(key="satisfaction", standing=OVERALL, at=NOON)
    with pytest.raises(Invalid):
        await operations.define(key="satisfaction", standing=replace_name(OVERALL), at=NOON)
    with pytest.raises(Invalid):
        await operations.define(key="Лош", standing=OVERALL, at=NOON)


def replace_name(standing: Standing) -> Standing:
    return Standing(name=text("Another"), items=standing.items)
