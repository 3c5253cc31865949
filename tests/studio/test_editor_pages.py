"""The editor's page without JavaScript: works, stranger, reader, wrong state, bad input."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import httpx
from PIL import Image

from consult.studio import queries
from consult.surveys import operations as surveys
from consult.surveys.definition import schema as d
from consult.surveys.files import gallery
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


async def test_buttons_that_a_part_does_not_have_change_nothing(client: httpx.AsyncClient) -> None:
    """As an open page has them whose question became another one in a second window, or as nobody's page has."""
    await staff(client, NOON, "designer")
    await a_copy()
    designer = Designer(client)
    await designer.open()
    before = await the_copy()
    lists = ["options.²", f"options.{10**20}", f"options.0.to.{10**20}", "options.0.to.²", "rows.add", "labels.each"]
    lists += [
        "text.add",
        "text.clear",
        "key.paste",
        "type.clear",
        "options.each",
        "rules.paste",
        "quotas.add",
        ":",
        ".",
    ]
    for button in lists:
        assert (await designer.press(f"list:{button}")).status_code == 303, button
    for button in ("to:here:page:²", "to:nobody:nowhere:1", "delete:nobody", "up:"):
        assert (await designer.press(button)).status_code in (303, 409), button
    assert await the_copy() == before
    for button in ("delete:t.²", "add:t.²", f"delete:t.{10**20}"):
        sent = {"_at": designer.at, "_field": "show_if", "t.count": "1", "_do": button}
        assert (await client.post(f"{EDIT}/condition", data=sent)).status_code in (200, 422), button


def a_picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, kind)
    return out.getvalue()


async def send_picture(designer: Designer, content: bytes, **changes: str) -> httpx.Response:
    named = {name.replace("__", "."): value for name, value in changes.items()}
    form = {**fields(designer.text), **named, "_do": "save"}
    name = next(found for found in re.findall(r'name="([^"]*upload)"', designer.text) if found.startswith("image"))
    form.pop(name, None)
    return await designer.client.post(EDIT, data=form, files={name: ("The park.png", content, "image/png")})


async def test_picture_is_uploaded_with_a_question(client: httpx.AsyncClient) -> None:
    survey_id = await a_copy()
    await staff(client, NOON, "designer")
    designer = Designer(client)
    await designer.open()
    answer = await send_picture(designer, a_picture())
    assert answer.status_code == 303, answer.text
    colour = (await the_copy()).question("colour")
    assert isinstance(colour, d.Single)
    image = colour.image
    assert image is not None
    assert re.fullmatch(r"images/the-park-\w{8}\.webp", image.file)
    kept = (await gallery.pictures_of(survey_id, await the_copy()))[image.file]
    assert (await client.get(kept.address)).headers["content-type"] == "image/webp"
    assert kept.address in await designer.open()


async def test_what_is_no_picture_is_refused_beside_its_field(client: httpx.AsyncClient) -> None:
    await a_copy()
    await staff(client, NOON, "designer")
    designer = Designer(client)
    await designer.open()
    answer = await send_picture(designer, b"#!/bin/sh", text__en="Which colour is it?")
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    colour = (await the_copy()).question("colour")
    assert isinstance(colour, d.Single)
    assert colour.image is None
    assert colour.text == {"en": "Which colour is it?"}


async def test_reader_sees_the_editor_but_can_change_nothing(client: httpx.AsyncClient) -> None:
    await a_copy()
    for role in ("translator", "clerk", "analyst"):
        await staff(client, NOON, role)
        page = await client.get(f"{EDIT}?at=question-colour")
        assert page.status_code == 200
        assert "Which colour?" in page.text
        assert 'value="save"' not in page.text
        assert (await client.post(EDIT, data={"_do": "delete"})).status_code == 403
    assert len((await the_copy()).questions) == 1
