"""Backups and migrations while residents answer, all of it by processes as an operator runs them."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tarfile
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from consult.storage import embedded
from consult.storage.embedded import Options
from tests.cli.town import PATIENCE_S, ROOT, Serving, Town
from tests.cluster.load import MARK, Record, playing

NEXT_VERSION = """
    import sys
    import consult.migrations.piccolo_migrations as shipped
    shipped.__path__.append(sys.argv.pop(1))
    from consult.cli import main
    main()
"""
CHANGES = """
    alter table response add column mood text not null default 'good';
    drop table survey_tally;
    create table next_version (id uuid primary key);
"""
MISTAKE = "insert into next_version select null from survey;"


@pytest.fixture(scope="module")
def bench(town: Town) -> Town:
    done = town.consult("survey", "publish", ROOT / "tests" / "bench" / "survey.yaml", "--open")
    assert done.returncode == 0 or "exists" in done.stderr or "already" in done.stderr, done.stderr
    return town


@contextmanager
def answering(serving: Serving, visitors: int = 3) -> Iterator[Record]:
    """Residents who answer for as long as the block lasts."""
    records: list[Record] = []
    begun, ending = threading.Event(), threading.Event()

    async def play() -> None:
        async with playing("127.0.0.1", [serving.port], visitors, thinking_s=0.1) as record:
            records.append(record)
            begun.set()
            await asyncio.to_thread(ending.wait)

    thread = threading.Thread(target=asyncio.run, args=(play(),))
    thread.start()
    assert begun.wait(PATIENCE_S)
    try:
        yield records[0]
    finally:
        ending.set()
        thread.join(PATIENCE_S)


def marks(town: Town, folder: Path) -> tuple[list[str], set[str]]:
    """The lines of the exported answers, and the marks in them."""
    file = folder / "answers.csv"
    done = town.consult("responses", "export", "bench", "--codes", "--out", str(file))
    assert done.returncode == 0, done.stderr
    lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    file.unlink()
    return lines, {mark for line in lines for mark in MARK.findall(line)}


def members(file: Path) -> dict[str, bytes]:
    """What a backup holds, but for the time in its header."""
    with tarfile.open(file) as archive:
        found = {entry.name: archive.extractfile(entry) for entry in archive}
        return {name: member.read() for name, member in found.items() if member and name != "header.json"}


def next_version(town: Town, folder: Path, *migrations: str) -> subprocess.CompletedProcess[str]:
    """`consult migrate` of a version that has some more migrations."""
    for number, sql in enumerate(migrations):
        name = f"consult_9{number:03}_next"
        source = f"""
            from consult.storage import sql_migration

            ID = "{name}"
            VERSION = "1.38.0"
            DESCRIPTION = "Of the next version."
            forwards = sql_migration(ID, DESCRIPTION, {sql!r})
        """
        (folder / f"{name}.py").write_text(textwrap.dedent(source))
    command = [sys.executable, "-c", textwrap.dedent(NEXT_VERSION), str(folder), "migrate"]
    environment = town.environment(PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)


def wait_for(record: Record, number: int) -> None:
    """Let so many more receipts come."""
    enough = len(record.acknowledged) + number
    while len(record.acknowledged) < enough:
        threading.Event().wait(0.05)


def test_residents_notice_neither_a_backup_nor_a_failed_migration(bench: Town, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    with bench.serving(CONSULT_ABUSE="off") as serving, answering(serving) as record:
        wait_for(record, 20)
        before = set(record.acknowledged)
        done = bench.consult("backup", file)
        assert done.returncode == 0, done.stderr
        failed = next_version(bench, tmp_path, CHANGES, MISTAKE)
        wait_for(record, 10)
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "Nothing was changed" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert set(record.statuses) == {200}
    # Exporting looks whether the schema is this version's: it is, with every answer that got a receipt.
    lines, promised = marks(bench, tmp_path)
    assert set(record.acknowledged) <= promised

    empty = Town(tmp_path / "empty")
    empty.data.mkdir()
    shutil.copy(bench.data / "secret", empty.data / "secret")
    with embedded.start(empty.data, Options(durable=False)):
        for words in (("restore", file), ("backup", tmp_path / "again")):
            done = empty.consult(*words)
            assert done.returncode == 0, done.stderr
        assert members(tmp_path / "again") == members(file)
        restored, kept = marks(empty, tmp_path)
    assert before <= kept <= promised
    assert restored == [line for line in lines if not (found := MARK.search(line)) or found[0] in kept]
