"""Every component in every language of both municipalities: it renders, and what it links to is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from consult.profile import load_profile
from consult.settings import resource
from consult.web import assets
from tests.web.gallery import pages


@pytest.fixture(scope="module", params=["skopje", "telavi"])
def gallery(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    assets.build()
    profile = load_profile(resource("profiles", f"{request.param}.toml"))
    return pages(profile, tmp_path_factory.mktemp("gallery"))


def test_every_page_says_its_language_and_the_town(gallery: dict[str, str]) -> None:
    for name, text in gallery.items():
        page = html.fromstring(text)
        code = Path(name).stem.rpartition("-")[2]
        assert page.get("lang") == code
        assert " – " in page.findtext(".//title")
        assert len(page.findall(".//h1")) == 1


def test_ids_are_unique_and_references_lead_somewhere(gallery: dict[str, str]) -> None:
    for text in gallery.values():
        page = html.fromstring(text)
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        named = " ".join(page.xpath("//@aria-describedby | //@aria-labelledby | //label/@for | //@form")).split()
        linked = [href[1:] for href in page.xpath("//a/@href") if href.startswith("#") and href != "#"]
        assert set(named) | set(linked) <= set(ids)


def test_pages_load_only_our_own_files(gallery: dict[str, str]) -> None:
    for text in gallery.values():
        page = html.fromstring(text)
        loaded = page.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href")
        assert loaded
        assert all(address.startswith(("/static/", "/theme.css")) for address in loaded)
        for address in loaded:
            assert address.startswith("/theme") or (assets.STATIC / address.removeprefix("/static/")).is_file()


def test_page_with_problems_says_so_in_its_title(gallery: dict[str, str]) -> None:
    assert html.fromstring(gallery["errors-en.html"]).findtext(".//title").startswith("Error: ")
    assert not html.fromstring(gallery["filled-en.html"]).findtext(".//title").startswith("Error")


def test_workspace_is_not_for_search_engines(gallery: dict[str, str]) -> None:
    page = html.fromstring(gallery["staff-en.html"])
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert page.xpath("//form[@method='post']/@action") == ["/staff/en/sign-out"]
