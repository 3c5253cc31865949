"""What deploy/asvs.md promises of every answer and of the code, tried out where it costs little."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import httpx
import pytest

from consult.app import Application
from consult.cli.logs import JsonLines, dictionary
from consult.settings import Settings, secret_key
from tests.conftest import NOON
from tests.people.makers import a_person, signed_in_as

CODE = Path(__file__).resolve().parents[2] / "consult"
ASKING = re.compile(
    r"^\s*(?:import|from) (httpx|requests|aiohttp|urllib\.request|http\.client|urllib3)\b", re.MULTILINE
)
WEAK = re.compile(r"hashlib\.(?:md5|sha1)\((?!.*usedforsecurity=False)|\brandom\.(?:choice|randbytes|getrandbits)\(")
SHELL = re.compile(
    r"shell=True|os\.system\(|os\.popen\(|create_subprocess_shell|getoutput|(?<!\.)\b(?:eval|exec|compile)\("
    r"|\b(?:pickle|marshal|shelve)\b|yaml\.(?:unsafe|full)_load|yaml\.load\((?!.*Loader=)"
)
IN_BROWSERS = re.compile(r"\beval\(|\bnew Function\b|document\.write|insertAdjacentHTML|\.(?:inner|outer)HTML\s*=(?!=)")
AT_OTHERS = ("people/oidc", "cli/running.py")
"""The town's own sign-in service, and our own pages while they are rehearsed."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(base_url="https://consult.test", data=tmp_path)


async def test_every_answer_keeps_what_browsers_are_told(application: Application) -> None:
    transport = httpx.ASGITransport(app=application.asgi, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://consult.test") as browser:
        person = await a_person(roles=("admin",))
        for address in ("/mk/", "/mk/none", "/api/v1/consultations", "/staff/mk/sign-in", "/theme.css", "/static/none"):
            given = await browser.get(address, headers={"origin": "https://evil.example"})
            assert given.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
            assert given.headers["referrer-policy"] == "same-origin"
            assert given.headers["x-content-type-options"] == "nosniff"
            assert not [name for name in given.headers if name.startswith("access-control")], address
        form = (await browser.get("/staff/mk/sign-in")).text
        assert re.search(r'<input[^>]*name="password"[^>]*type="password"[^>]*autocomplete="current-password"', form)
        assert not re.search(r"onpaste|oncopy|maxlength=\"\d\"", form)
        await signed_in_as(browser, person, NOON)
        browser.headers["cookie"] = f"__Secure-{browser.headers['cookie']}"
        inside = await browser.get("/staff/mk/")
        assert inside.headers["cache-control"] == "no-store"
        assert re.search(r'method="post" action="/staff/mk/sign-out"', inside.text)


async def test_names_of_files_lead_nowhere_else(client: httpx.AsyncClient) -> None:
    for name in (
        "../../settings.py",
        "%2e%2e%2fsettings.py",
        "..%5c..%5csettings.py",
        "/etc/passwd",
        "manifest.json/..",
    ):
        assert (await client.get(f"/static/{name}")).status_code == 404


def test_the_code_asks_nobody_else_and_uses_no_shell_and_no_weak_sum() -> None:
    files = {
        str(path.relative_to(CODE)): path.read_text() for path in CODE.rglob("*.py") if "node_modules" not in str(path)
    }
    assert [name for name, text in files.items() if ASKING.search(text) and not name.startswith(AT_OTHERS)] == []
    assert [name for name, text in files.items() if WEAK.search(text) and not name.startswith("demo/")] == []
    assert [name for name, text in files.items() if SHELL.search(text)] == []
    scripts = {str(path.relative_to(CODE)): path.read_text() for path in (CODE / "web/scripts").rglob("*.js")}
    assert len(scripts) > 20
    assert [name for name, text in scripts.items() if IN_BROWSERS.search(text)] == []


def test_the_secret_is_its_owners_alone_and_of_256_bits(tmp_path: Path) -> None:
    assert len(secret_key(Settings(data=tmp_path))) == 32
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_line_of_the_log_is_json_in_utc_on_standard_error() -> None:
    record = logging.LogRecord("consult", logging.WARNING, "file", 1, "said\nfalse line", None, None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["at"].endswith("+00:00")
    assert {one["stream"] for one in dictionary()["handlers"].values()} == {"ext://sys.stderr"}
