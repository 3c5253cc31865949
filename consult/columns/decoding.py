"""From stored answers to columns, a few thousand rows at a time and one question after the other.

Rows come as lines of JSON, as the database writes them itself (READ): [id, version, language, channel, day, flags,
{answers}]. They are parsed into slots of fixed positions and looked up column by column, which is four times as fast
as walking through every answer. What the definition does not know counts as skipped.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Mapping
from hashlib import blake2b
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec
import numpy as np
from msgspec import UNSET

from consult.columns.column import KINDS, NO, YES, places_of
from consult.columns.layout import (
    CHANNEL,
    DAY,
    FALSE,
    FIRST,
    FLAGS,
    LANGUAGE,
    LAST,
    MARKS,
    TRUE,
    VERSION,
    WORDS,
    Array,
    Spec,
    of_question,
    specs,
)
from consult.columns.segment import Held, Segment, sorted_segment
from consult.surveys.definition import schema as d
from consult.surveys.responses.flags import DUPLICATE_LETTERS, STORED, STRAIGHT_ROWS, plain

# One line of JSON for a row of `response`; escaped backslashes are COPY's (see `unescaped`).
READ = (
    """concat('["', id, '",', version, ',"', language, '","', channel, '","', day, '",', """
    + "case when flags = '{}' then 0 else "
    + " + ".join(f"('{flag}' = any(flags))::int * {1 << bit}" for bit, flag in enumerate(STORED))
    + " end, ',', answers, ']')"
)
MOST_MEMO = 50_000
NAN = float("nan")
Values: TypeAlias = list[Any]
Coder: TypeAlias = Callable[[Values], tuple[Array, ...]]


def unescaped(copied: bytes) -> bytes:
    """COPY doubles backslashes; JSON text holds no other character that it would escape."""
    return copied.replace(b"\\\\", b"\\") if b"\\" in copied else copied


class _Table(dict[Any, int]):
    """Answer -> code; whatever it does not know has the code of `other`."""

    def __init__(self, known: Mapping[Any, int], other: int) -> None:
        super().__init__(known)
        self.other = other

    def __missing__(self, answer: object) -> int:
        return self.other


class _Listing(dict[Any, int]):
    """Value -> number, in the order in which the values appear."""

    def __missing__(self, value: object) -> int:
        self[value] = number = len(self)
        return number


def _looked_up(table: dict[Any, int], values: Values, dtype: np.dtype[Any]) -> Array:
    try:
        if dtype.itemsize == 1:
            return np.frombuffer(bytes(map(table.__getitem__, values)), dtype=np.uint8)
        return np.fromiter(map(table.__getitem__, values), dtype=dtype, count=len(values))
    except TypeError:  # a list or an object where one code should stand
        return _looked_up(table, [v if isinstance(v, Hashable) else str(v) for v in values], dtype)


def _coder(spec: Spec) -> Coder:
    missing = spec.missing
    known: dict[Any, int] = {UNSET: missing["not_asked"]}
    for number, point in enumerate(spec.points):
        known[point] = number
        if point.isdecimal():
            known[int(point)] = number
    known |= {code: missing[kind] for code, kind in spec.outside.items()}
    table = _Table(known, missing["skipped"])
    return lambda values: (_looked_up(table, values, spec.dtype),)


def _ticker(spec: Spec) -> Coder:
    """A consent: a box that was left empty is an answer too."""
    yes, no = spec.points.index(YES), spec.points.index(NO)
    table = _Table({UNSET: spec.missing["not_asked"], True: yes}, no)
    return lambda values: (_looked_up(table, values, spec.dtype),)


class _Masks(dict[Any, int]):
    """A list of options -> its bits, and from `shift` on the status. Lists repeat, so each is read once."""

    def __init__(self, spec: Spec) -> None:
        self.place = {point: number for number, point in enumerate(spec.points)}
        self.outside = spec.outside
        self.shift = len(spec.points)

    def __missing__(self, given: bytes | tuple[Any, ...] | None) -> int:
        if len(self) > MOST_MEMO:
            self.clear()
        found = msgspec.json.decode(given) if isinstance(given, bytes) and given else given
        chosen = found if isinstance(found, list | tuple) else ()
        mask = sum({1 << self.place[code] for code in chosen if code in self.place})
        kind = next((self.outside[code] for code in chosen if code in self.outside), "skipped")
        if found is UNSET or found == b"":
            kind = "not_asked"
        status = 0 if mask else 1 + KINDS.index(kind)
        self[given] = whole = mask | status << self.shift
        return whole


def _masker(spec: Spec) -> Coder:
    memo = _Masks(spec)
    shift, only = len(spec.points), (1 << len(spec.points)) - 1

    def narrow(values: Values) -> tuple[Array, ...]:
        whole = np.fromiter(map(memo.__getitem__, map(_key, values)), dtype=np.uint64, count=len(values))
        bits = (whole & np.uint64(only)).astype(spec.dtype).reshape(-1, 1)
        return bits, (whole >> np.uint64(shift)).astype(np.uint8)

    def wide(values: Values) -> tuple[Array, ...]:
        whole = [memo[_key(value)] for value in values]
        raw = b"".join((one & only).to_bytes(8 * spec.words, "little") for one in whole)
        status = np.array([one >> shift for one in whole], dtype=np.uint8)
        return np.frombuffer(raw, dtype="<u8").reshape(len(whole), spec.words), status

    return narrow if shift <= 56 else wide


def _key(value: Any) -> Any:
    if value.__class__ is msgspec.Raw:
        return bytes(value)
    return tuple(map(str, value)) if value.__class__ is list else value if isinstance(value, Hashable) else None


def _numbers(values: Values) -> tuple[Array, list[int]]:
    """The numbers (NaN elsewhere), and where there is none."""
    found = np.array([v if v.__class__ is int or v.__class__ is float else NAN for v in values], dtype=np.float64)
    return found, np.flatnonzero(np.isnan(found)).tolist()


def _measurer(spec: Spec) -> Coder:
    table = _Table({UNSET: 1} | {code: 1 + KINDS.index(kind) for code, kind in spec.outside.items()},
                   1 + KINDS.index("skipped"))  # fmt: skip

    def measure(values: Values) -> tuple[Array, ...]:
        found, absent = _numbers(values)
        status = np.zeros(len(values), dtype=np.uint8)
        status[absent] = _looked_up(table, [values[i] for i in absent], status.dtype)
        return found, status

    return measure


def _computer(values: Values) -> tuple[Array, ...]:
    found, absent = _numbers(values)
    status = np.zeros(len(values), dtype=np.uint8)
    for i in absent:
        value = values[i]
        if value is UNSET or value is None:
            status[i] = 1 if value is UNSET else 1 + KINDS.index("skipped")
        else:
            status[i] = (TRUE if value else FALSE) if isinstance(value, bool) else WORDS
    return found, status


def _given(values: Values) -> tuple[Array, ...]:
    return (np.fromiter((v is not UNSET and bool(v) for v in values), dtype=np.uint8, count=len(values)),)


def _hash(text: object) -> int:
    words = plain(text) if isinstance(text, str) and len(text) >= DUPLICATE_LETTERS else ""
    if len(words) < DUPLICATE_LETTERS:
        return 0
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "little") or 1


def _hasher(values: Values) -> tuple[Array, ...]:
    return (np.fromiter(map(_hash, values), dtype=np.uint64, count=len(values)),)


class _Lister:
    """Numbers values as they come; `spec` then has them in their order."""

    def __init__(self, pick: Callable[[Any], Any] | None = None) -> None:
        self.seen = _Listing()
        self.pick = pick

    def __call__(self, values: Values) -> tuple[Array, ...]:
        chosen = values if self.pick is None else map(self.pick, values)
        return (np.fromiter(map(self.seen.__getitem__, chosen), dtype=np.uint32, count=len(values)),)

    def finished(self, spec: Spec, codes: Array) -> Held:
        points = sorted(str(value) for value in self.seen if value is not UNSET and value is not None)
        made = msgspec.structs.replace(spec, points=tuple(dict.fromkeys(points)))
        numbers: dict[Any, int] = {point: number for number, point in enumerate(made.points)}
        kinds: dict[Any, int] = {UNSET: made.missing["not_asked"], None: made.missing["skipped"]}
        new = [kinds[value] if value is UNSET or value is None else numbers[str(value)] for value in self.seen]
        self.seen = _Listing()
        return Held(made, (np.array(new, dtype=made.dtype)[codes] if new else codes.astype(made.dtype),))


def _text_of(value: Any) -> Any:
    return value if value is UNSET or value is None else str(value)


def _days(value: Any) -> list[str]:
    return [str(one) for one in (value.values() if isinstance(value, dict) else [value]) if one and one is not UNSET]


def _first(value: Any) -> Any:
    return min(_days(value), default=None if value is not UNSET else UNSET)


def _last(value: Any) -> Any:
    return max(_days(value), default=None if value is not UNSET else UNSET)


def _coder_of(question: d.AnyQuestion, spec: Spec) -> Coder | _Lister:
    match spec.form:
        case "coded":
            return _ticker(spec) if isinstance(question, d.Consent) else _coder(spec)
        case "masked":
            return _masker(spec)
        case "measured":
            return _measurer(spec)
        case "computed":
            return _computer
        case "given":
            return _given
        case "hashed":
            return _hasher
    return _Lister({FIRST: _first, LAST: _last}.get("#" + spec.name.partition("#")[2], _text_of))


class Decoder:
    """Lines on their way to a segment: `add` some, `taken` gives all of them, sorted by id.

    versions  what each version asked: a row or option that a version lacked was not asked, and straight lines are
              looked for in the tables of the version that was answered.
    """

    def __init__(self, definition: d.Definition, versions: Mapping[int, d.Definition]) -> None:
        self.specs = specs(definition)
        self.questions = [q for q in definition.questions if of_question(q)]
        self.coders = {s.name: _coder_of(q, s) for q in self.questions for s in of_question(q)}
        self.facts = {name: _Lister() for name in (LANGUAGE, CHANNEL, VERSION, DAY)}
        self.lacks = _lacks(self.specs, versions)
        self.straight = [q for q in definition.questions if isinstance(q, d.MatrixScale)]
        self.get = [attrgetter(f"f{number}") for number in range(len(self.questions))]
        self.parse = _parser(self.questions)
        self.n = 0
        self._clear()

    def _clear(self) -> None:
        self.ids: list[bytes] = []
        self.chunks: dict[str, list[tuple[Array, ...]]] = {name: [] for name in self.specs}
        self.n = 0

    def add(self, lines: bytes) -> None:
        """Decode lines of JSON, each closed by a line feed."""
        rows = self.parse(b"[" + lines.strip().replace(b"\n", b",") + b"]")
        if not rows:
            return
        self.n += len(rows)
        self.ids.append(bytes.fromhex("".join([row.id for row in rows]).replace("-", "")))
        for name, value in ((LANGUAGE, "language"), (CHANNEL, "channel"), (VERSION, "version"), (DAY, "day")):
            self.chunks[name].append(self.facts[name](list(map(attrgetter(value), rows))))
        answers = [row.answers for row in rows]
        number = np.array([row.version for row in rows]) if self.lacks else None
        for question, get in zip(self.questions, self.get, strict=True):
            self._question(question, list(map(get, answers)), number)
        self.chunks[MARKS].append((self._marks(np.array([row.flags for row in rows], dtype=np.uint8)),))

    def _question(self, question: d.AnyQuestion, values: Values, version: Array | None) -> None:
        made = of_question(question)
        if "." not in made[0].name:
            for spec in made:
                self.chunks[spec.name].append(self.coders[spec.name](values))
            return
        cells = [places_of(v) if v.__class__ is list else v for v in values]
        for spec in made:
            row = spec.name.partition(".")[2]
            own = [c.get(row, UNSET) if c.__class__ is dict else None if c is None else UNSET for c in cells]
            parts = self.coders[spec.name](own)
            if version is not None and spec.name in self.lacks:
                parts = _not_asked(spec, parts, np.isin(version, self.lacks[spec.name]))
            self.chunks[spec.name].append(parts)

    def _marks(self, stored: Array) -> Array:
        for question in self.straight:
            names = [spec.name for spec in of_question(question)]
            if len(names) >= STRAIGHT_ROWS:
                k = len(question.values)
                table = np.stack([self.chunks[name][-1][0] for name in names])
                given = table < k
                low, high = np.where(given, table, k).min(axis=0), np.where(given, table, 0).max(axis=0)
                is_straight = (given.sum(axis=0) >= STRAIGHT_ROWS) & (low == high)
                stored = stored | is_straight.astype(np.uint8) << np.uint8(len(FLAGS) - 1)
        return stored

    def taken(self) -> Segment:
        """All that was added, as a segment in memory; the decoder begins anew."""
        held: dict[str, Held] = {}
        for name, spec in self.specs.items():
            chunks = self.chunks[name]
            parts = tuple(map(np.concatenate, zip(*chunks, strict=True))) if chunks else spec.nothing(0)
            coder = self.facts.get(name) or self.coders.get(name)
            held[name] = coder.finished(spec, parts[0]) if isinstance(coder, _Lister) else Held(spec, parts)
        ids = np.frombuffer(b"".join(self.ids), dtype="V16")
        self._clear()
        return sorted_segment(ids, held)


def _parser(questions: Iterable[d.AnyQuestion]) -> Callable[[bytes], list[Any]]:
    """Rows as structs. Lists of options stay bytes: they repeat, so each is read once (see _Masks)."""
    fields: list[tuple[str, Any, Any]] = []
    for number, question in enumerate(questions):
        is_list = isinstance(question, d.Multiple)
        fields.append((f"f{number}", msgspec.Raw if is_list else Any, msgspec.Raw(b"") if is_list else UNSET))
    keys = {f"f{number}": question.key for number, question in enumerate(questions)}
    answers = msgspec.defstruct("Answers", fields, rename=keys, gc=False)
    row = msgspec.defstruct(
        "Row",
        [("id", str), ("version", int), ("language", str), ("channel", str), ("day", str), ("flags", int),
         ("answers", answers)],
        array_like=True, gc=False,
    )  # fmt: skip
    return msgspec.json.Decoder(list[row]).decode  # type: ignore[valid-type]


def _lacks(specs_: Mapping[str, Spec], versions: Mapping[int, d.Definition]) -> dict[str, list[int]]:
    """Rows and ranked options -> the versions that have none such."""
    had = {number: set(specs(definition)) for number, definition in versions.items()}
    found = {name: [n for n, names in had.items() if name not in names] for name in specs_ if "." in name}
    return {name: lacking for name, lacking in found.items() if lacking}


def _not_asked(spec: Spec, parts: tuple[Array, ...], where: Array) -> tuple[Array, ...]:
    nothing = spec.nothing(len(where))
    return tuple(
        np.where(where.reshape(-1, *[1] * (part.ndim - 1)), none, part)
        for part, none in zip(parts, nothing, strict=True)
    )


def line(id_: str, version: int, language: str, channel: str, day: str, answers: Mapping[str, Any]) -> bytes:
    """A row that is not in the database, as READ would give it."""
    return msgspec.json.encode([id_, version, language, channel, day, 0, answers])


def batched(lines: Iterable[bytes], size: int) -> Iterable[bytes]:
    """Lines joined, `size` at a time."""
    rest = iter(lines)
    while block := list(itertools.islice(rest, size)):
        yield b"\n".join(block)
