from __future__ import annotations

import asyncio
import datetime as dt
from uuid import uuid4

import pytest

from consult.errors import Invalid, NotFound
from consult.people import operations, queries, sessions
from consult.people.operations import AlreadyColleague, LastAdministrator, OwnAccount
from consult.people.person import Person
from consult.records import queries as records
from consult.storage import fetchrow, fetchval
from tests.people.makers import HERE, HOME, NOON, PASSWORD, a_person, a_session
from tests.people.test_sessions import FRESH, the_link

LATER = NOON + dt.timedelta(hours=1)


async def invite(by: Person, email: str = "eva@example.org", **fields: object) -> object:
    given: dict[str, object] = {"name": "Eva Ilieva", "roles": ["moderator"], "language": "ka", **fields}
    return await operations.invite(by=by, email=email, here=HERE, at=NOON, **given)  # type: ignore[arg-type]


async def test_staff_added_on_the_command_line_can_sign_in(db: None) -> None:
    person_id = await operations.add_staff(
        email="Ana@Example.org", name=" Ana ", roles=["analyst", "admin"], language="mk", password=PASSWORD, at=NOON
    )
    person = await queries.person(person_id)
    assert (person.email, person.name, person.roles) == ("Ana@example.org", "Ana", frozenset({"admin", "analyst"}))
    await sessions.sign_in(email="ana@example.org", password=PASSWORD, network=HOME, at=NOON)
    (added, _) = await records.history("person", person_id)
    assert (added.actor, added.kind, added.after) == (None, "person.added", {"roles": ["admin", "analyst"]})


async def test_staff_added_without_a_password_gets_a_link(db: None) -> None:
    person_id = await operations.add_staff(email="a@example.org", name="Ana", roles=["admin"], language="mk", at=NOON)
    link = await operations.invitation_link(person_id=person_id, here=HERE, at=NOON)
    start, _, token = link.partition("=")
    assert start == "https://consult.example.org/staff/mk/welcome?key"
    await sessions.choose_password(token=token, purpose="invite", password=FRESH, here=HERE, at=LATER)
    await sessions.sign_in(email="a@example.org", password=FRESH, network=HOME, at=LATER)


async def test_everything_wrong_with_a_new_account_is_said_at_once(db: None) -> None:
    with pytest.raises(Invalid) as refused:
        await operations.add_staff(email="x", name=" ", roles=["mayor"], language="de", at=NOON)
    assert [problem.place for problem in refused.value.problems] == ["name", "email", "roles", "language"]
    with pytest.raises(Invalid) as refused:
        await operations.add_staff(
            email="ana@example.org", name="Ana", roles=["admin"], language="mk", at=NOON, password="ana"
        )
    assert [problem.place for problem in refused.value.problems] == ["password"]
    assert await fetchval("SELECT count(*) FROM person") == 0


async def test_a_colleague_is_invited_by_mail_in_their_language(db: None) -> None:
    admin = await a_person(roles=["admin"], name="Ana Petrova")
    invited = await invite(admin)
    mail = await fetchrow("SELECT * FROM notification")
    assert (mail["recipient"], mail["language"]) == ("eva@example.org", "ka")
    assert "Ana Petrova" in mail["body_text"]
    assert "https://consult.example.org/staff/ka/welcome?key=" in mail["body_text"]
    await sessions.choose_password(
        token=await the_link("invite"), purpose="invite", password=FRESH, here=HERE, at=LATER
    )
    signed_in = await sessions.sign_in(email="eva@example.org", password=FRESH, network=HOME, at=LATER)
    assert signed_in.person.roles == {"moderator"}
    kinds = [(entry.actor, entry.kind) for entry in await records.history("person", str(invited))]
    assert kinds[:2] == [(admin.id, "person.invited"), (invited, "person.invitation_accepted")]


async def test_an_address_is_invited_once(db: None) -> None:
    admin = await a_person(roles=["admin"])
    await invite(admin)
    with pytest.raises(AlreadyColleague):
        await invite(admin, "EVA@example.org")
    results = await asyncio.gather(*(invite(admin, "ivan@example.org") for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(result, AlreadyColleague) for result in results) == 3
    assert await fetchval("SELECT count(*) FROM notification") == 2


async def test_an_invitation_can_be_repeated_until_it_is_accepted(db: None) -> None:
    admin = await a_person(roles=["admin"])
    invited = await invite(admin)
    assert not isinstance(invited, str)
    for person_id, mails in ((invited, 2), (admin.id, 2)):
        await operations.invite_again(by=admin, person_id=person_id, here=HERE, at=LATER)  # type: ignore[arg-type]
        assert await fetchval("SELECT count(*) FROM notification") == mails
    assert await fetchval("SELECT count(*) FROM one_time_link WHERE used_at IS NULL") == 1


async def test_roles_change_at_once_and_are_audited(db: None) -> None:
    admin = await a_person(roles=["admin"])
    person = await a_person(roles=["clerk"])
    token = await a_session(person, NOON)
    await operations.change_roles(by=admin, person_id=person.id, roles=["analyst", "designer"], at=NOON)
    await operations.change_roles(by=admin, person_id=person.id, roles=["designer", "analyst"], at=NOON)
    assert await queries.session(token, NOON) is None
    session = await queries.session(await a_session(person, NOON), NOON)
    assert session is not None
    assert session.person.roles == {"designer", "analyst"}
    (entry,) = await records.history("person", person.id)
    assert (entry.actor, entry.before, entry.after) == (
        admin.id,
        {"roles": ["clerk"]},
        {"roles": ["designer", "analyst"]},
    )


@pytest.mark.parametrize("roles", [[], ["mayor"], ["admin", "mayor"]])
async def test_roles_must_exist(db: None, roles: list[str]) -> None:
    admin = await a_person(roles=["admin"])
    with pytest.raises(Invalid):
        await operations.change_roles(by=admin, person_id=admin.id, roles=roles, at=NOON)


async def test_there_is_always_an_administrator(db: None) -> None:
    admin = await a_person(roles=["admin"])
    clerk = await a_person(roles=["clerk"])
    await a_person(roles=["admin"], disabled_at=NOON)
    with pytest.raises(LastAdministrator):
        await operations.change_roles(by=admin, person_id=admin.id, roles=["clerk"], at=NOON)
    with pytest.raises(LastAdministrator):
        await operations.disable(by=clerk, person_id=admin.id, at=NOON)
    with pytest.raises(OwnAccount):
        await operations.disable(by=admin, person_id=admin.id, at=NOON)
    assert (await queries.person(admin.id)).is_admin


async def test_two_administrators_cannot_remove_each_other(db: None) -> None:
    one, other = await a_person(roles=["admin"]), await a_person(roles=["admin"])
    results = await asyncio.gather(
        operations.disable(by=one, person_id=other.id, at=NOON),
        operations.disable(by=other, person_id=one.id, at=NOON),
        return_exceptions=True,
    )
    assert sum(isinstance(result, LastAdministrator) for result in results) == 1
    assert await queries.active_admins() == 1


async def test_a_disabled_account_is_out_at_once_and_comes_back_with_a_new_password(db: None) -> None:
    admin, person = await a_person(roles=["admin"]), await a_person()
    token = await a_session(person, NOON)
    link, _ = await sessions.make_link(person.id, "reset", NOON)
    await operations.disable(by=admin, person_id=person.id, at=NOON)
    await operations.disable(by=admin, person_id=person.id, at=NOON)
    assert await queries.session(token, NOON) is None
    assert await queries.open_link(link, "reset", NOON) is None
    assert not (await queries.colleague(person.id)).is_active

    await operations.enable(by=admin, person_id=person.id, at=LATER)
    await operations.enable(by=admin, person_id=person.id, at=LATER)
    colleague = await queries.colleague(person.id)
    assert (colleague.is_active, colleague.has_password) == (True, False)
    assert await queries.session(token, NOON) is None
    kinds = [entry.kind for entry in await records.history("person", person.id)]
    assert kinds == ["person.disabled", "person.enabled"]


async def test_an_unknown_person_is_not_found(db: None) -> None:
    admin = await a_person(roles=["admin"])
    nobody = uuid4()
    for change in (operations.disable, operations.enable):
        with pytest.raises(NotFound):
            await change(by=admin, person_id=nobody, at=NOON)
    with pytest.raises(NotFound):
        await operations.change_roles(by=admin, person_id=nobody, roles=["clerk"], at=NOON)


async def test_ones_own_name_and_language_can_be_changed(db: None) -> None:
    person = await a_person(language="en")
    await operations.change_account(by=person, name=" Горан Димов ", language="mk", at=NOON)
    changed = await queries.person(person.id)
    assert (changed.name, changed.language) == ("Горан Димов", "mk")
    with pytest.raises(Invalid) as refused:
        await operations.change_account(by=person, name="a\nb", language="xx", at=NOON)
    assert [problem.place for problem in refused.value.problems] == ["name", "language"]


async def test_the_list_of_colleagues_puts_active_accounts_first(db: None) -> None:
    gone = await a_person(name="Aleksandra", disabled_at=NOON)
    marija = await a_person(name="Marija")
    goran = await a_person(name="goran")
    await a_session(marija, LATER)
    found = await queries.colleagues()
    assert [one.person.id for one in found] == [goran.id, marija.id, gone.id]
    assert [one.last_seen_at for one in found] == [None, LATER, None]
    assert await queries.names([marija.id, None, marija.id]) == {marija.id: "Marija"}
