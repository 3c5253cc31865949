"""What most commands need first: settings, profile, and a database that answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

import asyncpg

from consult import i18n, storage
from consult.columns.folder import configure as column_store
from consult.errors import N_, ConsultError, Refused
from consult.mail.delivery import configure as post_office
from consult.profile import Profile, load_profile
from consult.settings import Settings, resource
from consult.storage import embedded, hosts
from consult.storage.embedded import Embedded
from consult.storage.migrate import done, pending
from consult.surveys.definition import municipality

T = TypeVar("T")
NOT_REACHED = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
WENT_AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError)


class OlderSchema(Refused):
    message = N_("The database is older than this program (%(due)s due). Make a backup, then run: consult migrate")


class NoSchema(Refused):
    message = (
        "There is nothing in %(where)s yet. Run: consult migrate (or set CONSULT_DATA to the folder that you mean)"
    )


class NoDatabase(ConsultError):
    message = N_("The database cannot be reached: %(reason)s. Start it, or correct CONSULT_DATABASE_URL.")


@dataclass(frozen=True, slots=True)
class Installation:
    """One municipality's installation, with a database that is running. server is the embedded one, if it is ours."""

    settings: Settings
    profile: Profile
    dsn: str
    server: Embedded | None = None

    @property
    def where(self) -> str:
        """What an operator would call the database."""
        return f"the database of {self.settings.data}" if self.server else "the database"

    def run(self, work: Callable[[], Awaitable[T]], *, current: bool = True) -> T:
        """Run something on a connected database. Raises NoSchema, OlderSchema unless current=False."""

        async def connected() -> T:
            # Four places for work, and two more for the night: mixing and settling hold two each for minutes.
            await storage.connect(self.dsn, min_size=1, max_size=6, replica=self.settings.replica_url)
            try:
                due = await pending() if current else []
                if due:
                    raise OlderSchema(due=len(due)) if await done() else NoSchema(where=self.where)
                return await work()
            finally:
                await storage.disconnect()

        return asyncio.run(connected())


@contextmanager
def installation(settings: Settings | None = None) -> Iterator[Installation]:
    """Read the settings and the profile, and have a database: the named one, else the embedded one while it is used.

    Raises InvalidSettings, InvalidProfile, NoDatabase, and what the embedded server has to say.
    """
    settings = settings or Settings.from_env()
    profile = load_profile(resource("profiles", f"{settings.profile}.toml"))
    i18n.configure(profile)
    municipality.configure(profile)
    post_office(settings, profile.name)
    column_store(settings.data)
    try:
        if settings.database_url:
            _reach(settings.database_url)
            yield Installation(settings, profile, settings.database_url)
            return
        with embedded.start(settings.data) as server:
            yield Installation(replace(settings, database_url=server.dsn), profile, server.dsn, server)
    except WENT_AWAY as fault:
        raise NoDatabase(reason=_one_line(fault)) from fault


def _reach(dsn: str) -> None:
    """Knock at the database. Raises NoDatabase."""

    async def knock() -> None:
        await (await hosts.connect(dsn)).close()

    try:
        asyncio.run(knock())
    except (*NOT_REACHED, ValueError) as fault:
        raise NoDatabase(reason=_one_line(fault)) from fault


def _one_line(fault: Exception) -> str:
    return " ".join(str(fault).split()).rstrip(".") or type(fault).__name__
