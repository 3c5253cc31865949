"""The icon in the tab is a drawing that browsers can read."""

from __future__ import annotations

import re
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx


async def test_the_icon_is_well_formed(client: httpx.AsyncClient) -> None:
    page = await client.get("/en/how-it-works")
    (icon,) = re.findall(r'<link rel="icon" href="data:image/svg\+xml,([^"]+)">', page.text)
    drawing = ElementTree.fromstring(unquote(icon))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert [child.tag.rpartition("}")[2] for child in drawing] == ["rect", "path", "path"]
