"""Evidence: a chart of survey results attached to an article of a draft. No I/O.

A live chart is counted anew at each look and says as of when. Freezing keeps the chart itself, as data, with the
fingerprint of the answers it was counted from: it never changes again, whatever happens to the survey.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.charts.spec import Spec
from consult.errors import N_, Refused


class AlreadyAttached(Refused):
    message = N_("This chart is attached to the article already.")


class AlreadyFrozen(Refused):
    message = N_("This chart is frozen already. A frozen chart never changes.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A chart on an article. frozen_at is None while it is live; chart is what to show now."""

    id: UUID
    draft: UUID
    article: UUID
    survey: UUID
    question: str
    attached_at: datetime
    frozen_at: datetime | None
    snapshot: str
    chart: Spec

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None
