"""Contacts of a survey: by file, by hand, and gone again."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from consult.errors import Invalid
from consult.fieldwork import operations, queries
from consult.fieldwork.contact import guess, person_of, take
from consult.storage import fetchval
from tests.conftest import NOON
from tests.documents.test_sheets import workbook
from tests.fieldwork.makers import ENABLED, a_contact
from tests.people.makers import staff
from tests.surveys.conftest import publish

KEY = bytes(32)
HERE = "/staff/en/surveys/sample/contacts"
TABLE = [
    ["Име", "Презиме", "Е-пошта", "Јазик", "Улица", "Број", "Град", "Домаќинство", "Стратум", "Тежина"],
    ["Ана", "Петрова", "ana@example.org", "македонски", "ул. Вардар", "5", "1000 Скопје", "D1", "Центар", "1,5"],
    ["ნინო", "გელაშვილი", "nino@example.org", "ქართული", "რუსთაველის", "1", "თელავი", "D2", "", ""],
    ["", "", "", "", "ул. Илинден", "7", "1000 Скопје", "D3", "", ""],
]


def test_columns_are_guessed_in_three_languages() -> None:
    assert guess(TABLE[0]) == [
        "name", "surname", "email", "language", "address", "more", "address", "household", "stratum", "weight",
    ]  # fmt: skip
    assert guess(["Full name", "E-mail", "e_mail", "???"]) == ["name", "email", "", ""]
    assert guess(["სახელი", "გვარი", "ელ. ფოსტა", "ტელეფონი"]) == ["name", "surname", "email", "phone"]


def test_rows_become_contacts() -> None:
    taken = take(enumerate(TABLE[1:], 2), guess(TABLE[0]), language="mk", enabled=ENABLED, one_per_household=True)
    assert (taken.faults, taken.doubles) == ((), ())
    (_, ana), (_, nino), (_, home) = taken.persons
    assert (ana.name, ana.language, ana.address, ana.weight) == (
        "Ана Петрова",
        "mk",
        "ул. Вардар 5\n1000 Скопје",
        1.5,
    )
    assert (nino.language, nino.stratum) == ("ka", None)
    assert (home.name, home.email, home.language) == ("", None, "mk")


def test_faults_and_doubles_are_listed_by_row() -> None:
    rows = [
        ["Ana", "ana@example.org", "en", "1"],
        ["Eva", "eva(at)example.org", "klingon", "0"],
        ["Ana again", "ANA@example.org", "en", ""],
        ["Nobody", "", "", ""],
    ]
    taken = take(
        enumerate(rows, 2), ["name", "email", "language", "weight"], language="en", enabled=ENABLED,
        one_per_household=False,
    )  # fmt: skip
    assert [row for row, _ in taken.persons] == [2]
    assert [(one.row, one.column) for one in taken.faults] == [
        (3, "email"), (3, "language"), (3, "weight"), (5, "email"),
    ]  # fmt: skip
    assert [(one.row, one.parameters["row"]) for one in taken.doubles] == [(4, 2)]


@pytest.mark.parametrize("phone", ["call me", "+", "12"])
def test_wrong_telephone_is_refused(phone: str) -> None:
    with pytest.raises(Invalid):
        person_of({"phone": phone}, language="mk", enabled=ENABLED)


async def test_file_goes_through_columns_to_contacts(client: httpx.AsyncClient) -> None:
    survey = await publish()
    await staff(client, NOON, "clerk")
    assert "Take in a file" in (await client.get(HERE)).text
    sent = await client.post(f"{HERE}/file", files={"file": ("list.xlsx", workbook(*map(list, TABLE)))})
    place = sent.headers["location"]
    form = (await client.get(place)).text
    columns = dict(re.findall(r'name="(column-\d+)">.*?value="(\w+)" selected', form, re.DOTALL))
    assert list(columns.values()) == guess(TABLE[0])
    choice = {**columns, "language": "mk", "one_per_household": "1"}
    looked = await client.post(place, data={**choice, "go": "look"})
    assert "3 contacts can be taken in." in looked.text
    assert await queries.count(survey) == 0
    assert (await client.post(place, data={**choice, "go": "take"})).headers["location"] == f"{HERE}?done=taken"
    shown = (await client.get(HERE)).text
    assert "Ана Петрова" in shown and "Household without a name" in shown
    assert await fetchval("select count(*) from contact_upload") == 0
    found = (await client.get(HERE, params={"words": "გელა"})).text
    assert "ნინო" in found and "Ана Петрова" not in found
    again = await client.post(f"{HERE}/file", data={"table": "email;name\nana@example.org;Ana\nnew@example.org;New\n"})
    looked = await client.post(
        again.headers["location"], data={"column-0": "email", "column-1": "name", "language": "en", "go": "look"}
    )
    assert "There already" in looked.text or "there already" in looked.text
    assert "1 contact can be taken in." in looked.text


async def test_faulty_file_takes_in_nothing_unless_its_rows_are_left_out(client: httpx.AsyncClient) -> None:
    survey = await publish()
    await staff(client, NOON, "clerk")
    sent = await client.post(f"{HERE}/file", data={"table": "name,email\nAna,ana@example.org\nEva,nothing\n"})
    place = sent.headers["location"]
    choice = {"column-0": "name", "column-1": "email", "language": "mk"}
    refused = await client.post(place, data={**choice, "go": "take"})
    assert (refused.status_code, await queries.count(survey)) == (422, 0)
    assert "Rows with problems" in refused.text
    await client.post(place, data={**choice, "go": "take", "without_faulty": "1"})
    assert await queries.count(survey) == 1


async def test_columns_must_say_how_somebody_is_reached(client: httpx.AsyncClient) -> None:
    await publish()
    await staff(client, NOON, "clerk")
    sent = await client.post(f"{HERE}/file", data={"table": "name,age\nAna,5\n"})
    answer = await client.post(sent.headers["location"], data={"column-0": "name", "language": "mk", "go": "look"})
    assert (answer.status_code, 'href="#column-0"' in answer.text) == (422, True)
    forgotten = await client.post(sent.headers["location"] + "/forget")
    assert forgotten.headers["location"] == HERE
    assert (await client.get(sent.headers["location"])).status_code == 404


async def test_contact_is_added_corrected_and_deleted(client: httpx.AsyncClient) -> None:
    survey = await publish()
    await staff(client, NOON, "clerk")
    values = {"name": "Ана", "email": "ana@example.org", "language": "mk", "weight": "2"}
    assert (await client.post(f"{HERE}/new", data=values)).status_code == 303
    double = await client.post(f"{HERE}/new", data={**values, "email": "Ana@Example.org"})
    assert (double.status_code, 'href="#email"' in double.text) == (422, True)
    (kept,) = await queries.contacts(survey)
    place = f"{HERE}/{kept.id}"
    assert 'value="2.0"' in (await client.get(place)).text
    assert (await client.post(place, data={"name": "", "language": "mk"})).status_code == 422
    await client.post(place, data={**values, "name": "Ана Илиева"})
    assert (await queries.contact(survey, kept.id)).name == "Ана Илиева"
    await client.post(f"{place}/delete")
    assert (await client.get(place)).status_code == 404


async def test_contacts_are_erased_when_somebody_is_sure_or_the_time_is_over(client: httpx.AsyncClient) -> None:
    survey = await publish()
    await a_contact(survey)
    await staff(client, NOON, "designer")
    unsure = await client.post(f"{HERE}/erase", data={})
    assert (unsure.status_code, 'href="#sure"' in unsure.text, await queries.count(survey)) == (422, True, 1)
    await client.post(f"{HERE}/erase", data={"sure": "1"})
    assert await queries.count(survey) == 0
    await a_contact(survey)
    closed = NOON + timedelta(days=7)
    await operations.forget(key=KEY, at=closed + operations.KEPT)
    assert await queries.count(survey) == 1
    await operations.forget(key=KEY, at=closed + operations.KEPT + timedelta(minutes=1))
    assert await queries.count(survey) == 0


@pytest.mark.parametrize("path", ["", "/new", "/file", "/00000000-0000-4000-8000-000000000000"])
async def test_contacts_are_no_business_of_strangers_and_analysts(client: httpx.AsyncClient, path: str) -> None:
    await publish()
    assert (await client.get(HERE + path)).status_code == 303
    await staff(client, NOON, "analyst")
    assert (await client.get(HERE + path)).status_code == 403


async def test_contact_of_another_survey_is_not_found(client: httpx.AsyncClient) -> None:
    from tests.surveys.makers import survey as a_survey

    other = await publish(a_survey(key="other"), is_open=False)
    await publish()
    contact = await a_contact(other)
    await staff(client, NOON, "clerk")
    assert (await client.get(f"{HERE}/{contact}")).status_code == 404
    assert (await client.post(f"{HERE}/{contact}/delete")).status_code == 404
