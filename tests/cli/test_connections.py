"""Requests that do not arrive: their connections are closed, and others notice nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from consult.cli import connections
from consult.cli.connections import Connection
from consult.cli.cycles import BadHeader, head

POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch, patient_port: int) -> int:
    """A server that loses its patience within parts of a second."""
    for name, value in (("HEAD_S", 0.3), ("SILENCE_S", 0.3), ("BODY_S", 0.8), ("LOOK_S", 0.05)):
        monkeypatch.setattr(connections, name, value)
    return patient_port


@pytest.fixture
def state() -> ServerState:
    return ServerState()


@pytest.fixture
async def patient_port(anyio_backend: object, state: ServerState) -> AsyncIterator[int]:
    """A server that waits as long as it does in service."""
    config = uvicorn.Config(echo, lifespan="off", log_level="critical", timeout_keep_alive=1)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(config, state, {}), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def told(port: int, *parts: bytes, pause_s: float = 0.1) -> bytes:
    """What the server says until it closes, while parts are sent with pauses between.

    Not by a StreamReader: where a part comes too late the connection is reset, and it would drop what was said before.
    """
    loop = asyncio.get_running_loop()
    with socket.socket() as line:
        line.setblocking(False)
        await loop.sock_connect(line, ("127.0.0.1", port))
        reading = asyncio.create_task(_read(line))
        for part in parts:
            if not reading.done():
                with contextlib.suppress(ConnectionError):
                    await loop.sock_sendall(line, part)
                await asyncio.wait({reading}, timeout=pause_s)
        async with asyncio.timeout(60):
            return await reading


async def _read(line: socket.socket) -> bytes:
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := await asyncio.get_running_loop().sock_recv(line, 65_536):
            found += piece
    return found


async def test_a_request_in_pieces_is_answered(patient_port: int) -> None:
    answer = await told(
        patient_port, POST[:20], POST[20:] + b"12345", b"67890", b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"
    )
    assert answer.count(b"HTTP/1.1 200") == 2
    assert b"1234567890" in answer


async def test_a_head_that_does_not_end_in_time_gets_408(port: int) -> None:
    assert (await told(port, b"GET / HTTP/1.1\r\nX-Slow: ", *[b"a"] * 5)).startswith(b"HTTP/1.1 408 ")


async def test_silence_within_a_body_gets_408(port: int) -> None:
    assert (await told(port, POST + b"123")).startswith(b"HTTP/1.1 408 ")


async def test_a_body_letter_by_letter_has_an_end_too(port: int) -> None:
    assert (await told(port, POST, *[b"1"] * 9, pause_s=0.15)).startswith(b"HTTP/1.1 408 ")


async def test_a_head_without_end_gets_431(patient_port: int) -> None:
    assert (await told(patient_port, b"GET / HTTP/1.1\r\n", b"X-Long: " + b"a" * 70_000)).startswith(b"HTTP/1.1 431 ")


async def test_who_says_nothing_is_told_nothing(port: int) -> None:
    assert await told(port) == b""


async def test_who_was_answered_and_stays_silent_is_let_go_without_a_word(port: int) -> None:
    answer = await told(port, POST + b"1234567890")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"1234567890")


async def told_to_end(state: ServerState) -> None:
    """As the server does it; whoever connects is known to it a moment later."""
    async with asyncio.timeout(60):
        while not state.connections:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
    for one in list(state.connections):
        one.shutdown()


@pytest.mark.parametrize("before", [b"", POST + b"1234567890"])
async def test_a_request_that_comes_while_the_server_ends_is_answered(
    patient_port: int, state: ServerState, before: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", patient_port)
    writer.write(before)
    if before:
        assert (await reader.readuntil(b"1234567890")).startswith(b"HTTP/1.1 200 ")
    await told_to_end(state)
    writer.write(POST + b"abcdefghij")
    answer = await reader.read()  # it closes when it has answered
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close\r\n" in answer
    assert answer.endswith(b"abcdefghij")
    writer.close()


async def test_a_server_that_ends_lets_silent_connections_go(patient_port: int, state: ServerState) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", patient_port)
    await told_to_end(state)
    assert await reader.read() == b""
    writer.close()


def test_a_head_says_what_the_headers_say_and_no_more() -> None:
    made = head(200, [(b"content-length", b"3"), (b"X-Own", b"a\tb")], 3)
    assert made == b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nx-own: a\tb\r\n\r\n"


@pytest.mark.parametrize("odd", [[], [(b"content-length", b"4")], [(b"content-length", b"3"), (b"connection", b"x")]])
def test_an_unusual_head_is_left_to_uvicorn(odd: list[tuple[bytes, bytes]]) -> None:
    assert head(200, odd, 3) is None


@pytest.mark.parametrize("bad", [(b"x own", b"a"), (b"x-own", b"a\r\nset-cookie: b"), (b"location", b"/\n")])
def test_no_header_can_begin_another_one(bad: tuple[bytes, bytes]) -> None:
    with pytest.raises(BadHeader):
        head(200, [(b"content-length", b"3"), bad], 3)
