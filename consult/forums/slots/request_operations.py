"""Each way a request for an appointment comes, changes and ends. The forum's appointments are locked first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import queries as forums
from consult.forums.forum import Forum
from consult.forums.forum import State as ForumState
from consult.forums.links import Links, token_hash
from consult.forums.slots import letters, queries
from consult.forums.slots import links as addresses
from consult.forums.slots.allocation import order
from consult.forums.slots.giving import entry_of, fill, lock
from consult.forums.slots.slot import (
    KEPT_AFTER,
    LONGEST_ANSWER,
    REMEMBERED,
    Channel,
    Requested,
    SlotRequest,
    State,
    Terms,
    contacts,
)
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "forum_slot_request"


class RequestsClosed(Refused):
    message = N_("Requests for appointments are not taken at the moment. Nothing was noted.")


class AlreadyRequested(Refused):
    message = N_("This e-mail address has already asked for an appointment here.")


class NotYet(Refused):
    message = N_("Times are given only once requests have closed.")


class RequestEnded(Refused):
    message = N_("This request is over and no longer changes.")


async def ask(
    *,
    form_id: UUID,
    forum_slug: str,
    requested: Requested,
    language: str,
    links: Links,
    at: datetime,
    channel: Channel = Channel.WEB,
    actor: UUID | None = None,
) -> None:
    """Note a request under its form's id; sent twice, noted once.

    An address that has asked already adds nothing: over the internet the page says the same and a letter tells the
    truth, staff are told (AlreadyRequested). Raises Invalid, NotFound, RequestsClosed.
    """
    async with transaction():
        forum = await forums.forum(forum_slug)
        if forum is None or not forum.is_public:
            raise NotFound
        terms = await lock(forum.id)
        if terms is None or not terms.takes_requests(at) or forum.state is not ForumState.PUBLISHED:
            raise RequestsClosed
        if problems := requested.problems(terms, needs_email=channel is Channel.WEB):
            raise Invalid(problems)
        if await queries.request(form_id) is not None:
            return
        about = letters.About(forum, terms, links, at)
        known = await queries.living_of(forum.id, requested.address) if requested.address else None
        if known is not None:
            if channel is not Channel.WEB:
                raise AlreadyRequested
            await letters.noted(about, known, again=True)
            return
        number = await _keep(form_id, about, requested, language, channel)
        request = await _found(form_id)
        await letters.noted(about, request)
        if terms.gives_at_once and form_id not in await fill(about):
            await letters.waiting(about, request, await queries.position(request))
        await audit(
            actor=actor, kind="slots.requested", record=RECORD, record_id=form_id, after={"number": number}, at=at
        )


async def _keep(form_id: UUID, about: letters.About, requested: Requested, language: str, channel: Channel) -> int:
    number = await fetchval(
        "SELECT coalesce(max(number), 0) + 1 FROM forum_slot_request WHERE forum = $1", about.forum.id
    )
    await execute(
        """INSERT INTO forum_slot_request (id, forum, number, state, name, email, phone, language, topic, text, prior,
               channel, contacts, token_hash, created_at, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)""",
        form_id,
        about.forum.id,
        number,
        State.WAITING if about.terms.gives_at_once else State.NOTED,
        " ".join(requested.name.split()),
        requested.address,
        requested.phone.strip(),
        language,
        requested.topic_number,
        requested.text.strip(),
        " ".join(requested.prior.split()),
        channel,
        contacts(about.links.secret, requested.address, requested.phone),
        token_hash(addresses.token(about.links, form_id)),
        about.at,
    )
    return int(number)


async def allocate(forum_id: UUID, *, links: Links, actor: UUID | None, at: datetime) -> int:
    """Make the order by the published rule, give the times, write to everybody; a second time changes nothing.

    Returns how many got a time. Raises NotFound, NotYet.
    """
    async with transaction():
        terms = await lock(forum_id)
        forum = await forums.forum_by_id(forum_id)
        if terms is None or forum is None:
            raise NotFound
        if terms.allocated_at is not None:
            return 0
        if not terms.is_due(at):
            raise NotYet
        heard = await queries.heard_before(forum_id, at)
        noted = await queries.in_state(forum_id, State.NOTED)
        ordered = order(
            (entry_of(one, heard_before=one.id in heard) for one in noted), terms.rule, terms.tie, terms.seed
        )
        for rank, entry in enumerate(ordered, start=1):
            await execute(
                """UPDATE forum_slot_request SET rank = $2, heard_before = $3, state = 'waiting', changed_at = $4
                   WHERE id = $1""",
                entry.id,
                rank,
                entry.heard_before,
                at,
            )
        await execute("UPDATE forum_slots SET allocated_at = $2 WHERE forum = $1", forum_id, at)
        about = letters.About(forum, await queries.terms(forum_id) or terms, links, at)
        given = await fill(about)
        for position, one in enumerate(await queries.in_state(forum_id, State.WAITING), start=1):
            if one.rank is not None:
                await letters.waiting(about, one, position)
        told = {"requests": len(ordered), "given": len(given), "seed": terms.seed}
        await audit(actor=actor, kind="slots.allocated", record="forum", record_id=forum_id, after=told, at=at)
    return len(given)


async def end(
    request_id: UUID, *, is_settled: bool = False, links: Links, at: datetime, actor: UUID | None = None
) -> None:
    """Cancel a request, or call it settled by the answer in writing; its time goes to the next in order.

    Raises NotFound, RequestEnded. A second time changes nothing.
    """
    async with transaction():
        request, forum, terms = await _locked(request_id)
        state = State.SETTLED if is_settled else State.CANCELLED
        if request.state is state:
            return
        slot = await queries.slot(request.slot) if request.slot else None
        if not request.is_living or (slot is not None and at >= slot.starts_at):
            raise RequestEnded
        if is_settled and not request.answer:
            raise RequestEnded
        await execute(
            "UPDATE forum_slot_request SET state = $2, slot = NULL, changed_at = $3 WHERE id = $1",
            request_id,
            state,
            at,
        )
        if slot is not None:
            await execute("UPDATE forum_slot SET taken = taken - 1 WHERE id = $1", slot.id)
        about = letters.About(forum, terms, links, at)
        await letters.ended(about, request, is_settled=is_settled)
        await fill(about)
        told = [{"state": request.state.value}, {"state": state.value}]
        await audit(
            actor=actor,
            kind="slots.request_ended",
            record=RECORD,
            record_id=request_id,
            before=told[0],
            after=told[1],
            at=at,
        )


async def answer(request_id: UUID, *, words: str, links: Links, actor: UUID | None, at: datetime) -> None:
    """Answer a request in writing before the meeting; the resident decides whether it is enough.

    Raises Invalid, NotFound, RequestEnded.
    """
    words = words.strip()
    if not words:
        raise Invalid([Problem("answer", N_("Write the answer."))])
    if len(words) > LONGEST_ANSWER:
        raise Invalid([Problem("answer", N_("Use at most %(most)s characters."), {"most": LONGEST_ANSWER})])
    async with transaction():
        request, forum, terms = await _locked(request_id)
        if not request.is_living:
            raise RequestEnded
        sql = "UPDATE forum_slot_request SET answer = $2, answered_at = $3, answered_by = $4 WHERE id = $1"
        await execute(sql, request_id, words, at, actor)
        await letters.answered(letters.About(forum, terms, links, at), await _found(request_id))
        await audit(
            actor=actor,
            kind="slots.answered",
            record=RECORD,
            record_id=request_id,
            after={"number": request.number},
            at=at,
        )


async def mark(request_id: UUID, *, came: bool, actor: UUID | None, at: datetime) -> None:
    """Note whether somebody came; who did counts as received for two years. Raises NotFound, RequestEnded."""
    async with transaction():
        request, _, _ = await _locked(request_id)
        slot = await queries.slot(request.slot) if request.slot else None
        if slot is None or at < slot.starts_at or request.erased_at is not None:
            raise RequestEnded
        state = State.HEARD if came else State.ABSENT
        await execute("UPDATE forum_slot_request SET state = $2, changed_at = $3 WHERE id = $1", request_id, state, at)
        if not came:
            sql = """DELETE FROM forum_heard WHERE heard_at >= $2 AND contact IN
                         (SELECT unnest(contacts) FROM forum_slot_request WHERE id = $1)"""
            await execute(sql, request_id, slot.starts_at)
        else:
            await execute(
                """INSERT INTO forum_heard (contact, heard_at) SELECT unnest(contacts), $2 FROM forum_slot_request
                   WHERE id = $1 ON CONFLICT (contact) DO UPDATE SET heard_at = excluded.heard_at""",
                request_id,
                at,
            )
        told = [{"state": request.state.value}, {"state": state.value}]
        await audit(
            actor=actor, kind="slots.marked", record=RECORD, record_id=request_id, before=told[0], after=told[1], at=at
        )


async def allocate_due(*, links: Links, at: datetime) -> int:
    """Give the times where requests have closed; tell those who waited in vain, or whose meeting was called off."""
    for forum_id in await queries.due(at):
        await allocate(forum_id, links=links, actor=None, at=at)
    ended = [(forum_id, State.UNHEARD) for forum_id in await queries.over(at)]
    ended += [(forum_id, State.CANCELLED) for forum_id in await queries.called_off()]
    for forum_id, state in ended:
        await _close(forum_id, state, links, at)
    return len(ended)


async def _close(forum_id: UUID, state: State, links: Links, at: datetime) -> None:
    """End whatever still stands: at the end of the times only those who wait, where the meeting is off everybody."""
    standing = (State.WAITING,) if state is State.UNHEARD else (State.NOTED, State.GIVEN, State.WAITING)
    tell = letters.unheard if state is State.UNHEARD else letters.called_off
    async with transaction():
        terms = await lock(forum_id)
        forum = await forums.forum_by_id(forum_id)
        if terms is None or forum is None:
            raise NotFound
        for one in await queries.in_state(forum_id, *standing):
            if one.slot is not None:
                await execute("UPDATE forum_slot SET taken = taken - 1 WHERE id = $1", one.slot)
            sql = "UPDATE forum_slot_request SET state = $2, slot = NULL, changed_at = $3 WHERE id = $1"
            await execute(sql, one.id, state, at)
            await tell(letters.About(forum, terms, links, at), one)


async def blank(request_ids: Sequence[UUID], *, at: datetime) -> None:
    """Erase who asked and what for; number and state stay, because the order of a draw was published."""
    await execute(
        """UPDATE forum_slot_request SET name = '', email = '', phone = '', text = '', answer = '', prior = '',
               contacts = '{}', erased_at = coalesce(erased_at, $2) WHERE id = ANY($1)""",
        list(request_ids),
        at,
    )


async def forget(*, at: datetime) -> int:
    """Erase who asked, some time after the last appointment, and who was received after two years.

    A forum that never named a time counts from the end of its meeting.
    """
    await execute("DELETE FROM forum_heard WHERE heard_at <= $1", at - REMEMBERED)
    done = await execute(
        """UPDATE forum_slot_request SET name = '', email = '', phone = '', text = '', answer = '', prior = '',
               contacts = '{}', erased_at = $1
           WHERE erased_at IS NULL AND forum IN
               (SELECT f.id FROM forum f LEFT JOIN forum_slots t ON t.forum = f.id WHERE coalesce(
                    (SELECT max(s.ends_at) FROM forum_slot s WHERE s.forum = f.id),
                    greatest(t.closes_at, (SELECT max(n.ends_at) FROM forum_session n WHERE n.forum = f.id))) <= $2)""",
        at,
        at - KEPT_AFTER,
    )
    return int(done.rpartition(" ")[2])


async def _locked(request_id: UUID) -> tuple[SlotRequest, Forum, Terms]:
    forum_id = (await _found(request_id)).forum
    terms = await lock(forum_id)
    forum = await forums.forum_by_id(forum_id)
    if terms is None or forum is None:
        raise NotFound
    return await _found(request_id), forum, terms


async def _found(request_id: UUID) -> SlotRequest:
    request = await queries.request(request_id)
    if request is None:
        raise NotFound
    return request
