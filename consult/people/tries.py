"""Tries of passwords and codes: counted before they are looked at, forgiven once one was right."""

from __future__ import annotations

import datetime as dt
import hashlib

from consult.errors import N_, TooMany
from consult.people import letters, limits, queries
from consult.people.letters import Letterhead
from consult.people.person import Person
from consult.people.posting import post
from consult.storage import execute, fetchval, transaction

MOST_WARNED = 10_000
_warned: dict[bytes, dt.date] = {}
"""Accounts, and the day for which it was looked up whom to tell that they are tried."""


class TooManyTries(TooMany):
    """of_account: whoever tries comes from many places, or one after the other."""

    message = N_("There were too many failed attempts. You can try again in %(minutes)s min.")

    def __init__(self, minutes: int, *, of_account: bool = False) -> None:
        self.of_account = of_account
        super().__init__(retry_after_s=minutes * 60, minutes=minutes)


async def admit(
    *, purpose: str, email: str, network: str, at: dt.datetime, most: int = limits.ACCOUNT, own: bytes | None = None
) -> int:
    """Note a try as failed until it is forgiven. Raises TooManyTries where there were enough.

    most: failures of one account from anywhere. own: what is surely the owner's, a browser known from before or an open
    session. Its tries are counted by themselves, so that nobody outside can lock the owner out.
    """
    account = account_of(email)
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 20))", account.hex())
        failures = await queries.failures(purpose, account, network, at, own=own)
        minutes = limits.minutes_to_wait(failures, at, account=most)
        if minutes:
            raise TooManyTries(minutes, of_account=failures.account >= most)
        return int(
            await fetchval(
                """INSERT INTO sign_in_attempt (purpose, account, network, at, own) VALUES ($1, $2, $3, $4, $5)
                   RETURNING id""",
                purpose,
                account,
                network,
                at,
                own,
            )
        )


async def forgive(*, purpose: str, attempt: int, email: str, network: str) -> None:
    await execute("UPDATE sign_in_attempt SET succeeded = true WHERE id = $1", attempt)
    await execute(
        """DELETE FROM sign_in_attempt a USING sign_in_attempt this
           WHERE this.id = $4 AND a.purpose = $1 AND a.account = $2 AND a.network = $3 AND NOT a.succeeded
             AND a.own IS NOT DISTINCT FROM this.own""",
        purpose,
        account_of(email),
        network,
        attempt,
    )


async def warn_of_siege(email: str, here: Letterhead, at: dt.datetime) -> None:
    """Tell the owner of an account, once a day, that somebody tries passwords on it.

    Whether there is such an account is looked up once a day in a process: the tries after that cost the same for an
    address that nobody has, and do nothing in the database.
    """
    account = account_of(email)
    if _warned.get(account) == at.date():
        return
    if len(_warned) >= MOST_WARNED:
        del _warned[next(iter(_warned))]
    _warned.pop(account, None)
    async with transaction():
        person = await queries.active_by_email(email)
        if person is not None:
            letter = letters.siege(letters.language_for(person.language), here, name=person.name, at=at)
            await post(person, f"people.siege:{person.id}:{at.date()}", letter, at)
    _warned[account] = at.date()


async def warn_of_codes(person: Person, here: Letterhead, at: dt.datetime) -> None:
    """Tell the owner, once an hour, that somebody who knows the password types wrong codes."""
    if await queries.wrong_codes(account_of(person.email), at) >= limits.WRONG_CODES:
        letter = letters.wrong_codes(letters.language_for(person.language), here, name=person.name, at=at)
        async with transaction():
            await post(person, f"people.wrong_codes:{person.id}:{at:%Y-%m-%dT%H}", letter, at)


def account_of(email: str) -> bytes:
    return hashlib.sha256(email.strip().lower().encode()).digest()
