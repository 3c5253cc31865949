"""What staff do with the speakers' list. The session's row is locked first, so that one person speaks at a time."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, NotFound, Refused
from consult.forums.questions import queries as questions
from consult.forums.speakers import queries
from consult.forums.speakers.speaker import Rules, Speaker, State, entry_problems, in_turn
from consult.records.operations import audit
from consult.storage import execute, fetchval, transaction

RECORD = "forum_session"
NAMES_KEPT = timedelta(days=30)


class NobodyWaits(Refused):
    message = N_("Nobody is waiting on the list.")


class CannotSpeak(Refused):
    message = N_("This person is no longer waiting on the list.")


async def add(
    *, session_id: UUID, name: str, side: str, question_id: UUID | None, actor: UUID | None, at: datetime
) -> UUID:
    """Put somebody at the end of the list, from the floor or for a published question. Raises Invalid, NotFound."""
    if problems := entry_problems(name, side):
        raise Invalid(problems)
    speaker_id = uuid4()
    async with transaction():
        forum_id = await _lock(session_id)
        question = await questions.question(question_id) if question_id else None
        if question_id and (question is None or question.forum != forum_id or not question.is_public):
            raise NotFound
        limit_s = (await queries.rules(session_id)).limit_s
        await execute(
            """INSERT INTO forum_speaker (id, session, position, name, side, question, state, limit_s, joined_at)
               VALUES ($1, $2, (SELECT coalesce(max(position), 0) + 1 FROM forum_speaker WHERE session = $2),
                       $3, $4, $5, 'waiting', $6, $7)""",
            speaker_id,
            session_id,
            " ".join(name.split()),
            " ".join(side.split()),
            question_id,
            limit_s,
            at,
        )
        await audit(
            actor=actor,
            kind="speaker.added",
            record=RECORD,
            record_id=session_id,
            after={"name": name, "side": side},
            at=at,
        )
    return speaker_id


async def start(speaker_id: UUID, *, session_id: UUID, at: datetime) -> None:
    """Give somebody the floor; whoever has it has spoken. Raises NotFound, CannotSpeak."""
    async with transaction():
        forum_id = await _lock(session_id)
        await _start(await _found(speaker_id, session_id), forum_id, at)


async def go_on(*, session_id: UUID, at: datetime) -> None:
    """Give the floor to the next in turn. Raises NobodyWaits."""
    async with transaction():
        forum_id = await _lock(session_id)
        turn = in_turn(await queries.speakers(session_id), await queries.rules(session_id))
        if not turn:
            raise NobodyWaits
        await _start(turn[0], forum_id, at)


async def stop(*, session_id: UUID, at: datetime, is_over: bool = True) -> None:
    """Take the floor from whoever has it: for good, or as an interruption. Where nobody speaks nothing changes."""
    async with transaction():
        await _lock(session_id)
        await _stop(session_id, State.DONE if is_over else State.PAUSED, at)


async def withdraw(speaker_id: UUID, *, session_id: UUID, actor: UUID | None, at: datetime) -> None:
    """Take somebody off the list who has not spoken. Raises NotFound, CannotSpeak."""
    async with transaction():
        await _lock(session_id)
        speaker = await _found(speaker_id, session_id)
        if speaker.state is not State.WAITING:
            raise CannotSpeak
        await execute("UPDATE forum_speaker SET state = 'withdrawn' WHERE id = $1", speaker_id)
        await audit(
            actor=actor,
            kind="speaker.withdrawn",
            record=RECORD,
            record_id=session_id,
            after={"name": speaker.name},
            at=at,
        )


async def move_up(speaker_id: UUID, *, session_id: UUID, actor: UUID | None, at: datetime) -> None:
    """Let somebody pass the one before on the list. Raises NotFound."""
    async with transaction():
        await _lock(session_id)
        speaker = await _found(speaker_id, session_id)
        waiting = [one for one in await queries.speakers(session_id) if one.state is State.WAITING]
        before = [one for one in waiting if one.position < speaker.position]
        if speaker.state is not State.WAITING or not before:
            return
        await execute("SET CONSTRAINTS forum_speaker_position_once DEFERRED")
        for one, position in ((speaker, before[-1].position), (before[-1], speaker.position)):
            await execute("UPDATE forum_speaker SET position = $2 WHERE id = $1", one.id, position)
        await audit(
            actor=actor, kind="speaker.moved", record=RECORD, record_id=session_id, after={"name": speaker.name}, at=at
        )


async def set_rules(*, session_id: UUID, rules: Rules, actor: UUID | None, at: datetime) -> None:
    """Say how long one speaks and whether the sides take turns; whoever waits gets the new limit. Raises Invalid."""
    if problems := rules.problems():
        raise Invalid(problems)
    async with transaction():
        await _lock(session_id)
        before = await queries.rules(session_id)
        await execute(
            """INSERT INTO forum_speaking (session, limit_s, alternates) VALUES ($1, $2, $3)
               ON CONFLICT (session) DO UPDATE SET limit_s = excluded.limit_s, alternates = excluded.alternates""",
            session_id,
            rules.limit_s,
            rules.alternates,
        )
        sql = "UPDATE forum_speaker SET limit_s = $2 WHERE session = $1 AND state = 'waiting'"
        await execute(sql, session_id, rules.limit_s)
        told = [{"limit_s": one.limit_s, "alternates": one.alternates} for one in (before, rules)]
        await audit(
            actor=actor,
            kind="speaker.rules_changed",
            record=RECORD,
            record_id=session_id,
            before=told[0],
            after=told[1],
            at=at,
        )


async def forget(*, at: datetime) -> int:
    """Take the names off the list some time after the session; sides and times stay. Returns how many."""
    done = await execute(
        """UPDATE forum_speaker SET name = '' WHERE name <> '' AND session IN
               (SELECT id FROM forum_session WHERE ends_at <= $1)""",
        at - NAMES_KEPT,
    )
    return int(done.rpartition(" ")[2])


async def _start(speaker: Speaker, forum_id: UUID, at: datetime) -> None:
    if speaker.state is State.SPEAKING:
        return
    if not speaker.may_speak:
        raise CannotSpeak
    await _stop(speaker.session, State.DONE, at)
    await execute(
        """UPDATE forum_speaker SET state = 'speaking', started_at = $2,
               first_started_at = coalesce(first_started_at, $2) WHERE id = $1""",
        speaker.id,
        at,
    )
    if speaker.question is not None:
        await execute(
            """INSERT INTO forum_stage (forum, question, changed_at) VALUES ($1, $2, $3)
               ON CONFLICT (forum) DO UPDATE SET question = excluded.question, changed_at = excluded.changed_at""",
            forum_id,
            speaker.question,
            at,
        )


async def _stop(session_id: UUID, state: State, at: datetime) -> None:
    for one in await queries.speakers(session_id):
        if one.state is State.SPEAKING:
            sql = "UPDATE forum_speaker SET state = $2, used_s = $3, started_at = NULL WHERE id = $1"
            await execute(sql, one.id, state, one.used(at))


async def _lock(session_id: UUID) -> UUID:
    """Lock the session and give its forum. Raises NotFound."""
    forum_id = await fetchval("SELECT forum FROM forum_session WHERE id = $1 FOR UPDATE", session_id)
    if forum_id is None:
        raise NotFound
    return UUID(str(forum_id))


async def _found(speaker_id: UUID, session_id: UUID) -> Speaker:
    found = await queries.speaker(speaker_id)
    if found is None or found.session != session_id:
        raise NotFound
    return found
