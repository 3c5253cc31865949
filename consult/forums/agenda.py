"""What is planned for a meeting, item by item, with hours where they are known. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from consult.errors import N_, Problem
from consult.forums.forum import LONGEST_TITLE, Forum
from consult.i18n import Text

MOST_ITEMS = 40


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An item in the order of the meeting; session None: it holds for each session. Its id stays when it is edited."""

    id: UUID
    forum: UUID
    session: UUID | None
    position: int
    starts: time | None
    title: Text
    speakers: Text


@dataclass(frozen=True, slots=True)
class ItemContent:
    """What staff write; id None is a new item."""

    id: UUID | None = None
    session: UUID | None = None
    starts: time | None = None
    title: Text = field(default_factory=dict)
    speakers: Text = field(default_factory=dict)


def agenda_problems(items: Sequence[ItemContent], forum: Forum, authentic: str) -> Iterator[Problem]:
    if len(items) > MOST_ITEMS:
        yield Problem("", N_("Use at most %(most)s items."), {"most": MOST_ITEMS})
    for number, item in enumerate(items, start=1):
        place = f"item-{number}"
        if not item.title.get(authentic, "").strip():
            yield Problem(f"{place}-title-{authentic}", N_("Write this at least in the official language."))
        for name, text in (("title", item.title), ("speakers", item.speakers)):
            for language, words in text.items():
                if len(words) > LONGEST_TITLE:
                    message = N_("Shorten this to at most %(most)s characters.")
                    yield Problem(f"{place}-{name}-{language}", message, {"most": LONGEST_TITLE})
        if item.session is not None and forum.session(item.session) is None:
            yield Problem(f"{place}-session", N_("Choose a session from the list."))


def by_session(forum: Forum, items: Sequence[AgendaItem]) -> list[tuple[UUID | None, list[AgendaItem]]]:
    """The items as pages show them: first what holds for every session, then session by session."""
    order: list[UUID | None] = [None, *(session.id for session in forum.sessions)]
    if len(forum.sessions) == 1:
        return [(None, list(items))] if items else []
    grouped = ((key, [item for item in items if item.session == key]) for key in order)
    return [(key, found) for key, found in grouped if found]
