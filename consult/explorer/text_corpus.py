"""The written answers to one question, counted once and kept while somebody reads them.

Their words are not kept, only what is compared; a page asks the database for those it shows. What took long to read may
be shown for a while after new answers have come: twenty times as long as it took, so that reading never takes more than
a twentieth of the machine. Each page says as of when.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import anyio
import numpy as np
from numpy.typing import NDArray

from consult.coding import queries as coding
from consult.coding.code import FIRST, SECOND, CodeFrame
from consult.columns.column import Coded
from consult.columns.frame import Frame, frame
from consult.explorer.text_state import CODED, DIFFERS, UNCODED, State
from consult.textmatch.corpus import Corpus, Gathering
from consult.textmatch.counts import Counts, counts
from consult.textmatch.letters import key
from consult.textmatch.near import Groups, groups

MOST_TEXTS = 300_000
PATIENCE = 20
QUICK_S = 0.5
"""What is read sooner than this is read anew whenever an answer has come."""


@dataclass(slots=True)
class Texts:
    """n written answers.

    ids     (n,) their responses, 16 bytes each
    rows    (n,) the rows of the frame with the same responses; n of the frame where there is none
    as_of   the moment whose answers these are
    """

    question: str
    frame: Frame
    ids: NDArray[np.void]
    rows: NDArray[np.int64]
    corpus: Corpus
    as_of: datetime
    good_until: float
    _groups: Groups | None = None
    _counts: dict[tuple[object, ...], Counts] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def n(self) -> int:
        return self.corpus.n

    def responses(self, places: NDArray[np.int64]) -> list[UUID]:
        return [UUID(bytes=self.ids[place].tobytes()) for place in places]

    async def groups(self) -> Groups:
        """The groups of near-equal answers, over all of them."""
        async with self._lock:
            if self._groups is None:
                self._groups = await anyio.to_thread.run_sync(groups, self.corpus.keys)
            return self._groups

    async def counts(self, language: str, state: State, chosen: NDArray[np.bool_]) -> Counts:
        """Words and pairs of one language among the chosen answers; kept as long as codes do not choose."""
        name = (language, state.q, state.language, state.where)
        async with self._lock:
            made = None if state.codes else self._counts.get(name)
            if made is None:
                made = await anyio.to_thread.run_sync(counts, self.corpus, language, chosen)
                if not state.codes:
                    while len(self._counts) > 20:
                        self._counts.pop(next(iter(self._counts)))
                    self._counts[name] = made
            return made


_kept: OrderedDict[tuple[UUID, str], Texts] = OrderedDict()
_locks: dict[tuple[UUID, str], asyncio.Lock] = {}


async def texts(survey_id: UUID, question: str) -> Texts:
    """The written answers to a question, read anew if others have come since. Raises NotFound."""
    name = (survey_id, question)
    async with _locks.setdefault(name, asyncio.Lock()):
        kept = _kept.get(name)
        if kept is None or time.monotonic() > kept.good_until:
            now = await frame(survey_id)
            if kept is None or _differ(kept.frame, now):
                kept = _kept[name] = await _read(survey_id, question, now)
        _kept.move_to_end(name)
        while len(_kept) > 1 and sum(one.n for one in _kept.values()) > MOST_TEXTS:
            _locks.pop(_kept.popitem(last=False)[0], None)
        return kept


def _differ(kept: Frame, now: Frame) -> bool:
    return kept.snapshot.key != now.snapshot.key or kept.definition != now.definition


async def _read(survey_id: UUID, question: str, now: Frame) -> Texts:
    began = time.monotonic()
    gathering = Gathering()
    ids: list[bytes] = []
    async for block in coding.blocks(survey_id, question):
        await anyio.to_thread.run_sync(gathering.add, [(one.language, one.words) for one in block])
        ids += [one.response.bytes for one in block]
    corpus = await anyio.to_thread.run_sync(gathering.corpus)
    own = np.frombuffer(b"".join(ids), dtype="V16")
    took = time.monotonic() - began
    patience = PATIENCE * took if took > QUICK_S else 0.0
    return Texts(question, now, own, _rows(own, now), corpus, now.snapshot.taken_at, time.monotonic() + patience)


def _rows(ids: NDArray[np.void], of: Frame) -> NDArray[np.int64]:
    theirs, own = of.ids().view("S16").ravel(), ids.view("S16").ravel()
    order = np.argsort(theirs)
    if not of.n:
        return np.zeros(len(own), dtype=np.int64)
    place = order[np.minimum(np.searchsorted(theirs, own, sorter=order), of.n - 1)]
    found: NDArray[np.int64] = np.where(theirs[place] == own, place, of.n)
    return found


async def chosen(of: Texts, state: State, codes: CodeFrame | None) -> NDArray[np.bool_]:
    """(n,) which answers a state asks for."""
    corpus = of.corpus
    found = np.ones(of.n, dtype=np.bool_)
    if wanted := key(state.q):
        found &= np.fromiter((wanted in own for own in corpus.keys), dtype=np.bool_, count=of.n)
    if state.language:
        found &= corpus.language == corpus.languages.index(state.language)
    if state.where:
        found &= _where(of, state.where)
    if state.codes:
        found &= await _coded(of, state, codes)
    return found


def _where(of: Texts, where: str) -> NDArray[np.bool_]:
    variable, _, point = where.partition(":")
    column = of.frame.column(variable)
    assert isinstance(column, Coded)  # noqa: S101 - only breaks of one choice are offered
    is_there = np.append(column.codes == column.points.index(point), False)
    found: NDArray[np.bool_] = is_there[of.rows]
    return found


async def _coded(of: Texts, state: State, codes: CodeFrame | None) -> NDArray[np.bool_]:
    if codes is None:
        return np.full(of.n, state.codes == UNCODED)
    known, bits = (await coding.marks(codes, state.coder)).of(of.ids)
    if state.codes == UNCODED:
        return ~known
    if state.codes == CODED:
        return known
    if state.codes == DIFFERS:
        other, theirs = (await coding.marks(codes, FIRST if state.coder == SECOND else SECOND)).of(of.ids)
        differs: NDArray[np.bool_] = known & other & (bits != theirs).any(axis=1)
        return differs
    word, bit = divmod([code.key for code in codes.codes].index(state.codes), coding.WORDS)
    return np.asarray((bits[:, word] >> np.uint64(bit)) & np.uint64(1) == 1)


def mark(words: str) -> str:
    """A short name for a wording in addresses and forms: the same for the same key, whatever else was answered."""
    return hashlib.blake2b(words.encode(), digest_size=8).hexdigest()
