"""Accounts of colleagues, from the operator's keyboard."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from consult.cli.context import installation
from consult.errors import NotFound
from consult.people import operations, queries, second_operations
from consult.people.letters import Letterhead
from consult.people.person import ROLES


class NoSuchAccount(NotFound):
    message = "There is no active account with the address %(email)s."


@click.group()
def staff() -> None:
    """Accounts of colleagues."""


@staff.command()
@click.argument("email")
@click.option("--name", required=True, help="As colleagues and residents see it.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(list(ROLES)), required=True, help="May be given again."
)
@click.option("--language", help="Of the person's pages and mails; else the first of the profile.")
@click.option("--password-prompt", is_flag=True, help="Ask for a password instead of printing a link to choose one.")
def add(email: str, name: str, roles: tuple[str, ...], language: str | None, password_prompt: bool) -> None:
    """Add an account and print the link by which its owner chooses a password."""
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if password_prompt else None
    with installation() as site:
        here = Letterhead(site.settings.base_url, site.profile.name)

        async def work() -> str:
            at = datetime.now(UTC)
            person = await operations.add_staff(
                email=email,
                name=name,
                roles=roles,
                language=language or site.profile.default_language,
                at=at,
                password=password,
                here=here,
                stolen=site.settings.breached_passwords,
            )
            return "" if password else await operations.invitation_link(person_id=person, here=here, at=at)

        link = site.run(work)
    click.echo(f"{name} can sign in." if password else f"Give {name} this link; it works once: {link}")


@staff.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take away the second factor of an account whose phone and recovery codes are lost; its sessions end.

    It is also separated from its account at the sign-in service: the next sign-in there joins them anew.

    Make sure first that it is really the account's owner who asks. At the next sign-in a new one can be set up.
    """
    with installation() as site:
        here = Letterhead(site.settings.base_url, site.profile.name)

        async def work() -> bool:
            person = await queries.active_by_email(email)
            if person is None:
                raise NoSuchAccount(email=email)
            return await second_operations.reset(by=None, person_id=person.id, here=here, at=datetime.now(UTC))

        had_one = site.run(work)
    click.echo("The second factor was reset." if had_one else "This account had no second factor.")
