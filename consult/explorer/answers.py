"""All that can be asked of a survey: the columns of its answers, and the codes that people gave to written ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consult.coding.variables import variables as codes
from consult.columns.column import Column, Masked
from consult.columns.frame import Frame
from consult.columns.variables import Variable


@dataclass(frozen=True, slots=True)
class Answers:
    """A frame with the variables that were made by hand; those are named text:QUESTION."""

    frame: Frame
    variables: Mapping[str, Variable]
    by_hand: Mapping[str, Masked]

    def column(self, key: str) -> Column:
        """Raises KeyError for a variable that there is not."""
        return self.by_hand[key] if key in self.by_hand else self.frame.column(key)


async def answers(frame: Frame) -> Answers:
    """Read the codes of written answers; questions come first, then codes, then what is known of each answer."""
    made = await codes(frame)
    asked = {key: one for key, one in frame.variables.items() if not one.is_paradata}
    facts = {key: one for key, one in frame.variables.items() if one.is_paradata}
    coded = {key: variable for key, (variable, _) in made.items()}
    return Answers(frame, {**asked, **coded, **facts}, {key: column for key, (_, column) in made.items()})
