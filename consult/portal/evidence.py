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
from consult.portal.sources import Source


class AlreadyAttached(Refused):
    message = N_("This chart is attached to the article already.")


class AlreadyFrozen(Refused):
    message = N_("This chart is frozen already. A frozen chart never changes.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A chart on an article. frozen_at is None while it is live.

    chart  what to show now; None if a live one can no longer be made, such as that of weights which were taken away.
    """

    id: UUID
    draft: UUID
    article: UUID
    survey: UUID
    source: Source
    attached_at: datetime
    frozen_at: datetime | None
    snapshot: str
    chart: Spec | None

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None
