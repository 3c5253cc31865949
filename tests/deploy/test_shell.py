"""deploy/consult-shell hands a command on word by word; a stand-in for systemd-run tells what it was given."""

from __future__ import annotations

import subprocess
from pathlib import Path

SHELL = Path(__file__).parents[2] / "deploy" / "consult-shell"


def handed_on(stand_in: Path, *words: str) -> list[str]:
    program = stand_in / "systemd-run"
    program.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
    program.chmod(0o755)
    environment = {"PATH": f"{stand_in}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    command = ["sh", str(SHELL), *words]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return done.stdout.decode().split("\0")[:-1]


def test_a_command_keeps_its_words(tmp_path: Path) -> None:
    words = ["consult", "staff", "add", "a@example.org", "--name", "Ана Петрова", "", "a;b & 'c' \"d\" *", "-n\ne"]
    given = handed_on(tmp_path, *words)
    at = given.index("/usr/bin/env")
    assert given[at + 1 :] == words
    assert all(one.startswith("--") for one in given[:at])
    assert "--uid=consult" in given[:at]


def test_a_dollar_stays_one_where_systemd_would_put_in_a_variable(tmp_path: Path) -> None:
    assert handed_on(tmp_path, "echo", "$HOME", "5$")[-2:] == ["$$HOME", "5$$"]


def test_without_a_command_it_is_a_shell(tmp_path: Path) -> None:
    assert handed_on(tmp_path)[-2:] == ["/usr/bin/env", "/bin/bash"]
