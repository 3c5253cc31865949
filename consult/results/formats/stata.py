"""Stata files (.dta, release 118, Stata 14 and newer), written row block by row block.

The layout is that of Stata's manual, [P] File formats .dta. pyreadstat reads the format but writes it only from a whole
pandas or polars table in memory, so the writing is done here; tests read every file back with it.

No answer is one of Stata's extended missing values: .a not asked, .b skipped, .c don't know, .d refused, with labels.
Texts beyond 2,045 bytes become strLs, whose content follows the rows.
"""

from __future__ import annotations

import datetime as dt
import shutil
import struct
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from consult.columns.answers import Answered
from consult.columns.column import KINDS
from consult.i18n import Locale, pick
from consult.results.formats.names import cut, stata_names
from consult.results.formats.taking import Cut, Report, Taking
from consult.results.formats.typed import KIND_WORDS, Variable

LABEL, VALUE_LABEL, TEXT, NOTE = 80, 32_000, 2045, 60_000
STRL = 32768
DAYS_1960 = 3653
SECTIONS = 14


@dataclass(frozen=True, slots=True)
class Kind:
    """How Stata keeps numbers: its number for the type, NumPy's name, the largest value, the place of `.a`."""

    number: int
    dtype: str
    largest: float
    missing: int


BYTE = Kind(65530, "i1", 100, 102)
INT = Kind(65529, "<i2", 32_740, 32_742)
LONG = Kind(65528, "<i4", 2_147_483_620, 2_147_483_622)
DOUBLE = Kind(65526, "<f8", 8.9e307, 0)
LABELLED_A = 2_147_483_622
SYSTEM_MISSING = 0x7FE0_0000_0000_0000
"""The double `.`; each letter behind it is 2 ** 40 further."""


def letter_of(kind: str) -> str:
    """The extended missing value that stands for a kind of no answer: not_asked -> .a"""
    return f".{'abcd'[KINDS.index(kind)]}"


class DtaWriter:
    """Takes blocks of answers; `close` gives the report."""

    def __init__(
        self, path: Path, taken: Taking, variables: Sequence[Variable], locale: Locale, *, codes: bool, note: str,
        at: dt.datetime,
    ) -> None:  # fmt: skip
        self.taken, self.variables, self.locale, self.codes, self.note = taken, variables, locale, codes, note
        self.names = stata_names(variable.name for variable in variables)
        self.cuts: list[Cut] = []
        self.rows = 0
        self.row = np.dtype([(f"c{n}", _dtype(variable)) for n, variable in enumerate(variables)])
        self.long_texts: BinaryIO = tempfile.TemporaryFile(prefix="consult-strl-")  # noqa: SIM115 - closed by close()
        self.out: BinaryIO = path.open("wb")
        self.starts: list[int] = []
        self._head(at)

    def add(self, block: Sequence[Answered]) -> None:
        rows = [self.taken.cells(row, None) for row in block]
        made = np.zeros(len(rows), dtype=self.row)
        for number, (variable, cells) in enumerate(zip(self.variables, zip(*rows, strict=True), strict=True)):
            if variable.storage == "text":
                made[f"c{number}"] = self._texts(number, variable, variable.texts(cells)[0])
            else:
                made[f"c{number}"] = _numbers(variable, *variable.read(cells))
        self.out.write(made.tobytes())
        self.rows += len(rows)

    def close(self) -> Report:
        self.out.write(b"</data>")
        self._begin("strls")
        self.long_texts.seek(0)
        shutil.copyfileobj(self.long_texts, self.out)
        self.long_texts.close()
        self.out.write(b"</strls>")
        self._begin("value_labels")
        for number, variable in enumerate(self.variables):
            self.out.write(self._value_labels(number, variable))
        self.out.write(b"</value_labels>")
        self.starts.append(self.out.tell())
        self.out.write(b"</stata_dta>")
        self.starts.append(self.out.tell())
        self.out.seek(self.starts[1] + len("<map>"))
        self.out.write(struct.pack(f"<{SECTIONS}Q", *self.starts))
        self.out.seek(self.before_rows)
        self.out.write(struct.pack("<Q", self.rows))
        self.out.close()
        return Report(self.rows, tuple(self.cuts), self.names)

    def _begin(self, section: str) -> None:
        self.starts.append(self.out.tell())
        self.out.write(f"<{section}>".encode())

    def _head(self, at: dt.datetime) -> None:
        title = cut(pick(self.taken.definition.title, self.locale.code, self.locale.order)[0][:LABEL], 320)
        now = at.astimezone(dt.UTC).strftime("%d %b %Y %H:%M").encode()
        self.starts.append(0)
        self.out.write(b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>")
        self.out.write(struct.pack("<H", len(self.variables)) + b"</K><N>")
        self.before_rows = self.out.tell()
        self.out.write(bytes(8) + b"</N><label>" + struct.pack("<H", len(title)) + title + b"</label>")
        self.out.write(b"<timestamp>" + bytes([len(now)]) + now + b"</timestamp></header>")
        self._begin("map")
        self.out.write(bytes(8 * SECTIONS) + b"</map>")
        types = struct.pack(f"<{len(self.variables)}H", *map(_type, self.variables))
        self._section("variable_types", types)
        self._section("varnames", b"".join(self.names[v.name].encode().ljust(129, b"\0") for v in self.variables))
        self._section("sortlist", bytes(2 * (len(self.variables) + 1)))
        self._section("formats", b"".join(_format(v).encode().ljust(57, b"\0") for v in self.variables))
        labelled = [self._set_name(number) if _has_labels(v) else "" for number, v in enumerate(self.variables)]
        self._section("value_label_names", b"".join(name.encode().ljust(129, b"\0") for name in labelled))
        labels = [self._label(v.name, v.field.heading(self.locale), LABEL) for v in self.variables]
        self._section("variable_labels", b"".join(label.encode().ljust(321, b"\0") for label in labels))
        self._section("characteristics", self._notes())
        self._begin("data")

    def _section(self, name: str, data: bytes) -> None:
        self._begin(name)
        self.out.write(data + f"</{name}>".encode())

    def _label(self, place: str, text: str, most: int) -> str:
        """At most so many letters (four bytes each at most)."""
        made = "".join(" " if letter < " " else letter for letter in text)
        if len(made) <= most:
            return made
        self.cuts.append(Cut(place, "label", text, made[:most]))
        return made[:most]

    def _notes(self) -> bytes:
        made = b""
        for name, content in (("note0", b"1"), ("note1", cut(self.note, NOTE))):
            data = b"_dta".ljust(129, b"\0") + name.encode().ljust(129, b"\0") + content + b"\0"
            made += b"<ch>" + struct.pack("<I", len(data)) + data + b"</ch>"
        return made

    @staticmethod
    def _set_name(number: int) -> str:
        return f"labels{number + 1}"

    def _value_labels(self, number: int, variable: Variable) -> bytes:
        if not _has_labels(variable):
            return b""
        words: dict[int, str] = {}
        codes = {value: code for code, value in variable.numbers.items()}
        for value, text in variable.labels.items():
            word = codes[value] if self.codes and codes else pick(text, self.locale.code, self.locale.order)[0]
            words[value] = cut(word, VALUE_LABEL).decode()
        for place, kind in enumerate(KINDS):
            own = variable.kinds.get(kind)
            words[LABELLED_A + place] = (
                pick(own, self.locale.code, self.locale.order)[0] if own else self.locale.gettext(KIND_WORDS[kind])
            )
        texts = [words[value].encode() + b"\0" for value in sorted(words)]
        places = np.cumsum([0, *map(len, texts)])
        table = struct.pack("<ii", len(texts), places[-1])
        table += struct.pack(f"<{len(texts)}i", *places[:-1]) + struct.pack(f"<{len(texts)}i", *sorted(words))
        table += b"".join(texts)
        name = self._set_name(number).encode().ljust(129, b"\0")
        return b"<lbl>" + struct.pack("<i", len(table)) + name + bytes(3) + table + b"</lbl>"

    def _texts(self, number: int, variable: Variable, texts: list[str]) -> NDArray[np.bytes_]:
        if variable.width <= TEXT:
            found = []
            for line, text in enumerate(texts):
                data = text.encode()
                if len(data) > variable.width:
                    data = cut(text, variable.width)
                    self.cuts.append(Cut(f"{variable.name}, {self.rows + line + 1}", "text", text, data.decode()))
                found.append(data)
            return np.array(found, dtype=f"S{variable.width}")
        # A strL is named by its variable and row; an empty text is 0, 0.
        references = []
        for line, text in enumerate(texts, start=self.rows + 1):
            references.append(struct.pack("<HQ", number + 1, line)[:8] if text else bytes(8))
            if text:
                data = text.encode() + b"\0"
                self.long_texts.write(b"GSO" + struct.pack("<IQBI", number + 1, line, 130, len(data)) + data)
        return np.frombuffer(b"".join(references), dtype="V8").view(np.dtype("V8"))


def _kind(variable: Variable) -> Kind:
    if variable.storage != "integer":
        return LONG if variable.storage == "date" else DOUBLE
    return next(kind for kind in (BYTE, INT, LONG, DOUBLE) if variable.largest <= kind.largest)


def _dtype(variable: Variable) -> str:
    if variable.storage != "text":
        return _kind(variable).dtype
    return f"S{variable.width}" if variable.width <= TEXT else "V8"


def _type(variable: Variable) -> int:
    if variable.storage != "text":
        return _kind(variable).number
    return variable.width if variable.width <= TEXT else STRL


def _format(variable: Variable) -> str:
    if variable.storage == "text":
        return f"%-{min(variable.width, 244)}s" if variable.width <= TEXT else "%-244s"
    return {"date": "%tdCCYY-NN-DD", "time": "%tcHH:MM", "integer": "%12.0g"}.get(variable.storage, "%12.0g")


def _has_labels(variable: Variable) -> bool:
    return variable.storage == "integer" and variable.field.question is not None


def _numbers(variable: Variable, values: NDArray[np.float64], status: NDArray[np.uint8]) -> NDArray[np.generic]:
    kind = _kind(variable)
    if variable.storage == "date":
        values = values + DAYS_1960
    elif variable.storage == "time":
        values = values * 1000  # Stata's times are milliseconds
    if kind is DOUBLE:
        bits = np.where(np.isnan(values), 0.0, values).astype("<f8").view("<u8").copy()
        bits[np.isnan(values)] = SYSTEM_MISSING
        found = status > 0
        bits[found] = SYSTEM_MISSING + status[found].astype(np.uint64) * np.uint64(2**40)
        return bits.view("<f8")
    made = np.where(np.isnan(values), kind.missing - 1, values)
    found = status > 0
    made[found] = kind.missing + status[found].astype(np.int64) - 1
    return made.astype(kind.dtype)
