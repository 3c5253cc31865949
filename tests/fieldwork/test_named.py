"""Who answered: staff see it where the survey said so, and nowhere else."""

from __future__ import annotations

import io
from uuid import uuid4

import httpx
import pytest

from consult.results import exports
from consult.results.formats.taking import Wanted
from consult.storage import execute
from consult.surveys.definition.schema import Mode
from tests.conftest import NOON
from tests.fieldwork.makers import a_contact, invited_survey
from tests.people.makers import staff
from tests.surveys.makers import survey


@pytest.mark.parametrize(("mode", "is_named"), [("identified", True), ("confidential", False)])
async def test_a_name_is_shown_where_the_survey_said_that_it_is_kept(
    client: httpx.AsyncClient, mode: Mode, is_named: bool
) -> None:
    survey_id = await invited_survey(survey(mode=mode, key="sample"), who="invited")
    contact, response = await a_contact(survey_id, name="Ана Илиева"), uuid4()
    await execute(
        """insert into response (id, survey, version, language, channel, day, submitted_at, answers)
           values ($1, $2, 1, 'en', 'web', $3, $4, '{"colour": "red"}')""",
        response, survey_id, NOON.date(), NOON,
    )  # fmt: skip
    await execute("insert into response_contact (response, contact) values ($1, $2)", response, contact)
    await staff(client, NOON, "analyst")
    shown = await client.get(f"/staff/en/surveys/sample/responses/{response}")
    assert ("Ана Илиева" in shown.text) is is_named
    out = io.BytesIO()
    await exports.export_csv(survey_id, None, out)
    head = out.getvalue().decode().splitlines()[0].split(",")
    assert ("_contact" in head) is is_named
    assert (str(contact) in out.getvalue().decode()) is is_named
    assert "_contact" not in "".join(
        [block.decode() async for block in exports.csv_blocks(survey_id, Wanted(impersonal=True))]
    )
