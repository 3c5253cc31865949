"""How far two coders agree, over the answers that both have looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from consult.analysis.models.coders import CoderAgreement, krippendorff_alpha
from consult.coding.code import FIRST, SECOND, Code, CodeFrame
from consult.coding.queries import WORDS, marks


@dataclass(frozen=True, slots=True)
class Agreement:
    """answers: how many both have coded; same: to how many they gave exactly the same codes; by_code: alpha of each.

    Several codes may be given, so each code is judged by itself, as given or not given.
    """

    answers: int
    same: int
    by_code: tuple[tuple[Code, CoderAgreement], ...]


async def agreement(frame: CodeFrame) -> Agreement | None:
    """None as long as no answer has been coded twice."""
    first, second = await marks(frame, FIRST), await marks(frame, SECOND)
    both = np.intersect1d(first.ids, second.ids)
    if not len(both):
        return None
    one, other = first.bits[np.searchsorted(first.ids, both)], second.bits[np.searchsorted(second.ids, both)]
    found = []
    for place, code in enumerate(frame.codes):
        word, bit = divmod(place, WORDS)
        given = [(bits[:, word] >> np.uint64(bit)) & np.uint64(1) for bits in (one, other)]
        found.append((code, krippendorff_alpha(np.array(given))))
    return Agreement(len(both), int((one == other).all(axis=1).sum()), tuple(found))
