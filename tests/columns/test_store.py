"""The files hold exactly the committed answers, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import numpy as np
import pytest

from consult.columns import folder as place
from consult.columns import jobs, store
from consult.columns.column import Coded, Column, Masked, Measured
from consult.columns.folder import folder_of
from consult.columns.frame import Frame, frame
from consult.columns.united import united
from consult.storage import execute, fetch, fetchval
from consult.storage.backup import backup, restore
from consult.storage.embedded import Embedded
from consult.surveys import operations as surveys
from consult.surveys import queries
from consult.surveys.queries import IN_FORCE
from tests.columns.plain import Decoding
from tests.conftest import NOON
from tests.results.makers import DONT_KNOW, a_survey, answered, definition, question, text
from tests.storage.emptying import empty

ROWS = [{"code": f"r{i}", "text": text(f"Row {i}")} for i in range(6)]
ASKED = (
    question("single", "s"),
    question("multiple", "m"),
    question("scale", "v"),
    question("matrix_scale", "t", rows=ROWS),
    question("number", "n", outside=[DONT_KNOW]),
    question("text", "w"),
    question("date", "d"),
    question("hidden", "h", parameter="from"),
    question("calculated", "c", value="n * 2.0"),
    question("consent", "y"),
    question("ranking", "r", options=[{"code": c, "text": text(c)} for c in "abc"]),
)
WISH = "More shade for the playground beside the school, please."
ANSWERS: list[dict[str, Any]] = [
    {"s": "yes", "m": ["yes", "no"], "v": 5, "t": {f"r{i}": 4 for i in range(6)}, "n": 3, "w": WISH, "c": 6,
     "d": "2026-11-02", "h": "poster", "y": True, "r": ["b", "a"]},
    {"s": "no", "m": ["other"], "v": "dont_know", "t": {"r0": 1, "r1": None, "r2": 2}, "n": 2.5, "w": WISH + "!",
     "c": 5.0, "d": "2026-10-30", "h": "poster", "y": None, "r": ["c"]},
    {"s": None, "m": None, "v": None, "t": None, "n": None, "w": None, "d": None, "y": None, "r": None},
    {"s": "dont_know", "m": ["dont_know"], "n": "dont_know", "w": 'a "quoted" \\ word\nand a line', "h": "tram"},
    {},
]  # fmt: skip


async def a_store(answers: list[dict[str, Any]] | None = None) -> UUID:
    return await a_survey(definition(*ASKED), ANSWERS if answers is None else answers)


def files(survey_id: UUID) -> list[Path]:
    folder = folder_of(survey_id)
    return sorted(folder.iterdir()) if folder.exists() else []


async def plain(survey_id: UUID) -> tuple[list[UUID], Any]:
    """What a second, simple decoder makes of the answers in the database, by id."""
    versions = {v.number: v.definition for v in await queries.versions(survey_id)}
    decoding = Decoding(united([versions[number] for number in sorted(versions, reverse=True)]), versions)
    rows = await fetch(f"select id, answers, channel, version {IN_FORCE} and survey = $1 order by id", survey_id)
    for row in rows:
        decoding.add(row["answers"], row["channel"], row["version"])
    return [row["id"] for row in rows], decoding.columns()


def lists(column: Column, order: Any) -> Any:
    """A column's content by names, so that the order of points does not matter."""
    if isinstance(column, Coded):
        names = dict(enumerate(column.points)) | {v: f"!{k}" for k, v in column.missing.items()}
        return [names[code] for code in column.codes[order].tolist()]
    if isinstance(column, Masked):
        chosen = [column.chosen(i)[order].tolist() for i in range(len(column.points))]
        return [column.points, chosen, column.status[order].tolist()]
    assert isinstance(column, Measured)
    return [np.nan_to_num(column.values[order], nan=-1).tolist(), column.status[order].tolist()]


async def agrees(survey_id: UUID) -> Frame:
    """The frame, after comparing all of it with the plain decoder."""
    made = await frame(survey_id)
    ids, expected = await plain(survey_id)
    mine = [UUID(bytes=one.tobytes()) for one in made.ids()]
    assert sorted(mine) == ids
    order = np.argsort([str(one) for one in mine])
    keys = [key for key in made.variables if not key.startswith("@")]
    assert sorted(keys) == sorted(expected.by_key)
    for key in keys:
        column = made.column(key)
        assert lists(column, order) == lists(expected.by_key[key], slice(None)), key
        if isinstance(column, Coded):
            counted = made.frequencies(key)
            assert counted.points == column.points
            seen = np.bincount(column.codes, minlength=256)
            assert list(counted.counts) == seen[: len(column.points)].tolist()
            assert counted.missing == {kind: seen[code] for kind, code in column.missing.items()}
    assert made.columns.channels == expected.channels
    assert made.columns.texts == expected.texts
    assert made.columns.spans == expected.spans
    return made


async def test_files_hold_what_a_plain_decoder_reads(db: None) -> None:
    survey_id = await a_store()
    made = await agrees(survey_id)
    assert made.left.counts == {"straight_lined": 1, "duplicate_text": 2}
    assert made.columns.chosen("m") == (1, 1, 1)
    assert made.columns.status("m") == [2, 1, 1, 1, 0]
    values, counts = made.columns.different("n")
    assert (values.tolist(), counts.tolist()) == ([2.5, 3], [1, 1])


async def test_new_answers_join_the_files(db: None) -> None:
    survey_id = await a_store()
    for number in range(3):
        await answered(survey_id, ANSWERS[number:], channel="paper")
        await agrees(survey_id)
        assert len(files(survey_id)) == 1
    assert await fetchval("select count(*) from response_pending") == 0


async def test_answers_without_some_flags(db: None) -> None:
    survey_id = await a_store()
    some = await frame(survey_id, without=["duplicate_text"])
    assert (some.n, some.left.total, some.snapshot.count) == (3, 2, 5)
    assert some.frequencies("s").counts == (0, 0, 0)
    assert some.column("s").codes.shape == (3,)  # type: ignore[union-attr]
    assert some.columns.spans == {}
    assert some.columns.texts["w"] == 1
    assert some.variables["h"].points == ("tram",)
    assert some.snapshot.key == (await frame(survey_id)).snapshot.key + "-duplicate_text"


async def test_erased_answers_are_gone_from_the_bytes_of_all_files(db: None) -> None:
    survey_id = await a_store([*ANSWERS, {"h": "a link that names somebody"}])
    await frame(survey_id)
    row = await fetchval("select id from response where answers ->> 'h' like 'a link%'")
    assert any(row.bytes in path.read_bytes() and b"names somebody" in path.read_bytes() for path in files(survey_id))
    await surveys.erase_response(response_id=row, reason="asked for", at=NOON)
    await jobs.follow(NOON)
    assert not [path for path in files(survey_id) if row.bytes in path.read_bytes()]
    assert not [path for path in files(survey_id) if b"names somebody" in path.read_bytes()]
    assert len((await agrees(survey_id)).ids()) == len(ANSWERS)


async def test_a_replaced_answer_counts_no_more_and_again_when_its_successor_is_erased(db: None) -> None:
    survey_id = await a_store()
    await frame(survey_id)
    old = await fetchval("select id from response where answers ->> 's' = 'yes'")
    new = uuid4()
    await execute(
        "insert into response (id, survey, version, language, channel, day, answers, supersedes)"
        " values ($1, $2, 1, 'mk', 'web', $3, $4, $5)",
        new, survey_id, date(2026, 11, 21), {"s": "other"}, old,
    )  # fmt: skip
    made = await agrees(survey_id)
    assert made.frequencies("s").counts == (0, 1, 1)
    await execute("select erase_response($1, $2, 'asked for', $3, null)", new, uuid4(), NOON)
    assert (await agrees(survey_id)).frequencies("s").counts == (1, 1, 0)


async def test_a_late_commit_appears_late(db: None, server: Embedded) -> None:
    survey_id = await a_store()
    late = await asyncpg.connect(server.dsn)
    try:
        transaction = late.transaction()
        await transaction.start()
        await late.execute(
            "insert into response (id, survey, version, language, channel, day, answers)"
            " values ($1, $2, 1, 'mk', 'web', $3, '{\"s\": \"other\"}')", uuid4(), survey_id, date(2026, 11, 20),
        )  # fmt: skip
        await answered(survey_id, [{"s": "no"}])
        assert (await agrees(survey_id)).n == 6
        await transaction.commit()
    finally:
        await late.close()
    assert (await agrees(survey_id)).n == 7


async def test_an_answer_that_comes_while_files_are_written_is_in_the_next_ones(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey_id = await a_store()
    listed = store._Writer._note

    async def meanwhile(self: Any, *about: Any) -> Any:
        await answered(survey_id, [{"s": "other"}])
        monkeypatch.undo()
        return await listed(self, *about)

    monkeypatch.setattr(store._Writer, "_note", meanwhile)
    assert (await frame(survey_id)).n == 5
    assert (await agrees(survey_id)).n == 6


class PowerCut(Exception):
    pass


async def test_a_crash_between_file_and_commit_loses_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    survey_id = await a_store()
    await frame(survey_id)
    await answered(survey_id, [{"s": "other"}])

    async def crash(*_: Any) -> Any:
        raise PowerCut

    def leave(*_: Any) -> None:
        """A process that is gone removes nothing."""

    with monkeypatch.context() as broken:
        broken.setattr(store._Writer, "_note", crash)
        broken.setattr(store, "_remove", leave)
        with pytest.raises(PowerCut):
            await frame(survey_id)
    assert len(files(survey_id)) == 2
    assert (await agrees(survey_id)).n == 6
    assert len(files(survey_id)) == 1


async def test_several_processes_write_one_after_the_other(db: None, server: Embedded) -> None:
    survey_id = await a_store()
    other = await asyncpg.connect(server.dsn)
    key = (store.LOCKS, survey_id.int & 0x7FFFFFFF)
    try:
        await other.execute("select pg_advisory_lock($1, $2)", *key)
        waiting = asyncio.create_task(frame(survey_id))
        done, _ = await asyncio.wait({waiting}, timeout=0.2)
        assert not done
        await other.execute("select pg_advisory_unlock($1, $2)", *key)
        assert (await waiting).n == 5
    finally:
        await other.close()


async def test_a_reader_finds_the_files_of_another_process(db: None) -> None:
    survey_id = await a_store()
    before = await frame(survey_id)
    await answered(survey_id, ANSWERS)
    await store.update(survey_id)
    store._opened.clear()  # as in a process that did not write them
    assert (await agrees(survey_id)).n == 10
    assert before.column("s").codes.shape == (5,)  # type: ignore[union-attr]  # what was mapped stays readable


@pytest.mark.parametrize("loss", ["folder", "cut", "changed", "other"])
async def test_lost_or_damaged_files_are_made_anew(db: None, loss: str) -> None:
    survey_id = await a_store()
    await frame(survey_id)
    (path,) = files(survey_id)
    whole = path.read_bytes()
    if loss == "folder":
        shutil.rmtree(path.parent)
    elif loss == "cut":
        path.write_bytes(whole[:-64])
    elif loss == "other":
        path.write_bytes(b"COLUMNS1" + bytes(len(whole)))
    else:
        path.write_bytes(whole[:-80] + bytes([255]) + whole[-79:])
    store._opened.clear()
    if loss == "changed":  # found by night, when every byte is compared
        assert not await store.check(survey_id)
        await jobs.settle(NOON)
    else:
        await answered(survey_id, [{"s": "no"}])
    await agrees(survey_id)
    assert await store.check(survey_id)
    assert files(survey_id) != [path]


async def test_a_restored_backup_is_counted_right(db: None, server: Embedded, tmp_path: Path) -> None:
    """With the files of that moment, with those of a later one, and without any."""
    survey_id = await a_store()
    await frame(survey_id)
    await answered(survey_id, ANSWERS[:2])
    await backup(server.dsn, tmp_path / "file", at=NOON)
    for is_lost in (False, True):
        await answered(survey_id, ANSWERS)
        await agrees(survey_id)
        await empty()
        await restore(server.dsn, tmp_path / "file")
        if is_lost:
            shutil.rmtree(folder_of(survey_id))
        assert (await agrees(survey_id)).n == 7


async def test_versions_are_joined_by_key(db: None) -> None:
    survey_id = await a_store()
    await agrees(survey_id)
    options = [{"code": code, "text": text(code)} for code in ("maybe", "yes", "other", "never")]
    newer = definition(
        question("single", "s", options=options),
        question("multiple", "m", options=options),
        *ASKED[2:],
        question("single", "later"),
    )
    await surveys.import_working_copy(definition=newer, at=NOON)
    await surveys.publish(survey_id=survey_id, at=NOON)
    before = await agrees(survey_id)
    assert before.variables["s"].points == ("maybe", "yes", "other", "never", "no")
    assert before.frequencies("later").missing["not_asked"] == 5
    await answered(survey_id, [{"s": "never", "m": ["maybe", "never"], "later": "yes"}], version=2)
    after = await agrees(survey_id)
    assert after.frequencies("s").counts == (0, 1, 0, 1, 1)
    assert after.columns.lacked("m", "maybe") == 2
    counted = {key: after.frequencies(key) for key in after.variables if after.variables[key].kind == "coded"}
    await store.update(survey_id, anew=True)
    again = await agrees(survey_id)
    assert {key: again.frequencies(key) for key in counted} == counted
    assert again.snapshot.key == after.snapshot.key


async def test_codes_whose_meaning_changed_are_read_anew(db: None) -> None:
    survey_id = await a_survey(definition(question("single", "s")), [{"s": "dont_know"}, {"s": "yes"}])
    assert (await frame(survey_id)).frequencies("s").missing["dont_know"] == 1
    options = [{"code": code, "text": text(code)} for code in ("yes", "no", "other", "dont_know")]
    await surveys.import_working_copy(definition=definition(question("single", "s", options=options)), at=NOON)
    await surveys.publish(survey_id=survey_id, at=NOON)
    await answered(survey_id, [{"s": "dont_know"}], version=2)
    assert (await agrees(survey_id)).frequencies("s").counts == (1, 0, 0, 2)


async def test_files_tell_no_order_and_no_hour(db: None) -> None:
    survey_id = await a_store([{"h": f"p{number}"} for number in range(40)])
    await frame(survey_id)
    for _ in range(3):
        await answered(survey_id, ANSWERS)
        await frame(survey_id)
    await jobs.settle(NOON)
    (path,) = files(survey_id)
    assert path.stat().st_mtime == 0
    ids = [one.tobytes() for one in (await frame(survey_id)).ids()]
    assert ids == sorted(ids)


async def test_small_files_grow_together(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BLOCK", 6)
    monkeypatch.setattr(store, "SEVERAL", 3)
    survey_id = await a_store()
    sizes = []
    for _ in range(7):
        await answered(survey_id, ANSWERS[:3])
        await agrees(survey_id)
        sizes.append(len(files(survey_id)))
    assert max(sizes) <= 4
    assert await fetchval("select sum(rows) from column_segment") == 26


async def test_a_survey_without_answers_has_an_empty_frame(db: None) -> None:
    survey_id = await a_store([])
    made = await agrees(survey_id)
    assert (made.n, made.snapshot.count, made.snapshot.first_day) == (0, 0, None)
    await answered(survey_id, ANSWERS)
    assert (await agrees(survey_id)).n == 5


async def test_a_look_without_changes_writes_nothing(db: None) -> None:
    survey_id = await a_store()
    first = await frame(survey_id)
    generation = await fetchval("select generation from column_store")
    second = await frame(survey_id)
    assert first.columns is second.columns
    assert await fetchval("select generation from column_store") == generation


def test_columns_need_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "_folder", None)
    with pytest.raises(place.NoFolder):
        folder_of(UUID(int=1))
