"""What is held about people, for the data protection officer."""

from __future__ import annotations

import click

from consult import i18n
from consult.privacy.record import document


@click.group()
def privacy() -> None:
    """What is held about people, why and how long."""


@privacy.command()
@click.option("--lang", type=click.Choice(["mk", "ka", "en"]), default="en", show_default=True)
def record(lang: str) -> None:
    """Print the record of processing as Markdown, in one language; it needs no database."""
    click.echo(document(i18n.standalone(lang)), nl=False)
