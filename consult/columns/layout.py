"""Which arrays hold a survey's answers: what decoding fills, files keep and reading joins.

form      parts             what
coded     codes             one of `points`, else a kind of no answer
listed    codes             the same, but its points are those that occur: links, days, languages
masked    bits, status      several of `points`
measured  values, status    a number
computed  values, status    a number, a truth or a text: what it is shows only when all answers are there
given     flags             whether something was written or sent; what it says is in no file
hashed    hashes            64 bits of a long written text, to find texts that others sent too; 0 for none
bits      flags             what is remarkable about the answer (FLAGS)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from consult.columns.column import KINDS, NO, WORD, WRITTEN, YES, outside_of, points_of
from consult.columns.variables import parts_of
from consult.surveys.definition import schema as d
from consult.surveys.responses.flags import COMPUTED, STORED

Form: TypeAlias = Literal["coded", "listed", "masked", "measured", "computed", "given", "hashed", "bits"]
Array: TypeAlias = NDArray[Any]

PARTS: Mapping[Form, tuple[str, ...]] = {
    "coded": ("codes",),
    "listed": ("codes",),
    "masked": ("bits", "status"),
    "measured": ("values", "status"),
    "computed": ("values", "status"),
    "given": ("flags",),
    "hashed": ("hashes",),
    "bits": ("flags",),
}
LANGUAGE, CHANNEL, VERSION, DAY, MARKS = "@language", "@channel", "@version", "@day", "@flags"
TEXT, FIRST, LAST = "#text", "#first", "#last"
"""Behind a question's key: the hash of its text, the first and the last day or time that it names."""
FLAGS = (*STORED, COMPUTED[0])
"""The flag of each bit; the other computed one follows from the hashes."""
TRUE, FALSE, WORDS = len(KINDS) + 1, len(KINDS) + 2, len(KINDS) + 3
"""Status of a computed value that is no number."""
MOST_BYTES, MOST_SHORTS = 250, 65_530


class Spec(msgspec.Struct, frozen=True):
    """One column as it is stored. outside: codes that say why there is no answer -> the kind."""

    name: str
    form: Form
    points: tuple[str, ...] = ()
    outside: dict[str, str] = {}

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the codes, or of a bit mask's words."""
        k = len(self.points)
        if self.form == "masked":
            return np.dtype(f"u{next(size for size in (1, 2, 4, 8) if k <= 8 * size or size == 8)}")
        return np.dtype(np.uint8 if k < MOST_BYTES else np.uint16 if k < MOST_SHORTS else np.uint32)

    @property
    def words(self) -> int:
        return max(1, -(-len(self.points) // WORD))

    @property
    def missing(self) -> dict[str, int]:
        """The highest codes, one per kind of no answer."""
        return {kind: int(np.iinfo(self.dtype).max) - number for number, kind in enumerate(KINDS)}

    def nothing(self, n: int) -> tuple[Array, ...]:
        """The parts of n rows that were not asked."""
        match self.form:
            case "coded" | "listed":
                return (np.full(n, self.missing["not_asked"], dtype=self.dtype),)
            case "masked":
                return np.zeros((n, self.words), dtype=self.dtype), np.ones(n, dtype=np.uint8)
            case "measured" | "computed":
                return np.full(n, np.nan), np.ones(n, dtype=np.uint8)
            case "hashed":
                return (np.zeros(n, dtype=np.uint64),)
        return (np.zeros(n, dtype=np.uint8),)


FACTS = (*(Spec(name, "listed") for name in (LANGUAGE, CHANNEL, VERSION, DAY)), Spec(MARKS, "bits"))


def specs(definition: d.Definition) -> dict[str, Spec]:
    """Every column of a survey's answers by its name, facts about them first."""
    return {spec.name: spec for spec in (*FACTS, *(s for q in definition.questions for s in of_question(q)))}


def of_question(question: d.AnyQuestion) -> Sequence[Spec]:
    key, points, outside = question.key, points_of(question), outside_of(question)
    match question:
        case d.MatrixScale() | d.MatrixSingle() | d.MatrixMultiple():
            form: Form = "masked" if isinstance(question, d.MatrixMultiple) else "coded"
            return [Spec(f"{key}.{code}", form, points, outside) for code, _ in parts_of(question)]
        case d.Ranking() | d.Allocation():
            return [Spec(f"{key}.{code}", "measured") for code, _ in parts_of(question)]
        case d.Multiple():
            return [Spec(key, "masked", points, outside)]
        case d.Number():
            return [Spec(key, "measured", (), outside)]
        case d.Consent():
            return [Spec(key, "coded", (YES, NO))]
        case d.Calculated():
            return [Spec(key, "computed")]
        case d.Hidden() if not points:
            return [Spec(key, "listed")]
        case d.Free():
            return [Spec(key, "given"), Spec(key + TEXT, "hashed")]
        case d.Date() | d.Time():
            return [Spec(key, "given"), Spec(key + FIRST, "listed")]
        case d.DateRange():
            return [Spec(key, "given"), Spec(key + FIRST, "listed"), Spec(key + LAST, "listed")]
    if isinstance(question, WRITTEN):
        return [Spec(key, "given")]
    return [Spec(key, "coded", points, outside)] if points or isinstance(question, d.Place) else []


def is_kept(old: Spec, new: Spec) -> bool:
    """Whether codes written by the old rule mean the same under the new one, but for their numbers."""
    if old.form != new.form:
        return False
    roles = {code: new.outside.get(code, "") for code in (*new.points, *new.outside)}
    return all(roles.get(code, "") == "" for code in old.points) and all(
        roles.get(code, kind) == kind for code, kind in old.outside.items()
    )
