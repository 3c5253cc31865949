"""Background work: telling followers, forgetting who never confirmed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from consult.consultations.following import operations
from consult.consultations.following.links import links_of
from consult.jobs import every, task
from consult.mail.delivery import office


@task("consultations.tell", limit_s=1800)
async def tell(payload: dict[str, Any]) -> None:
    post = office()
    await operations.tell(
        consultation_id=UUID(payload["consultation"]),
        notice=payload["notice"],
        event=payload["event"],
        path=payload["path"],
        values=payload["values"],
        links=links_of(post.settings),
        sender=post.sender_names,
        at=datetime.now(UTC),
    )


@every(1440, "consultations.forget_followers")
async def forget(at: datetime) -> None:
    await operations.forget(at=at)
