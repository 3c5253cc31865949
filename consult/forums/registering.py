"""Taking places: one registration, or hundreds that arrive at once, under one lock of the sessions they are for.

A batch costs eight statements however long it is: lock, forums, their sessions, known addresses, registrations, places,
letters, audit trail. Within it the order of arrival decides; what a wish is refused for spoils nothing for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID, uuid4

from consult.errors import N_, ConsultError, NotFound, Problem, Refused
from consult.forums import letters, queries
from consult.forums.forum import Forum, ForumSession
from consult.forums.forum import State as ForumState
from consult.forums.links import Links, token_hash
from consult.forums.registration import (
    Channel,
    Placed,
    Registrant,
    Registration,
    State,
    is_same_click,
    new_registration,
    takes_place,
)
from consult.forums.registration_operations import promote
from consult.mail.operations import Notice, notify_all
from consult.records.operations import Entry, audit_all
from consult.storage import connection, fetch, transaction

RECORD = "registration"
LOCK = """SELECT id FROM forum_session
    WHERE id = ANY($1::uuid[])
       OR forum IN (SELECT f.id FROM forum f JOIN forum_session s ON s.forum = f.id
                    WHERE s.id = ANY($1::uuid[]) AND f.one_session)
    ORDER BY id FOR UPDATE"""


class RegistrationClosed(Refused):
    message = N_("This meeting does not take registrations at the moment. Nothing was registered.")


class AlreadyRegistered(Refused):
    message = N_("This e-mail address is already registered for the session.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A party that wants places in sessions of one forum."""

    forum_slug: str
    sessions: tuple[UUID, ...]
    registrant: Registrant
    language: str
    links: Links
    at: datetime
    channel: Channel = Channel.WEB
    actor: UUID | None = None


Outcome: TypeAlias = list[Placed] | ConsultError


async def register(
    *,
    forum_slug: str,
    sessions: Sequence[UUID],
    registrant: Registrant,
    language: str,
    links: Links,
    at: datetime,
    channel: Channel = Channel.WEB,
    actor: UUID | None = None,
) -> list[Placed]:
    """Register a party for sessions: a place at once, or the end of the waiting list.

    The same words again within an hour are the same click and give the same answer. Another registration with an
    address that is registered adds nothing: over the internet the answer is what a newcomer would get and a letter
    tells the truth; staff are told (AlreadyRegistered). Raises Invalid, NotFound, RegistrationClosed.
    """
    wish = Wish(
        forum_slug=forum_slug,
        sessions=tuple(sessions),
        registrant=registrant,
        language=language,
        links=links,
        at=at,
        channel=channel,
        actor=actor,
    )
    (outcome,) = await register_all([wish])
    if isinstance(outcome, ConsultError):
        raise outcome
    return outcome


async def register_all(wishes: Sequence[Wish]) -> list[Outcome]:
    """Register parties in their order, each as `register` says; gives what became of each, in the same order."""
    async with transaction():
        await fetch(LOCK, list({session for wish in wishes for session in wish.sessions}))
        forums = {forum.slug: forum for forum in await queries.forums({wish.forum_slug for wish in wishes})}
        addresses = {address for wish in wishes if (address := wish.registrant.readable_address)}
        sessions = [session.id for forum in forums.values() for session in forum.sessions]
        batch = Batch(forums, await queries.living_among(sessions, addresses))
        outcomes: list[Outcome] = []
        for wish in wishes:
            try:
                outcomes.append(await batch.place(wish))
            except ConsultError as refused:
                outcomes.append(refused)
        await batch.write()
        return outcomes


@dataclass(slots=True)
class Sitting:
    """A session whose places are being given away; the database row is locked meanwhile."""

    session: ForumSession
    seats_taken: int
    waiting: int

    def takes(self, seats: int) -> bool:
        limit = self.session.limit
        return takes_place(seats, limit=limit, seats_taken=self.seats_taken, waiting=self.waiting)

    def answer(self, seats: int) -> Placed:
        """What a newcomer with so many people would get."""
        if self.takes(seats):
            return Placed(self.session.id, State.CONFIRMED)
        return Placed(self.session.id, State.WAITLISTED, self.waiting + 1)


@dataclass(slots=True)
class Batch:
    """What stands, and what a batch adds to it; nothing is written before `write`."""

    forums: dict[str, Forum]
    known: dict[tuple[UUID, str], Registration]
    sittings: dict[UUID, Sitting] = field(default_factory=dict)
    positions: dict[UUID, int] = field(default_factory=dict)
    added: list[tuple[Wish, Forum, list[Registration]]] = field(default_factory=list)
    again: dict[tuple[UUID, datetime], tuple[Wish, Forum]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for forum in self.forums.values():
            for session in forum.sessions:
                self.sittings[session.id] = Sitting(session, session.seats_taken, session.waiting)

    async def place(self, wish: Wish) -> list[Placed]:
        """Raises Invalid, NotFound, RegistrationClosed, AlreadyRegistered."""
        forum = self.forums.get(wish.forum_slug)
        if forum is None or not forum.is_public:
            raise NotFound
        check_open(forum, wish.channel, wish.at)
        chosen = self._chosen(forum, wish)
        known = self._known(forum, chosen, wish.registrant.address)
        if known and wish.channel is not Channel.WEB:
            raise AlreadyRegistered
        here = {one.session: one for one in known}
        placed, new, party = [], [], uuid4()
        for session in chosen:
            sitting = self.sittings[session.id]
            if session.id in here:
                placed.append(await self._seen(here[session.id], sitting, wish))
                continue
            answer = sitting.answer(wish.registrant.seats)
            placed.append(answer)
            if not (forum.one_session and known):
                new.append(self._added(sitting, answer, party, wish))
        if new:
            self.added.append((wish, forum, new))
        for one in known:
            if not is_same_click(one, wish.registrant, wish.at):
                self.again[(one.party, wish.at)] = (wish, forum)
        return placed

    def _chosen(self, forum: Forum, wish: Wish) -> list[ForumSession]:
        bookable = forum.bookable(wish.at) if wish.channel is Channel.WEB else forum.sessions
        chosen = [session for session in bookable if session.id in set(wish.sessions)]
        wrong = [] if chosen and len(chosen) == len(set(wish.sessions)) else [_no_session(forum)]
        if forum.one_session and len(chosen) > 1:
            wrong = [Problem("sessions", N_("Choose one of the meetings: everybody registers for one only."))]
        wish.registrant.check(needs_email=wish.channel is Channel.WEB, more=wrong)
        return chosen

    def _known(self, forum: Forum, chosen: Iterable[ForumSession], address: str | None) -> list[Registration]:
        if address is None:
            return []
        among = forum.sessions if forum.one_session else chosen
        found = (self.known.get((session.id, address.lower())) for session in among)
        return [one for one in found if one is not None]

    async def _seen(self, known: Registration, sitting: Sitting, wish: Wish) -> Placed:
        """What the page says to somebody whose address is registered already."""
        if not is_same_click(known, wish.registrant, wish.at):
            return sitting.answer(wish.registrant.seats)
        return Placed(known.session, known.state, await self._position(known))

    async def _position(self, registration: Registration) -> int | None:
        if registration.state is not State.WAITLISTED:
            return None
        return self.positions.get(registration.id) or await queries.position(registration)

    def _added(self, sitting: Sitting, answer: Placed, party: UUID, wish: Wish) -> Registration:
        made = new_registration(
            wish.registrant, answer, party=party, language=wish.language, channel=wish.channel, at=wish.at
        )
        if answer.position is None:
            sitting.seats_taken += made.seats
        else:
            sitting.waiting += 1
            self.positions[made.id] = answer.position
        if made.email is not None:
            self.known[(made.session, made.email.lower())] = made
        return made

    async def write(self) -> None:
        rows = [_row(one, wish, forum) for wish, forum, new in self.added for one in new]
        taken = {
            sitting.session.id: more
            for sitting in self.sittings.values()
            if (more := sitting.seats_taken - sitting.session.seats_taken)
        }
        async with connection() as raw:
            if rows:
                await raw.executemany(INSERT, rows)
            if taken:
                await raw.executemany(TAKE, sorted(taken.items()))
        await notify_all(await self._letters())
        await self._promote()
        await audit_all([_entry(wish, new) for wish, _, new in self.added])

    async def _letters(self) -> list[Notice]:
        calendars: letters.Calendars = {}
        notices = []
        for wish, forum, new in self.added:
            lines = [(one, self.positions.get(one.id)) for one in new]
            notices += letters.registered(forum, lines, wish.links, at=wish.at, calendars=calendars)
        for (party, at), (wish, forum) in self.again.items():
            noted = [one for one in await queries.of_party(party) if one.is_living]
            if noted:
                lines = [(one, await self._position(one)) for one in noted]
                notices += letters.registered(forum, lines, wish.links, at=at, again=True)
        return notices

    async def _promote(self) -> None:
        """Where smaller parties may pass, one that has just joined the list may be next at once."""
        for wish, forum, new in self.added:
            if forum.smaller_may_pass:
                for one in new:
                    if one.state is State.WAITLISTED:
                        await promote(forum=forum, session_id=one.session, links=wish.links, at=wish.at)


INSERT = """INSERT INTO registration (id, party, session, state, name, email, phone, companions, seats, needs,
        needs_note, language, channel, created_at, token_hash, only_one_of)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"""
TAKE = "UPDATE forum_session SET seats_taken = seats_taken + $2 WHERE id = $1"


def _row(one: Registration, wish: Wish, forum: Forum) -> tuple[object, ...]:
    return (
        one.id,
        one.party,
        one.session,
        one.state,
        one.name,
        one.email,
        one.phone,
        one.companions,
        one.seats,
        list(one.needs),
        one.needs_note,
        one.language,
        one.channel,
        one.created_at,
        token_hash(wish.links.token(one.party)),
        forum.id if forum.one_session else None,
    )


def _entry(wish: Wish, new: Sequence[Registration]) -> Entry:
    after = {
        "sessions": [str(one.session) for one in new],
        "states": [str(one.state) for one in new],
        "seats": wish.registrant.seats,
    }
    return Entry(wish.actor, "registration.added", RECORD, new[0].party, at=wish.at, after=after)


def check_open(forum: Forum, channel: Channel, at: datetime) -> None:
    """Staff may still write somebody down when the public registration has closed, until the forum is over."""
    if channel is Channel.WEB:
        is_open = forum.takes_registrations(at)
    else:
        is_open = forum.state is ForumState.PUBLISHED and forum.ends_at is not None and at < forum.ends_at
    if not is_open:
        raise RegistrationClosed


def _no_session(forum: Forum) -> Problem:
    if len(forum.sessions) == 1:
        return Problem("sessions", N_("This session has begun. Choose another meeting."))
    return Problem("sessions", N_("Choose at least one session that has not begun."))
