"""The files of column segments: brought up to date, rewritten, made anew, opened. See consult_0140 for the tables.

What must hold, whatever happens between any two lines, and in several processes at once:

    complete    the files hold exactly the answers in force but those that are marked in `response_pending`
    atomic      marks are deleted and files listed in one transaction, after the files are safely on the disk; a crash
                before leaves files that nobody lists, and whoever comes next removes them
    one snapshot  marks and answers are read in one snapshot, so a mark that comes meanwhile stays, and an answer
                that is committed late is marked late
    one writer  an advisory lock per survey; readers take none, because files never change

A file that is missing or not the one that is listed (a lost folder, a restored backup, a damaged disk) makes all files
of the survey be written anew from the answers.

New answers join the youngest small files, so that there are few of them and their rows stay mixed: within a file they
are sorted by their random ids. Small files grow into one of BLOCK rows, SEVERAL of those into one of up to MOST.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from consult.columns import copying
from consult.columns.copying import Copied
from consult.columns.decoding import READ, Decoder, unescaped
from consult.columns.folder import folder_of
from consult.columns.joining import merged, without
from consult.columns.layout import Spec, is_kept
from consult.columns.segment import Damaged, Listed, Segment, read, write
from consult.columns.united import united
from consult.storage import replica
from consult.storage.engine import DB
from consult.surveys import queries as surveys
from consult.surveys.definition.schema import Definition
from consult.surveys.queries import IN_FORCE

BLOCK = 2**16
MOST = 2**20
SEVERAL = 16
CHUNK = 2**20
"""Bytes that are decoded in one go, so that other work is held up by milliseconds only."""
LOCKS = 0x636F6C  # the advisory locks of this module
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A survey's files at one generation, mapped into memory."""

    generation: UUID
    listed: tuple[Listed, ...]
    segments: tuple[Segment, ...]

    @property
    def count(self) -> int:
        return sum(one.rows for one in self.listed)

    @property
    def fingerprint(self) -> int:
        return reduce(xor, (segment.fingerprint for segment in self.segments), 0)


@dataclass(slots=True)
class _Known:
    """What this process knows of a survey's versions, which never change."""

    newest: int
    definition: Definition
    versions: dict[int, Definition] = field(default_factory=dict)


_opened: dict[UUID, Opened] = {}
_known: dict[UUID, _Known] = {}
_locks: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)
_updated: dict[UUID, tuple[float, Opened]] = {}
"""When the last update of this process began, and what it gave."""


async def definitions(survey_id: UUID, newest: int) -> tuple[Definition, dict[int, Definition]]:
    """The united definition and each version's own."""
    known = _known.get(survey_id)
    if known is None or known.newest != newest:
        found = {version.number: version.definition for version in await surveys.versions(survey_id)}
        known = _known[survey_id] = _Known(newest, united(list(found.values())), found)
    return known.definition, known.versions


async def opened(survey_id: UUID, generation: UUID | None) -> Opened | None:
    """The files of that generation or a later one; None where they cannot be used as they are."""
    kept = _opened.get(survey_id)
    if generation is None or (kept is not None and kept.generation == generation):
        return kept if generation is not None else None
    for _ in range(3):  # files that are replaced between the list and the opening are not lost: the next list says so
        async with _own_connection() as raw:
            now, listed = await _list(raw, survey_id)
        if now is None:
            return None
        try:
            return _open(survey_id, now, listed)
        except (FileNotFoundError, Damaged):
            continue
    return None


def _open(survey_id: UUID, generation: UUID, listed: Sequence[Listed]) -> Opened:
    """Map the files that are not mapped yet."""
    kept = _opened.get(survey_id)
    known = dict(zip(kept.listed, kept.segments, strict=True)) if kept else {}
    folder = folder_of(survey_id)
    segments = tuple(known.get(one) or read(folder, one) for one in listed)
    made = _opened[survey_id] = Opened(generation, tuple(listed), segments)
    return made


async def _list(raw: Any, survey_id: UUID) -> tuple[UUID | None, tuple[Listed, ...]]:
    rows = await raw.fetch(
        "select generation, g.id, g.rows, g.digest from column_store s left join column_segment g using (survey)"
        " where survey = $1 order by g.rows desc, g.id",
        survey_id,
    )
    listed = tuple(Listed(row["id"], row["rows"], bytes(row["digest"])) for row in rows if row["id"] is not None)
    return (rows[0]["generation"] if rows else None), listed


@asynccontextmanager
async def _own_connection() -> AsyncIterator[Any]:
    """A connection beside the current transaction, if there is one: files hold what is committed and nothing else."""
    raw = await DB.take()
    try:
        yield raw
    finally:
        await DB.give_back(raw)


@asynccontextmanager
async def _alone(survey_id: UUID) -> AsyncIterator[Any]:
    """A connection whose process is the only one that writes this survey's files."""
    key = (LOCKS, survey_id.int & 0x7FFFFFFF)
    async with _own_connection() as raw:
        await raw.execute("select pg_advisory_lock($1, $2)", *key)
        try:
            yield raw
        finally:
            if not raw.is_closed():
                await raw.execute("select pg_advisory_unlock($1, $2)", *key)


async def update(
    survey_id: UUID, *, anew: bool = False, settle: bool = False, progress: Progress | None = None
) -> Opened:
    """Bring the files up to date, and say which there are. Those who ask while it is being done share the next time.

    anew    write all of them from the answers, whatever is there
    settle  join all files that are smaller than MOST: what came in later files cannot be told any more
    """
    came = time.monotonic()
    async with _locks[survey_id]:
        began, found = _updated.get(survey_id, (0.0, None))
        if found is not None and began >= came and not (anew or settle):
            return found
        began = time.monotonic()
        async with _alone(survey_id) as raw:
            try:
                async with copying.copied(raw, survey_id, anew=anew) as copy:
                    found = await _update(_Writer(survey_id, raw, progress, copy), anew=anew, settle=settle)
            except replica.INTERRUPTED:
                if raw.is_closed() or DB.replica is None:
                    raise
                found = await _update(_Writer(survey_id, raw, progress), anew=anew, settle=settle)
        _updated[survey_id] = (began, found)
        return found


async def _update(writer: _Writer, *, anew: bool, settle: bool) -> Opened:
    survey_id = writer.survey_id
    try:
        async with writer.raw.transaction(isolation="repeatable_read"):
            before, listed = await _list(writer.raw, survey_id)
            found = await writer.run(before, listed, anew=anew, settle=settle)
    except BaseException:
        _opened.pop(survey_id, None)
        _remove(survey_id, writer.made)
        raise
    _clear(survey_id, found.listed)
    _opened[survey_id] = found
    return found


def _remove(survey_id: UUID, files: Iterable[Listed]) -> None:
    for one in files:
        one.path(folder_of(survey_id)).unlink(missing_ok=True)


def _clear(survey_id: UUID, listed: Iterable[Listed]) -> None:
    """Remove what is not listed: files that were replaced, and what a crash left."""
    folder = folder_of(survey_id)
    kept = {one.path(folder) for one in listed}
    for path in folder.glob("*"):
        if path not in kept:
            path.unlink(missing_ok=True)


class _Writer:
    """One run of `update`, inside its transaction. made: the files that were written so far."""

    def __init__(self, survey_id: UUID, raw: Any, progress: Progress | None, copy: Copied | None = None) -> None:
        self.survey_id, self.raw, self.progress, self.copy = survey_id, raw, progress, copy
        self.folder = folder_of(survey_id)
        self.made: list[Listed] = []
        self.done = self.total = 0

    async def run(self, generation: UUID | None, listed: Sequence[Listed], *, anew: bool, settle: bool) -> Opened:
        newest = await self.raw.fetchval("select max(number) from survey_version where survey = $1", self.survey_id)
        definition, versions = await definitions(self.survey_id, newest or 0)
        decoder = Decoder(definition, versions)
        kept = None if anew or generation is None else self._usable(generation, listed, decoder.specs)
        if kept is None:
            left: list[Segment] = []
            await self._everything(decoder)
            kept = {}
        else:
            left = await self._changes(kept, decoder)
        chosen = _to_join(kept, left, settle=settle)
        is_same = not self.made and not left and len(chosen) < 2 and len(kept) == len(listed)
        if is_same and generation is not None:
            return _open(self.survey_id, generation, listed)
        left += [kept.pop(one) for one in chosen]
        if len(left) > 1:
            left = [await asyncio.to_thread(merged, decoder.specs, left)]
        for segment in left:
            if segment.n:
                await self._write(segment)
        return await self._note([*kept, *self.made])

    def _usable(
        self, generation: UUID, listed: Sequence[Listed], specs: dict[str, Spec]
    ) -> dict[Listed, Segment] | None:
        """The files as they are; None if one is missing, damaged, or written by a rule that no longer holds."""
        try:
            found = _open(self.survey_id, generation, listed)
        except (FileNotFoundError, Damaged):
            return None
        for segment in found.segments:
            if not all(is_kept(held.spec, specs[name]) for name, held in segment.held.items() if name in specs):
                return None
        return dict(zip(found.listed, found.segments, strict=True))

    async def _everything(self, decoder: Decoder) -> None:
        """All answers in force, from the copy of the database if there is one."""
        source = self.copy.raw if self.copy else self.raw
        if self.progress:
            counting = f"select count(*) {IN_FORCE} and survey = $1"
            self.total = await source.fetchval(counting, self.survey_id, timeout=replica.READ_S)
        await self._copy(source, f"select {READ} {IN_FORCE} and survey = $1", decoder)
        if decoder.n:
            await self._write(await asyncio.to_thread(decoder.taken))
        if self.copy:
            await self.copy.forget_marks(self.raw)
        else:
            await self.raw.execute("delete from response_pending where survey = $1", self.survey_id)

    async def _changes(self, kept: dict[Listed, Segment], decoder: Decoder) -> list[Segment]:
        """Look at what is marked: takes it out of the files that have it, and gives what belongs into one."""
        await self._copy(
            self.raw,
            f"select {READ} {IN_FORCE} and id in (select response from response_pending where survey = $1)",  # noqa: S608
            decoder,
        )
        left = [await asyncio.to_thread(decoder.taken)] if decoder.n else []
        rows = await self.raw.fetch(
            "delete from response_pending where survey = $1 and not is_new returning response", self.survey_id
        )
        await self.raw.execute("delete from response_pending where survey = $1", self.survey_id)
        marked = np.frombuffer(b"".join({row["response"].bytes for row in rows}), dtype="V16")
        for one, segment in list(kept.items()) if len(marked) else []:
            places = await asyncio.to_thread(segment.places, marked)
            if len(places):
                del kept[one]
                left.append(without(segment, places))
        return left

    async def _copy(self, source: Any, query: str, decoder: Decoder) -> None:
        """Stream lines from the database into the decoder, which works while the next ones are on their way."""
        rest = bytearray()
        working: asyncio.Task[None] | None = None

        async def take(data: bytes) -> None:
            nonlocal working
            rest.extend(data)
            if len(rest) >= CHUNK:
                end = rest.rindex(b"\n") + 1
                lines = bytes(rest[:end])
                del rest[:end]
                if working is not None:
                    await working
                working = asyncio.create_task(self._decode(decoder, lines))

        try:
            if source is self.raw:
                await source.copy_from_query(query, self.survey_id, output=take)
            else:
                await replica.copy_out(source, query, self.survey_id, output=take)
        finally:
            if working is not None:
                await working
        await self._decode(decoder, bytes(rest))

    async def _decode(self, decoder: Decoder, lines: bytes) -> None:
        """Decode some lines; every MOST of them are a file."""
        await asyncio.to_thread(decoder.add, unescaped(lines))
        if self.progress:
            self.progress(self.done + decoder.n, self.total)
        if decoder.n >= MOST:
            self.done += decoder.n
            await self._write(await asyncio.to_thread(decoder.taken))

    async def _write(self, segment: Segment) -> None:
        self.made.append(await asyncio.to_thread(write, self.folder, uuid4(), segment))

    async def _note(self, listed: list[Listed]) -> Opened:
        """List the files that there are now."""
        generation = uuid4()
        await self.raw.execute(
            "insert into column_store (survey, generation) values ($1, $2)"
            " on conflict (survey) do update set generation = excluded.generation",
            self.survey_id,
            generation,
        )
        await self.raw.execute(
            "delete from column_segment where survey = $1 and id <> all($2)", self.survey_id, [one.id for one in listed]
        )
        await self.raw.executemany(
            "insert into column_segment (id, survey, rows, digest) values ($1, $2, $3, $4)",
            [(one.id, self.survey_id, one.rows, one.digest) for one in self.made],
        )
        order = sorted(listed, key=lambda one: (-one.rows, one.id))
        return _open(self.survey_id, generation, order)


def _to_join(kept: dict[Listed, Segment], left: Sequence[Segment], *, settle: bool) -> list[Listed]:
    """Which files are written together with what is left over from others."""
    if settle:
        return [one for one in kept if one.rows < MOST]
    small = [one for one in kept if one.rows < BLOCK] if left else []
    middle = [one for one in kept if BLOCK <= one.rows < MOST]
    return small + middle if len(middle) >= SEVERAL and left else small


async def check(survey_id: UUID) -> bool:
    """Compare every byte of the files with what was written; whether all are whole."""
    async with _own_connection() as raw:
        _, listed = await _list(raw, survey_id)
    folder = folder_of(survey_id)
    try:
        for one in listed:
            await asyncio.to_thread(read, folder, one, whole=True)
    except (FileNotFoundError, Damaged):
        return False
    return True
