"""Passwords that others chose before: the list in the program, and a file of stolen ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from consult.errors import Invalid
from consult.people import breached, passwords, sessions
from consult.people.breached import ListUnreadable
from consult.settings import InvalidSettings, Settings
from tests.people.makers import HERE, NOON, a_person

STOLEN = [f"a stolen password {number}" for number in range(300)]


def published(folder: Path, stolen: list[str], *, end: str = "\r\n", counts: bool = True) -> Path:
    """A file as Have I Been Pwned publishes it; of different lengths, as counts are."""
    hashes = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in stolen)
    lines = [f"{one}:{7 ** (number % 9)}" if counts else one for number, one in enumerate(hashes)]
    path = folder / "stolen.txt"
    path.write_bytes(end.join(lines).encode() + (end.encode() if counts else b""))
    return path


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("many", [1, 2, 3, 300])
async def test_each_password_of_the_file_is_found_and_no_other(tmp_path: Path, many: int, counts: bool) -> None:
    file = published(tmp_path, STOLEN[:many], counts=counts, end="\r\n" if counts else "\n")
    for number, one in enumerate(STOLEN):
        assert await breached.is_breached(one, file) == (number < many), one


async def test_what_cannot_be_looked_up_does_not_pass(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.txt"
    damaged.write_text("no hash\n" * 9)
    for file in (damaged, tmp_path / "gone.txt"):
        with pytest.raises(ListUnreadable):
            await breached.is_breached("a stolen password 1", file)


def test_the_setting_names_a_file_of_hashes(tmp_path: Path) -> None:
    file = published(tmp_path, STOLEN)
    assert Settings.from_env({"CONSULT_BREACHED_PASSWORDS": str(file)}).breached_passwords == file
    other = tmp_path / "passwords.txt"
    other.write_text("password\n123456\n")
    for wrong, says in ((other, "does not begin with a SHA-1"), (tmp_path / "gone.txt", "cannot be read")):
        with pytest.raises(InvalidSettings, match=says):
            Settings.from_env({"CONSULT_BREACHED_PASSWORDS": str(wrong)})


async def test_a_stolen_password_is_refused_and_the_link_stays_usable(db: None, tmp_path: Path) -> None:
    stolen = published(tmp_path, STOLEN)
    person = await a_person(password=None)
    token, _ = await sessions.make_link(person.id, "invite", NOON)
    with pytest.raises(Invalid) as refused:
        await sessions.choose_password(
            token=token, purpose="invite", password=STOLEN[7], here=HERE, stolen=stolen, at=NOON
        )
    (problem,) = refused.value.problems
    assert (problem.place, "stolen" in problem.message) == ("password", True)
    good = "seven blue umbrellas"
    chosen, _ = await sessions.choose_password(
        token=token, purpose="invite", password=good, here=HERE, stolen=stolen, at=NOON
    )
    assert chosen == person


def test_the_list_in_the_program_has_more_than_three_thousand() -> None:
    """ASVS 6.2.4; most of them only with decoration, because shorter ones are refused anyway."""
    assert len(passwords.common()) > 7_000
    long = [word for word in passwords.common() if len(word) >= passwords.SHORTEST]
    assert len(long) > 250
    assert all(passwords.is_common(word) for word in long)
    stems = sorted(word for word in passwords.common() if len(word) >= 6 and word.isalpha())[::40]
    assert all(passwords.is_common(word + "-2026!?") for word in stems)


@pytest.mark.parametrize(
    "password",
    ["manchesterunited", "Dragon-Monkey12", "1qaz2wsx3edc", "Marija.Stojan1985", "მარიამგიორგი2020", "vardar!!skopje"],
)
def test_two_common_ones_are_common_too(password: str) -> None:
    assert passwords.is_common(password)


def test_the_address_of_the_platform_is_no_password() -> None:
    assert passwords.holds_own_name("consult-2026!!", ())
    assert passwords.holds_own_name("glas.skopje.mk7", ("glas.skopje.mk",))
