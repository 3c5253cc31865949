"""The same bad inputs for every public form: a page that says so in its language, never a bug, and nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pytest

from consult.storage import fetchval
from tests.conftest import Clock
from tests.drafts.makers import a_draft
from tests.forums.makers import a_forum
from tests.hidden import HIDDEN
from tests.surveys.conftest import publish

FORM = {"content-type": "application/x-www-form-urlencoded"}
LANGUAGES = ("mk", "ka", "en")
MEBIBYTE = "я" * 2**19  # two bytes each


@dataclass(frozen=True, slots=True)
class PublicForm:
    path: str
    table: str
    text: str
    values: dict[str, str]


FORMS = {
    "survey": PublicForm("/{}/surveys/sample", "response", "wish", {"district": "centar", "_go": "next"}),
    "comment": PublicForm("/{}/drafts/tree-rows/comments", "comment", "text", {"text": "Дрвја.", "kind": "comment"}),
    "registration": PublicForm(
        "/{}/forums/citizens-forum", "registration", "name", {"name": "Ана", "email": "ana@example.com"}
    ),
}


def changed(**more: str) -> Callable[[dict[str, str]], bytes]:
    return lambda fields: urlencode({**fields, **more}).encode()


def raw(more: bytes) -> Callable[[dict[str, str]], bytes]:
    return lambda fields: urlencode(fields).encode() + more


BODIES: dict[str, tuple[Callable[[dict[str, str]], bytes], set[int]]] = {
    "nothing": (lambda _: b"", {422, 404, 409, 400}),
    "invalid UTF-8": (raw(b"&email=a%FF%FEb"), {400}),
    "NUL": (raw(b"&email=a%00b"), {400}),
    "raw bytes": (raw(b"&email=\xff\xfe"), {400}),
    "20,000 fields": (raw(b"".join(b"&x%d=1" % number for number in range(20_000))), {400, 413}),
    "5 MiB": (raw(b"&email=" + b"y" * 5 * 2**20), {413}),
}


async def fields_of(client: httpx.AsyncClient, form: PublicForm, language: str) -> dict[str, str]:
    """What a browser would send: the hidden fields of a fresh form, and something written."""
    shown = await client.get(form.path.format(language))
    assert shown.status_code == 200
    return {**dict(HIDDEN.findall(shown.text)), **form.values}


async def stored(form: PublicForm) -> int:
    return int(await fetchval(f"SELECT count(*) FROM {form.table}"))


def is_page(answer: httpx.Response, language: str) -> bool:
    return f'<html lang="{language}"' in answer.text and answer.text.count("<h1") == 1


@pytest.fixture
async def town(client: httpx.AsyncClient, clock: Clock) -> httpx.AsyncClient:
    """A survey, a draft and a forum that take answers, comments and registrations."""
    await publish()
    await a_draft()
    await a_forum()
    return client


@pytest.mark.parametrize("kind", FORMS)
async def test_what_no_browser_sends_gets_a_page_and_stores_nothing(town: httpx.AsyncClient, kind: str) -> None:
    form = FORMS[kind]
    for language in LANGUAGES:
        fields = await fields_of(town, form, language)
        for name, (body, statuses) in BODIES.items():
            answer = await town.post(form.path.format(language), content=body(fields), headers=FORM)
            assert answer.status_code in statuses, (name, answer.status_code)
            assert is_page(answer, language), name
    assert await stored(form) == 0


@pytest.mark.parametrize("kind", FORMS)
async def test_another_sites_page_sends_nothing(town: httpx.AsyncClient, kind: str) -> None:
    form = FORMS[kind]
    for language in LANGUAGES:
        fields = await fields_of(town, form, language)
        for header in ({"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "same-site"}):
            answer = await town.post(form.path.format(language), data=fields, headers=header)
            assert (answer.status_code, is_page(answer, language)) == (403, True)
    assert await stored(form) == 0


@pytest.mark.parametrize("kind", FORMS)
async def test_a_mebibyte_of_text_comes_back_in_its_field(town: httpx.AsyncClient, kind: str) -> None:
    form = FORMS[kind]
    fields = await fields_of(town, form, "mk")
    if kind == "survey":
        second = await town.post(form.path.format("mk"), data=fields)
        fields = {**dict(HIDDEN.findall(second.text)), "_go": "next"}
    answer = await town.post(form.path.format("mk"), data={**fields, form.text: MEBIBYTE})
    assert (answer.status_code, is_page(answer, "mk")) == (422, True)
    assert f'href="#{form.text}"' in answer.text
    assert MEBIBYTE in answer.text
    assert await stored(form) == 0


@pytest.mark.parametrize("kind", FORMS)
async def test_array_names_are_no_fields(town: httpx.AsyncClient, kind: str) -> None:
    form = FORMS[kind]
    fields = await fields_of(town, form, "ka")
    wanted = next(iter(form.values))
    arrays = {name: value for name, value in fields.items() if name != wanted} | {f"{wanted}[]": fields[wanted]}
    answer = await town.post(form.path.format("ka"), data=arrays)
    assert (answer.status_code, is_page(answer, "ka")) == (422, True)
    assert await stored(form) == 0


@pytest.mark.parametrize("kind", FORMS)
async def test_a_language_that_is_not_enabled_is_not_found(town: httpx.AsyncClient, kind: str) -> None:
    form = FORMS[kind]
    fields = await fields_of(town, form, "en")
    for language in ("xx", "sq", "EN", "%00", "en-GB"):
        answer = await town.post(form.path.format(language), data=fields)
        assert (answer.status_code, "<h1" in answer.text) == (404, True)
    assert await stored(form) == 0


async def test_a_repeated_question_in_one_post_is_told(town: httpx.AsyncClient) -> None:
    form = FORMS["survey"]
    fields = await fields_of(town, form, "en")
    answer = await town.post(form.path.format("en"), content=changed()(fields) + b"&district=karpos", headers=FORM)
    assert (answer.status_code, is_page(answer, "en")) == (422, True)
    assert await stored(form) == 0


async def test_a_bomb_of_brackets_in_the_search_is_words(town: httpx.AsyncClient) -> None:
    for words in ("(" * 5000, "%", "\\", "<script>", "a" * 7000, "' OR 1=1 --", "\u202e"):
        answer = await town.get("/mk/search", params={"q": words})
        assert answer.status_code in {200, 422}
        assert is_page(answer, "mk")
        assert "<script>'" not in answer.text


async def test_a_nul_in_an_address_is_a_page(town: httpx.AsyncClient) -> None:
    for path in ("/mk/search?q=%00", "/mk/forums/%00", "/mk/drafts/%FF", "/mk/surveys/%00", "/mk/registrations/%00"):
        answer = await town.get(path)
        assert answer.status_code in {200, 400, 404}, path
        assert "<h1" in answer.text
