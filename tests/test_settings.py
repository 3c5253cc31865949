"""Settings: read once, every fault at once, secrets from files and never shown."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from consult.settings import InvalidSettings, Settings, secret_key
from tests.deploy.environment import REFERENCE, reference

PASSWORD = "korzo-4-lipi"


def test_a_secret_comes_from_the_file_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text(f"{PASSWORD}\n")
    settings = Settings.from_env({"CONSULT_SMTP_PASSWORD_FILE": str(tmp_path / "smtp")})
    assert settings.smtp_password == PASSWORD
    assert PASSWORD not in repr(settings)


def test_every_fault_of_secrets_is_named_without_their_text(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(InvalidSettings) as raised:
        Settings.from_env(
            {
                "CONSULT_DATABASE_URL": f"mysql://consult:{PASSWORD}@localhost/consult",
                "CONSULT_SECRET": PASSWORD,
                "CONSULT_SECRET_FILE": str(tmp_path / "empty"),
                "CONSULT_SMTP_PASSWORD_FILE": str(tmp_path / "nowhere"),
                "CONSULT_PROFILE_FILE": str(tmp_path / "empty"),
            }
        )
    told = str(raised.value)
    assert [line.partition(":")[0] for line in raised.value.faults] == [
        "CONSULT_DATABASE_URL",
        "CONSULT_SECRET",
        "CONSULT_SMTP_PASSWORD",
        "CONSULT_PROFILE_FILE",
    ]
    assert PASSWORD not in told


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(InvalidSettings, match="is empty"):
        Settings.from_env({"CONSULT_SECRET_FILE": str(tmp_path / "empty")})


def test_the_installations_secret_can_be_given_instead_of_kept(tmp_path: Path) -> None:
    given = Settings.from_env({"CONSULT_DATA": str(tmp_path), "CONSULT_SECRET": "0f" * 32})
    assert secret_key(given) == b"\x0f" * 32
    assert list(tmp_path.iterdir()) == []
    kept = Settings(data=tmp_path)
    assert secret_key(kept) == secret_key(kept) == (tmp_path / "secret").read_bytes()


def test_secrets_stand_in_no_line_that_a_failing_program_writes(tmp_path: Path) -> None:
    """The database and the mail server are away, and everything is told but the passwords."""
    (tmp_path / "dsn").write_text(f"postgresql://consult:{PASSWORD}@127.0.0.1:9/consult")
    environment = {
        "PATH": "/usr/bin:/bin",
        "CONSULT_DATA": str(tmp_path),
        "CONSULT_DATABASE_URL_FILE": str(tmp_path / "dsn"),
        "CONSULT_SMTP_HOST": "127.0.0.1",
        "CONSULT_SMTP_PORT": "9",
        "CONSULT_SMTP_USER": "consult",
        "CONSULT_SMTP_PASSWORD": PASSWORD,
    }
    for words in (["serve"], ["doctor", "--mail-to", "a@example.org"]):
        command = [sys.executable, "-m", "consult", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode, words
        assert done.stderr + done.stdout
        assert PASSWORD not in done.stdout + done.stderr


def test_the_reference_says_what_the_settings_are() -> None:
    assert REFERENCE.read_text() == reference(), "python -m tests.deploy.environment --update"


@pytest.mark.parametrize(
    "address",
    ["consult.example.org", "https://", "https://a b", "https://a.org/consult", "https://a.org?x=1", "https://a:b"],
)
def test_the_public_address_is_that_of_a_host_of_its_own(address: str) -> None:
    with pytest.raises(InvalidSettings, match="CONSULT_BASE_URL"):
        Settings.from_env({"CONSULT_BASE_URL": address})


def test_the_public_address_may_end_with_a_slash() -> None:
    assert Settings.from_env({"CONSULT_BASE_URL": "https://a.org:8443/"}).base_url == "https://a.org:8443"
