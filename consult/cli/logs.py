"""Logs as one JSON object a line, without answers, cookies, addresses or bodies."""

from __future__ import annotations

import logging
import logging.config
import traceback
from datetime import UTC, datetime
from typing import Any

import msgspec

from consult.errors import ConsultError

# What every record has by itself; the rest was given by the caller as `extra`.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


# Faults whose words tell of our code and never quote what somebody typed.
_PLAIN = (TypeError, AttributeError, NameError, ImportError, NotImplementedError, TimeoutError, MemoryError)
_QUOTES = "22"
"""The class of PostgreSQL's faults that quote a value: it did not fit."""


def words_of(error: BaseException) -> str:
    """What an exception says, as far as it cannot hold what somebody typed: `int("070 111 222")` quotes it."""
    if isinstance(error, ConsultError):
        return error.message
    if isinstance(error, OSError):
        return error.strerror or ""
    if isinstance(error, _PLAIN):
        return str(error)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str) and not state.startswith(_QUOTES):
        return str(getattr(error, "message", None) or getattr(getattr(error, "diag", None), "message_primary", ""))
    return ""


def without_words(error: BaseException) -> str:
    """A traceback with kinds and places of the whole chain, and no words that may be somebody's."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = [f"{without_words(before)}\nwhich led to:\n"] if before is not None else []
    told += traceback.format_tb(error.__traceback__)
    told.append(f"{type(error).__qualname__}: {words_of(error) or '(its words are left out)'}")
    if isinstance(error, BaseExceptionGroup):
        told += [f"\nand in it:\n{without_words(one)}" for one in error.exceptions]
    return "".join(told)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update((key, value) for key, value in record.__dict__.items() if key not in _STANDARD)
        if record.exc_info and record.exc_info[1] is not None:
            entry["error"] = without_words(record.exc_info[1])
        return msgspec.json.encode(entry, enc_hook=str).decode()


def dictionary(level: int = logging.INFO) -> dict[str, Any]:
    """For logging.config: web processes set themselves up by it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "consult.cli.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"level": logging.WARNING, "handlers": ["stderr"]},
        "loggers": {
            **{name: {"level": level} for name in ("consult", "uvicorn.error")},
            "asyncpg": {"level": logging.ERROR},  # a database that is away is told by us, without a page of traceback
        },
    }


def configure(level: int = logging.INFO) -> None:
    logging.config.dictConfig(dictionary(level))
