"""A survey as others see it, and the rules about its dates, codes and receipts."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from consult.errors import N_
from consult.i18n import Text
from consult.surveys.access import DEFAULTS, Access
from consult.surveys.definition.schema import Definition, Mode, to_builtins

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is read as something else
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class State(Enum):
    """Where a survey stands at a moment."""

    DRAFT = "draft"
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


STATE_NAMES = {
    State.DRAFT: N_("Not opened"),
    State.PLANNED: N_("Opens later"),
    State.OPEN: N_("Open"),
    State.CLOSED: N_("Closed"),
}

MODE_NAMES: dict[Mode, str] = {
    "anonymous": N_("anonymous"),
    "confidential": N_("confidential"),
    "identified": N_("with your name"),
}


@dataclass(frozen=True, slots=True)
class Survey:
    """version is the number of the newest published one; 0 before the first."""

    id: UUID
    slug: str
    code: str
    test_key: str
    consultation: UUID | None
    opens_at: datetime | None
    closes_at: datetime | None
    is_testing: bool
    is_demo: bool
    created_at: datetime
    version: int
    title: Text
    summary: Text
    languages: tuple[str, ...]
    minutes: int | None
    is_public: bool
    mode: Mode = "anonymous"
    access: Access = DEFAULTS

    def state(self, at: datetime) -> State:
        if self.opens_at is None or self.version == 0:
            return State.DRAFT
        if at < self.opens_at:
            return State.PLANNED
        if self.closes_at is not None and at >= self.closes_at:
            return State.CLOSED
        return State.OPEN

    def is_open(self, at: datetime) -> bool:
        return self.state(at) is State.OPEN


@dataclass(frozen=True, slots=True)
class Version:
    id: UUID
    survey: UUID
    number: int
    content_hash: str
    languages: tuple[str, ...]
    published_at: datetime
    published_by: UUID | None
    definition: Definition


@dataclass(frozen=True, slots=True)
class Answered:
    """One response as it is stored: by codes."""

    id: UUID
    survey: UUID
    version: int
    language: str
    channel: str
    day: date
    answers: dict[str, Any]

    @property
    def code(self) -> str:
        return receipt_code(self.id)


def content_hash(definition: Definition) -> str:
    return hashlib.sha256(msgspec.json.encode(to_builtins(definition), order="deterministic")).hexdigest()


def new_code() -> str:
    """A short link's six letters."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


def receipt_code(response_id: UUID) -> str:
    """What a respondent keeps: 7K3M-92QF-HD, the first 50 bits of the response's id."""
    bits = response_id.int >> 78
    letters = "".join(LETTERS[bits >> shift & 31] for shift in range(45, -1, -5))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def id_range(code: str) -> tuple[UUID, UUID] | None:
    """The ids that a receipt's code may mean; None when it is no code. Small letters, O, I, L, blanks are forgiven."""
    letters = code.upper().translate(str.maketrans("OIL", "011", " -–\u00a0\t"))
    if len(letters) != 10 or any(letter not in LETTERS for letter in letters):
        return None
    bits = 0
    for letter in letters:
        bits = bits << 5 | LETTERS.index(letter)
    return UUID(int=bits << 78), UUID(int=(bits << 78) | ((1 << 78) - 1))


def new_test_key() -> str:
    """The part of a test link that nobody can guess."""
    return secrets.token_urlsafe(16)
