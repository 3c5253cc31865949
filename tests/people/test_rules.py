from __future__ import annotations

import datetime as dt
import re

import pytest

from consult.people import passwords
from consult.people.limits import ACCOUNT, NETWORK, PAIR, WINDOW, Failures, minutes_to_wait
from consult.people.person import ROLE_HINTS, ROLES, SESSION_IDLE, network_of, safe_next, session_end
from consult.settings import resource
from tests.people.makers import NOON, PASSWORD, a_person

OWN = ("Goran Dimov", "goran.dimov", "Град Скопје")


def messages(password: str) -> list[str]:
    return [problem.message for problem in passwords.problems(password, OWN)]


@pytest.mark.parametrize(
    "password", [PASSWORD, "мојата баба пече леб", "ბებიაჩემი პურს აცხობს", "xK9#vQ2!mP7$", "correct horse battery"]
)
def test_a_sentence_or_a_random_row_is_good(password: str) -> None:
    assert messages(password) == []


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "at least"),
        ("short one 1", "at least"),
        ("x" * 257, "at most"),
        ("password1234", "Many people"),
        ("P@ssw0rd!!!!", "Many people"),
        ("qwertyuiop12", "Many people"),
        ("123456789012", "Many people"),
        ("098765432109", "Many people"),
        ("aaaaaaaaaaaaaa", "Many people"),
        ("abcabcabcabc", "Many people"),
        ("Skopje202612!", "Many people"),
        ("лозинка123456", "Many people"),
        ("tramwaytramway", "Many people"),
        ("GoranDimov12", "your name"),
        ("goran.dimov2026", "your name"),
        ("Скопје!град!77", "your name"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, says: str) -> None:
    (message,) = messages(password)
    assert says in message


async def test_letters_may_be_composed_in_any_way() -> None:
    kept = await passwords.hashed("caf\u00e9 au lait noir")
    assert kept.startswith("$argon2id$")
    assert await passwords.fits("cafe\u0301 au lait noir", kept)
    assert not await passwords.fits("cafe au lait noir", kept)


async def test_without_a_hash_nothing_fits() -> None:
    assert not await passwords.fits("nobody has this password", None)
    assert not await passwords.fits("x", "no hash at all")


def failures(pair: int = 0, account: int = 0, network: int = 0, since: dt.datetime = NOON) -> Failures:
    return Failures(pair, account, network, since, since, since)


def test_a_few_mistakes_are_free_and_the_wait_counts_down() -> None:
    assert minutes_to_wait(failures(PAIR - 1, ACCOUNT - 1, NETWORK - 1), NOON) == 0
    for many in (failures(pair=PAIR), failures(account=ACCOUNT), failures(network=NETWORK)):
        assert minutes_to_wait(many, NOON) == 15
        assert minutes_to_wait(many, NOON + dt.timedelta(minutes=10, seconds=30)) == 5
        assert minutes_to_wait(many, NOON + WINDOW) == 1


def test_a_session_slides_but_not_past_a_working_day() -> None:
    assert session_end(NOON, NOON + dt.timedelta(hours=1)) == NOON + dt.timedelta(hours=5)
    assert session_end(NOON, NOON + dt.timedelta(hours=11)) == NOON + dt.timedelta(hours=12)


def test_pages_leave_the_screen_when_their_session_has_ended() -> None:
    script = resource("static").parent / "scripts" / "staff.js"
    hours, minutes = re.findall(r"UNUSED_MS = \((\d+) \* 60 \+ (\d+)\)", script.read_text())[0]
    assert dt.timedelta(hours=int(hours)) == SESSION_IDLE and int(minutes) > 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.10", "192.0.2.10"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.10", "192.0.2.10"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_network_is_an_address_or_a_prefix(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize("path", ["/staff/en/colleagues", "/staff/mk/audit?page=2&kind=a.b"])
def test_the_way_back_leads_to_staff_pages(path: str) -> None:
    assert safe_next(path, "mk") == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "//evil.example/staff/",
        "https://evil.example/staff/en/",
        "/staff//evil.example",
        "/staff/../en/",
        "/staff\\evil.example",
        "/en/",
        "/staffing",
        "/staff/en/\r\nSet-Cookie: x=1",
        "/staff/" + "x" * 600,
        "javascript:alert(1)",
    ],
)
def test_the_way_back_never_leads_out(path: str) -> None:
    assert safe_next(path, "mk") == "/staff/mk/"


async def test_roles_decide_and_an_administrator_may_everything(db: None) -> None:
    moderator = await a_person(roles=["moderator", "clerk"])
    admin = await a_person(roles=["admin"])
    assert moderator.may("clerk")
    assert moderator.may("designer", "moderator")
    assert moderator.may()
    assert not moderator.may("designer")
    assert not moderator.may("admin")
    assert admin.may("designer")


def test_every_role_has_a_name_and_a_hint() -> None:
    assert list(ROLES) == list(ROLE_HINTS) == ["admin", "designer", "translator", "moderator", "clerk", "analyst"]
