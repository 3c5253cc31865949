from uuid import UUID

import pytest

from consult.app import Application
from consult.columns.column import Coded
from consult.columns.frame import frame
from consult.errors import NotFound
from tests.results.makers import a_survey, answered, definition, question


async def test_a_frame_has_a_variable_for_each_question_row_and_fact(application: Application) -> None:
    asked = definition(question("single", "a"), question("matrix_scale", "m"), question("text", "t"))
    survey_id = await a_survey(asked, [{"a": "yes", "m": {"parks": 5, "roads": 1}}, {"a": None}])
    made = await frame(survey_id)
    keys = ["a", "m.parks", "m.roads", "@channel", "@language", "@version", "@day", "@month", "@weekday"]
    assert list(made.variables) == keys
    assert made.variables["a"].points == ("yes", "no", "other")
    assert made.variables["m.parks"].text["mk"].endswith(" – Паркови")
    assert made.variables["@weekday"].labels["5"]["mk"] == "петок"
    assert made.n == len(made.ids()) == 2
    ids = [UUID(bytes=one.tobytes()) for one in made.ids()]
    assert ids == sorted(ids)


async def test_equal_answers_have_equal_keys(db: None) -> None:
    survey_id = await a_survey(definition(question("single", "a")), [{"a": "yes"}])
    before = await frame(survey_id)
    assert (await frame(survey_id)).snapshot.key == before.snapshot.key
    await answered(survey_id, [{"a": "no"}], channel="paper")
    after = await frame(survey_id)
    assert (after.n, after.snapshot.key != before.snapshot.key) == (2, True)
    channel = after.column("@channel")
    assert isinstance(channel, Coded)
    assert channel.points == ("paper", "web")


async def test_what_was_never_published_has_no_frame(db: None) -> None:
    with pytest.raises(NotFound):
        await frame(UUID(int=1))
