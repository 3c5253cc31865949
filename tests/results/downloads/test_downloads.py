"""Files made in the background: asked for, watched, downloaded in pieces, forgotten; and who may have what."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from consult.jobs import worker
from consult.results.downloads import operations, queries
from consult.results.downloads.export import FILES, KEPT, Asked
from consult.storage import execute, fetchval
from consult.storage.embedded import Embedded
from consult.surveys.operations import erase_response
from tests.people.makers import staff
from tests.results.formats.makers import FULL, QUESTIONS
from tests.results.makers import NOON, a_survey, definition

SAME = {"sec-fetch-site": "same-origin"}
HERE = "/staff/en/results/trees/downloads"
FORM = {"file": "csv", "words": "mk", "values": "codes"}


@pytest.fixture
async def survey(db: None) -> UUID:
    return await a_survey(definition(*QUESTIONS), [FULL] * 3)


async def asked(client: httpx.AsyncClient, database: Embedded, **more: Any) -> str:
    """The address of the file that was asked for last and has been made."""
    answer = await client.post(HERE, data=FORM | more, headers=SAME)
    assert answer.status_code == 303, answer.text
    await worker.run_waiting(database.dsn)
    newest = await fetchval("select id from result_export order by finished_at desc limit 1")
    return f"{HERE}/{newest}"


async def test_a_file_is_made_in_the_background_and_downloaded(
    client: httpx.AsyncClient, database: Embedded, survey: UUID
) -> None:
    person = await staff(client, NOON, "analyst")
    shown = await client.get(HERE)
    assert shown.status_code == 200 and "Nobody has asked for a file yet." in shown.text
    assert (await client.post(HERE, data=FORM, headers=SAME)).headers["location"] == f"{HERE}#files"
    waiting = (await client.get(HERE)).text
    assert "waiting its turn" in waiting and 'hx-trigger="every 2s"' in waiting
    await worker.run_waiting(database.dsn)
    ready = (await client.get(HERE)).text
    assert "trees-codes.csv" in ready and "3 answers" in ready and "hx-trigger" not in ready
    [found] = await queries.exports_of(survey, NOON)
    answer = await client.get(f"{HERE}/{found.id}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"] and "no-store" in answer.headers["cache-control"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["one.other"] for row in rows] == ["'=1+1"] * 3
    noted = "select count(*) from audit_entry where kind = $1 and actor = $2"
    assert await fetchval(noted, "responses.file_asked", person.id) == 1
    assert await fetchval(noted, "responses.downloaded", person.id) == 1


async def test_an_interrupted_download_goes_on(client: httpx.AsyncClient, database: Embedded, survey: UUID) -> None:
    await staff(client, NOON, "analyst")
    address = await asked(client, database)
    whole = await client.get(address)
    assert whole.headers["accept-ranges"] == "bytes" and int(whole.headers["content-length"]) == len(whole.content)
    first = await client.get(address, headers={"range": "bytes=0-99"})
    rest = await client.get(address, headers={"range": "bytes=100-", "if-range": whole.headers["etag"]})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert rest.headers["content-range"] == f"bytes 100-{len(whole.content) - 1}/{len(whole.content)}"
    assert first.content + rest.content == whole.content
    other = await client.get(address, headers={"range": "bytes=100-", "if-range": '"changed"'})
    assert (other.status_code, other.content) == (200, whole.content)
    beyond = await client.get(address, headers={"range": "bytes=999999-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole.content)}")
    assert await fetchval("select count(*) from audit_entry where kind = 'responses.downloaded'") == 3


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_every_kind_of_file_can_be_asked_for(
    client: httpx.AsyncClient, database: Embedded, survey: UUID, language: str
) -> None:
    await staff(client, NOON, "analyst")
    for file in FILES:
        address = await asked(client, database, file=file, words=language, values="labels")
        answer = await client.get(address)
        assert answer.status_code == 200 and len(answer.content) > 100, file
    page = await client.get(f"/staff/{language}/results/trees/downloads")
    assert page.text.count("trees") > len(FILES)


async def test_a_designer_takes_no_columns_that_may_name_a_person(
    client: httpx.AsyncClient, database: Embedded, survey: UUID
) -> None:
    person = await staff(client, NOON, "designer")
    answer = await client.get(await asked(client, database))
    head = answer.text.splitlines()[0]
    assert "mark" in head and "words" not in head and "one.other" not in head
    with pytest.raises(operations.PersonalColumns):
        await operations.ask(
            survey_id=survey, asked=Asked("csv", "mk"), person=person.id, may_see_persons=False, at=NOON
        )
    other = await operations.ask(
        survey_id=survey, asked=Asked("csv", "mk"), person=person.id, may_see_persons=True, at=NOON
    )
    await worker.run_waiting(database.dsn)
    assert (await client.get(f"{HERE}/{other}")).status_code == 403


async def test_strangers_and_other_roles_get_nothing(
    client: httpx.AsyncClient, database: Embedded, survey: UUID
) -> None:
    assert "sign-in" in (await client.get(HERE)).headers["location"]
    await staff(client, NOON, "clerk")
    assert (await client.get(HERE)).status_code == 403
    assert (await client.post(HERE, data=FORM, headers=SAME)).status_code == 403


async def test_what_is_not_offered_is_said_at_its_field(client: httpx.AsyncClient, survey: UUID) -> None:
    await staff(client, NOON, "analyst")
    answer = await client.post(HERE, data={"file": "exe", "words": "la", "weights": "x"}, headers=SAME)
    assert answer.status_code == 422 and answer.text.count("Choose what is offered here.") >= 4
    assert await fetchval("select count(*) from result_export") == 0


async def test_a_file_that_cannot_be_made_says_why(client: httpx.AsyncClient, database: Embedded, survey: UUID) -> None:
    person = await staff(client, NOON, "analyst")
    wish = Asked("csv", "mk", weights="gone")
    export_id = await operations.ask(survey_id=survey, asked=wish, person=person.id, may_see_persons=True, at=NOON)
    await worker.run_waiting(database.dsn)
    shown = await client.get(HERE)
    assert "could not be made" in shown.text and "no weights of the name “gone”" in shown.text
    assert (await client.get(f"{HERE}/{export_id}")).status_code == 404


async def test_a_file_of_another_survey_is_not_found_here(
    client: httpx.AsyncClient, database: Embedded, survey: UUID
) -> None:
    await staff(client, NOON, "analyst")
    address = await asked(client, database)
    await a_survey(definition(*QUESTIONS, key="lawns"), [])
    elsewhere = address.replace("trees", "lawns")
    assert (await client.get(elsewhere)).status_code == 404
    assert (await client.post(f"{elsewhere}/delete", headers=SAME)).status_code == 404


async def test_old_files_are_forgotten_and_any_may_be_deleted(
    client: httpx.AsyncClient, database: Embedded, survey: UUID
) -> None:
    await staff(client, NOON, "analyst")
    first, second = await asked(client, database), await asked(client, database)
    paths = [operations.file_of(UUID(address.rpartition("/")[2])) for address in (first, second)]
    assert all(path.exists() for path in paths)
    assert (await client.post(f"{first}/delete", headers=SAME)).status_code == 303
    assert (await client.get(first)).status_code == 404 and not paths[0].exists()
    await operations.forget_expired(at=NOON + KEPT - timedelta(hours=1))
    assert paths[1].exists()
    stray = paths[1].with_name("left-over.part")
    stray.touch()
    await operations.forget_expired(at=NOON + KEPT + timedelta(seconds=1))
    assert not paths[1].exists() and not stray.exists()
    assert await fetchval("select count(*) from result_export") == 0


async def test_erasing_an_answer_ends_the_files_that_hold_it(
    client: httpx.AsyncClient, database: Embedded, survey: UUID
) -> None:
    await staff(client, NOON, "analyst")
    address = await asked(client, database)
    response = await fetchval("select id from response limit 1")
    await erase_response(response_id=response, reason="asked for", at=NOON)
    assert (await client.get(address)).status_code == 404
    await operations.forget_expired(at=NOON)
    assert not operations.file_of(UUID(address.rpartition("/")[2])).exists()


async def test_a_job_that_was_killed_is_made_again(database: Embedded, client: httpx.AsyncClient, survey: UUID) -> None:
    await staff(client, NOON, "analyst")
    address = await asked(client, database)
    export_id = UUID(address.rpartition("/")[2])
    path = operations.file_of(export_id)
    path.unlink()
    assert (await client.get(address)).status_code == 404
    await execute("update result_export set state = 'working', sha256 = '' where id = $1", export_id)
    await operations.produce(export_id=export_id, at=NOON)
    assert (await client.get(address)).status_code == 200


@pytest.fixture(autouse=True)
def _folder_is_the_tests_own(tmp_path: Path) -> Iterator[None]:
    yield
    assert not list((tmp_path / "exports").glob("*.part"))
