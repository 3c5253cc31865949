"""The command line: one module a group of commands, loaded only when it is asked for.

Exit codes: 0 done, 1 refused or failed with a reason on standard error, 2 a wrong command line.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from consult import __version__
from consult.errors import ConsultError, Invalid
from consult.profile import InvalidProfile
from consult.settings import InvalidSettings

# Statistics, charts and the web stack cost half a second to load: a command names its module, and only that is loaded.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("consult.cli.running:demo", "Run the platform with demonstration data."),
    "serve": ("consult.cli.running:serve", "Run the platform."),
    "worker": ("consult.cli.running:worker", "Send mail and do other background work, until stopped."),
    "migrate": ("consult.cli.running:migrate", "Bring the database up to this version."),
    "doctor": ("consult.cli.doctor:doctor", "Tell what is wrong and how to mend it."),
    "staff": ("consult.cli.staff:staff", "Accounts of colleagues."),
    "survey": ("consult.cli.groups:survey", "Check, publish and list surveys."),
    "draft": ("consult.cli.groups:draft", "Import and compare draft regulations."),
    "consultation": ("consult.cli.groups:consultation", "Make the report on a consultation."),
    "responses": ("consult.cli.groups:responses", "Import and export answers, look for a receipt."),
    "results": (
        "consult.cli.groups:results",
        "Keep the columns that results are counted from; make a survey's report.",
    ),
    "rehearse": ("consult.cli.rehearsal:rehearse", "Load a copy of a survey, and tell how much this machine carries."),
    "person": ("consult.cli.person:person", "What is held about somebody, and erasing it."),
    "privacy": ("consult.cli.privacy:privacy", "What is held about people, why and how long."),
    "backup": ("consult.cli.archive:backup", "Write everything into one file."),
    "restore": ("consult.cli.archive:restore", "Bring a backup into an empty database."),
}


class Lazy(click.Group):
    """A group that imports a command's module when the command is used."""

    def __init__(self, *arguments: Any, places: Mapping[str, tuple[str, str]] = COMMANDS, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.places = places

    def list_commands(self, context: click.Context) -> list[str]:
        return list(self.places)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        found = self.places.get(name)
        if found is None:
            return None
        module, _, attribute = found[0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self.places.items()])

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (InvalidSettings, InvalidProfile) as fault:
            fail(str(fault))
        except Invalid as refused:
            fail("\n".join(str(problem) for problem in refused.problems) or str(refused))
        except ConsultError as refused:
            fail(str(refused))
        except BrokenPipeError:
            sys.exit(1)  # who reads our output has had enough of it
        except OSError as fault:
            fail(_told(fault))


def _told(fault: OSError) -> str:
    """What the machine says of a file, or that its folder is not there."""
    if isinstance(fault, FileNotFoundError) and isinstance(fault.filename, str | Path):
        folder = Path(fault.filename).absolute().parent
        if not folder.exists():
            return f"There is no folder {folder}. Make it, or correct the name."
    return ": ".join(str(part) for part in (fault.filename, fault.strerror or fault) if part)


def fail(reason: str) -> None:
    """Say on standard error why it did not work, and end with exit code 1."""
    click.echo(reason, err=True)
    sys.exit(1)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="consult")
def main() -> None:
    """Surveys, public forums and consultations on draft regulations.

    Settings are read from the environment (CONSULT_PORT, CONSULT_DATA, ...); deploy/environment.md lists them.
    """
