"""What a failing program writes down: the fault, and nothing of the people whose rows were refused."""

from __future__ import annotations

import json
import logging
from uuid import uuid4

import asyncpg
import pytest

from consult.cli.logs import JsonLines
from consult.storage import execute
from tests.conftest import NOON

ADDRESS, NAME = "biljana.t@example.org", "Biljana"


def written(error: BaseException, message: str = "unexpected error") -> str:
    record = logging.LogRecord("consult", logging.ERROR, "file", 1, message, None, (type(error), error, None))
    return JsonLines().format(record)


async def follower(at: object = NOON, address: str = ADDRESS) -> None:
    await execute(
        "INSERT INTO follower (id, email, language, asked_at) VALUES ($1, $2, 'mk', $3)", uuid4(), address, at
    )


async def test_a_refused_row_is_told_without_its_values(db: None) -> None:
    await follower()
    with pytest.raises(asyncpg.UniqueViolationError) as twice:
        await follower()
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await execute(
            """INSERT INTO person (id, email, name, roles, language, created_at)
               VALUES ($1, $2, $3, '{nobody}', 'en', $4)""",
            uuid4(), ADDRESS, NAME, NOON,
        )  # fmt: skip
    with pytest.raises(asyncpg.DataError) as argument:
        await follower(at=f"{NAME}\n{ADDRESS}")
    for found in (twice, refused, argument):
        line = written(found.value)
        assert ADDRESS not in line and NAME not in line, line
        assert type(found.value).__name__ in line
        try:
            raise RuntimeError("later") from found.value
        except RuntimeError as later:
            assert ADDRESS not in written(later)


def test_a_line_stays_one_line() -> None:
    line = written(ValueError("two\nlines"), message='a\n{"level":"info"}')
    assert "\n" not in line and json.loads(line)["level"] == "error"
