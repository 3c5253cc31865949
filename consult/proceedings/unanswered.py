"""Why a report cannot be compiled: somebody spoke and has no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consult.errors import N_, Refused
from consult.i18n import Text


@dataclass(frozen=True, slots=True)
class Missing:
    """Published comments of a draft without a released answer, by number."""

    slug: str
    title: Text
    numbers: tuple[str, ...]


class Unanswered(Refused):
    message = N_("The report cannot be made yet: %(number)s published comments have no released answer.")

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__(number=sum(len(one.numbers) for one in missing))


class NotOver(Refused):
    message = N_("The report is made once the consultation has closed.")


class NoOutcome(Refused):
    message = N_("Write the outcome first: what was asked, what people said and what the town did.")
