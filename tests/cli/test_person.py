"""Erasing a person from the operator's keyboard: shown first, asked for once, told what remains, and repeated."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg

from consult.privacy.erasing import LEDGER
from consult.storage import embedded
from tests.cli.town import Town

WHO = "biljana@example.org"
FOLLOWS = "INSERT INTO follower (id, email, language, asked_at, confirmed_at) VALUES ($1, $2, 'mk', now(), now())"


def follow(town: Town) -> None:
    async def work(dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute(FOLLOWS, uuid4(), WHO)
        await connection.close()

    with embedded.start(town.data) as server:
        asyncio.run(work(server.dsn))


def test_a_person_is_shown_erased_and_erased_again_after_a_backup(town: Town) -> None:
    follow(town)
    done = town.consult("person", "forget", WHO, typed="y\n")
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert told[:2] == ["Held about this address:", "  follower: 1"]
    assert "Erased." in done.stdout
    assert "delete them by" in done.stdout
    assert WHO not in done.stdout + (town.data / LEDGER).read_text()
    follow(town)  # as if an older backup had been restored
    assert town.consult("person", "again").stdout == "Persons erased again: 1\n"
    (town.data / LEDGER).unlink()
    missing = town.consult("person", "again")
    assert missing.returncode == 1 and LEDGER in missing.stderr and "Traceback" not in missing.stderr
