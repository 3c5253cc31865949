"""SPSS system files (.sav), written row block by row block.

The layout follows the description in GNU PSPP's developer documentation ("System File Format"). pyreadstat reads the
format but writes it only from a whole pandas or polars table in memory, so the writing is done here; tests read every
file back with it. Numbers are compressed as SPSS does it: a byte for each small whole number.

No answer is one of three user-missing values (skipped, don't know, refused); not asked is system-missing. Long texts
stand in segments of 255 bytes, as SPSS wants them.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from consult.columns.answers import Answered
from consult.columns.column import KINDS
from consult.i18n import Locale, pick
from consult.results.formats.names import cut, spss_names
from consult.results.formats.taking import Cut, Report, Taking
from consult.results.formats.typed import KIND_WORDS, NOT_ASKED, Variable

LABEL, VALUE_LABEL, TEXT = 255, 120, 32_767
SEGMENT, SEGMENT_STEP, LONGEST_PLAIN = 255, 252, 255
SYSMIS = -np.finfo(np.float64).max
SECONDS_1582 = 12_219_379_200
"""From 14 October 1582, where SPSS counts from, to 1970."""
NUMBER, STRING, DAY, TIME = 5, 1, 39, 21
MEASURES = {"nominal": 1, "ordinal": 2, "scale": 3}
BIAS, LITERAL, BLANKS, MISSING, END = 100, 253, 254, 255, 252
BEFORE_NUMBERS = 80
"""Where the number of rows stands in the file."""


def missing_values(variable: Variable) -> dict[str, int]:
    """Kind of no answer -> the number that stands for it: -9, -8, -7, or far below where answers may be negative."""
    far = -1_000_000_000 if variable.negative or variable.storage == "number" else 0
    return {"skipped": far - 9, "dont_know": far - 8, "refused": far - 7}


class SavWriter:
    """Takes blocks of answers; `close` gives the report. Texts beyond 32,767 bytes are cut and reported."""

    def __init__(
        self, path: Path, taken: Taking, variables: Sequence[Variable], locale: Locale, *, codes: bool, note: str,
        at: dt.datetime,
    ) -> None:  # fmt: skip
        self.taken, self.variables, self.locale, self.codes = taken, variables, locale, codes
        self.names = spss_names(variable.name for variable in variables)
        self.short = {variable.name: f"V{number:X}" for number, variable in enumerate(variables, start=1)}
        self.widths = {v.name: min(v.width, TEXT) for v in variables if v.storage == "text"}
        self.cuts: list[Cut] = []
        self.rows = 0
        self.rest = np.empty((0, 8), dtype=np.uint8)
        self.rest_codes = np.empty(0, dtype=np.uint8)
        self.out: BinaryIO = path.open("wb")
        self._head(note, at)

    def add(self, block: Sequence[Answered]) -> None:
        rows = [self.taken.cells(row, None) for row in block]
        columns = list(zip(*rows, strict=True))
        parts: list[NDArray[np.uint8]] = []
        for variable, cells in zip(self.variables, columns, strict=True):
            if variable.storage == "text":
                parts.append(self._texts(variable, variable.texts(cells)[0]))
            else:
                parts.append(_numbers(variable, *variable.read(cells)).view(np.uint8).reshape(len(rows), 1, 8))
        self._write(np.concatenate(parts, axis=1).reshape(-1, 8))
        self.rows += len(rows)

    def close(self) -> Report:
        pad = -len(self.rest_codes) % 8
        self.rest_codes = np.concatenate((self.rest_codes, np.array([END] + [0] * 7, dtype=np.uint8)[: max(pad, 0)]))
        self.rest = np.concatenate((self.rest, np.zeros((pad, 8), dtype=np.uint8)))
        self.out.write(_packed(self.rest_codes, self.rest))
        self.out.seek(BEFORE_NUMBERS)
        self.out.write(struct.pack("<i", self.rows))
        self.out.close()
        return Report(self.rows, tuple(self.cuts), self.names)

    def _write(self, units: NDArray[np.uint8]) -> None:
        """Units of eight bytes, compressed: what is a small whole number, blank or missing becomes one byte."""
        values = units.view("<f8").reshape(-1)
        codes = np.full(len(units), LITERAL, dtype=np.uint8)
        with np.errstate(invalid="ignore"):
            small = (values >= 1 - BIAS) & (values <= 251 - BIAS) & (values == np.floor(values))
        small &= ~((values == 0) & np.signbit(values))
        codes[small] = (values[small] + BIAS).astype(np.uint8)
        codes[(units == 0x20).all(axis=1)] = BLANKS
        codes[values == SYSMIS] = MISSING
        codes = np.concatenate((self.rest_codes, codes))
        units = np.concatenate((self.rest, units))
        whole = len(codes) // 8 * 8
        self.out.write(_packed(codes[:whole], units[:whole]))
        self.rest_codes, self.rest = codes[whole:], units[whole:]

    def _texts(self, variable: Variable, texts: list[str]) -> NDArray[np.uint8]:
        width = self.widths[variable.name]
        segments = _segments(width)
        made = bytearray()
        for number, text in enumerate(texts):
            data = text.encode()
            if len(data) > width:
                data = cut(text, width)
                self.cuts.append(Cut(f"{variable.name}, {self.rows + number + 1}", "text", text, data.decode()))
            for place, allocated in enumerate(segments):
                # 255 bytes of text in each segment but the last, and a blank behind them.
                part = data[place * SEGMENT : (place + 1) * SEGMENT] if len(segments) > 1 else data
                made += part.ljust(-(-allocated // 8) * 8)
        return np.frombuffer(bytes(made), dtype=np.uint8).reshape(len(texts), -1, 8)

    def _head(self, note: str, at: dt.datetime) -> None:
        title = pick(self.taken.definition.title, self.locale.code, self.locale.order)[0]
        now = at.astimezone(dt.UTC)
        units = sum(self._units(variable) for variable in self.variables)
        self.out.write(
            struct.pack("<4s60siiiiid", b"$FL2", b"@(#) SPSS DATA FILE - Consult".ljust(60), 2, units, 1, 0, -1, 100.0)
        )
        stamp = (now.strftime("%d %b %y").encode(), now.strftime("%H:%M:%S").encode())
        self.out.write(struct.pack("<9s8s64s3s", *stamp, cut(title, 64).ljust(64), b"\0" * 3))
        for variable in self.variables:
            for record in self._records(variable):
                self.out.write(record)
        place = 1
        for variable in self.variables:
            self.out.write(self._value_labels(variable, place))
            place += self._units(variable)
        for record in self._extensions(note):
            self.out.write(record)
        self.out.write(struct.pack("<ii", 999, 0))

    def _units(self, variable: Variable) -> int:
        if variable.storage != "text":
            return 1
        return sum(-(-width // 8) for width in _segments(self.widths[variable.name]))

    def _label(self, place: str, text: str, most: int) -> bytes:
        data = cut(text, most)
        if len(data) < len(text.encode()):
            self.cuts.append(Cut(place, "label", text, data.decode()))
        return data

    def _records(self, variable: Variable) -> Iterator[bytes]:
        """Variable records: one, and for texts further ones for each eight bytes and each segment."""
        label = self._label(variable.name, variable.field.heading(self.locale), LABEL)
        short = self.short[variable.name]
        if variable.storage != "text":
            shown = {"date": (DAY, 10, 0), "time": (TIME, 5, 0)}.get(variable.storage)
            kind, width, decimals = shown or (NUMBER, 8, 0 if variable.storage == "integer" else 2)
            users = () if variable.storage in ("date", "time") else tuple(missing_values(variable).values())
            yield _record(short, 0, label, kind << 16 | width << 8 | decimals, users)
            return
        for number, width in enumerate(_segments(self.widths[variable.name])):
            name = short if number == 0 else f"{short}_{number:X}"
            yield _record(name, width, label if number == 0 else b"", STRING << 16 | width << 8, ())
            for _ in range(-(-width // 8) - 1):
                yield struct.pack("<iiiiii8s", 2, -1, 0, 0, 0, 0, b" " * 8)

    def _value_labels(self, variable: Variable, place: int) -> bytes:
        words: dict[int, str] = {}
        codes = {number: code for code, number in variable.numbers.items()}
        for value, text in variable.labels.items():
            words[value] = codes[value] if self.codes and codes else pick(text, self.locale.code, self.locale.order)[0]
        if variable.storage in ("integer", "number") and variable.field.question is not None:
            for kind, value in missing_values(variable).items():
                own = variable.kinds.get(kind)
                words[value] = (
                    pick(own, self.locale.code, self.locale.order)[0] if own else self.locale.gettext(KIND_WORDS[kind])
                )
        if not words:
            return b""
        made = [struct.pack("<ii", 3, len(words))]
        for value, word in words.items():
            data = self._label(f"{variable.name} = {value}", word, VALUE_LABEL)
            made.append(struct.pack("<dB", value, len(data)) + data.ljust(-(-(len(data) + 1) // 8) * 8 - 1))
        return b"".join((*made, struct.pack("<iii", 4, 1, place)))

    def _extensions(self, note: str) -> Iterator[bytes]:
        lines = [cut(note[start : start + 26], 80).ljust(80) for start in range(0, len(note), 26)]
        if lines:
            yield struct.pack("<ii", 6, len(lines)) + b"".join(lines)
        yield _extension(3, 4, struct.pack("<8i", 20, 0, 0, -1, 1, 1, 2, 65001))
        yield _extension(4, 8, struct.pack("<ddd", SYSMIS, -SYSMIS, np.nextafter(SYSMIS, 0)))
        if sets := self._sets():
            yield _extension(7, 1, sets)
        shown = b"".join(
            struct.pack("<iii", MEASURES[v.measure], 12, 0 if v.storage == "text" else 1)
            for v in self.variables
            for _ in (_segments(self.widths[v.name]) if v.storage == "text" else (0,))
        )
        yield _extension(11, 4, shown)
        yield _extension(13, 1, "\t".join(f"{self.short[n]}={name}" for n, name in self.names.items()).encode())
        long = [f"{self.short[n]}={w:05d}\0\t" for n, w in self.widths.items() if w > LONGEST_PLAIN]
        if long:
            yield _extension(14, 1, "".join(long).encode())
        yield _extension(20, 1, b"UTF-8")

    def _sets(self) -> bytes:
        """Questions with several answers, as sets that SPSS tabulates together."""
        members: dict[str, list[Variable]] = {}
        for variable in self.variables:
            if variable.field.kind == "option" and variable.field.question is not None:
                row, _, option = variable.field.part.partition(".")
                key = f"{variable.field.question.key}.{row}" if option else variable.field.question.key
                members.setdefault(key, []).append(variable)
        made = []
        for key, own in members.items():
            about = own[0].field.about[:-1]
            label = cut(" – ".join(pick(text, self.locale.code, self.locale.order)[0] for text in about), LABEL)
            listed = " ".join(self.short[variable.name].lower() for variable in own)
            name = f"${next(iter(spss_names([key.replace('.', '_')]).values()))}"
            made.append(f"{name}=D1 1 {len(label)} ".encode() + label + f" {listed}\n".encode())
        return b"".join(made)


def _segments(width: int) -> list[int]:
    """The widths of a text's segments."""
    if width <= LONGEST_PLAIN:
        return [width]
    number = -(-width // SEGMENT_STEP)
    return [SEGMENT] * (number - 1) + [width - (number - 1) * SEGMENT_STEP]


def _record(name: str, width: int, label: bytes, shown: int, users: Sequence[float]) -> bytes:
    head = struct.pack("<iiiiii8s", 2, width, bool(label), len(users), shown, shown, name.encode().ljust(8))
    if label:
        head += struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
    return head + struct.pack(f"<{len(users)}d", *users)


def _extension(subtype: int, size: int, data: bytes) -> bytes:
    return struct.pack("<iiii", 7, subtype, size, len(data) // size) + data


def _numbers(variable: Variable, values: NDArray[np.float64], status: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Values as SPSS has them, with its signs for no answer."""
    if variable.storage == "date":
        values = values * 86_400 + SECONDS_1582
    made = np.where(np.isnan(values), SYSMIS, values)
    users: Mapping[str, int] = {} if variable.storage in ("date", "time") else missing_values(variable)
    for number, kind in enumerate(KINDS, start=1):
        if kind in users and number != NOT_ASKED:
            made[status == number] = users[kind]
    return made.astype("<f8")


def _packed(codes: NDArray[np.uint8], units: NDArray[np.uint8]) -> bytes:
    """Eight codes, then those of their units that stand in full."""
    groups = len(codes) // 8
    whole = np.empty((groups, 9, 8), dtype=np.uint8)
    whole[:, 0, :] = codes.reshape(groups, 8)
    whole[:, 1:, :] = units.reshape(groups, 8, 8)
    kept = np.ones((groups, 9), dtype=bool)
    kept[:, 1:] = codes.reshape(groups, 8) == LITERAL
    return whole[kept].tobytes()
