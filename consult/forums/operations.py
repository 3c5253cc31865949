"""What staff do with a forum. Each operation is one transaction with its entry in the audit trail."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.forums import letters, queries
from consult.forums.forum import Forum, ForumContent, ForumSession, Kind, SessionContent, State
from consult.forums.gatherings.queries import gathering_of
from consult.forums.links import Links
from consult.forums.notice import notice_of
from consult.forums.registration import State as RegistrationState
from consult.forums.registration import lowered
from consult.forums.registration_operations import promote
from consult.forums.rows import Town, forum_columns, insert, session_columns, update
from consult.i18n import Text
from consult.profile import Profile
from consult.records.operations import audit
from consult.storage import execute, fetch, fetchval, transaction

RECORD = "forum"


class AlreadyCancelled(Refused):
    message = N_("This meeting is cancelled and no longer changes.")


class FiguresMissing(Refused):
    message = N_("Write down first whose voters this gathering is for.")


class SessionHasRegistrations(Refused):
    message = N_("People are registered for a session that you removed. Cancel their registrations first.")


async def create_forum(content: ForumContent, *, town: Town, actor: UUID | None, at: datetime) -> UUID:
    """Keep a new forum in preparation. Raises Invalid with all problems."""
    forum_id = uuid4()
    async with transaction():
        await _check(content, None, town)
        kept = {"id": forum_id, "is_demo": content.is_demo, "state": State.DRAFT, "cancel_reason": {}}
        await insert("forum", {**kept, **forum_columns(content, town), "created_at": at, "changed_at": at})
        for session in content.sessions:
            await _add_session(forum_id, session, town)
        await audit(
            actor=actor, kind="forum.created", record=RECORD, record_id=forum_id, after=_snapshot(content), at=at
        )
    return forum_id


async def change_forum(
    *, forum_id: UUID, content: ForumContent, town: Town, links: Links, actor: UUID | None, at: datetime
) -> None:
    """Change a forum; once it is public its address stays. Who is registered hears of a new time or place.

    A lower number of places ejects nobody; a higher one offers places to who waits.
    Raises Invalid, NotFound, AlreadyCancelled, SessionHasRegistrations.
    """
    async with transaction():
        before = await _locked(forum_id)
        if before.state is State.CANCELLED:
            raise AlreadyCancelled
        await _check(content, before, town)
        await update("forum", forum_id, {**forum_columns(content, town), "changed_at": at})
        await _change_sessions(before, content, town)
        after = await queries.forum_by_id(forum_id)
        if after is not None and after.state is State.PUBLISHED:
            await _tell_of_changes(before, after, links, at)
            for session in after.bookable(at):
                await promote(forum=after, session_id=session.id, links=links, at=at)
        await audit(
            actor=actor,
            kind="forum.changed",
            record=RECORD,
            record_id=forum_id,
            before=_summary(before),
            after=_snapshot(content),
            at=at,
        )


async def publish_forum(
    forum_id: UUID,
    *,
    actor: UUID | None,
    at: datetime,
    profile: Profile | None = None,
    reason: Text | None = None,
) -> None:
    """Show a forum to everybody; a second time changes nothing.

    profile    the rules by which a notice can be too short; then it takes a reason, which is shown in public.
    Raises NotFound, AlreadyCancelled, FiguresMissing, Invalid.
    """
    async with transaction():
        forum = await _locked(forum_id)
        if forum.state is State.PUBLISHED:
            return
        if forum.state is State.CANCELLED:
            raise AlreadyCancelled
        if forum.kind is Kind.GATHERING and not await gathering_of([forum_id]):
            raise FiguresMissing
        notice = notice_of(forum, at.astimezone(profile.zone).date(), profile) if profile else None
        short = notice is not None and notice.is_short
        why = {language: words for language, words in (reason or {}).items() if words.strip()} if short else {}
        if short and not why:
            raise Invalid([Problem("reason", N_("Write why it is published so late: the rule prescribes more days."))])
        await execute(
            "UPDATE forum SET state = 'published', published_at = $2, notice_reason = $3 WHERE id = $1",
            forum_id,
            at,
            why,
        )
        after: dict[str, Any] = {"state": "published"} | (
            {"reason": why, "days": notice.given} if short and notice else {}
        )
        await audit(
            actor=actor,
            kind="forum.published",
            record=RECORD,
            record_id=forum_id,
            before={"state": "draft"},
            after=after,
            at=at,
        )


async def cancel_forum(forum_id: UUID, *, reason: Text, links: Links, actor: UUID | None, at: datetime) -> None:
    """Call a forum off: its page says so, and everybody who registered gets a letter.

    A second time changes nothing. Raises Invalid, NotFound.
    """
    async with transaction():
        forum = await _locked(forum_id)
        if forum.state is State.CANCELLED:
            return
        if not any(words.strip() for words in reason.values()):
            raise Invalid([Problem("reason", N_("Write why the meeting is cancelled."))])
        await execute("UPDATE forum SET state = 'cancelled', cancel_reason = $2 WHERE id = $1", forum_id, reason)
        called_off = await queries.forum_by_id(forum_id) or forum
        for session in forum.sessions:
            living = [one for one in await queries.registrations(session.id) if one.is_living]
            for one in living:
                if one.state not in {RegistrationState.ATTENDED, RegistrationState.NO_SHOW}:
                    await letters.forum_cancelled(called_off, one, links, at=at)
            await execute(
                """UPDATE registration SET state = 'cancelled', cancelled_at = $2, offered_until = NULL
                   WHERE session = $1 AND state IN ('held', 'confirmed', 'waitlisted', 'offered')""",
                session.id,
                at,
            )
            await execute(
                """UPDATE forum_session SET seats_taken = (SELECT coalesce(sum(seats), 0) FROM registration
                   WHERE session = $1 AND state IN ('attended', 'no_show')) WHERE id = $1""",
                session.id,
            )
        before, after = {"state": forum.state}, {"state": "cancelled", "reason": reason}
        await audit(
            actor=actor, kind="forum.cancelled", record=RECORD, record_id=forum_id, before=before, after=after, at=at
        )


async def note_download(session_id: UUID, *, actor: UUID, at: datetime) -> None:
    """Write down that a list with names left the house."""
    async with transaction():
        await audit(actor=actor, kind="forum.list_downloaded", record="forum_session", record_id=session_id, at=at)


async def _check(content: ForumContent, before: Forum | None, town: Town) -> None:
    problems = content.problems(authentic=town.authentic, zone=town.zone)
    if before is not None and before.is_public and content.slug != before.slug:
        problems.append(Problem("slug", N_("The address of a public meeting does not change.")))
    if before is not None and before.one_session != content.one_session and await _is_used(before):
        problems.append(Problem("choice", N_("People have registered already, so this rule stays.")))
    owner = await fetchval("SELECT id FROM forum WHERE slug = $1", content.slug)
    if owner is not None and (before is None or owner != before.id):
        problems.append(Problem("slug", N_("Another meeting has this address already.")))
    if problems:
        raise Invalid(problems)


async def _is_used(forum: Forum) -> bool:
    sessions = [session.id for session in forum.sessions]
    return bool(await fetchval("SELECT EXISTS (SELECT FROM registration WHERE session = ANY($1::uuid[]))", sessions))


async def _locked(forum_id: UUID) -> Forum:
    """Lock a forum's sessions in the order of ids, then the forum itself: the order in which registrations lock too."""
    await fetch("SELECT id FROM forum_session WHERE forum = $1 ORDER BY id FOR UPDATE", forum_id)
    await fetch("SELECT id FROM forum WHERE id = $1 FOR UPDATE", forum_id)
    forum = await queries.forum_by_id(forum_id)
    if forum is None:
        raise NotFound
    return forum


async def _change_sessions(before: Forum, content: ForumContent, town: Town) -> None:
    kept = {session.id for session in content.sessions if session.id}
    for gone in [session.id for session in before.sessions if session.id not in kept]:
        if await fetchval("SELECT count(*) FROM registration WHERE session = $1", gone):
            raise SessionHasRegistrations
        await execute("DELETE FROM forum_session WHERE id = $1", gone)
    for session in content.sessions:
        known = before.session(session.id) if session.id else None
        if known is None:
            await _add_session(before.id, session, town)
        else:
            await _change_session(before, known, session, content, town)


async def _add_session(forum_id: UUID, session: SessionContent, town: Town) -> None:
    kept = {"id": uuid4(), "forum": forum_id, "capacity": session.capacity}
    await insert("forum_session", {**kept, **session_columns(session, town)})


async def _change_session(
    forum: Forum, known: ForumSession, session: SessionContent, content: ForumContent, town: Town
) -> None:
    columns = session_columns(session, town)
    capacity, wish = lowered(known.capacity, known.seats_taken, session.capacity or known.capacity)
    starts_at, ends_at = columns["starts_at"], columns["ends_at"]
    site = (session.venue, session.address) if any(session.venue.values()) else (content.venue, content.address)
    before = forum.site_of(known)
    moved = (starts_at, ends_at, session.place, site) != (
        known.starts_at,
        known.ends_at,
        known.place,
        (before.name, before.address),
    )
    changes = {
        "capacity": capacity,
        "wished_capacity": wish,
        "sequence": known.sequence + int(moved and forum.is_public),
        "reminded": list(known.reminded) if starts_at == known.starts_at else [],
    }
    await update("forum_session", known.id, {**columns, **changes})


async def _tell_of_changes(before: Forum, after: Forum, links: Links, at: datetime) -> None:
    for session in after.sessions:
        known = before.session(session.id)
        if known is None or known.sequence == session.sequence or session.is_over(at):
            continue
        for one in await queries.registrations(session.id):
            if one.is_living:
                await letters.session_changed(after, one, links, at=at)


def _snapshot(content: ForumContent) -> dict[str, Any]:
    return {
        "slug": content.slug,
        "title": content.title,
        "sessions": [
            {"day": str(one.day), "starts": str(one.starts), "ends": str(one.ends), "capacity": one.capacity}
            for one in content.sessions
        ],
    }


def _summary(forum: Forum) -> dict[str, Any]:
    return {
        "slug": forum.slug,
        "title": forum.title,
        "sessions": [
            {"starts_at": one.starts_at, "ends_at": one.ends_at, "capacity": one.limit} for one in forum.sessions
        ],
    }
