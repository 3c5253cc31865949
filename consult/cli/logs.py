"""Logs as one JSON object a line, without answers, cookies, addresses or bodies."""

from __future__ import annotations

import logging
import logging.config
import re
from datetime import UTC, datetime
from typing import Any

import msgspec

# What every record has by itself; the rest was given by the caller as `extra`.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "color_message"}


# What the driver says of a value that does not fit, with the value behind it.
_ARGUMENT = re.compile(r"(invalid input for query argument \$\d+:?).*?(?=\n[A-Za-z_.]+:|\n\n|\Z)", re.DOTALL)


def without_values(trace: str, error: BaseException | None) -> str:
    """A traceback without the rows that PostgreSQL and its drivers quote when they refuse them."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        for said in (getattr(one, "detail", None), getattr(getattr(one, "diag", None), "message_detail", None)):
            if isinstance(said, str) and said:
                trace = trace.replace(said, "(left out)")
    return _ARGUMENT.sub(r"\1 (left out)", trace)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update((key, value) for key, value in record.__dict__.items() if key not in _STANDARD)
        if record.exc_info:
            entry["error"] = without_values(self.formatException(record.exc_info), record.exc_info[1])
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
