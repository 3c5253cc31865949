"""Requests that no browser would make, to a real server: an answer each, never a fault of ours, and it goes on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn

from consult.app import Application
from consult.cli.running import _server_options
from consult.settings import Settings

HOST = b"Host: consult.test\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
PARTS = b"Content-Type: multipart/form-data; boundary=zq\r\n"
VAST = b"X: " + b"b" * 1_000_000
PART = b'--zq\r\nContent-Disposition: form-data; name="a%d"; filename="a"\r\n\r\nx\r\n'


def get(path: bytes, *heads: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"".join(heads) + b"\r\n"


def post(body: bytes, *heads: bytes) -> bytes:
    return b"POST /mk/follow HTTP/1.1\r\n" + HOST + b"".join(heads) + b"Content-Length: %d\r\n\r\n" % len(body) + body


MANY = [b"a%d;q=0.5" % number for number in range(4_000)]
ASKED = {
    "an address of 10,000 letters": (get(b"/mk/" + b"a" * 10_000), {404}),
    "an address of a million letters": (get(b"/mk/" + b"a" * 1_000_000), {400, 414, 431}),
    "8,000 fields in a query": (get(b"/mk/search?" + b"&".join(b"a%d=1" % one for one in range(8_000))), {200}),
    "a cookie of 60,000 letters": (get(b"/mk/", b"Cookie: lang=" + b"a" * 60_000 + b"\r\n"), {200}),
    "a cookie of a million letters": (get(b"/mk/", b"Cookie: lang=" + b"a" * 1_000_000 + b"\r\n"), {400, 431}),
    "4,000 cookies": (get(b"/staff/mk/", b"Cookie: " + b"; ".join(MANY) + b"\r\n"), {303}),
    "4,000 languages": (get(b"/", b"Accept-Language: " + b",".join(MANY) + b"\r\n"), {303}),
    "a name of a host that is none": (get(b"/").replace(b"consult.test", b"evil.example/zq@x"), {303, 400}),
    "an address of another host": (get(b"//evil.example/mk"), {404}),
    "a way out of the folder": (get(b"/static/../../../../etc/passwd"), {404}),
    "the same, quoted": (get(b"/static/%2e%2e%2f%2e%2e%2fetc/passwd"), {404}),
    "a bad quote": (get(b"/mk/%zz%ff%00"), {404}),
    "letters that are not ASCII": (get("/мк/".encode()), {400, 404}),
    "a zero in a head": (get(b"/mk/", b"X-A: a\0b\r\n"), {400}),
    "two lengths": (post(b"abc", b"Content-Length: 5\r\n"), {400}),
    "a length and pieces": (post(b"0\r\n\r\n", FORM, b"Transfer-Encoding: chunked\r\n"), {400}),
    "a length below zero": (post(b"").replace(b"Length: 0", b"Length: -5"), {400}),
    "a length beyond everything": (post(b"", FORM).replace(b"Length: 0", b"Length: 99999999999999"), {413}),
    "10,000 fields": (post(b"a=1&" * 10_000, FORM), {400}),
    "20,000 files": (post(b"".join(PART % n for n in range(20_000)) + b"--zq--\r\n", PARTS), {400}),
    "a part whose head has a million letters": (post(b"--zq\r\n" + VAST + b"\r\n\r\n--zq--", PARTS), {400}),
    "parts without an end": (post(PART + b"x" * 1_000_000, PARTS), {400}),
    "a method that nobody needs": (get(b"/mk/").replace(b"GET", b"TRACE"), {405}),
}  # fmt: skip


@pytest.fixture
async def port(application: Application, settings: Settings) -> AsyncIterator[int]:
    options = _server_options(settings) | {"lifespan": "off", "log_config": None}
    server = uvicorn.Server(uvicorn.Config(application.asgi, **options))  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await serving


async def status(port: int, raw: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    try:
        line = await asyncio.wait_for(reader.readline(), 20)
    except ConnectionError:  # the answer came, and the door was shut, before all was sent
        return 431
    writer.close()
    return int(line.split()[1])


async def test_no_request_is_too_strange_for_an_answer(port: int) -> None:
    answered = {what: await status(port, raw) for what, (raw, _) in ASKED.items()}
    assert {what: found for what, found in answered.items() if found not in ASKED[what][1]} == {}
    assert await status(port, get(b"/mk/")) == 200
