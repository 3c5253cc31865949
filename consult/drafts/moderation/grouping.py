"""Which comments say the same: what the machine proposes, beside what people decided before. No I/O.

A proposal is made of equal and near-equal texts (textmatch.near). Nothing is merged, and what differs is not judged:
`affordable` and `unaffordable` may stand in one proposal, and whoever confirms it sees both words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from consult.textmatch.letters import key
from consult.textmatch.near import groups, resemblance


@dataclass(frozen=True, slots=True)
class Written:
    """A comment's words on their way to be compared; texts come in the order of their numbers."""

    id: UUID
    key: str

    @classmethod
    def of(cls, comment: UUID, text: str) -> Written:
        return cls(comment, key(text))


@dataclass(frozen=True, slots=True)
class Member:
    """A comment in a group. wording 0 is that of the group's head; likeness is 1 for words equal to the head's."""

    comment: UUID
    wording: int
    likeness: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a comment: the group that it is or was in, and whether it still is."""

    group: UUID
    is_in: bool


@dataclass(frozen=True, slots=True)
class Addition:
    """Comments to be proposed: for a group that there is, or (group None) as a new one."""

    group: UUID | None
    comments: tuple[UUID, ...]


def alike(texts: Sequence[Written]) -> tuple[list[tuple[UUID, ...]], bool]:
    """Sets of at least two equal or near-equal texts, the largest first; and whether all pairs were looked at."""
    found = groups([text.key for text in texts])
    many = [number for number, size in enumerate(found.sizes.tolist()) if size > 1 and found.heads[number]]
    wanted = set(many)
    members: dict[int, list[UUID]] = {number: [] for number in many}
    for place, number in enumerate(found.group.tolist()):
        if number in wanted:
            members[number].append(texts[place].id)
    return [tuple(members[number]) for number in many], found.is_complete


def additions(found: Iterable[Sequence[UUID]], known: Mapping[UUID, Sequence[Known]]) -> list[Addition]:
    """What is new in the sets that were found. Comments that a person has decided on are left where they are.

    A set whose comments are in a group already brings its new ones to the group that most of them are in.
    """
    made = []
    for comments in found:
        fresh = tuple(one for one in comments if one not in known)
        homes = Counter(place.group for one in comments for place in known.get(one, ()) if place.is_in)
        if homes and fresh:
            made.append(Addition(max(homes, key=lambda home: (homes[home], home.int)), fresh))
        elif len(fresh) > 1:
            made.append(Addition(None, fresh))
    return made


def members(texts: Sequence[Written], head: UUID | None = None) -> list[Member]:
    """The texts of a group with their wordings counted: 0 the head's, then the most frequent first.

    Without a head the first comment with the most frequent wording is it.
    """
    times = Counter(text.key for text in texts)
    first = next((text.key for text in texts if text.id == head), None)
    ranked = sorted(times, key=lambda one: (one != first, -times[one], one))
    place = {one: number for number, one in enumerate(ranked)}
    likeness = {one: round(resemblance(ranked[0], one), 4) for one in ranked}
    return [Member(text.id, place[text.key], likeness[text.key]) for text in texts]
