"""Officials, times, the terms of a forum's appointments, and requests. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from consult.errors import N_, Problem
from consult.forums.forum import local_moment
from consult.forums.slots.allocation import Rule, Tie
from consult.i18n import Text
from consult.mail.message import BadAddress, email_address
from consult.signed import labelled

LONGEST_NAME, LONGEST_TEXT, LONGEST_PHONE, LONGEST_PRIOR = 120, 2_000, 40, 80
LONGEST_ANSWER = 5_000
MOST_TOPICS, MOST_SLOTS, MOST_CAPACITY = 12, 200, 50
SHORTEST_MINUTES, LONGEST_MINUTES = 5, 240
PURPOSE = "slot"
REMEMBERED = timedelta(days=730)
KEPT_AFTER = timedelta(days=30)
NOTICE = timedelta(hours=3)
"""A time that becomes free later than this before it begins is not given to the next any more."""


class State(StrEnum):
    NOTED = "noted"
    GIVEN = "given"
    WAITING = "waiting"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    HEARD = "heard"
    ABSENT = "absent"
    UNHEARD = "unheard"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"


RULE_NAMES: Mapping[Rule, str] = {
    Rule.FIRST_COME: N_("In the order of requests"),
    Rule.DRAW: N_("By a draw that anybody can repeat"),
    Rule.NEVER_HEARD: N_("First those who have not been received before"),
}
RULE_WORDS: Mapping[Rule, str] = {
    Rule.FIRST_COME: N_("Each request gets the first free time that suits it as soon as it arrives."),
    Rule.DRAW: N_("When requests have closed, a draw puts them in order. When a request was sent makes no difference."),
    Rule.NEVER_HEARD: N_(
        "When requests have closed, those come first whom nobody has received at such a meeting in the last two years."
    ),
}
TIE_WORDS: Mapping[Tie, str] = {
    Tie.DRAW: N_("Among those who are alike in this a draw decides, which anybody can repeat."),
    Tie.ORDER: N_("Among those who are alike in this the order of requests decides."),
}
STATE_NAMES: Mapping[State, str] = {
    State.NOTED: N_("Request noted"),
    State.GIVEN: N_("Has an appointment"),
    State.WAITING: N_("On the waiting list"),
    State.SETTLED: N_("Settled in writing"),
    State.CANCELLED: N_("Cancelled"),
    State.HEARD: N_("Was received"),
    State.ABSENT: N_("Did not come"),
    State.UNHEARD: N_("No time became free"),
}
STATE_TAGS: Mapping[State, str] = {
    State.NOTED: "",
    State.GIVEN: "ok",
    State.WAITING: "part",
    State.SETTLED: "off",
    State.CANCELLED: "off",
    State.HEARD: "ok",
    State.ABSENT: "no",
    State.UNHEARD: "off",
}
CHANNEL_NAMES: Mapping[Channel, str] = {
    Channel.WEB: N_("on this page"),
    Channel.PHONE: N_("By telephone"),
    Channel.COUNTER: N_("At the counter"),
    Channel.LETTER: N_("By letter"),
}
LIVING = frozenset({State.NOTED, State.GIVEN, State.WAITING})


@dataclass(frozen=True, slots=True)
class Official:
    number: int
    name: Text
    office: Text
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of an official. topic None: every topic; language "": every language."""

    id: UUID
    forum: UUID
    official: int
    official_name: Text
    official_office: Text
    starts_at: datetime
    ends_at: datetime
    place: Text
    topic: int | None
    language: str
    has_interpreter: bool
    capacity: int
    taken: int
    cancelled_at: datetime | None

    @property
    def room(self) -> int:
        return 0 if self.cancelled_at else self.capacity - self.taken

    def may_be_given(self, at: datetime) -> bool:
        return self.cancelled_at is None and at < self.starts_at - NOTICE


@dataclass(frozen=True, slots=True)
class Terms:
    """How a forum gives appointments; frozen_at says since when that stands. seed is secret until allocated_at."""

    forum: UUID
    rule: Rule
    tie: Tie
    opens_at: datetime
    closes_at: datetime
    topics: tuple[Text, ...] = ()
    note: Text = field(default_factory=dict)
    seed: str | None = field(default=None, repr=False)
    seed_hash: str | None = None
    frozen_at: datetime | None = None
    allocated_at: datetime | None = None

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None

    @property
    def public_seed(self) -> str | None:
        return self.seed if self.allocated_at else None

    @property
    def gives_at_once(self) -> bool:
        return self.rule is Rule.FIRST_COME

    def takes_requests(self, at: datetime) -> bool:
        return self.is_frozen and self.opens_at <= at < self.closes_at

    def is_due(self, at: datetime) -> bool:
        """Whether the times can be given now."""
        return self.is_frozen and self.allocated_at is None and at >= self.closes_at

    def topic(self, number: int | None) -> Text | None:
        return self.topics[number] if number is not None and 0 <= number < len(self.topics) else None


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """A request for an appointment. rank is its place once the order has been made."""

    id: UUID
    forum: UUID
    number: int
    state: State
    slot: UUID | None
    name: str
    email: str
    phone: str
    language: str
    topic: int | None
    text: str
    prior: str
    channel: Channel
    heard_before: bool | None
    rank: int | None
    answer: str
    answered_at: datetime | None
    created_at: datetime
    erased_at: datetime | None

    @property
    def is_living(self) -> bool:
        return self.state in LIVING


@dataclass(frozen=True, slots=True)
class Requested:
    """What the form of a request carries."""

    name: str
    email: str = ""
    phone: str = ""
    topic: str = ""
    text: str = ""
    prior: str = ""

    def problems(self, terms: Terms, *, needs_email: bool) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", N_("Write your name and surname.")))
        elif len(self.name) > LONGEST_NAME or any(ord(letter) < 32 for letter in self.name):
            found.append(Problem("name", N_("Write a name of at most %(most)s characters."), {"most": LONGEST_NAME}))
        if self.email:
            try:
                email_address(self.email)
            except BadAddress as bad:
                found += bad.problems
        elif needs_email:
            found.append(Problem("email", N_("Write your e-mail address: we send you the answer there.")))
        if len(self.phone) > LONGEST_PHONE or not set(self.phone) <= set("0123456789 +-/()."):
            found.append(Problem("phone", N_("Write a telephone number with digits only, or leave this empty.")))
        if terms.topics and self.topic not in {"other", *(str(number) for number in range(len(terms.topics)))}:
            found.append(Problem("topic", N_("Choose what it is about.")))
        if not self.text.strip():
            found.append(Problem("text", N_("Write what you want to talk about.")))
        elif len(self.text) > LONGEST_TEXT:
            found.append(Problem("text", N_("Use at most %(most)s characters."), {"most": LONGEST_TEXT}))
        if len(self.prior) > LONGEST_PRIOR:
            found.append(Problem("prior", N_("Use at most %(most)s characters."), {"most": LONGEST_PRIOR}))
        return found

    @property
    def topic_number(self) -> int | None:
        return int(self.topic) if self.topic.isdecimal() else None

    @property
    def address(self) -> str:
        return email_address(self.email) if self.email else ""


def contacts(secret: bytes, email: str, phone: str) -> list[bytes]:
    """Keyed hashes by which somebody is known again without being kept: the address, the last digits of the number."""
    digits = "".join(letter for letter in phone if letter in "0123456789")[-8:]
    known = [f"email:{email.casefold()}"] if email else []
    if len(digits) == 8:
        known.append(f"phone:{digits}")
    seal = labelled(secret, b"forum-heard:")
    return [seal.of(one.encode()) for one in known]


@dataclass(frozen=True, slots=True)
class Span:
    """Times to make: every `minutes` from `starts` to `ends` on a day, with a pause after each."""

    day: date
    starts: time
    ends: time
    minutes: int
    pause: int = 0

    def problems(self, zone: ZoneInfo) -> list[Problem]:
        found = []
        if not SHORTEST_MINUTES <= self.minutes <= LONGEST_MINUTES:
            found.append(Problem("minutes", N_("Write the minutes of one appointment, from 5 to 240.")))
        if not 0 <= self.pause <= LONGEST_MINUTES:
            found.append(Problem("pause", N_("Write the minutes between two appointments, from 0 to 240.")))
        if self.ends <= self.starts:
            found.append(Problem("ends", N_("The end must come after the beginning.")))
        elif not found and not self.times(zone):
            found.append(Problem("ends", N_("No appointment fits into this span.")))
        return found

    def times(self, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
        """The beginnings and ends that fit, in the town's clock; an hour that the summer-time change skips has none."""
        first = datetime.combine(self.day, self.starts)
        last = datetime.combine(self.day, self.ends)
        length, step = timedelta(minutes=self.minutes), timedelta(minutes=self.minutes + self.pause)
        made: list[tuple[datetime, datetime]] = []
        while first + length <= last and len(made) < MOST_SLOTS:
            starts = local_moment(first, zone)
            if starts is not None:
                made.append((starts, starts + length))
            first += step
        return made


def topics_of(written: Mapping[str, str]) -> tuple[Text, ...]:
    """Topics from one text a language, a line each; the same line in each language is the same topic."""
    lines = {language: [line.strip() for line in text.split("\n")] for language, text in written.items()}
    most = max((len(found) for found in lines.values()), default=0)
    made = [
        {language: found[number] for language, found in lines.items() if number < len(found) and found[number]}
        for number in range(most)
    ]
    return tuple(topic for topic in made if topic)
