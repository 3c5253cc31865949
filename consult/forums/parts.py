"""What other parts of the town's work add to the pages of a forum: questions, slots, minutes.

A module of pages offers `forum_parts` (and, for staff, `session_parts`): providers that are asked each time a forum is
shown, in the order in which domains.py lists the modules. So this folder knows none of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any, TypeAlias

from consult.forums.forum import Forum, ForumSession
from consult.i18n import Locale
from consult.web import AnyRequest


@dataclass(frozen=True, slots=True)
class Shown:
    """The page that asks; session only where the page is about one sitting."""

    request: AnyRequest
    forum: Forum
    now: datetime
    locale: Locale
    session: ForumSession | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page: the template finds the values as `part.values`."""

    template: str
    values: Mapping[str, Any]


Provider: TypeAlias = Callable[[Shown], Awaitable[Part | None]]


@dataclass(frozen=True, slots=True)
class Providers:
    public: tuple[Provider, ...] = ()
    staff: tuple[Provider, ...] = ()
    session: tuple[Provider, ...] = ()

    @classmethod
    def of(cls, public: Iterable[ModuleType], staff: Iterable[ModuleType]) -> Providers:
        staff = tuple(staff)
        return cls(
            public=_offered(public, "forum_parts"),
            staff=_offered(staff, "forum_parts"),
            session=_offered(staff, "session_parts"),
        )


def _offered(modules: Iterable[ModuleType], name: str) -> tuple[Provider, ...]:
    return tuple(one for module in modules for one in getattr(module, name, ()))


async def parts_of(providers: Iterable[Provider], shown: Shown) -> list[Part]:
    found = [await provider(shown) for provider in providers]
    return [part for part in found if part is not None]


def providers(request: AnyRequest) -> Providers:
    made: Providers = request.app.state.forum_parts
    return made
