"""Designs and sets of weights in the database."""

from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest

from consult.columns.frame import frame
from consult.errors import NotFound
from consult.records.queries import history
from consult.weighting import operations, queries
from consult.weighting.declared import Declared
from consult.weighting.operations import WrongDesign, WrongWeights
from consult.weighting.recipe import Recipe
from tests.results.makers import NOON, answered
from tests.weighting.makers import a_recipe, a_weighable_survey, answer

LATER = NOON + timedelta(hours=1)


async def test_a_declared_design_goes_before_the_questionnaires(db: None) -> None:
    survey_id = await a_weighable_survey(design={"kind": "sample", "population": 900})
    assert await queries.design_of(survey_id) == Declared(kind="sample", population=900)
    await operations.declare_design(survey_id=survey_id, declared=Declared(kind="census"), frame=None, at=NOON)
    assert (await queries.declaration(survey_id)).declared_at == NOON
    assert not (await queries.design_of(survey_id)).permits_intervals
    await operations.withdraw_design(survey_id=survey_id, at=LATER)
    assert (await queries.design_of(survey_id)).population == 900
    assert [entry.kind for entry in await history("survey", survey_id)][-2:] == ["design.declared", "design.withdrawn"]


async def test_a_design_that_cannot_be_is_refused(db: None) -> None:
    survey_id = await a_weighable_survey()
    with pytest.raises(WrongDesign):
        await operations.declare_design(
            survey_id=survey_id, declared=Declared(kind="sample", strata="gone"), frame=await frame(survey_id), at=NOON
        )
    with pytest.raises(NotFound):
        await operations.declare_design(survey_id=uuid4(), declared=Declared(), frame=None, at=NOON)


async def test_weights_follow_the_answers(db: None) -> None:
    survey_id = await a_weighable_survey()
    now = await frame(survey_id)
    key = await operations.create_weights(survey_id=survey_id, name="Census 2021", recipe=a_recipe(now), at=NOON)
    assert key == "census-2021"
    first = await queries.weights_of(now, key)
    assert first.reason is None
    assert (await queries.weights_of(now, key)).found is first.found
    await answered(survey_id, [answer("south", "old")] * 5)
    second = await queries.weights_of(await frame(survey_id), key)
    assert second.weights.shape == (45,)
    assert second.weights.sum() == pytest.approx(1000)
    assert set(second.title.values()) == {"Census 2021"}


async def test_without_a_set_the_design_weighs_alone(db: None) -> None:
    survey_id = await a_weighable_survey(design={"kind": "sample", "population": 400})
    used = await queries.weights_of(await frame(survey_id))
    assert used.weights.tolist() == [10.0] * 40
    assert used.declared.permits_intervals
    assert used.title == {}
    with pytest.raises(NotFound):
        await queries.weights_of(await frame(survey_id), "no-such-set")


async def test_one_set_is_the_default_of_published_results(db: None) -> None:
    survey_id = await a_weighable_survey()
    now = await frame(survey_id)
    for name in ("Попис", "Проценка"):
        await operations.create_weights(survey_id=survey_id, name=name, recipe=a_recipe(now), at=NOON)
    assert [one.key for one in await queries.weight_sets(survey_id)] == ["set", "set-2"]
    for key in ("set", "set-2", "set-2"):
        await operations.set_default(survey_id=survey_id, key=key, at=LATER)
    assert await queries.default_weights(survey_id) == "set-2"
    assert (await queries.weights_of(now, queries.DEFAULT)).key == "set-2"
    await operations.delete_weights(survey_id=survey_id, key="set-2", at=LATER)
    assert (await queries.weights_of(now, queries.DEFAULT)).key == ""
    kinds = [entry.kind for entry in await history("survey", survey_id)][-3:]
    assert kinds == ["weights.default", "weights.default", "weights.deleted"]


async def test_saving_refuses_what_cannot_be_and_notes_what_changed(db: None) -> None:
    survey_id = await a_weighable_survey()
    now = await frame(survey_id)
    recipe = a_recipe(now)
    key = await operations.create_weights(survey_id=survey_id, name="Census", recipe=recipe, at=NOON)
    with pytest.raises(WrongWeights):
        await operations.create_weights(survey_id=survey_id, name="census", recipe=Recipe(), at=NOON)
    with pytest.raises(WrongWeights):
        await operations.save_weights(survey_id=survey_id, key=key, name="", recipe=recipe, frame=now, at=LATER)
    await operations.save_weights(survey_id=survey_id, key=key, name="Census", recipe=recipe, frame=now, at=LATER)
    assert (await queries.weight_set(survey_id, key)).changed_at == NOON
    changed = msgspec.structs.replace(recipe, is_capped=False)
    await operations.save_weights(survey_id=survey_id, key=key, name="Census", recipe=changed, frame=now, at=LATER)
    assert (await queries.weight_set(survey_id, key)).recipe == changed
    with pytest.raises(WrongWeights):
        await operations.add_margins(survey_id=survey_id, key=key, margins=(), at=LATER)
    await operations.add_margins(survey_id=survey_id, key=key, margins=(recipe.margins[0],), at=LATER)
    assert len((await queries.weight_set(survey_id, key)).recipe.margins) == 3
