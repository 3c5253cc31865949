"""A file that somebody asked for: what is in it, how far it is, and who may have it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args
from uuid import UUID

from msgspec import Struct

from consult.errors import N_

FileName: TypeAlias = Literal[
    "csv", "xlsx", "ods", "sav", "dta", "parquet", "codebook-csv", "codebook-xlsx", "ddi", "open-data",
    "report-pdf", "report-docx", "report-xlsx",
]  # fmt: skip
REPORTS: tuple[FileName, ...] = ("report-pdf", "report-docx", "report-xlsx")
"""Asked for on a page of their own, and made by `reports`."""
FILES: tuple[FileName, ...] = tuple(name for name in get_args(FileName) if name not in REPORTS)
FILE_WORDS: dict[FileName, str] = {
    "csv": N_("CSV, for programs and spreadsheets"),
    "xlsx": N_("Excel (XLSX), with a codebook"),
    "ods": N_("LibreOffice (ODS), with a codebook"),
    "sav": N_("SPSS (SAV), with labels"),
    "dta": N_("Stata (DTA), with labels"),
    "parquet": N_("Parquet, for R and Python"),
    "codebook-csv": N_("Codebook alone (CSV)"),
    "codebook-xlsx": N_("Codebook alone (XLSX)"),
    "ddi": N_("Description of the data by the DDI Codebook standard (XML)"),
    "open-data": N_("Open data: protected tables without single answers (ZIP)"),
    "report-pdf": N_("Satisfaction report (PDF)"),
    "report-docx": N_("Satisfaction report (DOCX)"),
    "report-xlsx": N_("Satisfaction report (XLSX)"),
}
ANSWERS = frozenset({"csv", "xlsx", "ods", "sav", "dta", "parquet"})
"""Files with single answers; the others hold none."""
ENDINGS = {"codebook-csv": "csv", "codebook-xlsx": "xlsx", "ddi": "xml", "open-data": "zip"}
ENDINGS |= {name: name.removeprefix("report-") for name in REPORTS}
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xml": "application/xml",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "parquet": "application/vnd.apache.parquet",
}
State: TypeAlias = Literal["waiting", "working", "done", "failed"]
KEPT = dt.timedelta(days=7)
UNEXPECTED = N_("Something went wrong that was not foreseen. Ask for the file again, or tell whoever runs the system.")


class Asked(Struct, frozen=True):
    """What somebody chose. values: codes or labels; bom: for Excel; impersonal: no columns that may name a person."""

    file: FileName
    language: str
    values: Literal["codes", "labels"] = "codes"
    weights: str = ""
    without: tuple[str, ...] = ()
    impersonal: bool = False
    bom: bool = False

    @property
    def is_personal(self) -> bool:
        return self.file in ANSWERS and not self.impersonal

    @property
    def ending(self) -> str:
        return ENDINGS.get(self.file, self.file)

    def name(self, slug: str) -> str:
        """A file's name says what is in it."""
        parts = [slug]
        if self.file in ANSWERS:
            parts += [self.language] if self.values == "labels" or self.file in ("sav", "dta") else ["codes"]
            parts += ["impersonal"] if self.impersonal else []
            parts += ["weighted"] if self.weights else []
            parts += [f"without-{flag.replace('_', '-')}" for flag in self.without]
        else:
            parts += [self.file.partition("-")[0] if self.file.startswith(("codebook", "report")) else self.file]
            parts += [] if self.file in ("ddi", "open-data") else [self.language]
        return f"{'-'.join(parts)}.{self.ending}"


@dataclass(frozen=True, slots=True)
class Export:
    """failure: a sentence and its parameters; cuts: what the format could not hold whole, as (place, kept)."""

    id: UUID
    survey: UUID
    asked: Asked
    asked_by: UUID
    asked_by_name: str
    asked_at: dt.datetime
    state: State
    done: int
    total: int
    name: str
    size: int
    sha256: bytes
    finished_at: dt.datetime | None
    expires_at: dt.datetime
    failure: dict[str, Any]
    cuts: tuple[tuple[str, str], ...]

    @property
    def is_under_way(self) -> bool:
        return self.state in ("waiting", "working")

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES.get(self.asked.ending, "application/octet-stream")

    @property
    def etag(self) -> str:
        return f'"{self.sha256.hex()}"'
