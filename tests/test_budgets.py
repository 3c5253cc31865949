"""What pages weigh on the wire: gzipped bytes and requests, as a resident's telephone pays for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx
import pytest

from consult.demo.seed import seed
from consult.profile import load_profile
from consult.settings import Settings, resource
from tests.conftest import NOON

KIB = 1024
MOST_REQUESTS = 10
PAGES = (
    "/mk/",
    "/mk/open",
    "/mk/consultations/street-trees",
    "/mk/surveys/city-services",
    "/mk/drafts/street-trees/comments",
    "/mk/drafts/street-trees/articles/3/comments",
    "/mk/forums",
    "/mk/forums/citizens-forum-trees",
    "/mk/search?q=Скопје",
    "/mk/how-it-works",
    "/mk/privacy",
    "/mk/accessibility",
    "/mk/results",
)
WITH_CHARTS = ("/mk/surveys/city-services-phone/results", "/mk/drafts/street-trees")


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes on the wire."""

    html: int
    css: int
    js: int
    requests: int
    has_conditions: bool


async def wire(client: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """The bytes of a page or file as they travel, and its text."""
    async with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        packed = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers.get("content-encoding") == "gzip" or len(packed) < KIB, f"{path} travels unpacked"
    return len(packed), httpx.Response(200, headers=answer.headers, content=packed).text


async def weight(client: httpx.AsyncClient, path: str) -> Weight:
    html, text = await wire(client, path)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
    scripts = re.findall(r'<script type="module" src="([^"]+)"', text)
    pictures = re.findall(r'<(?:img|source)[^>]* src(?:set)?="(/[^"]+)"', text)
    fetched = {"css": 0, "js": 0}
    asked = set(pictures)
    for kind, addresses in (("css", styles), ("js", scripts)):
        for address in addresses:
            size, body = await wire(client, address)
            fetched[kind] += size
            asked.add(address)
            asked |= {urljoin(address, part) for part in re.findall(r"url\((/[^)]+)\)", body)}
    return Weight(html, fetched["css"], fetched["js"], 1 + len(asked), any("conditions" in one for one in scripts))


@pytest.fixture
async def town(client: httpx.AsyncClient, settings: Settings) -> httpx.AsyncClient:
    await seed(settings, load_profile(resource("profiles", "skopje.toml")), progress=lambda _: None, at=NOON)
    return client


async def test_pages_of_residents_are_light(town: httpx.AsyncClient) -> None:
    found = {path: await weight(town, path) for path in (*PAGES, *WITH_CHARTS)}
    for path, weighed in found.items():
        print(f"{path:48} {weighed}")
    too_heavy = []
    for path, weighed in found.items():
        html = 60 * KIB if path in WITH_CHARTS else 8 * KIB
        script = 35 * KIB if weighed.has_conditions else 10 * KIB
        limits = {"html": html, "css": 20 * KIB, "js": script, "requests": MOST_REQUESTS}
        too_heavy += [f"{path}: {n} {getattr(weighed, n)} > {most}" for n, most in limits.items()
                      if getattr(weighed, n) > most]  # fmt: skip
    assert too_heavy == []
