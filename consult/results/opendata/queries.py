"""Reads: the protected tables of a survey, made once for a state of the answers."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consult.analysis.disclosure.cellkey import record_keys
from consult.columns.frame import Frame
from consult.columns.published import counted, rule_of
from consult.i18n import Text
from consult.results.opendata.protected import Protected, protected
from consult.settings import Settings, secret_key

AFRESH = timedelta(minutes=10)
"""An open survey's tables are made anew at most so often; what they are as of is said in them."""
MOST_KEPT = 24


class NoSecret(Exception):
    """`configure` was not called at start-up."""


@dataclass(frozen=True, slots=True)
class OpenData:
    """tables by name, and the answers that they were made from."""

    answers: Frame
    tables: dict[str, Protected]
    made_at: datetime
    source: Text


_settings: Settings | None = None
_source: Text = {}
_kept: OrderedDict[UUID, OpenData] = OrderedDict()
_locks: dict[UUID, asyncio.Lock] = {}


def configure(settings: Settings, source: Text) -> None:
    """Say once, at start-up, whose secret decides about the noise, and whose data these are."""
    global _settings, _source
    _settings, _source = settings, source
    _kept.clear()


async def open_data(survey_id: UUID, at: datetime) -> OpenData:
    """The tables that may be given to everybody. Raises NotFound for a survey that was never published.

    It does not ask whether the results are public: pages do.
    """
    async with _locks.setdefault(survey_id, asyncio.Lock()):
        kept = _kept.get(survey_id)
        if (
            kept is not None
            and at - kept.made_at < AFRESH
            and kept.answers.snapshot.without == await rule_of(survey_id)
        ):
            return kept
        answers = await counted(survey_id)
        if kept is None or kept.answers.snapshot.key != answers.snapshot.key:
            tables = await asyncio.to_thread(_tables, answers)
            kept = OpenData(answers, tables, at, _source)
        _kept[survey_id] = OpenData(answers, kept.tables, at, _source)
        _kept.move_to_end(survey_id)
        while len(_kept) > MOST_KEPT:
            _locks.pop(_kept.popitem(last=False)[0], None)
        return _kept[survey_id]


def _tables(answers: Frame) -> dict[str, Protected]:
    keys = record_keys((one.tobytes() for one in answers.ids()), _secret())
    return {table.name: table for table in protected(answers, keys)}


def _secret() -> bytes:
    if _settings is None:
        raise NoSecret
    return hashlib.blake2b(secret_key(_settings), person=b"cell keys").digest()
