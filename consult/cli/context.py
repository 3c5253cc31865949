"""What most commands need first: settings, profile, and a database that answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from consult import i18n, storage
from consult.errors import N_, Refused
from consult.mail.delivery import configure as post_office
from consult.profile import Profile, load_profile
from consult.settings import Settings, resource
from consult.storage import embedded
from consult.storage.migrate import pending

T = TypeVar("T")


class OlderSchema(Refused):
    message = N_("The database is older than this program (%(due)s due). Make a backup, then run: consult migrate")


@dataclass(frozen=True, slots=True)
class Installation:
    """One municipality's installation, with a database that is running."""

    settings: Settings
    profile: Profile
    dsn: str

    def run(self, work: Callable[[], Awaitable[T]], *, current: bool = True) -> T:
        """Run something on a connected database. Raises OlderSchema unless current=False."""

        async def connected() -> T:
            await storage.connect(self.dsn, min_size=1, max_size=4)
            try:
                due = await pending() if current else []
                if due:
                    raise OlderSchema(due=len(due))
                return await work()
            finally:
                await storage.disconnect()

        return asyncio.run(connected())


@contextmanager
def installation(settings: Settings | None = None) -> Iterator[Installation]:
    """Read the settings and the profile, and have a database: the named one, else the embedded one while it is used."""
    settings = settings or Settings.from_env()
    profile = load_profile(resource("profiles", f"{settings.profile}.toml"))
    i18n.configure(profile)
    post_office(settings, profile.name)
    if settings.database_url:
        yield Installation(settings, profile, settings.database_url)
        return
    with embedded.start(settings.data) as server:
        yield Installation(replace(settings, database_url=server.dsn), profile, server.dsn)
