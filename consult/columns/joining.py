"""Columns of several segments as one: codes are moved to the points that the definition has by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import numpy as np

from consult.columns.layout import Array, Spec
from consult.columns.segment import Held, Segment, sorted_segment


def spec_of(spec: Spec, held: Iterable[Held | None]) -> Spec:
    """The column as the definition has it; a listed one takes the points that occur."""
    if spec.form != "listed":
        return spec
    return msgspec.structs.replace(spec, points=tuple(sorted({p for one in held if one for p in one.spec.points})))


def moved(held: Held | None, spec: Spec, n: int) -> tuple[Array, ...]:
    """A segment's arrays with the points of `spec`; of a column that it lacks, rows that were not asked."""
    if held is None:
        return spec.nothing(n)
    if held.spec.points == spec.points:
        return held.parts
    if spec.form in ("coded", "listed"):
        return (table(held.spec, spec)[_within(held)],)
    if spec.form == "masked":
        bits, status = held.parts
        return _bits(bits, held.spec, spec), status
    return held.parts


def table(old: Spec, new: Spec) -> Array:
    """Old code (kinds of no answer behind the points) -> new code."""
    number = {point: code for code, point in enumerate(new.points)}
    skipped = new.missing["skipped"]
    codes = [number.get(point, skipped) for point in old.points]
    return np.array([*codes, *new.missing.values()], dtype=new.dtype)


def _within(held: Held) -> Array:
    """Codes with the kinds of no answer, which are the highest numbers, moved down to stand behind the points."""
    codes, k = held.parts[0], len(held.spec.points)
    top = int(np.iinfo(codes.dtype).max)
    small = np.arange(256, dtype=np.int64) if codes.dtype.itemsize == 1 else None
    if small is not None:
        return np.where(small < k, small, k + top - small).clip(max=k + 3)[codes]
    wide = codes.astype(np.int64)
    return np.where(wide < k, wide, k + top - wide)


def _bits(bits: Array, old: Spec, new: Spec) -> Array:
    """Each chosen option's bit at its new place."""
    made = np.zeros((len(bits), new.words), dtype=new.dtype)
    number = {point: place for place, point in enumerate(new.points)}
    for place, point in enumerate(old.points):
        if point in number:
            word, bit = divmod(place, 8 * bits.dtype.itemsize)
            to, at = divmod(number[point], 8 * made.dtype.itemsize)
            made[:, to] |= ((bits[:, word] >> bits.dtype.type(bit)) & bits.dtype.type(1)).astype(made.dtype) << (
                made.dtype.type(at)
            )
    return made


def joined(spec: Spec, segments: Sequence[Segment]) -> Held:
    """One column over all rows of the segments, in their order; of a single one without copying."""
    held = [segment.held.get(spec.name) for segment in segments]
    made = spec_of(spec, held)
    parts = [moved(one, made, segment.n) for one, segment in zip(held, segments, strict=True)]
    if not parts:
        return Held(made, made.nothing(0))
    if len(parts) == 1:
        return Held(made, parts[0])
    return Held(made, tuple(np.concatenate(part) for part in zip(*parts, strict=True)))


def merged(specs: Mapping[str, Spec], segments: Sequence[Segment]) -> Segment:
    """One segment of all rows."""
    ids = np.concatenate([segment.ids for segment in segments])
    return sorted_segment(ids, {name: joined(spec, segments) for name, spec in specs.items()})


def without(segment: Segment, places: Array) -> Segment:
    """A segment less some rows; points that only they had go with them."""
    kept = np.ones(segment.n, dtype=bool)
    kept[places] = False
    held = {}
    for name, one in segment.held.items():
        parts = tuple(part[kept] for part in one.parts)
        held[name] = pruned(Held(one.spec, parts)) if one.spec.form == "listed" else Held(one.spec, parts)
    return Segment(segment.ids[kept], held)


def pruned(held: Held) -> Held:
    """A listed column without the points that nobody has: what was erased is not left behind in the header."""
    used = set(np.unique(held.parts[0]).tolist())
    points = tuple(point for code, point in enumerate(held.spec.points) if code in used)
    if points == held.spec.points:
        return held
    spec = msgspec.structs.replace(held.spec, points=points)
    return Held(spec, moved(held, spec, len(held.parts[0])))
