"""A browser at the pages of accounts."""

from __future__ import annotations

import re

import httpx

OWN = {"sec-fetch-site": "same-origin"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def post(client: httpx.AsyncClient, path: str, **data: str) -> httpx.Response:
    """Send a form from our own pages, and keep the cookie of whoever is signed in by it."""
    answer = await client.post(f"/staff/en/{path}", data=data, headers=OWN)
    given = answer.headers.get("set-cookie", "")
    if given.startswith("staff="):
        client.headers["cookie"] = given.partition(";")[0]
    return answer


def hidden(name: str, html: str) -> str:
    """What a form carries unseen."""
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found is not None
    return found[1]
