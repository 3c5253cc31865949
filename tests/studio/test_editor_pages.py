"""The editor's page without JavaScript: works, stranger, reader, wrong state, bad input."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx

from consult.studio import queries
from consult.surveys import definition as d
from consult.surveys import operations as surveys
from tests.conftest import NOON
from tests.people.makers import staff
from tests.surveys.makers import survey

EDIT = "/staff/en/surveys/small/edit"


async def a_copy(*questions: d.AnyQuestion, **changes: Any) -> Any:
    """The id of a survey with a working copy."""
    return await surveys.start_working_copy(definition=survey(*questions, **changes), at=NOON)


def fields(page: str) -> dict[str, Any]:
    """What a browser would send of the open form."""
    form = page[page.index('id="work"') :]
    form = form[: form.index("</form>")]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, kind = re.search(r' name="([^"]*)"', tag), re.search(r' type="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and (kind is None or kind[1] not in ("checkbox", "radio") or " checked" in tag):
            found.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
    for name, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = [html.unescape(text)]
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = [chosen[1] if chosen else ""]
    return found


class Designer:
    """Presses buttons of the editor without JavaScript."""

    def __init__(self, client: httpx.AsyncClient, at: str = "question-colour") -> None:
        self.client, self.at = client, at
        self.text = ""

    async def open(self, at: str = "") -> str:
        self.at = at or self.at
        self.text = (await self.client.get(f"{EDIT}?at={self.at}")).text
        return self.text

    async def press(self, button: str, **changes: str) -> httpx.Response:
        named = {name.replace("__", "."): value for name, value in changes.items()}
        return await self.client.post(EDIT, data={**fields(self.text), **named, "_do": button})


async def the_copy() -> d.Definition:
    from consult.surveys import queries as found

    return (await queries.copy((await found.survey("small")).id)).definition


async def test_text_of_a_question_is_saved(client: httpx.AsyncClient) -> None:
    await a_copy()
    await staff(client, NOON, "designer")
    designer = Designer(client)
    assert "Which colour?" in await designer.open()
    answer = await designer.press("save", text__en="Which colour do you like?")
    assert answer.status_code == 303, answer.text
    assert (await the_copy()).question("colour").text == {"en": "Which colour do you like?"}


async def test_every_type_of_question_can_be_added_and_saved(client: httpx.AsyncClient) -> None:
    await a_copy()
    await staff(client, NOON, "designer")
    designer = Designer(client)
    await designer.open()
    for kind in ("multiple", "matrix_scale", "calculated", "hidden", "file", "date"):
        answer = await designer.press("add", _type=kind)
        assert answer.status_code == 303, answer.text
        added = await client.get(answer.headers["location"])
        assert added.status_code == 200
        designer.text = added.text
    assert len((await the_copy()).questions) == 7
