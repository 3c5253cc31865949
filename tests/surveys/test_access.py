"""Who may answer, which sites may embed, how much at once: the rules, and the page where staff set them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from consult.records import queries as records
from consult.surveys import access, queries
from consult.surveys.access import DEFAULTS, Access
from tests.conftest import NOON
from tests.people.makers import staff
from tests.surveys.conftest import publish
from tests.surveys.makers import survey

PAGE = "/staff/en/surveys/small/access"
LIMITS = {"kiosk_idle_s": "90", "least_seconds": "2", "network_rate": "100", "burst": "120"}


@pytest.mark.parametrize(
    "line",
    ["https://www.example.org", "https://example.org:8443", "https://*.example.org", "http://localhost:8080"],
)
def test_origin_is_taken(line: str) -> None:
    assert access.origins(f" {line}/ \n{line.upper()}") == ((line,), [])


@pytest.mark.parametrize(
    "line",
    [
        "http://example.org", "example.org", "https://example.org/path", "https://ex ample.org", "https://*", "*",
        "https:", "'self'", "https://example.org;script-src", "https://a@example.org", "https://example.org:99999",
        "https://-a.org", "javascript:alert(1)", "https://example.org?x", "data:", "https://\u0435xample.org",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_named(line: str) -> None:
    found, problems = access.origins(line)
    assert problems and {problem.place for problem in problems} == {"sites"}
    assert "https://example.org" not in found


def test_policy_names_the_sites_alone() -> None:
    assert DEFAULTS.frame_ancestors == "'none'"
    assert Access(sites=("https://a.example",)).frame_ancestors == "'self' https://a.example"


def test_identified_survey_is_for_the_invited() -> None:
    assert access.of(None, "identified").who == "invited"
    assert access.of(None, "anonymous") is DEFAULTS


async def open_page(client: httpx.AsyncClient, role: str = "designer") -> UUID:
    survey_id = await publish(survey())
    await staff(client, NOON, role)
    return survey_id


async def test_settings_are_saved_with_an_entry_in_the_audit_trail(client: httpx.AsyncClient) -> None:
    survey_id = await open_page(client)
    sent = {**LIMITS, "who": "mixed", "sites": "https://a.example\nhttps://b.example", "kiosk": "1", "burst": "300"}
    assert (await client.post(PAGE, data=sent)).status_code == 303
    wanted = replace(DEFAULTS, who="mixed", sites=("https://a.example", "https://b.example"), kiosk=True, burst=300)
    assert (await queries.survey("small")).access == wanted
    entry = (await records.history("survey", survey_id))[-1]
    assert entry.kind == "survey.access_set"
    assert entry.after == {
        "who": "mixed", "sites": ["https://a.example", "https://b.example"], "kiosk": True, "burst": 300,
    }  # fmt: skip
    page = await client.get(PAGE)
    assert '&lt;iframe src="http://consult.test/en/surveys/small"' in page.text
    assert (await client.post(PAGE, data=sent)).status_code == 303
    assert (await records.history("survey", survey_id))[-1] == entry


async def test_all_faults_are_told_at_once_and_what_was_typed_stays(client: httpx.AsyncClient) -> None:
    await open_page(client)
    sent = {**LIMITS, "who": "nobody", "sites": "http://a.example", "burst": "many", "kiosk_idle_s": "3"}
    page = await client.post(PAGE, data=sent)
    assert page.status_code == 422
    for name in ("who", "sites", "burst", "kiosk_idle_s"):
        assert f'href="#{name}"' in page.text
    assert "http://a.example</textarea>" in page.text
    assert (await queries.survey("small")).access == DEFAULTS


async def test_identified_survey_is_never_opened_to_everybody(client: httpx.AsyncClient) -> None:
    await publish(survey(mode="identified"))
    await staff(client, NOON, "designer")
    page = await client.post(PAGE, data={**LIMITS, "who": "open"})
    assert page.status_code == 422
    assert 'href="#who"' in page.text


async def test_translators_may_not_set_ways_in_but_may_fetch_the_code(client: httpx.AsyncClient) -> None:
    await open_page(client, "translator")
    assert (await client.get(PAGE)).status_code == 403
    assert (await client.post(PAGE, data={**LIMITS, "who": "open"})).status_code == 403
    drawn = await client.get("/staff/en/surveys/small/qr.svg")
    assert drawn.content.startswith(b"<?xml")
    painted = await client.get("/staff/en/surveys/small/qr.png")
    assert painted.content.startswith(b"\x89PNG")
    assert int.from_bytes(painted.content[16:20], "big") >= 1600
