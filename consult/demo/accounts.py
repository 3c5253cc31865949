"""One staff account for each role, with passwords that belong to this installation only."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.demo.content import Town
from consult.people import operations, queries

CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class DemoAccount:
    role: str
    email: str
    password: str


def email_of(role: str, town: Town) -> str:
    return f"{role}@{town.key}.example"


def password_of(email: str, secret: bytes) -> str:
    """The same at every start, so that it can be printed again, and different in every installation."""
    digest = hmac.new(secret, f"demonstration account {email}".encode(), hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode().lower()[:CHARACTERS]
    return "-".join(letters[start : start + 4] for start in range(0, CHARACTERS, 4))


async def seed_accounts(town: Town, *, secret: bytes, at: datetime) -> list[DemoAccount]:
    """Add the accounts that are missing and give all of them."""
    found = []
    for account in town.staff:
        email = email_of(account.role, town)
        password = password_of(email, secret)
        if await queries.active_by_email(email) is None:
            await operations.add_staff(
                email=email,
                name=account.name,
                roles=[account.role],
                language=account.language,
                at=at,
                password=password,
            )
        found.append(DemoAccount(account.role, email, password))
    return found


async def staff_of(town: Town) -> dict[str, UUID]:
    """The person behind each role."""
    found = {}
    for account in town.staff:
        person = await queries.active_by_email(email_of(account.role, town))
        if person is not None:
            found[account.role] = person.id
    return found
