"""The rules of a question in advance. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from consult.errors import N_, Problem
from consult.forums.forum import Forum
from consult.forums.forum import State as ForumState
from consult.i18n import Text
from consult.mail.message import BadAddress, email_address

LONGEST_QUESTION = 500
LONGEST_NAME = 80
LONGEST_ANSWER = 5_000
PURPOSE = "question"


class State(StrEnum):
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REFUSED = "refused"


class Moderation(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    HALL = "hall"


STATE_NAMES: Mapping[State, str] = {
    State.SUBMITTED: N_("Waiting for a check"),
    State.PUBLISHED: N_("Published"),
    State.REFUSED: N_("Not published"),
}
STATE_TAGS: Mapping[State, str] = {State.SUBMITTED: "part", State.PUBLISHED: "ok", State.REFUSED: "off"}
CHANNEL_NAMES: Mapping[Channel, str] = {
    Channel.WEB: N_("on this page"),
    Channel.PHONE: N_("By telephone"),
    Channel.COUNTER: N_("At the counter"),
    Channel.LETTER: N_("By letter"),
    Channel.HALL: N_("In the hall"),
}

# The only reasons for which a question is not published. The list is public: it stands beside the form.
REFUSALS: Mapping[str, str] = {
    "insult": N_("It insults or threatens somebody."),
    "personal-data": N_("It holds personal data of other people."),
    "hatred": N_("It calls for hatred or violence."),
    "unrelated": N_("It is no question on the subject of this meeting."),
    "advertising": N_("It advertises goods, services or a party."),
    "unlawful": N_("Publishing it would break the law."),
}


@dataclass(frozen=True, slots=True)
class Asking:
    """Whether and until when a forum takes questions. Without closes_at they are taken until the meeting is over."""

    is_open: bool = True
    closes_at: datetime | None = None
    moderation: Moderation = Moderation.BEFORE

    def is_due(self, forum: Forum, at: datetime) -> bool:
        """Whether the public may ask now: from the publication on, and from the hall too."""
        end = min((moment for moment in (self.closes_at, forum.ends_at) if moment is not None), default=None)
        return self.is_open and forum.state is ForumState.PUBLISHED and end is not None and at < end


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is shown. supports counts different browsers; in a group, those of all its questions."""

    id: UUID
    forum: UUID
    number: int
    session: UUID | None
    head: UUID | None
    language: str
    text: str
    name: str
    email: str
    channel: Channel
    state: State
    refusal: str
    asked_at: datetime
    published_at: datetime | None
    shortlisted_at: datetime | None
    answer: Text
    answered_at: datetime | None
    erased_at: datetime | None
    supports: int
    alike: int

    @property
    def anchor(self) -> str:
        return f"question-{self.number}"

    @property
    def is_public(self) -> bool:
        return self.state is State.PUBLISHED

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form carries."""

    text: str
    name: str = ""
    email: str = ""
    session: UUID | None = None

    def problems(self, forum: Forum) -> list[Problem]:
        found = []
        if not self.text.strip():
            found.append(Problem("text", N_("Write your question.")))
        elif len(self.text) > LONGEST_QUESTION:
            found.append(Problem("text", N_("Use at most %(most)s characters."), {"most": LONGEST_QUESTION}))
        if len(self.name) > LONGEST_NAME or any(ord(letter) < 32 for letter in self.name):
            found.append(Problem("name", N_("Write a name of at most %(most)s characters."), {"most": LONGEST_NAME}))
        if self.email:
            try:
                email_address(self.email)
            except BadAddress as bad:
                found += bad.problems
        if self.session is not None and forum.session(self.session) is None:
            found.append(Problem("session", N_("Choose a session from the list.")))
        return found


def answer_problems(answer: Text) -> list[Problem]:
    return [
        Problem(f"answer-{language}", N_("Use at most %(most)s characters."), {"most": LONGEST_ANSWER})
        for language, words in answer.items()
        if len(words) > LONGEST_ANSWER
    ]
