"""What the files under deploy/ call things is what the program calls them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from consult.cli import COMMANDS, main
from consult.settings import FILE, PREFIX, Settings
from tests.cli.town import ROOT
from tests.deploy.dashboard import DASHBOARD, dashboard

DEPLOY = ROOT / "deploy"
FOLDERS = ("systemd", "nginx", "caddy", "container", "prometheus", "grafana")
WRITTEN_BY_HAND = [
    *sorted(path for folder in FOLDERS for path in (DEPLOY / folder).iterdir()),
    DEPLOY / "consult.env",
    DEPLOY / "consult-shell",
    DEPLOY / "runbook.md",
]
KNOWN = {PREFIX + one.name.upper() for one in fields(Settings)}
KNOWN |= {PREFIX + one.name.upper() + FILE for one in fields(Settings) if one.metadata["secret"]}


@pytest.mark.parametrize("file", WRITTEN_BY_HAND, ids=lambda file: file.name)
def test_settings_that_are_named_exist(file: Path) -> None:
    assert set(re.findall(r"CONSULT_[A-Z_]+[A-Z]", file.read_text())) <= KNOWN


@pytest.mark.parametrize("file", WRITTEN_BY_HAND, ids=lambda file: file.name)
def test_commands_that_are_named_exist_with_their_options(file: Path) -> None:
    context = click.Context(main)
    for name, rest in re.findall(r"(?:bin/consult|`consult|^    consult) ([a-z]+)([^`\n]*)", file.read_text(), re.M):
        command = main.get_command(context, name)
        assert command is not None, f"{name} is none of {list(COMMANDS)}"
        taken = {option for one in command.params for option in one.opts}
        if not isinstance(command, click.Group):
            assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= taken, name


def test_the_dashboard_is_made_from_its_table() -> None:
    assert DASHBOARD.read_text() == dashboard(), "python -m tests.deploy.dashboard --update"


def test_the_settings_of_the_example_can_be_read() -> None:
    lines = (line for line in (DEPLOY / "consult.env").read_text().splitlines() if line and not line.startswith("#"))
    assert Settings.from_env(dict(line.split("=", 1) for line in lines)).workers == 2


def test_the_image_copies_what_there_is_and_starts_the_program() -> None:
    told = (DEPLOY / "container" / "Containerfile").read_text()
    found = re.search(r"^COPY (\S+) dist/consult-\*\.whl ", told, re.M)
    assert found is not None
    assert (ROOT / found[1]).is_file()
    assert 'ENTRYPOINT ["consult"]' in told
    assert "USER 10001:10001" in told


def test_what_a_release_installs_can_sign_in_through_the_towns_own_service() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["oidc"]
    locked = re.findall(r"^([a-z0-9-]+)==", (DEPLOY / "requirements.txt").read_text(), re.M)
    assert {re.split(r"[^a-z0-9-]", one)[0] for one in wanted} <= set(locked)
