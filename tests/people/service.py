"""A certified OpenID Connect provider run from its package, and a person who signs in there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import httpx

from consult.web import assets
from tests.ports import free_port

CLIENT, SECRET = "consult", "a secret of the client/+ %"
BACK = "http://consult.test/staff/oidc/callback"
LEFT = "http://consult.test/staff/oidc/signed-out"


@dataclass
class Provider:
    """issuer is its address; told is what it posted to the back channel, as it was sent."""

    issuer: str
    told: list[bytes] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Provider]:
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}")

    class BackChannel(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            provider.told.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    listener = HTTPServer(("127.0.0.1", 0), BackChannel)
    Thread(target=listener.serve_forever, daemon=True).start()
    node, _ = assets.toolchain()
    script = str(Path(__file__).with_name("provider.mjs"))
    back_channel = f"http://127.0.0.1:{listener.server_port}/oidc/logout"
    with subprocess.Popen(
        [*node, script, str(port), CLIENT, SECRET, BACK, LEFT, back_channel],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        yield provider
        process.terminate()
    listener.shutdown()
    listener.server_close()


async def at_the_service(client: httpx.AsyncClient, address: str, email: str, wanted: str = BACK) -> str:
    """Sign in or out at the provider as a person does, and return the address that it sends the browser back to."""
    answer = await client.get(address)
    for _ in range(12):
        if answer.is_redirect:
            address = str(answer.url.join(answer.headers["location"]))
            if address.startswith(wanted):
                return address
            answer = await client.get(address)
            continue
        assert answer.status_code == 200, answer.text
        action = re.search(r'action="([^"]+)"', answer.text)
        assert action is not None
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
        sent = {**hidden, "login": email, "password": "any", "logout": "yes"}
        answer = await client.post(answer.url.join(action[1]), data=sent)
    raise AssertionError("the provider never sent the browser back")


async def way_back(
    browser: httpx.AsyncClient, email: str, following: str = "", *, there: httpx.AsyncClient | None = None
) -> str:
    """From our sign-in page to the provider and back. there: a browser that stays signed in at the provider."""
    page = await browser.get("/staff/en/sign-in", params={"next": following} if following else {})
    assert "Sign in with the town hall" in page.text
    begun = await browser.get("/staff/en/oidc", params={"next": following})
    assert begun.status_code == 303
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert "httponly" in begun.headers["set-cookie"].lower()
    if there is not None:
        return await at_the_service(there, begun.headers["location"], email)
    async with httpx.AsyncClient(timeout=60) as client:
        return await at_the_service(client, begun.headers["location"], email)
