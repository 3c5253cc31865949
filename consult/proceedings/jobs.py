"""Background work: the files of reports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from consult.jobs import task
from consult.proceedings import operations
from consult.profile import Profile

_profile: Profile | None = None


class NotConfigured(Exception):
    """`configure` was not called at start-up."""


def configure(profile: Profile) -> None:
    """Say once, at start-up, whose reports are made."""
    global _profile
    _profile = profile


@task(operations.TASK, limit_s=1800)
async def make_files(payload: dict[str, Any]) -> None:
    if _profile is None:
        raise NotConfigured
    await operations.make_files(proceedings_id=UUID(payload["proceedings"]), profile=_profile, at=datetime.now(UTC))
