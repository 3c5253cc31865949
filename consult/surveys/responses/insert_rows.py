"""A response on its way to the table, and what can become of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

ENCODER = msgspec.json.Encoder(order="deterministic")


class Outcome(Enum):
    """stored; same, different: this id is there already, with these or other answers; spent: the invitation is no
    longer good; full: a quota is; file gone: a file that belongs to it is no longer here. Nothing is stored but in the
    first case."""

    STORED = "stored"
    SAME = "same"
    DIFFERENT = "different"
    SPENT = "spent"
    FULL = "full"
    FILE_GONE = "file gone"


@dataclass(slots=True, eq=False)  # not frozen: see submissions.Sender
class Row:
    """A response on its way to the table; answers is JSON text, submitted_at None in anonymous surveys.

    supersedes   the response that this one replaces
    flags        what is remarkable about the way in which it came (flags.STORED)
    token        the hash of the invitation that it spends
    quotas       the quotas that it falls into, each with its limit
    released     the quotas that the superseded response gives back
    files        the files that waited for it
    """

    id: UUID
    survey: UUID
    version: int
    language: str
    channel: str
    day: dt.date
    submitted_at: dt.datetime | None
    answers: str
    supersedes: UUID | None = None
    flags: tuple[str, ...] = ()
    token: bytes | None = None
    quotas: tuple[tuple[str, int], ...] = ()
    released: tuple[str, ...] = ()
    files: tuple[UUID, ...] = ()

    @property
    def is_plain(self) -> bool:
        return self.token is None and self.supersedes is None and not (self.quotas or self.released or self.files)


def encoded(answers: dict[str, Any]) -> str:
    return ENCODER.encode(answers).decode()


def values(r: Row) -> tuple[Any, ...]:
    """The arguments of an insert of one row."""
    return (
        r.id, r.survey, r.version, r.language, r.channel, r.day, r.submitted_at, r.supersedes,
        ",".join(r.flags), r.answers,
    )  # fmt: skip


def columns(rows: list[Row]) -> list[list[Any]]:
    """The arguments of an insert of several."""
    return list(map(list, zip(*map(values, rows), strict=True)))
