"""`consult doctor`: what it warns of without asking anybody."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from consult.cli import doctor
from consult.profile import StaffRules, load_profile
from consult.settings import Settings, resource
from consult.storage.hosts import unproven

ELSEWHERE = "postgresql://consult:word@db1.example.org:5432,10.0.0.12/consult"


@pytest.mark.parametrize(
    ("address", "machines"),
    [
        ("postgresql://consult@/consult?host=/run/postgresql", []),
        ("postgresql://consult@%2Frun%2Fpostgresql/consult", []),
        ("postgresql:///consult", []),
        ("postgresql://consult:word@localhost/consult", []),
        ("postgresql://consult:word@[::1]:5432/consult", []),
        (ELSEWHERE, ["db1.example.org", "10.0.0.12"]),
        (f"{ELSEWHERE}?sslmode=require", ["db1.example.org", "10.0.0.12"]),
        (f"{ELSEWHERE}?sslmode=verify-full&sslrootcert=/etc/consult/ca.pem", []),
    ],
)
def test_a_database_elsewhere_has_to_prove_who_it_is(address: str, machines: list[str]) -> None:
    assert unproven(address) == machines


def test_ways_to_other_machines_in_clear_are_told() -> None:
    here = Settings(database_url="postgresql:///consult", smtp_host="127.0.0.1", smtp_security="none", clamd="/run/c")
    assert list(doctor._ways(here)) == []
    safe = Settings(database_url=f"{ELSEWHERE}?sslmode=verify-full", smtp_host="mail.example.org", clamd="[::1]:3310")
    assert list(doctor._ways(safe)) == []
    open_ = Settings(
        database_url=ELSEWHERE,
        replica_url=ELSEWHERE,
        smtp_host="mail.example.org",
        smtp_security="none",
        clamd="10.0.0.9:3310",
    )
    told = list(doctor._ways(open_))
    assert [one.what.removeprefix("way to the ") for one in told] == [
        "database", "copy of the database", "mail server", "virus scanner",
    ]  # fmt: skip
    assert {one.state for one in told} == {"warning"} and all(one.remedy for one in told)
    assert "word" not in str(told)


def test_roles_without_a_second_factor_are_told() -> None:
    profile = load_profile(resource("profiles", "skopje.toml"))
    assert list(doctor._second_factor(profile)) == []
    fewer = msgspec.structs.replace(profile, staff=StaffRules(second_factor=("admin", "designer", "clerk")))
    assert [one.found for one in doctor._second_factor(fewer)] == ["not asked of: translator, moderator, analyst"]


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    assert doctor._disk(tmp_path / "new" / "folder").what == "disk"
    (tmp_path / "file").touch()
    told = doctor._disk(tmp_path / "file" / "data")
    assert (told.what, told.state, str(tmp_path / "file" / "data") in told.found) == ("data folder", "wrong", True)
    assert "CONSULT_DATA" in told.remedy
