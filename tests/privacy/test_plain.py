"""The public privacy page tells what the register knows, in each language, and is small."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from consult import i18n
from consult.privacy import retention
from consult.privacy.holding import Sort
from consult.privacy.holdings import ALL, BY_TABLE
from consult.privacy.plain import CHAPTERS, UNTOLD

MOST_BYTES = 8 * 1024
LINES = [line for chapter in CHAPTERS for line in chapter.lines]
WITH_SOMETHING = {retention.WITH_CONTACT, retention.LASTING}
TELLING = (Sort.IDENTITY, Sort.CONTACT, Sort.WORDS, Sort.SPECIAL)


def test_each_line_says_how_long_as_the_register_does() -> None:
    for line in LINES:
        assert len(line.rules()) == 1, line.columns
        if line.ends:
            assert line.rules() <= WITH_SOMETHING, line.columns


def test_whatever_is_kept_about_people_is_told() -> None:
    told = {column for line in LINES for column in line.columns.split()}
    tables = {column.partition(".")[0] for column in told}
    assert told <= {f"{one.table}.{one.name}" for holding in ALL for one in holding.columns()}
    assert {holding.table for holding in ALL if holding.is_personal} == tables | UNTOLD
    assert tables.isdisjoint(UNTOLD)
    left = {f"{one.table}.{one.name}" for table in tables for one in BY_TABLE[table].columns() if one.sort in TELLING}
    assert left - told == set(), "say it in consult/privacy/plain.py"


@pytest.mark.parametrize("language", ["mk", "ka", "en"])
async def test_the_page_is_whole_and_small(client: httpx.AsyncClient, language: str) -> None:
    answer = await client.get(f"/{language}/privacy")
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content, mtime=0)) <= MOST_BYTES
    locale = i18n.locale(language)
    shown = re.sub(r"\s+", " ", answer.text)
    for chapter in CHAPTERS:
        assert f">{locale.gettext(chapter.activity.title)}</span></summary>" in shown
    for line in LINES:
        assert locale.gettext(line.rule.words, days=locale.number(line.rule.days)) in shown
    assert shown.count(f"{locale.gettext('How long')}: ") == len(LINES)
