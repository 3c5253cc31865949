"""Whose account somebody of the sign-in service gets, the first time and later."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest

from consult.people import joining, operations, second_operations
from consult.people.joining import JoinedWithAnother, NoSuchAccount
from consult.people.second_factor import Vault
from consult.people.sessions import SignedIn
from consult.records import queries as records
from consult.storage import fetchval
from tests.conftest import Clock
from tests.people.makers import HERE, NOON, a_person, staff, with_second_factor

ISSUER = "https://id.example.org"


async def arrive(
    sub: str, email: str, *, issuer: str = ISSUER, is_strong: bool = False, enforced: tuple[str, ...] = ()
) -> SignedIn:
    return await joining.sign_in_from_service(
        issuer=issuer, sub=sub, email=email, is_strong=is_strong, enforced=enforced, at=NOON
    )


async def test_the_first_sign_in_joins_and_an_address_alone_opens_nothing_afterwards(db: None) -> None:
    admin = await a_person(roles=["admin"])
    ana = await a_person(email="ana@example.org")
    eva = await a_person(email="eva@example.org")
    assert (await arrive("1", "ANA@example.org")).person == ana
    assert (await arrive("1", "ana.married@example.org")).person == ana
    assert (await arrive("1", "eva@example.org")).person == ana
    for sub in ("2", "11", ""):
        with pytest.raises(JoinedWithAnother):
            await arrive(sub, "ana@example.org")
    assert (await arrive("2", "eva@example.org")).person == eva
    with pytest.raises(NoSuchAccount):
        await arrive("3", "stranger@example.org")
    assert await second_operations.reset(by=admin.id, person_id=ana.id, here=HERE, at=NOON)
    assert not await second_operations.reset(by=admin.id, person_id=ana.id, here=HERE, at=NOON)
    assert await fetchval("SELECT count(*) FROM staff_session WHERE person = $1", ana.id) == 0
    assert (
        await fetchval("SELECT event FROM notification") == f"people.second_factor_parted:{ana.id}:{NOON.isoformat()}"
    )
    assert (await arrive("4", "ana@example.org")).person == ana
    assert (await arrive("9", "ana@example.org", issuer="https://new.example.org")).person == ana
    kinds = [entry.kind for entry in await records.history("person", ana.id)]
    assert [kind for kind in kinds if kind != "person.signed_in"] == [
        "person.joined",
        "person.parted",
        "person.joined",
        "person.joined",
    ]


async def test_an_ended_account_lets_go(db: None) -> None:
    admin = await a_person(roles=["admin"])
    old = await a_person(email="old@example.org")
    await arrive("1", "old@example.org")
    await operations.disable(by=admin, person_id=old.id, at=NOON)
    with pytest.raises(NoSuchAccount):
        await arrive("1", "old@example.org")
    new = await a_person(email="new@example.org")
    assert (await arrive("1", "new@example.org")).person == new


async def test_a_second_factor_of_ours_is_asked_for_whatever_the_service_asked(db: None) -> None:
    person, _, _ = await with_second_factor(Vault(b"k" * 32), NOON, roles=["admin"])
    other = await a_person(roles=["admin"])
    assert (await arrive("1", person.email, is_strong=True)).awaits == "code"
    assert (await arrive("2", other.email, is_strong=True, enforced=("admin",))).awaits is None
    assert (await arrive("2", other.email, enforced=("admin",))).awaits == "enrol"


async def test_an_administrator_parts_an_account(client: httpx.AsyncClient, clock: Clock) -> None:
    await staff(client, clock.now, "admin")
    ana = await a_person(email="ana@example.org")
    address = f"/staff/en/colleagues/{ana.id}"
    assert "Separate from the sign-in service" not in (await client.get(address)).text
    await arrive("1", "ana@example.org")
    assert "Separate from the sign-in service" in (await client.get(address)).text
    clock.now += dt.timedelta(minutes=1)
    assert (await client.post(f"{address}/second-factor")).status_code == 303
    page = (await client.get(address)).text
    assert "Separate from the sign-in service" not in page
    assert "Separated from the account of the sign-in service" in page
