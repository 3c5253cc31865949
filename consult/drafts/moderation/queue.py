"""The queue of moderators, and what an act would do to each of many comments. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from consult.drafts.comments.comment import KIND_NAMES, Comment, State
from consult.errors import N_, NN_

STATUSES: Mapping[str, str] = {
    "submitted": N_("To check"),
    "unchecked": N_("Published, not checked yet"),
    "published": N_("Published"),
    "refused": N_("Not published"),
    "hidden": N_("Hidden after publication"),
    "unanswered": N_("Without an answer"),
    "prepared": N_("Answer prepared"),
    "all": N_("All"),
}
AGES: Mapping[str, str] = {
    "1": N_("for more than a day"),
    "3": N_("for more than 3 days"),
    "7": N_("for more than a week"),
    "30": N_("for more than a month"),
}
KINDS: Mapping[str, str] = {kind.value: name for kind, name in KIND_NAMES.items()}
OTHER_LANGUAGES = "other"
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """Which comments a moderator wants to see; nothing given means all. before: sent earlier than that."""

    draft: UUID | None = None
    article: str = ""
    status: str = "submitted"
    kind: str = ""
    language: str = ""
    before: datetime | None = None


class Action(StrEnum):
    PUBLISH = "publish"
    CHECK = "check"
    REFUSE = "refuse"


ACTIONS: Mapping[Action, str] = {
    Action.PUBLISH: N_("Publish them"),
    Action.CHECK: N_("Mark the published ones as checked"),
    Action.REFUSE: N_("Do not publish them, or hide them if they are published"),
}


class Effect(StrEnum):
    """What really happens to one comment."""

    PUBLISH = "publish"
    CHECK = "check"
    REFUSE = "refuse"
    HIDE = "hide"


WILL: Mapping[Effect, tuple[str, str]] = {
    Effect.PUBLISH: NN_("%(num)s comment will be published.", "%(num)s comments will be published."),
    Effect.CHECK: NN_("%(num)s comment will count as checked.", "%(num)s comments will count as checked."),
    Effect.REFUSE: NN_("%(num)s comment will not be published.", "%(num)s comments will not be published."),
    Effect.HIDE: NN_(
        "%(num)s published comment will be hidden. A note with the reason will stand in its place.",
        "%(num)s published comments will be hidden. A note with the reason will stand in the place of each.",
    ),
}
DONE: Mapping[Effect, tuple[str, str]] = {
    Effect.PUBLISH: NN_("%(num)s comment was published.", "%(num)s comments were published."),
    Effect.CHECK: NN_("%(num)s comment counts as checked.", "%(num)s comments count as checked."),
    Effect.REFUSE: NN_("%(num)s comment was kept from the public.", "%(num)s comments were kept from the public."),
    Effect.HIDE: NN_("%(num)s published comment was hidden.", "%(num)s published comments were hidden."),
}


class Obstacle(StrEnum):
    """Why nothing happens to one comment."""

    DONE_BY_YOU = "yours"
    QUICKER = "quicker"
    PUBLISHED = "published"
    NOT_PUBLISHED = "not-published"
    CHECKED = "checked"
    REFUSED = "refused"
    ANSWERED = "answered"
    ERASED = "erased"
    UNKNOWN = "unknown"


OBSTACLES: Mapping[Obstacle, str] = {
    Obstacle.DONE_BY_YOU: N_("You have done this already."),
    Obstacle.QUICKER: N_("Another moderator was quicker: look at the comment again."),
    Obstacle.PUBLISHED: N_("It is published already."),
    Obstacle.NOT_PUBLISHED: N_("It is not published."),
    Obstacle.CHECKED: N_("It was checked already."),
    Obstacle.REFUSED: N_("It is not public already."),
    Obstacle.ANSWERED: N_("It has an answer, so it stays. Cover the words that must not be read."),
    Obstacle.ERASED: N_("Its author was erased."),
    Obstacle.UNKNOWN: N_("There is no such comment."),
}


def effect_of(action: Action, comment: Comment) -> Effect | Obstacle:
    """What an action would do to a comment as it is now."""
    is_public = comment.state is State.PUBLISHED
    match action:
        case Action.PUBLISH:
            if is_public:
                return Obstacle.PUBLISHED
            return Obstacle.ERASED if comment.is_erased else Effect.PUBLISH
        case Action.CHECK:
            if not is_public:
                return Obstacle.NOT_PUBLISHED
            return Obstacle.CHECKED if comment.moderated_at else Effect.CHECK
        case Action.REFUSE:
            if comment.state is State.REFUSED:
                return Obstacle.REFUSED
            if comment.answer is not None:
                return Obstacle.ANSWERED
            return Effect.HIDE if is_public else Effect.REFUSE


def token(comment: Comment) -> str:
    """What a moderator saw of a comment's fate; a page carries it, so that a newer decision is not overruled."""
    moment = f"{comment.moderated_at.timestamp():.6f}" if comment.moderated_at else ""
    return f"{comment.number}|{comment.state.value}|{moment}|{'answered' if comment.answer else ''}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen to the chosen comments; letters counts the authors that are told."""

    effects: Mapping[Effect, tuple[Comment, ...]]
    obstacles: Mapping[Obstacle, tuple[str, ...]]
    letters: int

    @property
    def touched(self) -> tuple[Comment, ...]:
        return tuple(comment for found in self.effects.values() for comment in found)


def plan(action: Action, chosen: Iterable[Comment], unknown: Iterable[str] = ()) -> Plan:
    """Sort the chosen comments by what an action would do to each. unknown: numbers that no comment has."""
    effects: dict[Effect, tuple[Comment, ...]] = {}
    obstacles: dict[Obstacle, tuple[str, ...]] = {}
    for comment in chosen:
        found = effect_of(action, comment)
        if isinstance(found, Effect):
            effects[found] = (*effects.get(found, ()), comment)
        else:
            obstacles[found] = (*obstacles.get(found, ()), comment.number)
    if missing := tuple(unknown):
        obstacles[Obstacle.UNKNOWN] = missing
    told = [one for effect, found in effects.items() if effect is not Effect.CHECK for one in found if one.email]
    return Plan(effects, obstacles, len(told))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was really done: numbers of comments by effect, and by why nothing was done."""

    effects: Mapping[Effect, tuple[str, ...]]
    obstacles: Mapping[Obstacle, tuple[str, ...]]


def outcome(each: Iterable[tuple[str, Effect | Obstacle]]) -> Outcome:
    effects: dict[Effect, tuple[str, ...]] = {}
    obstacles: dict[Obstacle, tuple[str, ...]] = {}
    for number, found in each:
        if isinstance(found, Effect):
            effects[found] = (*effects.get(found, ()), number)
        else:
            obstacles[found] = (*obstacles.get(found, ()), number)
    return Outcome(effects, obstacles)
