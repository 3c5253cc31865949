"""What pages ask of the database: a few statements, however many rows there are.

Each page is looked at in the demonstration after everything in it has been copied so often that a page which asks
something for each row of a list is far above the limit.
"""

from __future__ import annotations

from contextlib import AsyncExitStack

import httpx

from consult.people.guards import COOKIE
from consult.profile import load_profile
from consult.settings import Settings, resource
from consult.storage import DB, fetchval
from tests.browser.cases import DOORS, PUBLIC, STAFF
from tests.browser.worlds import World
from tests.portal.makers import statements
from tests.storage.multiplying import multiply

MOST = 20
COPIES = 4
CONNECTIONS = 8
LISTED = ("survey", "draft", "forum", "consultation", "comment", "registration", "person", "unit", "standing_index")


async def test_pages_ask_little_of_the_database_however_much_is_in_it(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    world = World("filled", settings, load_profile(resource("profiles", "skopje.toml")))
    client.headers["sec-fetch-site"] = "same-origin"
    await world.make()
    await world.visit(client)
    client.cookies.set(COOKIE, world.staff_token)
    await multiply(COPIES)
    assert min([await fetchval(f"SELECT count(*) FROM {table}") for table in LISTED]) > COPIES
    await every_connection()
    wrong = []
    for route, case in (PUBLIC | DOORS | STAFF).items():
        address = case.address.format(language="mk", **world.places)
        status, number = await asked(client, address)
        for _ in range(2):  # figures that nobody has asked for since they changed are made then, and kept
            if number > MOST:
                status, number = await asked(client, address)
        if status != 200 or number > MOST:
            wrong.append(f"{route}: status {status}, {number} statements")
    assert wrong == []


async def asked(client: httpx.AsyncClient, address: str) -> tuple[int, int]:
    """The status of a page, and the number of statements that it took. A page that is none is the first."""
    async with statements() as noted:
        answer = await client.get(f"{address}{'&' if '?' in address else '?'}page=0")
    return answer.status_code, len(noted)


async def every_connection() -> None:
    """Let the pool open all its connections, so that each of them is watched."""
    assert DB.pool is not None
    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS):
            await stack.enter_async_context(DB.pool.acquire())
