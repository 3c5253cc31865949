"""Which questions look alike: proposed to a person, who sees the words in which they differ. No I/O."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from consult.forums.questions.question import Question
from consult.textmatch.difference import differing
from consult.textmatch.letters import key
from consult.textmatch.near import groups


@dataclass(frozen=True, slots=True)
class Near:
    """A question that resembles another, and the words of each that the other lacks."""

    question: Question
    differs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    head: Question
    near: tuple[Near, ...]


def proposals(questions: Sequence[Question], apart: Collection[frozenset[UUID]] = ()) -> tuple[Proposal, ...]:
    """Groups of near-equal questions, the most supported as the head; pairs in `apart` are left out."""
    found = groups([key(question.text) for question in questions])
    made = []
    for number in range(len(found.heads)):
        members = [questions[place] for place in found.members(number)]
        if len(members) < 2:
            continue
        head, *others = sorted(members, key=lambda one: (-one.supports, one.number))
        near = tuple(
            Near(other, differing(head.text, other.text))
            for other in others
            if frozenset((head.id, other.id)) not in apart
        )
        if near:
            made.append(Proposal(head, near))
    return tuple(sorted(made, key=lambda one: one.head.number))
