"""The rules of a registration: its states, how places are counted, and who is next on the waiting list. No I/O.

The party rule, which the public page states: places are given in the order of registration. A party that does not fit
into the places that are free waits, and nobody passes it, unless the organiser lets smaller parties pass. A place that
is offered counts as taken until the offer ends.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, Problem
from consult.forums.forum import OFFER_HOURS
from consult.mail.message import BadAddress, email_address

MOST_COMPANIONS = 4
LONGEST_NAME = 120
LONGEST_NOTE = 300
LONGEST_PHONE = 40
OFFERS_END_BEFORE = timedelta(hours=1)
SHORTEST_OFFER = timedelta(hours=1)
KEPT_AFTER = timedelta(days=30)
SAME_CLICK = timedelta(hours=1)


class State(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"


MOVES: Mapping[State, frozenset[State]] = {
    State.HELD: frozenset({State.CONFIRMED, State.CANCELLED, State.EXPIRED}),
    State.CONFIRMED: frozenset({State.ATTENDED, State.NO_SHOW, State.CANCELLED}),
    State.ATTENDED: frozenset({State.CONFIRMED, State.NO_SHOW}),
    State.NO_SHOW: frozenset({State.CONFIRMED, State.ATTENDED}),
    State.WAITLISTED: frozenset({State.OFFERED, State.CANCELLED}),
    State.OFFERED: frozenset({State.CONFIRMED, State.EXPIRED, State.CANCELLED}),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
}
TAKING = frozenset({State.HELD, State.CONFIRMED, State.OFFERED, State.ATTENDED, State.NO_SHOW})
"""The states that occupy places. Who did not come still had one: a no-show frees nothing."""
LIVING = frozenset(State) - {State.CANCELLED, State.EXPIRED}
"""The states of which an address may have one for a session."""

STATE_NAMES: Mapping[State, str] = {
    State.HELD: N_("Place held"),
    State.CONFIRMED: N_("Registered"),
    State.ATTENDED: N_("Attended"),
    State.NO_SHOW: N_("Did not come"),
    State.WAITLISTED: N_("On the waiting list"),
    State.OFFERED: N_("Place offered"),
    State.EXPIRED: N_("Offer expired"),
    State.CANCELLED: N_("Cancelled"),
}
STATE_TAGS: Mapping[State, str] = {
    State.HELD: "part",
    State.CONFIRMED: "ok",
    State.ATTENDED: "ok",
    State.NO_SHOW: "off",
    State.WAITLISTED: "part",
    State.OFFERED: "part",
    State.EXPIRED: "off",
    State.CANCELLED: "off",
}
NEEDS: Mapping[str, str] = {
    "wheelchair": N_("A place for a wheelchair"),
    "sign_language": N_("Sign language interpreting"),
    "interpretation": N_("Interpreting into another language"),
    "child_care": N_("Child care during the meeting"),
}
CHANNEL_NAMES: Mapping[Channel, str] = {
    Channel.WEB: N_("Over the internet"),
    Channel.PHONE: N_("By telephone"),
    Channel.COUNTER: N_("At the counter"),
}


@dataclass(frozen=True, slots=True)
class Registration:
    """A party for one session. The registrations that were sent with one form share `party`, and with it one link.

    number orders the waiting list: it is given while the session is locked, so it never lies.
    """

    id: UUID
    number: int
    party: UUID
    session: UUID
    state: State
    name: str
    email: str | None
    phone: str
    companions: int
    needs: tuple[str, ...]
    needs_note: str
    language: str
    channel: Channel
    created_at: datetime
    offered_until: datetime | None
    cancelled_at: datetime | None
    erased_at: datetime | None

    @property
    def seats(self) -> int:
        return 1 + self.companions

    @property
    def is_living(self) -> bool:
        return self.state in LIVING

    @property
    def takes_seats(self) -> bool:
        return self.state in TAKING

    def may_become(self, state: State) -> bool:
        return state in MOVES[self.state]


@dataclass(frozen=True, slots=True)
class Registrant:
    """What the registration form carries."""

    name: str
    email: str = ""
    phone: str = ""
    companions: str = "0"
    needs: tuple[str, ...] = ()
    needs_note: str = ""

    @property
    def seats(self) -> int:
        return 1 + int(self.companions)

    @property
    def address(self) -> str | None:
        return email_address(self.email) if self.email.strip() else None

    @property
    def readable_address(self) -> str | None:
        """The address, or None where it is missing or wrong; `problems` says which."""
        try:
            return self.address
        except BadAddress:
            return None

    def problems(self, *, needs_email: bool) -> list[Problem]:
        found = []
        if not self.name.strip():
            found.append(Problem("name", N_("Write your name and surname.")))
        elif len(self.name) > LONGEST_NAME or any(ord(letter) < 32 for letter in self.name):
            found.append(Problem("name", N_("Write a name of at most %(most)s characters."), {"most": LONGEST_NAME}))
        if self.email.strip():
            try:
                email_address(self.email)
            except BadAddress as bad:
                found += bad.problems
        elif needs_email:
            found.append(Problem("email", N_("Write your e-mail address: we send you the confirmation there.")))
        if len(self.phone) > LONGEST_PHONE or not set(self.phone) <= set("0123456789 +-/()."):
            found.append(Problem("phone", N_("Write a telephone number with digits only, or leave this empty.")))
        if self.companions not in {str(number) for number in range(MOST_COMPANIONS + 1)}:
            found.append(
                Problem("companions", N_("Choose how many people come with you, at most %(most)s."), _most_companions())
            )
        if not set(self.needs) <= set(NEEDS):
            found.append(Problem("needs", N_("Choose from the list what helps you to take part.")))
        if len(self.needs_note) > LONGEST_NOTE:
            found.append(
                Problem("needs_note", N_("Shorten this to at most %(most)s characters."), {"most": LONGEST_NOTE})
            )
        return found

    def check(self, *, needs_email: bool = True, more: Iterable[Problem] = ()) -> None:
        """Raises Invalid with all problems, those in `more` first."""
        problems = [*more, *self.problems(needs_email=needs_email)]
        if problems:
            raise Invalid(problems)


def _most_companions() -> dict[str, object]:
    return {"most": MOST_COMPANIONS}


@dataclass(frozen=True, slots=True)
class Placed:
    """What came of a registration for one session; position counts from 1 on the waiting list."""

    session: UUID
    state: State
    position: int | None = None


def new_registration(
    registrant: Registrant, placed: Placed, *, party: UUID, language: str, channel: Channel, at: datetime
) -> Registration:
    """A registration before the database has numbered it."""
    return Registration(
        id=uuid4(),
        number=0,
        party=party,
        session=placed.session,
        state=placed.state,
        name=registrant.name.strip(),
        email=registrant.address,
        phone=registrant.phone.strip(),
        companions=registrant.seats - 1,
        needs=tuple(dict.fromkeys(registrant.needs)),
        needs_note=registrant.needs_note.strip(),
        language=language,
        channel=channel,
        created_at=at,
        offered_until=None,
        cancelled_at=None,
        erased_at=None,
    )


def is_same_click(known: Registration, registrant: Registrant, at: datetime) -> bool:
    """Whoever knows every word of the form is the one who sent it a moment ago."""
    return at - known.created_at < SAME_CLICK and (
        known.name,
        known.phone,
        known.seats,
        set(known.needs),
        known.needs_note,
    ) == (
        registrant.name.strip(),
        registrant.phone.strip(),
        registrant.seats,
        set(registrant.needs),
        registrant.needs_note.strip(),
    )


def takes_place(seats: int, *, limit: int, seats_taken: int, waiting: int) -> bool:
    """Whether a newcomer's party gets its places at once. Who waits comes first, even if a smaller party would fit."""
    return waiting == 0 and seats_taken + seats <= limit


def next_in_line(
    waiting: Iterable[tuple[UUID, int]], *, limit: int, seats_taken: int, smaller_may_pass: bool = False
) -> list[UUID]:
    """Whom to offer the free places: (id, seats) in order of registration.

    The first party that does not fit ends it, or is passed by the smaller ones behind it if the rule says so.
    """
    chosen = []
    for registration, seats in waiting:
        if seats_taken + seats <= limit:
            chosen.append(registration)
            seats_taken += seats
        elif not smaller_may_pass:
            break
    return chosen


def offer_until(at: datetime, starts_at: datetime, lasts: timedelta = timedelta(hours=OFFER_HOURS)) -> datetime | None:
    """When an offer made now ends; None when too little time is left for an answer before the session."""
    end = min(at + lasts, starts_at - OFFERS_END_BEFORE)
    return end if end - at >= SHORTEST_OFFER else None


def due_reminders(wished: Iterable[int], sent: Collection[int], starts_at: datetime, at: datetime) -> tuple[int, ...]:
    """The hours before the beginning whose reminder is due at a moment and has not been sent."""
    return tuple(
        hours for hours in wished if hours not in sent and starts_at - timedelta(hours=hours) <= at < starts_at
    )


def lowered(capacity: int, seats_taken: int, wished: int) -> tuple[int, int | None]:
    """The hard capacity and the wish that remains when staff want `wished` places: nobody is ejected."""
    return (wished, None) if wished >= seats_taken else (seats_taken, wished)
