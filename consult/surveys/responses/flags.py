"""What is remarkable about an answer set, in words that can be explained; analysts may leave such answers out.

Three flags are stored with the response, because only the moment of arrival shows them: `too_fast`, `burst`, `honeypot`
(admission/arrival_checks.py). Two are computed when answers are read, because they follow from the answers alone, and a
better rule should apply to old answers too:

straight_lined   The same point in every row of a matrix of scales with at least STRAIGHT_ROWS answered rows. Leiner
                 (Too fast, too straight, too weird, Survey Research Methods 13(3), 2019, p. 229-248) finds it a weaker
                 sign than speed, and Schonlau and Toepoel (Straightlining in web survey panels over time, Survey
                 Research Methods 9(2), 2015, p. 125-137) count identical answers in the same way. Somebody who is
                 content with everything answers so too: it is a mark, not a verdict.
duplicate_text   A written answer of at least DUPLICATE_LETTERS letters that another response to the same question has
                 as well, case, blanks and punctuation aside. Campaigns hand out texts, so this tells about organised
                 answering rather than about false answers.

No flag is a reason to erase: nothing is deleted because of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any
from uuid import UUID

from consult.errors import N_
from consult.surveys.definition import schema as d

STORED = ("too_fast", "burst", "honeypot")
COMPUTED = ("straight_lined", "duplicate_text")
ALL = STORED + COMPUTED
NAMES: dict[str, str] = {
    "too_fast": N_("Too fast"),
    "burst": N_("In a burst"),
    "honeypot": N_("Hidden field filled in"),
    "straight_lined": N_("Same answer in all rows"),
    "duplicate_text": N_("Text that others sent too"),
}
REASONS: dict[str, str] = {
    "too_fast": N_("The form came back sooner than its pages can be read."),
    "burst": N_("It came while its network or the ones beside it sent very many answers, and passed the check."),
    "honeypot": N_("A field that people cannot see was filled in: by a program, or by a browser that fills in all."),
    "straight_lined": N_("A table of at least five rows has the same point in each of them."),
    "duplicate_text": N_("A written answer of at least thirty letters stands word for word in another response."),
}

STRAIGHT_ROWS = 5
DUPLICATE_LETTERS = 30
NO_LETTERS = re.compile(r"[\W_]+")


def straight_lined(definition: d.Definition, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of matrices whose answered rows all have the same point; options such as “don't know” do not count."""
    found = []
    for question in definition.questions:
        if isinstance(question, d.MatrixScale):
            rows = answers.get(question.key)
            points = [given for given in rows.values() if isinstance(given, int)] if isinstance(rows, dict) else []
            if len(points) >= STRAIGHT_ROWS and len(set(points)) == 1:
                found.append(question.key)
    return tuple(found)


def plain(text: str) -> str:
    """A text without what people change when they copy: case, blanks, punctuation."""
    return NO_LETTERS.sub("", text.casefold())


class Duplicates:
    """Finds written answers that stand in more than one response; of a text only its digest is kept."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, bytes], list[UUID]] = defaultdict(list)

    def add(self, response: UUID, definition: d.Definition, answers: Mapping[str, Any]) -> None:
        for question in definition.questions:
            given = answers.get(question.key) if isinstance(question, d.Free) else None
            words = plain(given) if isinstance(given, str) else ""
            if len(words) >= DUPLICATE_LETTERS:
                self.seen[question.key, blake2b(words.encode(), digest_size=16).digest()].append(response)

    def found(self) -> dict[UUID, tuple[str, ...]]:
        """The keys of such answers, for each response that has any."""
        found: dict[UUID, tuple[str, ...]] = {}
        for (key, _), those in self.seen.items():
            if len(set(those)) > 1:
                for response in set(those):
                    found[response] = (*found.get(response, ()), key)
        return found


def duplicate_texts(responses: Iterable[tuple[UUID, d.Definition, Mapping[str, Any]]]) -> dict[UUID, tuple[str, ...]]:
    """The keys of written answers that stand in another response too, for each response that has any."""
    duplicates = Duplicates()
    for response, definition, answers in responses:
        duplicates.add(response, definition, answers)
    return duplicates.found()


def can_be_computed(definition: d.Definition) -> bool:
    """Whether any answers to it can have a computed flag."""
    return any(
        isinstance(question, d.Free) or (isinstance(question, d.MatrixScale) and len(question.rows) >= STRAIGHT_ROWS)
        for question in definition.questions
    )
