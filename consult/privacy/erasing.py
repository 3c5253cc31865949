"""Erasing a person: one procedure over every table, its files and copies, with an entry in the audit trail.

What is erased is what `finding.owned_by` finds. Words that were published as part of a consultation stay without name
and address unless the order says otherwise. Backups cannot be changed: the outcome says until when they hold the
person, and a line in DATA/erasures.jsonl (a keyed hash, no address) lets `again` repeat it after one is restored. The
line is on the disk before the erasure is committed: one too many harms nobody, one too few brings a person back.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from consult.columns import store
from consult.drafts.comments.operations import erase_comment
from consult.errors import N_, ConsultError, Invalid, Problem, Refused
from consult.fieldwork import operations as fieldwork
from consult.fieldwork.links import links_of as invitation_links
from consult.forums import registration_operations as registrations
from consult.forums.links import links_of
from consult.forums.questions.operations import erase as erase_question
from consult.forums.slots import request_operations as requests
from consult.privacy.finding import IN_JSON, Found, Hit, Owned, addresses, find, mentions, owned_by
from consult.privacy.outside import BACKUPS_KEPT
from consult.records.operations import audit
from consult.results.downloads.operations import forget_expired
from consult.settings import Settings, secret_key
from consult.storage import execute, fetch, transaction
from consult.surveys import operations as surveys

LEDGER = "erasures.jsonl"
log = logging.getLogger("consult.privacy")


class ActiveColleague(Refused):
    message = N_("This is the address of a colleague’s account. Disable the account first.")


class NoLedger(Refused):
    message = "There is no %(path)s: put back the copy that is kept beside the secret. Nobody was erased again."


class ForeignLedger(Refused):
    message = "%(path)s was written with another secret: put back the one that belongs to it. Nobody was erased again."


@dataclass(frozen=True, slots=True)
class Repeated:
    """persons: how many were there again and are erased. left: addresses that could not be, and why."""

    persons: int
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """erased: what there was. remaining: where the address is still written. backups_until: when the last copy ends."""

    erased: Found
    remaining: tuple[Hit, ...]
    at: datetime

    @property
    def backups_until(self) -> datetime:
        return self.at + BACKUPS_KEPT


async def forget(
    *, email: str, reason: str, with_words: bool, settings: Settings, at: datetime, actor: UUID | None = None
) -> Outcome:
    """Erase the person of an address; a second time finds nothing. Raises BadAddress, Invalid, ActiveColleague.

    with_words  blank the words of comments and questions too.
    """
    if len(reason.strip()) < 3:
        raise Invalid([Problem("reason", N_("Write on what ground you erase."))])
    secret = secret_key(settings)
    async with transaction():
        before = await find(email=email, secret=secret)
        owned = await owned_by(email=email, secret=secret)
        if await fetch("SELECT 1 FROM person WHERE id = ANY($1) AND disabled_at IS NULL", owned.of("person")):
            raise ActiveColleague
        changed = await _answers_and_contacts(owned, settings, reason, at, actor)
        await _meetings(owned, settings, reason, with_words, at, actor)
        for comment in owned.of("comment"):
            await erase_comment(comment, with_text=with_words, reason=reason, actor=actor, at=at)
        await _rest(owned)
        counts = {hit.holding.table: hit.rows for hit in before.theirs}
        await audit(
            actor=actor,
            kind="privacy.person_erased",
            record="person_erasure",
            record_id=uuid4(),
            at=at,
            after={"rows": counts},
            reason=reason.strip(),
        )
        _note(settings.data, secret, owned, with_words, at)  # before the commit: what is erased is noted
    await _files(changed, at)
    return Outcome(before, tuple(await mentions(owned.address)), at)


async def again(*, settings: Settings, at: datetime) -> Repeated:
    """Repeat the erasures of the ledger, after an older backup was restored; one that fails does not stop the others.

    Raises NoLedger, ForeignLedger.
    """
    path, secret = settings.data / LEDGER, secret_key(settings)
    if not path.exists():
        raise NoLedger(path=path)
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if any(line.get("secret") != _mark_of(secret) for line in lines):
        raise ForeignLedger(path=path)
    wanted = {line["person"]: bool(line["words"]) for line in lines}
    known = [(one, wanted[_mark(secret, one)]) for one in await addresses() if _mark(secret, one) in wanted]
    reason, left = "Repeated after a backup was restored.", []
    for address, with_words in known:
        try:
            await forget(email=address, reason=reason, with_words=with_words, settings=settings, at=at)
        except ConsultError as refused:
            left.append((address, str(refused)))
    await _marks_only(lines, reason, at)
    return Repeated(len(known) - len(left), tuple(left))


async def _marks_only(lines: list[dict[str, Any]], reason: str, at: datetime) -> None:
    """Erase again what leads to no address: that somebody was received, and which comments they support."""
    heard = [bytes.fromhex(one) for line in lines for one in line["heard"]]
    supports = [UUID(one) for line in lines for one in line["supports"]]
    async with transaction():
        counts = {
            "forum_heard": len(await fetch("DELETE FROM forum_heard WHERE contact = ANY($1) RETURNING 1", heard)),
            "comment_support": len(await fetch("DELETE FROM comment_support WHERE id = ANY($1) RETURNING 1", supports)),
        }
        if rows := {table: count for table, count in counts.items() if count}:
            after = {"rows": rows}
            await audit(
                actor=None,
                kind="privacy.person_erased",
                record="person_erasure",
                record_id=uuid4(),
                at=at,
                after=after,
                reason=reason,
            )


async def _answers_and_contacts(
    owned: Owned, settings: Settings, reason: str, at: datetime, actor: UUID | None
) -> set[UUID]:
    """Erase answers that lead to the person, then the contacts with their letters. Returns the surveys."""
    touched = await fetch("SELECT DISTINCT survey FROM response WHERE id = ANY($1)", owned.of("response"))
    for response in owned.of("response"):
        if await fetch("SELECT 1 FROM response WHERE id = $1", response):  # not erased with the one that replaced it
            await surveys.erase_response(response_id=response, reason=reason, at=at, person=actor)
    key = invitation_links(settings).key
    for row in await fetch("SELECT id, survey FROM contact WHERE id = ANY($1)", owned.of("contact")):
        await fieldwork.delete_contact(survey_id=row["survey"], contact_id=row["id"], key=key, at=at, person=actor)
    await execute("DELETE FROM contact_upload WHERE id = ANY($1)", owned.of("contact_upload"))
    return {row["survey"] for row in touched}


async def _meetings(
    owned: Owned, settings: Settings, reason: str, with_words: bool, at: datetime, actor: UUID | None
) -> None:
    """Give back places and times that are still to come, then blank who took them."""
    links = links_of(settings)
    coming = """SELECT r.id FROM registration r JOIN forum_session s ON s.id = r.session WHERE r.id = ANY($1)
                AND s.starts_at > $2 AND r.state IN ('held', 'confirmed', 'waitlisted', 'offered')"""
    for row in await fetch(coming, owned.of("registration"), at):
        await registrations.cancel(registration_id=row["id"], links=links, at=at, actor=actor)
    await execute(
        """UPDATE registration SET name = '', email = NULL, phone = '', needs = '{}', needs_note = '', erased_at = $2
           WHERE id = ANY($1)""",
        owned.of("registration"),
        at,
    )
    await execute("UPDATE door_act SET code = '' WHERE registration = ANY($1)", owned.of("registration"))
    await execute("UPDATE arrival SET reason = '' WHERE registration = ANY($1)", owned.of("registration"))
    await execute("UPDATE forum_speaker SET name = '' WHERE id = ANY($1)", owned.of("forum_speaker"))
    for row in await fetch("SELECT id, forum FROM forum_question WHERE id = ANY($1)", owned.of("forum_question")):
        await erase_question(row["id"], forum_id=row["forum"], with_text=with_words, reason=reason, actor=actor, at=at)
    living = """SELECT r.id FROM forum_slot_request r LEFT JOIN forum_slot s ON s.id = r.slot WHERE r.id = ANY($1)
                AND r.state IN ('noted', 'given', 'waiting') AND (s.id IS NULL OR s.starts_at > $2)"""
    for row in await fetch(living, owned.of("forum_slot_request"), at):
        await requests.end(row["id"], links=links, at=at, actor=actor)
    await requests.blank(owned.of("forum_slot_request"), at=at)
    await execute("DELETE FROM forum_heard WHERE contact = ANY($1)", owned.heard)


async def _files(changed: set[UUID], at: datetime) -> None:
    """Take the answers out of files at once. Where that fails, the worker does it: columns.update each minute, and
    results.forget_exports each hour."""
    try:
        for survey_id in changed:
            await store.update(survey_id)
        await forget_expired(at=at)
    except OSError as fault:
        log.warning("files of an erased person wait for the worker", extra={"kind": type(fault).__name__})


async def _rest(owned: Owned) -> None:
    """Supports, following, the account, tries to sign in, letters last: cancelling has just written some."""
    await execute("DELETE FROM comment_support WHERE id = ANY($1)", owned.of("comment_support"))
    await execute("DELETE FROM follower WHERE id = ANY($1)", owned.of("follower"))
    await execute("DELETE FROM staff_session WHERE person = ANY($1)", owned.of("person"))
    await execute("DELETE FROM known_place WHERE person = ANY($1)", owned.of("person"))
    await execute("DELETE FROM one_time_link WHERE person = ANY($1)", owned.of("person"))
    await execute("DELETE FROM unit_member WHERE person = ANY($1)", owned.of("person"))
    await execute(
        """UPDATE person SET name = '—', email = id || '@erased.invalid', password_hash = NULL, totp_sealed = NULL,
               totp_since = NULL, totp_step = NULL, recovery_salt = NULL, recovery_hashes = '{}', oidc_issuer = NULL,
               oidc_sub = NULL WHERE id = ANY($1)""",
        owned.of("person"),
    )
    await execute("DELETE FROM sign_in_attempt WHERE account = $1", owned.tries)
    await execute("DELETE FROM notification WHERE lower(recipient) = $1", owned.address)
    named = IN_JSON.format(column="args")
    await execute(f"DELETE FROM procrastinate_jobs WHERE {named} AND status <> 'doing'", owned.address)  # noqa: S608


def _mark(secret: bytes, address: str) -> str:
    return hmac.new(secret, b"erased:" + address.encode(), hashlib.sha256).hexdigest()


def _mark_of(secret: bytes) -> str:
    """By which a ledger is known as written with this secret."""
    return hmac.new(secret, b"ledger of erasures", hashlib.sha256).hexdigest()[:16]


def _note(folder: Path, secret: bytes, owned: Owned, with_words: bool, at: datetime) -> None:
    line = {
        "at": at.isoformat(),
        "secret": _mark_of(secret),
        "person": _mark(secret, owned.address),
        "words": with_words,
        "heard": [one.hex() for one in owned.heard],
        "supports": [str(one) for one in owned.of("comment_support")],
    }
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LEDGER).open("a", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
