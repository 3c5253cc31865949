"""Whether what a respondent was told is true: the code of a receipt, held against the answers."""

from __future__ import annotations

import sys

import click

from consult.cli.context import installation
from consult.surveys import queries


@click.command("receipt")
@click.argument("code")
def receipt(code: str) -> None:
    """Tell whether the answer whose receipt has CODE is stored; exit code 1 if it is not.

    Nothing else is told: not of which survey it is, not when it came, not what it says.
    """
    with installation() as site:
        found = site.run(lambda: queries.is_stored(code))
    if found is None:
        raise click.BadParameter("a receipt has ten letters and digits, such as 7K3M-92QF-HD.", param_hint="CODE")
    click.echo("Stored." if found else "Not stored. It may have been erased since.")
    sys.exit(not found)
