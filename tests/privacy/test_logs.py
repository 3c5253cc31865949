"""What a failing program writes down: the fault, and nothing of the people whose rows were refused."""

from __future__ import annotations

import json
import logging
from uuid import uuid4

import asyncpg
import pytest

from consult.cli.logs import JsonLines
from consult.errors import Refused
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


def faults_with_words() -> list[Exception]:
    """Python itself quotes what it was given."""
    found: list[Exception] = []
    for what in (lambda: int(ADDRESS), lambda: {}[ADDRESS], lambda: b"\xff".decode(), lambda: None.email):  # type: ignore
        try:
            what()
        except (ValueError, KeyError, AttributeError) as fault:
            found.append(fault)
    return found


def test_what_python_says_of_a_value_is_left_out() -> None:
    number, key, letters, attribute = faults_with_words()
    for fault in (number, key, letters, ExceptionGroup(ADDRESS, [number, key]), Refused(name=NAME)):
        line = written(fault)
        assert ADDRESS not in line and NAME not in line, line
        assert type(fault).__name__ in line
    assert "faults_with_words" in written(number)  # where it was is told
    assert "has no attribute 'email'" in written(attribute)
    try:
        raise RuntimeError(NAME) from number
    except RuntimeError as later:
        line = written(later)
    assert "ValueError" in line and "RuntimeError" in line and ADDRESS not in line and NAME not in line


def test_a_line_stays_one_line() -> None:
    line = written(ValueError("two\nlines"), message='a\n{"level":"info"}')
    assert "\n" not in line and json.loads(line)["level"] == "error"
