"""Results of groups: by which questions, of which groups, and what may not be shown of whom.

Whoever sees the results of all people and of every group can subtract. So a group is shown only if it, and whatever is
left when others are taken away, is large enough; people without an answer to the break are a group, too, though they
are never shown by themselves. The same holds for each question again, because not everybody answers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.analysis.disclosure.suppression import suppress
from consult.columns.column import Coded, Column
from consult.columns.frame import Frame
from consult.columns.variables import Variable
from consult.errors import N_, NotFound
from consult.i18n import Text, languages
from consult.i18n import locale as locale_of
from consult.results.counting import is_sensitive
from consult.surveys.definition.schema import Allocation, AnyQuestion, Ranking

ONLY = N_("%(question)s: %(answer)s")
MOST_GROUPS = 60


@dataclass(frozen=True, slots=True)
class Group:
    """People who gave one answer (code) to a question (key)."""

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A group on offer. n: people in it; is_shown: whether it may be seen by itself."""

    code: str
    label: Text
    n: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Break:
    """A question by which results may be seen."""

    key: str
    text: Text
    choices: tuple[Choice, ...]

    @property
    def shown(self) -> list[Choice]:
        return [choice for choice in self.choices if choice.is_shown]

    @property
    def hides(self) -> bool:
        """Whether a group with people in it is kept back."""
        return any(choice.n and not choice.is_shown for choice in self.choices)

    def choice(self, code: str) -> Choice:
        """Raises NotFound."""
        found = next((choice for choice in self.choices if choice.code == code), None)
        if found is None:
            raise NotFound
        return found


def breaks(answers: Frame, published: Sequence[AnyQuestion], base: int) -> list[Break]:
    """The breaks that the survey allows: single choices that are public and not sensitive, with two groups or more."""
    allowed = {question.key for question in published if not bool(getattr(question, "sensitive", False))}
    found = []
    for key in answers.definition.results.breaks:
        variable = answers.variables.get(key)
        if variable is None or variable.kind != "coded" or key not in allowed:
            continue
        if not 2 <= len(variable.points) <= MOST_GROUPS:
            continue
        counts = answers.frequencies(key)
        sizes = np.array([*counts.counts, answers.n - counts.n], dtype=np.int64)
        hidden = _hidden(sizes, base)
        choices = tuple(
            Choice(code, variable.labels[code], n, bool(n) and not out)
            for code, n, out in zip(counts.points, counts.counts, hidden[:-1].tolist(), strict=True)
        )
        found.append(Break(key, variable.text, choices))
    return found


def members(answers: Frame, group: Group) -> NDArray[np.bool_]:
    """(n,) who is in a group. Raises NotFound where there is no such group."""
    variable = answers.variables.get(group.key)
    if variable is None or group.code not in variable.points:
        raise NotFound
    by = answers.column(group.key)
    if not isinstance(by, Coded):
        raise NotFound
    return np.asarray(by.codes == by.points.index(group.code))


def withheld(answers: Frame, questions: Sequence[AnyQuestion], group: Group, base: int) -> dict[str, frozenset[str]]:
    """Question -> the columns that may not be shown of a group; those of the same people in other groups are known."""
    by = answers.column(group.key)
    assert isinstance(by, Coded)  # noqa: S101 - members() has asked
    k, place = len(by.points), by.points.index(group.code)
    groups = np.minimum(by.codes, k).astype(np.int64)
    found = {}
    for question in questions:
        if question.key == group.key or is_sensitive(question):
            continue
        out = []
        for key, answered in _bases(answers, question):
            sizes = np.bincount(groups[answered], minlength=k + 1)
            if sizes[place] > 0 and _hidden(sizes, base)[place]:
                out.append(key)
        if out:
            found[question.key] = frozenset(out)
    return found


def _hidden(sizes: NDArray[np.int64], base: int) -> NDArray[np.bool_]:
    """Which groups are kept back, so that none of fewer than `base` people follows from the others and from all."""
    return suppress(sizes, base).hidden


def _bases(answers: Frame, question: AnyQuestion) -> list[tuple[str, NDArray[np.bool_]]]:
    """The columns of a question, and who has an answer in each: (n,). What is ranked together has one base."""
    keys = [one.key for one in answers.variables.values() if one.question == question.key]
    bases = [(key, _answered(answers.column(key))) for key in keys]
    if isinstance(question, Ranking | Allocation) and bases:
        return [(question.key, np.logical_or.reduce([base for _, base in bases]))]
    return bases


def _answered(column: Column) -> NDArray[np.bool_]:
    return np.asarray(column.codes < len(column.points) if isinstance(column, Coded) else column.status == 0)


def said(group: Group, variable: Variable) -> Text:
    """A group in words: "District: Centar"."""
    found = {}
    for code in languages():
        question, answer = (_word(text, code) for text in (variable.text, variable.labels[group.code]))
        found[code] = locale_of(code).gettext(ONLY, question=question.rstrip("?:"), answer=answer)
    return found


def _word(text: Text, code: str) -> str:
    return text.get(code) or next(iter(text.values()), "")
