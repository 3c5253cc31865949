"""Unfinished answers that somebody goes on with later, by a link sent by e-mail.

Nobody may learn from the database who gave which answers, neither now nor once they have been sent:

- The link holds 32 random bytes. What is stored is encrypted with a key made from them, under a name made from them;
  neither can be turned back. The program forgets the bytes once the letter is written, and the post forgets the
  letter's text once it is sent. So a row of `survey_saved` says nothing to anybody but whoever holds the letter.
- The row has no address and no time, only the day on which it expires. The letter's record has the address and a
  random event, no survey and nothing derived from the link; the two are written in transactions of their own.
- The response id is not saved: who goes on gets a new one. So the letter, wherever it ends up, does not lead to the
  response, and once that is sent the saved answers are deleted.

The cipher is AES-256-GCM, and each saving has a key of its own. What an earlier release saved (a stream from SHAKE-256
and a keyed BLAKE2b) can still be opened for the two weeks that it lasts.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b, shake_256
from hmac import compare_digest
from uuid import UUID

import msgspec

from consult.storage import execute, fetchval
from consult.surveys.answers.forms import Fields

DAY = timedelta(days=1)
KEPT = 14 * DAY
LINK_LENGTH = 43
NONCE = 12
SEAL = 32


@dataclass(frozen=True, slots=True)
class Saved:
    """version and page (its key) say where to go on; fields are what the form held, without its response id."""

    version: int
    page: str
    fields: Fields


def until(at: datetime, closes_at: datetime | None) -> datetime:
    """When a link that is given out now ends."""
    return min(at + KEPT, closes_at) if closes_at else at + KEPT


async def keep(survey: UUID, content: Saved, *, until: datetime, replaces: str = "") -> str:
    """Save, and give the secret part of the link. replaces: an earlier link, which ends."""
    link = secrets.token_urlsafe(32)
    await execute(
        "insert into survey_saved (id, survey, content, expires_on) values ($1, $2, $3, $4)",
        name_of(link),
        survey,
        sealed(msgspec.json.encode(content), link),
        until.date(),
    )
    if replaces:
        await forget(replaces)
    return link


async def look(survey: UUID, link: str, *, at: datetime) -> Saved | None:
    """What was saved under a link; None when it has expired, was replaced, or was sent meanwhile."""
    if len(link) != LINK_LENGTH or not link.isascii():
        return None
    content = await fetchval(
        "select content from survey_saved where id = $1 and survey = $2 and expires_on >= $3",
        name_of(link),
        survey,
        at.date(),
    )
    plain = None if content is None else opened(content, link)
    return None if plain is None else msgspec.json.decode(plain, type=Saved)


async def forget(link: str) -> None:
    await execute("delete from survey_saved where id = $1", name_of(link))


async def purge(*, at: datetime) -> None:
    """Delete what has expired, and what belongs to surveys that are closed."""
    await execute(
        """delete from survey_saved k using survey s
           where s.id = k.survey and (k.expires_on < $1 or s.closes_at <= $2)""",
        at.date(),
        at,
    )


def name_of(link: str) -> str:
    return _made("name", link).hex()


def sealed(plain: bytes, link: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # megabytes that most processes never need

    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(_made("cipher", link)).encrypt(nonce, plain, None)


def opened(content: bytes, link: str) -> bytes | None:
    """None for what was altered."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(content) <= NONCE:
        return None
    try:
        return AESGCM(_made("cipher", link)).decrypt(content[:NONCE], content[NONCE:], None)
    except InvalidTag:
        return _opened_before(content, link)


def _opened_before(content: bytes, link: str) -> bytes | None:
    seal, hidden = content[:SEAL], content[SEAL:]
    if not compare_digest(seal, blake2b(hidden, key=_made("seal", link), digest_size=SEAL).digest()):
        return None
    return _mixed(hidden, link)


def _made(use: str, link: str) -> bytes:
    return blake2b(link.encode(), digest_size=32, person=f"saved-{use}".encode()).digest()


def _mixed(content: bytes, link: str) -> bytes:
    stream = shake_256(_made("stream", link)).digest(len(content))
    return (int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(content), "big")
