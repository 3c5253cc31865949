"""Erasing a person, from the operator's keyboard."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime

import click

from consult.cli.context import installation
from consult.privacy import erasing, finding
from consult.privacy.finding import Found, Hit
from consult.privacy.outside import BACKUPS_KEPT
from consult.results.downloads.operations import configure as exports_folder
from consult.settings import secret_key


@click.group()
def person() -> None:
    """What is held about somebody, and erasing it."""


@person.command()
@click.argument("email")
@click.option("--reason", default="A person asked to be erased.", show_default=True, help="Stays in the audit trail.")
@click.option("--with-words", is_flag=True, help="Blank the words of comments and questions too.")
@click.option("--show", is_flag=True, help="Only tell what is held.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(email: str, reason: str, with_words: bool, show: bool, yes: bool) -> None:
    """Show what is held about EMAIL, then erase it and name what remains.

    Whoever left no address is found by a telephone number in its place.
    """
    with installation() as site:
        exports_folder(site.settings)

        async def look() -> Found:
            return await finding.find(email=email, secret=secret_key(site.settings))

        async def erase() -> erasing.Outcome:
            return await erasing.forget(
                email=email, reason=reason, with_words=with_words, settings=site.settings, at=datetime.now(UTC)
            )

        found = site.run(look)
        _tell("Held about this address:", found.theirs)
        _tell("The address is written besides in:", found.mentioned)
        if found.is_nothing:
            click.echo("Nothing is held about this address.")
        if show or not found.theirs:
            return
        if not yes:
            click.confirm("Erase it for good?", abort=True)
        outcome = site.run(erase)
    click.echo("Erased.")
    _tell("The address is still written in:", outcome.remaining)
    click.echo(
        f"Backups that were made until today hold the person: delete them by {outcome.backups_until.date()} "
        f"({BACKUPS_KEPT.days} days). After one is restored, run: consult person again"
    )
    click.echo("Published reports, sent letters and the hash of a refusal of invitations stay; see deploy/privacy.md.")


@person.command()
def again() -> None:
    """Repeat the erasures noted in the data folder, after an older backup was restored."""
    with installation() as site:
        exports_folder(site.settings)

        async def work() -> erasing.Repeated:
            return await erasing.again(settings=site.settings, at=datetime.now(UTC))

        done = site.run(work)
    click.echo(f"Persons erased again: {done.persons}")
    for address, why in done.left:
        click.echo(f"Not erased: {address}. {why}", err=True)
    sys.exit(bool(done.left))


def _tell(title: str, hits: Iterable[Hit]) -> None:
    lines = [f"  {one.holding.table}: {one.rows} {', '.join(one.columns)}".rstrip() for one in hits]
    if lines:
        click.echo("\n".join([title, *lines]))
