"""The rules of a forum and its sessions. No I/O."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from consult.errors import N_, Problem
from consult.forums.venue import Point, Venue, venue_problems
from consult.i18n import Text

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_TITLE = 200
LONGEST_TEXT = 10_000
MOST_SESSIONS = 30
MOST_PLACES = 100_000
LONGEST_LINK = 500
OFFER_HOURS = 24
REMIND_BEFORE = (24,)
MOST_REMINDERS = 5
EARLIEST_REMINDER = 720
LONGEST_OFFER = 168
REMINDERS = (336, 168, 72, 48, 24, 6, 2, 1)
"""Hours before the beginning that the form offers; the organiser chooses any of them."""
STREAM = re.compile(r"https://[^\s<>\"']+")
SIGN = "sgn"
TONGUES = ("mk", "sq", "tr", "rom", "sr", "bs", "rup", "ka", "az", "hy", "ru", "os", "en", SIGN)
"""Languages that are spoken or interpreted into at meetings; sgn is the sign language of the country."""


class Kind(StrEnum):
    TRIBUNE = "tribune"
    CITIZENS_FORUM = "citizens_forum"
    ROUND = "round"
    GATHERING = "gathering"
    FEEDBACK = "feedback"
    MEETING = "meeting"


class State(StrEnum):
    """What staff have decided; open, closed and over follow from the dates."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """Where a forum stands at a moment, as residents see it."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"


KIND_NAMES: Mapping[Kind, str] = {
    Kind.TRIBUNE: N_("Public forum"),
    Kind.CITIZENS_FORUM: N_("Citizens’ Forum"),
    Kind.ROUND: N_("Round of meetings in settlements"),
    Kind.GATHERING: N_("Gathering of residents"),
    Kind.FEEDBACK: N_("Feedback meeting"),
    Kind.MEETING: N_("Meeting with residents"),
}
STAGE_NAMES: Mapping[Stage, str] = {
    Stage.DRAFT: N_("In preparation"),
    Stage.ANNOUNCED: N_("Announced"),
    Stage.OPEN: N_("Registration is open"),
    Stage.CLOSED: N_("Registration has closed"),
    Stage.OVER: N_("The meeting is over"),
    Stage.CANCELLED: N_("The meeting is cancelled"),
}
STAGE_TAGS: Mapping[Stage, str] = {
    Stage.DRAFT: "off",
    Stage.ANNOUNCED: "",
    Stage.OPEN: "ok",
    Stage.CLOSED: "part",
    Stage.OVER: "off",
    Stage.CANCELLED: "no",
}


@dataclass(frozen=True, slots=True)
class ForumSession:
    """One sitting of a forum. seats_taken counts held, confirmed, offered and attended places.

    wished_capacity is a lower figure that cannot be reached yet because more people are registered: nobody is ejected,
    and `capacity` follows it down as places become free.
    """

    id: UUID
    forum: UUID
    starts_at: datetime
    ends_at: datetime
    title: Text
    speakers: Text
    place: Text
    capacity: int
    wished_capacity: int | None
    seats_taken: int
    waiting: int
    sequence: int
    settlement: str = ""
    venue: Text = field(default_factory=dict)
    address: Text = field(default_factory=dict)
    point: Point | None = None
    facts: tuple[str, ...] = ()
    transport: Text = field(default_factory=dict)
    reminded: tuple[int, ...] = ()

    @property
    def is_elsewhere(self) -> bool:
        """Whether it has a venue of its own."""
        return any(words.strip() for words in self.venue.values())

    @property
    def limit(self) -> int:
        return self.capacity if self.wished_capacity is None else min(self.capacity, self.wished_capacity)

    @property
    def free(self) -> int:
        """Places that can be given away; none while people wait, because they come first."""
        return 0 if self.waiting else self.room

    @property
    def room(self) -> int:
        return max(0, self.limit - self.seats_taken)

    @property
    def is_full(self) -> bool:
        return self.free == 0

    def has_begun(self, at: datetime) -> bool:
        return at >= self.starts_at

    def is_over(self, at: datetime) -> bool:
        return at >= self.ends_at


@dataclass(frozen=True, slots=True)
class Forum:
    """A meeting with its sessions in order of time; opens_at and closes_at bound the registration."""

    id: UUID
    slug: str
    kind: Kind
    consultation: UUID | None
    title: Text
    summary: Text
    agenda: Text
    venue: Text
    address: Text
    access: Text
    organiser: Text
    opens_at: datetime | None
    closes_at: datetime
    state: State
    cancel_reason: Text
    is_demo: bool
    published_at: datetime | None
    sessions: tuple[ForumSession, ...] = ()
    point: Point | None = None
    facts: tuple[str, ...] = ()
    transport: Text = field(default_factory=dict)
    stream: str = ""
    spoken: tuple[str, ...] = ()
    interpreted: tuple[str, ...] = ()
    smaller_may_pass: bool = False
    one_session: bool = False
    offer_hours: int = OFFER_HOURS
    remind_before: tuple[int, ...] = REMIND_BEFORE
    notice_reason: Text = field(default_factory=dict)

    @property
    def site(self) -> Venue:
        """Where it takes place, unless a session says otherwise."""
        return Venue(self.venue, self.address, self.point, self.facts, self.transport)

    def site_of(self, session: ForumSession) -> Venue:
        if not session.is_elsewhere:
            return self.site
        return Venue(session.venue, session.address, session.point, session.facts, session.transport)

    @property
    def is_in_one_place(self) -> bool:
        return not any(session.is_elsewhere for session in self.sessions)

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def starts_at(self) -> datetime | None:
        return self.sessions[0].starts_at if self.sessions else None

    @property
    def ends_at(self) -> datetime | None:
        return max((session.ends_at for session in self.sessions), default=None)

    def stage(self, at: datetime) -> Stage:
        if self.state is State.DRAFT:
            return Stage.DRAFT
        if self.state is State.CANCELLED:
            return Stage.CANCELLED
        if self.ends_at is None or at >= self.ends_at:
            return Stage.OVER
        if self.opens_at is not None and at < self.opens_at:
            return Stage.ANNOUNCED
        return Stage.OPEN if at < self.closes_at and self.bookable(at) else Stage.CLOSED

    def takes_registrations(self, at: datetime) -> bool:
        return self.stage(at) is Stage.OPEN

    def bookable(self, at: datetime) -> tuple[ForumSession, ...]:
        """The sessions that have not begun."""
        return tuple(session for session in self.sessions if not session.has_begun(at))

    def session(self, session_id: UUID) -> ForumSession | None:
        return next((session for session in self.sessions if session.id == session_id), None)


@dataclass(frozen=True, slots=True)
class SessionContent:
    """What staff write about a session: local day and hours. id is None for a new one."""

    id: UUID | None = None
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    title: Text = field(default_factory=dict)
    speakers: Text = field(default_factory=dict)
    place: Text = field(default_factory=dict)
    capacity: int | None = None
    settlement: str = ""
    venue: Text = field(default_factory=dict)
    address: Text = field(default_factory=dict)
    point: str = ""
    facts: tuple[str, ...] = ()
    transport: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForumContent:
    """What staff write about a forum. The registration ends with the day `closes_on` at the hour `closes`."""

    slug: str
    kind: str
    title: Text
    summary: Text
    organiser: Text = field(default_factory=dict)
    agenda: Text = field(default_factory=dict)
    venue: Text = field(default_factory=dict)
    address: Text = field(default_factory=dict)
    access: Text = field(default_factory=dict)
    consultation: UUID | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    sessions: tuple[SessionContent, ...] = ()
    is_demo: bool = False
    point: str = ""
    facts: tuple[str, ...] = ()
    transport: Text = field(default_factory=dict)
    stream: str = ""
    spoken: tuple[str, ...] = ()
    interpreted: tuple[str, ...] = ()
    smaller_may_pass: bool = False
    one_session: bool = False
    offer_hours: int = OFFER_HOURS
    remind_before: tuple[int, ...] = REMIND_BEFORE

    def problems(self, *, authentic: str, zone: ZoneInfo) -> list[Problem]:
        """Everything that keeps the forum from being kept; opens and closes are local times without a zone."""
        found = list(_slug_problems(self.slug))
        if self.kind not in {kind.value for kind in Kind}:
            found.append(Problem("kind", N_("Choose the kind of meeting.")))
        for place, text, longest in (("title", self.title, LONGEST_TITLE), ("summary", self.summary, LONGEST_TEXT)):
            if not text.get(authentic, "").strip():
                found.append(Problem(f"{place}-{authentic}", N_("Write this at least in the official language.")))
            found += _length_problems(place, text, longest)
        for place in ("organiser", "agenda", "venue", "address", "access", "transport"):
            found += _length_problems(place, getattr(self, place), LONGEST_TEXT)
        found += venue_problems("", self.point, self.facts)
        found += _rule_problems(self)
        return found + list(self._date_problems(zone)) + list(self._session_problems(authentic, zone))

    def _date_problems(self, zone: ZoneInfo) -> Iterator[Problem]:
        for place, moment in (("opens", self.opens), ("closes", self.closes)):
            if moment is not None and local_moment(moment, zone) is None:
                yield Problem(place, N_("This hour does not exist: the clocks go forward that night."))
        if self.closes is None:
            yield Problem("closes", N_("Write until when residents can register."))
        elif self.opens is not None and self.opens >= self.closes:
            yield Problem("closes", N_("Registration must end after it begins."))

    def _session_problems(self, authentic: str, zone: ZoneInfo) -> Iterator[Problem]:
        if not self.sessions:
            yield Problem("session-1-day", N_("A meeting needs at least one session."))
        if len(self.sessions) > MOST_SESSIONS:
            yield Problem("session-1-day", N_("Use at most %(most)s sessions."), {"most": MOST_SESSIONS})
        for number, session in enumerate(self.sessions, start=1):
            yield from _one_session(f"session-{number}", session, authentic, zone)


def _one_session(place: str, session: SessionContent, authentic: str, zone: ZoneInfo) -> Iterator[Problem]:
    if session.day is None:
        yield Problem(f"{place}-day", N_("Choose the day of the session."))
    if session.starts is None:
        yield Problem(f"{place}-starts", N_("Write when the session begins."))
    if session.ends is None:
        yield Problem(f"{place}-ends", N_("Write when the session ends."))
    if session.day and session.starts and session.ends:
        moments = span(session, zone)
        if moments is None:
            yield Problem(f"{place}-starts", N_("This hour does not exist: the clocks go forward that night."))
        elif session.ends <= session.starts:
            yield Problem(f"{place}-ends", N_("The session must end after it begins."))
    yield from venue_problems(f"{place}-", session.point, session.facts)
    if not session.title.get(authentic, "").strip():
        yield Problem(f"{place}-title-{authentic}", N_("Write this at least in the official language."))
    for name, text in (
        ("title", session.title),
        ("speakers", session.speakers),
        ("place", session.place),
        *_elsewhere(session),
    ):
        yield from _length_problems(f"{place}-{name}", text, LONGEST_TITLE * 2)
    if session.capacity is None or not 1 <= session.capacity <= MOST_PLACES:
        yield Problem(f"{place}-capacity", N_("Write the number of places, from 1 on."))


def _elsewhere(session: SessionContent) -> tuple[tuple[str, Text], ...]:
    return (("venue", session.venue), ("address", session.address), ("transport", session.transport))


def _rule_problems(content: ForumContent) -> Iterator[Problem]:
    if content.stream and (not STREAM.fullmatch(content.stream) or len(content.stream) > LONGEST_LINK):
        yield Problem("stream", N_("Write an address that begins with https://."))
    for place, codes in (("spoken", content.spoken), ("interpreted", content.interpreted)):
        if not set(codes) <= set(TONGUES):
            yield Problem(place, N_("Choose languages from the list."))
    if not 1 <= content.offer_hours <= LONGEST_OFFER:
        yield Problem("offer_hours", N_("Write a number of hours from 1 to %(most)s."), {"most": LONGEST_OFFER})
    hours = content.remind_before
    if len(hours) > MOST_REMINDERS or not all(1 <= one <= EARLIEST_REMINDER for one in hours):
        yield Problem(
            "remind_before",
            N_("Choose at most %(most)s reminders."),
            {"most": MOST_REMINDERS},
        )


def _slug_problems(slug: str) -> Iterator[Problem]:
    if not SLUG.fullmatch(slug) or not 3 <= len(slug) <= 80:
        yield Problem("slug", N_("Use small Latin letters, digits and hyphens, between 3 and 80 of them."))


def _length_problems(place: str, text: Text, longest: int) -> Iterator[Problem]:
    for language, words in text.items():
        if len(words) > longest:
            yield Problem(f"{place}-{language}", N_("Shorten this to at most %(most)s characters."), {"most": longest})


def local_moment(written: datetime, zone: ZoneInfo) -> datetime | None:
    """Place a local time of the town on the world's clock; None for an hour that the change to summer time skips.

    An hour that comes twice, when the clocks go back, means the first of the two.
    """
    moment = written.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == written.replace(tzinfo=None) else None


def span(session: SessionContent, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """When a session begins and ends, None if it is not complete or an hour does not exist."""
    if session.day is None or session.starts is None or session.ends is None:
        return None
    starts = local_moment(datetime.combine(session.day, session.starts), zone)
    ends = local_moment(datetime.combine(session.day, session.ends), zone)
    return None if starts is None or ends is None else (starts, ends)
