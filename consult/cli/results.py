"""The columns that results are counted from."""

from __future__ import annotations

import json

import click

from consult.cli.bars import bar
from consult.cli.context import installation
from consult.cli.surveys import find
from consult.columns import store


@click.group()
def results() -> None:
    """Keep the columns that results are counted from."""


@results.command("rebuild")
@click.argument("survey")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def rebuild(survey: str, as_json: bool) -> None:
    """Write the column files of SURVEY anew from its answers. The platform may go on running meanwhile.

    Never needed in the ordinary course: files follow the answers, and those that are missing or damaged are made anew.
    """
    with installation() as site, bar("Rebuilding", quiet=as_json) as told:

        async def work() -> store.Opened:
            return await store.update((await find(survey)).id, anew=True, progress=told)

        found = site.run(work)
    if as_json:
        click.echo(json.dumps({"responses": found.count, "files": len(found.listed)}))
    else:
        click.echo(f"{found.count:,} answers in {len(found.listed):,} files.")
