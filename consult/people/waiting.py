"""What waits for a member of staff: each domain tells its own part, the home page shows them together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from consult.people.person import Person


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the home page, such as "Comments to review", 12, "comments?state=new".

    label    a msgid that reads well beside any number; parameters fill it.
    path     below /staff/{language}/.
    roles    who sees it (administrators always); empty for everybody.
    """

    label: str
    count: int
    path: str
    roles: frozenset[str] = frozenset()
    parameters: Mapping[str, object] = field(default_factory=dict)


Provider = Callable[[Person, dt.datetime], Awaitable[Sequence[Waiting]]]


async def all_for(person: Person, at: dt.datetime, providers: Iterable[Provider]) -> list[Waiting]:
    """Ask every domain, and keep what waits and what this person may do."""
    found: list[Waiting] = []
    for provider in providers:
        found += [line for line in await provider(person, at) if line.count and person.may(*line.roles)]
    return found
