"""Answers as columns in one immutable file: a JSON header, then arrays that are mapped into memory, never read whole.

    8 bytes "COLUMNS1", 8 bytes length of the header, the header (JSON), then each array on a boundary of 64 bytes

Rows are sorted by id, so nothing of the order of arrival remains. A file is written beside its name, synchronised and
renamed; it is never changed afterwards. A reader keeps what it has mapped even when the file is removed. The header
carries a digest of the arrays, and whoever lists the file keeps a digest of the header.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import IO
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.columns.column import KINDS
from consult.columns.layout import PARTS, Array, Spec

MAGIC = b"COLUMNS1"
ALIGNED = 64
MOST_DIFFERENT = 4096
"""Values that a summary tells apart."""
HEADER_LEAST = len(MAGIC) + 8


class Damaged(ValueError):
    """A file that is not what was written."""


class Summary(msgspec.Struct, frozen=True):
    """What counting needs most, so that a page without filters reads no array.

    codes   how often each code occurs; None where there are too many
    chosen  how many chose each option of a mask
    status  how many have each status
    values  the different numbers, rising, and how often each was given; None where there are too many
    """

    codes: dict[int, int] | None = None
    chosen: tuple[int, ...] = ()
    status: tuple[int, ...] = ()
    values: tuple[tuple[float, int], ...] | None = None


@dataclass(frozen=True)
class Held:
    """One column with its arrays, in the order of PARTS."""

    spec: Spec
    parts: tuple[Array, ...]
    known: Summary | None = field(default=None, repr=False)

    @cached_property
    def summary(self) -> Summary:
        return self.known or summary(self.spec, self.parts)


@dataclass(frozen=True)
class Segment:
    """Some answers. ids: (n,) 16 bytes each, rising."""

    ids: NDArray[np.void]
    held: Mapping[str, Held]

    @property
    def n(self) -> int:
        return len(self.ids)

    @property
    def order(self) -> NDArray[np.uint64]:
        """(n,) the first half of each id, rising: to search in."""
        return self.ids.view(">u8")[::2].astype(np.uint64)

    @cached_property
    def fingerprint(self) -> int:
        """The same for the same ids, whatever segments they are in, if fingerprints are joined by exclusive or."""
        return int(np.bitwise_xor.reduce(self.ids.view("<u8")[1::2])) if self.n else 0

    def places(self, ids: Array) -> NDArray[np.int64]:
        """Where some of the ids (16 bytes each) are; those that are not here are left out."""
        first = ids.view(">u8")[::2].astype(np.uint64)
        order = self.order
        low, high = np.searchsorted(order, first, "left"), np.searchsorted(order, first, "right")
        found = [
            place
            for number in np.flatnonzero(high > low)
            for place in range(low[number], high[number])
            if self.ids[place] == ids[number]
        ]
        return np.array(found, dtype=np.int64)


def sorted_segment(ids: NDArray[np.void], held: Mapping[str, Held]) -> Segment:
    """A segment of rows in any order."""
    first = ids.view(">u8")[::2].astype(np.uint64)
    order = np.argsort(first)
    if len(first) and not (np.diff(first[order]) > 0).all():
        order = np.lexsort((ids.view(">u8")[1::2].astype(np.uint64), first))
    return Segment(
        ids[order], {name: Held(one.spec, tuple(part[order] for part in one.parts)) for name, one in held.items()}
    )


def summary(spec: Spec, parts: Sequence[Array]) -> Summary:
    match spec.form:
        case "masked":
            bits, status = parts
            one = bits.dtype.type
            words = [divmod(i, 8 * bits.dtype.itemsize) for i in range(len(spec.points))]
            chosen = tuple(int(np.count_nonzero(bits[:, word] & one(1 << bit))) for word, bit in words)
            return Summary(chosen=chosen, status=_counted(status))
        case "measured" | "computed":
            return Summary(status=_counted(parts[1]), values=different(parts[0]))
        case "hashed":
            return Summary()
    return Summary(codes=_codes(parts[0]))


def _counted(status: Array) -> tuple[int, ...]:
    return tuple(np.bincount(status, minlength=len(KINDS) + 1).tolist())


def _codes(codes: Array) -> dict[int, int] | None:
    if codes.dtype.itemsize > 2:
        return None
    seen = np.bincount(codes)
    there = np.flatnonzero(seen)
    return dict(zip(there.tolist(), seen[there].tolist(), strict=True)) if len(there) <= MOST_DIFFERENT else None


def different(values: Array) -> tuple[tuple[float, int], ...] | None:
    """The different numbers and how often each is there (NaN left out), if they are few."""
    given = values[~np.isnan(values)]
    if not len(given):
        return ()
    low, high = float(given.min()), float(given.max())
    if high - low < 16 * MOST_DIFFERENT and (given == np.floor(given)).all():
        seen = np.bincount((given - low).astype(np.int64))
        there = np.flatnonzero(seen)
        found, counts = there + low, seen[there]
    else:
        found, counts = np.unique(given, return_counts=True)
    if len(found) > MOST_DIFFERENT:
        return None
    return tuple(zip(map(float, found.tolist()), counts.tolist(), strict=True))


class _Place(msgspec.Struct, frozen=True):
    offset: int
    dtype: str
    shape: tuple[int, ...]


class _Column(msgspec.Struct, frozen=True):
    spec: Spec
    parts: tuple[_Place, ...]
    summary: Summary


class _Header(msgspec.Struct, frozen=True):
    n: int
    fingerprint: int
    ids: _Place
    columns: tuple[_Column, ...]
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What the manifest says of a file: its name, its rows, the digest of its header."""

    id: UUID
    rows: int
    digest: bytes

    def path(self, folder: Path) -> Path:
        return folder / f"{self.id}.columns"


def write(folder: Path, id_: UUID, segment: Segment) -> Listed:
    """Write a segment so that after the return it survives a loss of power."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    arrays: list[Array] = []
    offset = 0

    def place(array: Array) -> _Place:
        nonlocal offset
        arrays.append(array)
        there = _Place(offset, array.dtype.str, array.shape)
        offset += -(-array.nbytes // ALIGNED) * ALIGNED
        return there

    ids = place(segment.ids)
    columns = tuple(_Column(one.spec, tuple(map(place, one.parts)), one.summary) for one in segment.held.values())
    digest = blake2b(digest_size=16)
    for chunk in _padded(arrays):
        digest.update(chunk)
    header = msgspec.json.encode(_Header(segment.n, segment.fingerprint, ids, columns, digest.hexdigest(), offset))
    listed = Listed(id_, segment.n, blake2b(header, digest_size=16).digest())
    path = listed.path(folder)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        part.chmod(0o600)
        _fill(file, header, arrays)
    os.utime(part, (0, 0))  # the hour at which answers were counted is nobody's business
    part.rename(path)
    _synchronise(folder)
    return listed


def _padded(arrays: Iterable[Array]) -> Iterable[bytes]:
    for array in arrays:
        if array.nbytes:
            yield np.ascontiguousarray(array).tobytes()
            yield bytes(-array.nbytes % ALIGNED)


def _fill(file: IO[bytes], header: bytes, arrays: Iterable[Array]) -> None:
    file.write(MAGIC + len(header).to_bytes(8, "little") + header)
    file.write(bytes(-file.tell() % ALIGNED))
    for chunk in _padded(arrays):
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())


def _synchronise(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(folder: Path, listed: Listed, *, whole: bool = False) -> Segment:
    """Map a file into memory. whole: compare every byte with its digest. Raises FileNotFoundError, Damaged."""
    with listed.path(folder).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < HEADER_LEAST:
            raise Damaged(listed.path(folder))
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    length = int.from_bytes(mapped[len(MAGIC) : HEADER_LEAST], "little")
    raw = mapped[HEADER_LEAST : HEADER_LEAST + length]
    if mapped[: len(MAGIC)] != MAGIC or blake2b(raw, digest_size=16).digest() != listed.digest:
        raise Damaged(listed.path(folder))
    header = msgspec.json.decode(raw, type=_Header)
    start = -(-(HEADER_LEAST + length) // ALIGNED) * ALIGNED
    if size != start + header.size or header.n != listed.rows:
        raise Damaged(listed.path(folder))
    if whole and blake2b(memoryview(mapped)[start:], digest_size=16).hexdigest() != header.digest:
        raise Damaged(listed.path(folder))

    def array(place: _Place) -> Array:
        dtype = np.dtype(place.dtype)
        count = int(np.prod(place.shape))
        if not count:
            return np.empty(place.shape, dtype=dtype)
        return np.frombuffer(mapped, dtype=dtype, count=count, offset=start + place.offset).reshape(place.shape)

    held = {
        one.spec.name: Held(one.spec, tuple(map(array, one.parts)), one.summary)
        for one in header.columns
        if len(one.parts) == len(PARTS[one.spec.form])
    }
    made = Segment(array(header.ids), held)
    made.__dict__["fingerprint"] = header.fingerprint  # known without reading the ids
    return made
