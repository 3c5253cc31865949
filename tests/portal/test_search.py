"""Search: every alphabet, every ending, and whatever somebody types."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from consult.app import Application
from consult.portal.search import LONGEST_QUERY, PAGE_SIZE, Entry, find, fold
from tests.drafts.makers import a_draft
from tests.portal.makers import a_town, statements


def entry(title: str, *texts: str, language: str = "mk") -> Entry:
    return Entry("Survey", {language: title}, ("surveys", "x"), "", tuple({language: each} for each in (title, *texts)))


def titles(entries: list[Entry], query: str, language: str = "mk", number: int = 1) -> list[str]:
    return [next(iter(hit.title.values())) for hit in find(entries, query, language, number).items]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("ДРВЈА", "Нови дрвја за паркот"),
        ("дрвја", "НОВИ ДРВЈА"),
        ("пaркинг", "Паркинг"),  # the second letter is Latin
        ("паркинг", "Пaркинг"),
        ("MOCT", "Нов мост на Вардар"),  # all four letters are Latin
        ("парк", "Паркинзите во Центар"),
        ("ხეივან", "ხეივანი და ჩრდილი"),
        ("ᲮᲔᲘᲕᲐᲜᲘ", "ხეივანი და ჩრდილი"),
        ("wifi", "Бесплатен WiFi во автобусите"),
        ("дрвја парк", "Во паркот има дрвја"),
        ("  дрвја \t парк ", "Во паркот има дрвја"),
        ("член 5", "Според член 5 од Законот"),
        ("й".encode().decode(), "Трамвай"),
    ],
)
def test_a_word_is_found_however_it_is_written(query: str, text: str) -> None:
    assert titles([entry(text)], query) == [text]


@pytest.mark.parametrize("query", ["дрвја река", "xyz", ".*", "%", "_", "\\", "'", "дрво"])
def test_all_words_must_be_there_and_signs_are_only_signs(query: str) -> None:
    assert titles([entry("Нови дрвја за паркот")], query) == []


def test_titles_come_before_texts_and_ones_own_language_before_others() -> None:
    in_text = entry("Улици", "Садиме дрвја")
    in_title = entry("Дрвја", "Нешто друго")
    assert titles([in_text, in_title], "дрвја") == ["Дрвја", "Улици"]
    english = entry("Wi-Fi", language="en")
    macedonian = entry("Wi-Fi", language="mk")
    assert [next(iter(hit.title)) for hit in find([english, macedonian], "wi-fi", "mk", 1).items] == ["mk", "en"]


def test_the_excerpt_marks_the_word_as_it_stands_there() -> None:
    long = "збор " * 60 + "Дрвја покрај улицата " + "збор " * 60
    (hit,) = find([entry("Улица", long)], "дрвја", "mk", 1).items
    assert hit.excerpt is not None
    before, found, after = hit.excerpt
    assert found == "Дрвја"
    assert before.startswith("…")
    assert after.endswith("…")
    assert before.lstrip("…") + found + after.rstrip("…") in long


def test_folding_keeps_the_places_of_letters() -> None:
    for text in ("Дрвја И WiFi", "ხეივანი", "Ужасно ГОЛЕМ паркинг 5/3"):
        assert len(fold(text)) == len(text)


def test_a_letter_that_folds_into_two_costs_only_the_excerpt() -> None:
    (hit,) = find([entry("Straße", language="en")], "strasse", "en", 1).items
    assert hit.excerpt is None


def test_pages_hold_twenty_and_end_with_the_last() -> None:
    entries = [entry(f"Дрвја {number:02}") for number in range(PAGE_SIZE + 5)]
    first, second = find(entries, "дрвја", "mk", 1), find(entries, "дрвја", "mk", 2)
    assert (len(first.items), len(second.items), second.total) == (20, 5, 25)
    assert find(entries, "дрвја", "mk", 99).items == second.items
    assert find(entries, "река", "mk", 99).items == []


async def test_the_page_finds_every_kind(client: httpx.AsyncClient) -> None:
    await a_town()
    found = {
        query: re.findall(r'<h2 class="govuk-heading-m"><a class="govuk-link" href="([^"]+)"',
                          (await client.get("/en/search", params={"q": query})).text)
        for query in ("дрвореди", "trees", "citizen", "planting")
    }  # fmt: skip
    assert "/en/consultations/trees" in found["дрвореди"]
    assert "/en/surveys/trees" in found["trees"]
    assert "/en/drafts/tree-rows#article-1" in found["planting"]


async def test_what_is_not_public_is_not_found(client: httpx.AsyncClient) -> None:
    await a_draft(published=False, in_consultation=False)
    answer = await client.get("/mk/search", params={"q": "дрворедите"})
    assert answer.status_code == 200
    assert "/drafts/tree-rows" not in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "?q=",
        "?q=%20%20",
        "?q=%00",
        "?q=a%00b",
        "?q=%FF%FE",
        "?q=%D0",
        "?page=2",
        "?q=trees&page=0",
        "?q=trees&page=-1",
        "?q=trees&page=zz",
        "?q=trees&page=99999999999999999999",
        "?q=trees&page=%D9%A3",
        "?q=trees&page=%C2%B2",
        "?q=trees&page=1&page=2&q=x",
        "?q[]=trees",
        "?q=" + "%D0%B4" * 1000,
        "?q=" + "a+" * 500,
        "?&&==&q",
        "?q=%F0%9F%8C%B3",
        "?q=%E2%80%AE",
    ],
)
async def test_no_query_breaks_the_page(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(f"/en/search{address}")
    assert answer.status_code == 200
    assert 'name="q"' in answer.text
    assert "no-store" in answer.headers["cache-control"]


async def test_bytes_that_no_browser_sends_are_read_as_gaps(application: Application) -> None:
    scope = {"type": "http", "method": "GET", "path": "/en/search", "raw_path": b"/en/search", "headers": [],
             "query_string": b"q=\xff\xfetrees&page=\xff", "scheme": "http", "server": ("consult.test", 80),
             "client": ("127.0.0.1", 1), "http_version": "1.1", "root_path": ""}  # fmt: skip
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await application.asgi(scope, receive, send)
    assert sent[0]["status"] == 200


async def test_markup_in_the_query_stays_text(client: httpx.AsyncClient) -> None:
    answer = await client.get("/en/search", params={"q": '"><script>alert(1)</script>{{7*7}}'})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "{{7*7}}" in answer.text


async def test_a_long_query_is_cut_and_said_back(client: httpx.AsyncClient) -> None:
    answer = await client.get("/en/search", params={"q": "д" * 1000})
    assert "д" * LONGEST_QUERY in answer.text
    assert "д" * (LONGEST_QUERY + 1) not in answer.text.partition("<main")[2]


async def test_the_index_takes_few_questions_however_many_drafts_there_are(client: httpx.AsyncClient) -> None:
    for number in range(3):
        await a_draft(slug=f"draft-{number}", in_consultation=False)
    async with statements() as asked:
        answer = await client.get("/en/search", params={"q": "planting"})
    assert answer.text.count("/en/drafts/draft-") == 3
    assert 3 <= len(asked) <= 8, asked
