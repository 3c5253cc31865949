"""The surveys that there are: their list, and one of them by its address."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from consult.cli.context import installation
from consult.errors import NotFound
from consult.i18n import pick
from consult.surveys import queries
from consult.surveys.survey import Survey


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_(as_json: bool) -> None:
    """List all surveys, the newest first, with the number of answers."""
    with installation() as site:
        at = datetime.now(UTC)

        async def work() -> list[dict[str, object]]:
            counted = await queries.counts()
            return [
                {
                    "slug": one.slug,
                    "title": pick(one.title, site.profile.default_language, site.profile.languages)[0],
                    "state": one.state(at).value,
                    "version": one.version,
                    "responses": counted.get(one.id, 0),
                    "opens_at": one.opens_at.isoformat() if one.opens_at else None,
                    "closes_at": one.closes_at.isoformat() if one.closes_at else None,
                    "short_link": f"{site.settings.base_url}/s/{one.code}",
                }
                for one in await queries.all_surveys()
            ]

        found = site.run(work)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(f"{one['slug']:<28}{one['state']:<10}{one['responses']:>8,} answers   {one['title']}")
    if not found:
        click.echo("There are no surveys yet. Publish one: consult survey publish FILE")


async def find(slug: str) -> Survey:
    """The survey with this key. Raises NoSuchSurvey."""
    try:
        return await queries.survey(slug)
    except NotFound:
        raise NoSuchSurvey(slug=slug) from None


class NoSuchSurvey(NotFound):
    message = "There is no survey “%(slug)s”. These are there: consult survey list"
