"""The weights of a survey as a column: by the name that staff saved them under."""

from __future__ import annotations

from uuid import UUID

from consult.errors import N_, NotFound
from consult.results.formats.taking import Weights


class NoSuchWeights(NotFound):
    message = N_("This survey has no weights of the name “%(name)s”.")


async def weights_named(survey_id: UUID, name: str | None) -> Weights | None:
    """None without a name. Raises NoSuchWeights."""
    if not name:
        return None
    raise NoSuchWeights(name=name)
