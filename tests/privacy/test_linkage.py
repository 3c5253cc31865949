"""An invited person answers an anonymous survey in a browser: nothing that stays leads from the one to the other."""

from __future__ import annotations

import logging
from uuid import UUID

import httpx
import pytest

from consult.cli.logs import JsonLines
from consult.columns.folder import folder_of
from consult.columns.frame import frame
from consult.fieldwork.links import links_of
from consult.settings import Settings
from consult.storage import execute, fetch
from consult.surveys.admission import invitations
from consult.surveys.admission.invitation_operations import issue_tokens
from tests.fieldwork.makers import a_contact, invited_survey
from tests.surveys.conftest import hidden
from tests.surveys.makers import free, survey
from tests.surveys.test_anonymity import everything

NAME, ADDRESS, WISH, NETWORK = "Билјана Трпковска", "biljana.t@example.org", "Повеќе светло", "192.0.2.77"


async def test_no_row_no_log_and_no_file_joins_person_and_answer(
    client: httpx.AsyncClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    survey_id = await invited_survey(survey(free("wish")))
    contact = await a_contact(survey_id, name=NAME, email=ADDRESS)
    key = links_of(settings).key
    token = (await issue_tokens(survey_id=survey_id, contacts=[contact], key=key))[contact]
    address = f"/en/surveys/small/i/{token}"
    caplog.set_level(logging.DEBUG)
    first = await client.get(address, headers={"x-forwarded-for": NETWORK})
    fields = {**hidden(first.text), "wish": WISH, "_go": "next"}
    await execute("ALTER TABLE response ADD CONSTRAINT never CHECK (false)")  # a fault whose detail holds the row
    try:
        failed = await client.post("/en/surveys/small", data=fields, headers={"x-forwarded-for": NETWORK})
    finally:
        await execute("ALTER TABLE response DROP CONSTRAINT never")
    sent = await client.post("/en/surveys/small", data=fields, headers={"x-forwarded-for": NETWORK})
    refused = await client.post("/en/surveys/small", data={**fields, "wish": "Else"})
    assert (failed.status_code, sent.status_code, refused.status_code) == (500, 200, 409)
    await frame(survey_id)

    (answer,) = [row["id"] for row in await fetch("SELECT id FROM response")]
    person = (NAME, ADDRESS, str(contact), token, invitations.hashed(key, survey_id, token).hex(), NETWORK)
    theirs = (str(answer), WISH)
    for table, lines in (await everything()).items():
        for line in lines:
            assert not any(one in line for one in theirs) or table in {"response", "response_pending"}, table
            assert not (any(one in line for one in theirs) and any(one in line for one in person)), table
            assert token not in line and NETWORK not in line, table
    assert await _tables_of(contact) <= {"contact"}
    files = b"".join(path.read_bytes() for path in folder_of(survey_id).iterdir())
    assert answer.bytes in files and contact.bytes not in files and WISH.encode() not in files
    logs = "\n".join(JsonLines().format(record) for record in caplog.records if record.name.startswith("consult"))
    assert "unexpected error" in logs and "CheckViolationError" in logs  # so there was something to look at
    assert not [one for one in (*person, *theirs) if one in logs], logs


async def _tables_of(contact: UUID) -> set[str]:
    """Tables that still know the contact: that it has answered is only the absence of an invitation."""
    return {table for table, lines in (await everything()).items() if any(str(contact) in line for line in lines)}
