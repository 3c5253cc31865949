"""A check whose tool is missing: told on a machine of one's own, a fault where it should have been installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.__main__ import PACKAGES, Check, Examination, must_be_whole, told


def nothing(folder: Path) -> Examination:
    yield from ()


def test_a_missing_tool_is_a_fault_where_it_should_have_been_installed(capsys: pytest.CaptureFixture[str]) -> None:
    missing = Check("no-such-tool", "something", nothing)
    assert told([missing], is_whole=False)
    assert not told([missing, Check("sh", "another", nothing)], is_whole=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["NOT CHECKED  something: no-such-tool is not here", "ok           another (sh)"]
    assert not must_be_whole({})


def test_every_tool_is_installed_by_the_script() -> None:
    script = (Path(__file__).resolve().parents[2] / ".ci" / "tools").read_text()
    assert all(f"{tool}:{package}" in script for tool, package in PACKAGES.items())
