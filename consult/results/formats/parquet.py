"""Parquet files with their metadata, written in groups of rows by pyarrow.

A choice is a dictionary of codes (or of words), a scale a number, several choices a truth per option, a day a date.
Why there is no value stands beside it in a column `NAME:missing`, one for a question or the row of a matrix. The
schema carries the words of all languages: `consult` for the survey, and for each column its `label` and `labels`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from consult.columns.answers import Answered
from consult.columns.column import KINDS
from consult.i18n import Locale, pick
from consult.results import sheet
from consult.results.formats.taking import Report, Taking
from consult.results.formats.typed import Variable

GROUP = 65_536
MISSING = pa.dictionary(pa.int8(), pa.string())
CHOICE = pa.dictionary(pa.int32(), pa.string())


class ParquetWriter:
    """Takes blocks of answers; `close` gives the report. locale: words instead of codes."""

    def __init__(
        self,
        path: Path,
        taken: Taking,
        variables: Sequence[Variable],
        locale: Locale | None,
        *,
        note: Mapping[str, str],
    ) -> None:
        self.taken, self.variables, self.locale = taken, variables, locale
        self.kept: list[pa.RecordBatch] = []
        self.waiting = self.rows = 0
        fields = []
        for variable in variables:
            fields.append(_field(variable))
            if _tells_why(variable):
                fields.append(pa.field(_group(variable.field), MISSING))
        about = {"format": "consult/1", "title": taken.definition.title, "about": note}
        self.schema = pa.schema(fields, metadata={"consult": msgspec.json.encode(about)})
        self.out = pq.ParquetWriter(path, self.schema, compression="zstd")

    def add(self, block: Sequence[Answered]) -> None:
        rows = [self.taken.cells(row, None) for row in block]
        arrays: list[pa.Array] = []
        for variable, cells in zip(self.variables, zip(*rows, strict=True), strict=True):
            made, status = self._array(variable, cells)
            arrays.append(made)
            if _tells_why(variable):
                why = pa.array(status.astype(np.int16) - 1, mask=status == 0).cast(pa.int8())
                arrays.append(pa.DictionaryArray.from_arrays(why, pa.array(KINDS)))
        self.kept.append(pa.RecordBatch.from_arrays(arrays, schema=self.schema))
        self.waiting += len(rows)
        self.rows += len(rows)
        if self.waiting >= GROUP:
            self._write()

    def close(self) -> Report:
        self._write()
        self.out.close()
        return Report(self.rows)

    def _write(self) -> None:
        if self.kept:
            self.out.write_table(pa.Table.from_batches(self.kept), row_group_size=self.waiting)
        self.kept, self.waiting = [], 0

    def _array(self, variable: Variable, cells: Sequence[sheet.Cell]) -> tuple[pa.Array, NDArray[np.uint8]]:
        if variable.storage == "text":
            texts, status = variable.texts(cells)
            return pa.array(texts, pa.string(), mask=status > 0), status
        values, status = variable.read(cells)
        absent = np.isnan(values)
        if variable.numbers:
            return self._choice(variable, values, absent), status
        whole = np.where(absent, 0, values)
        match _field(variable).type:
            case kind if pa.types.is_floating(kind):
                return pa.array(values, kind, mask=absent), status
            case kind if pa.types.is_boolean(kind):
                return pa.array(whole > 0, kind, mask=absent), status
            case kind:
                return pa.array(whole.astype(np.int32), pa.int32(), mask=absent).cast(kind), status

    def _choice(self, variable: Variable, values: NDArray[np.float64], absent: NDArray[np.bool_]) -> pa.Array:
        words = list(variable.numbers)
        if self.locale is not None:
            labels = variable.field.labels or {}
            words = [pick(labels[code], self.locale.code, self.locale.order)[0] for code in words]
        unique = list(dict.fromkeys(words))
        place = {number: unique.index(word) for number, word in zip(variable.numbers.values(), words, strict=True)}
        codes = np.array([place.get(value, 0) for value in values.tolist()], dtype=np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32(), mask=absent), pa.array(unique, pa.string()))


def _tells_why(variable: Variable) -> bool:
    """Whether a column of reasons follows."""
    field = variable.field
    if field.question is None or field.part.startswith("."):
        return False
    # Several options of one question share one column, behind the first of them.
    return field.kind != "option" or field.part.rpartition(".")[2] == field.question.options[0].code  # type: ignore[union-attr]


def _group(field: sheet.Field) -> str:
    """grid.parks:missing for a row, many:missing for a question with several answers."""
    if field.kind == "option" and field.question is not None:
        row, _, option = field.part.partition(".")
        return f"{field.question.key}.{row}:missing" if option else f"{field.question.key}:missing"
    return f"{field.name}:missing"


def _field(variable: Variable) -> pa.Field:
    own = variable.field
    about: dict[str, Any] = {"label": list(own.about), "kind": own.kind}
    if own.labels:
        about["labels"] = dict(own.labels)
    if concept := getattr(own.question, "concept", None):
        about["concept"] = concept
    if own.is_personal:
        about["personal"] = True
    return pa.field(own.name, _type(variable), metadata={"consult": msgspec.json.encode(about)})


def _type(variable: Variable) -> pa.DataType:
    if variable.numbers:
        return CHOICE
    if variable.field.kind in ("option", "truth"):
        return pa.bool_()
    return {
        "integer": pa.int16() if variable.largest < 32_000 else pa.int32(),
        "number": pa.float64(),
        "text": pa.string(),
        "date": pa.date32(),
        "time": pa.time32("s"),
    }[variable.storage]
