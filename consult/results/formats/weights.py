"""The weights of a survey as a column: by the name that staff saved them under, or its key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from consult.charts.wording import REASONS
from consult.columns.frame import frame
from consult.errors import N_, NotFound, Refused
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.results.formats.taking import Weights
from consult.weighting import queries as weighting


class NoSuchWeights(NotFound):
    message = N_("This survey has no weights of the name “%(name)s”.")


class NoWeightsNow(Refused):
    message = N_("The weights “%(name)s” cannot be computed now: %(reason)s")


@dataclass(frozen=True, slots=True)
class SavedWeights:
    """ids: (n,) 16 bytes each, in their order; values: (n,) the weight of each."""

    label: Text
    ids: NDArray[np.bytes_]
    values: NDArray[np.float64]

    def of(self, response: UUID) -> float | None:
        if not len(self.ids):
            return None
        wanted = response.bytes.rstrip(b"\0")  # an element of an S16 array comes without the zeros at its end
        place = int(np.searchsorted(self.ids, np.bytes_(wanted)))
        is_known = place < len(self.ids) and self.ids[place] == wanted
        return float(self.values[place]) if is_known else None


async def weights_named(survey_id: UUID, name: str | None, without: Collection[str] = ()) -> Weights | None:
    """None without a name. Raises NoSuchWeights, NoWeightsNow."""
    if not name:
        return None
    sets = await weighting.weight_sets(survey_id)
    found = next((one for one in sets if name in (one.key, one.name)), None)
    if found is None:
        raise NoSuchWeights(name=name)
    answers = await frame(survey_id, without=without)
    used = await weighting.weights_of(answers, found.key)
    if used.reason is not None:
        raise NoWeightsNow(name=found.name, reason=locale_of(languages()[0]).gettext(REASONS[used.reason]))
    ids = np.ascontiguousarray(answers.ids()).view("S16")
    order = np.argsort(ids)
    label = {code: f"{locale_of(code).gettext(WEIGHT)}: {found.name}" for code in languages()}
    return SavedWeights(label, ids[order], np.asarray(used.weights, dtype=np.float64)[order])


WEIGHT = N_("Weight")


async def weight_names(survey_id: UUID) -> list[tuple[str, str]]:
    """Key and name of the sets of weights that a survey has."""
    return [(one.key, one.name) for one in await weighting.weight_sets(survey_id)]
