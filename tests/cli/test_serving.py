"""Serving: ready, drained, looked after, and silent about people."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn

from consult.cli.rehearsal.processes import family
from consult.cli.rehearsal.visitors import HIDDEN
from consult.cli.running import _server_options
from consult.settings import Settings, secret_key
from consult.storage import embedded
from consult.storage.postmaster import Postmaster
from consult.surveys.admission import invitations
from tests.bench.respondents import Visitor, answers
from tests.cli.town import ROOT, Serving, Town

PATH = "/en/surveys/bench"
METRIC = re.compile(r"\bconsult_[a-z_]+")
WATCHING = (ROOT / "deploy/prometheus/alerts.yml", ROOT / "deploy/grafana/consult.json")


@pytest.fixture(scope="module")
def bench(town: Town) -> Town:
    town.json("survey", "publish", ROOT / "tests" / "bench" / "survey.yaml", "--open")
    return town


def stored(town: Town) -> int:
    return next(int(one["responses"]) for one in town.json("survey", "list") if one["slug"] == "bench")


async def slow_posts(serving: Serving, number: int) -> list[int]:
    """Begin to send answers, have the server stopped in the middle, send the rest; give the statuses of receipts."""
    visitors = [Visitor("127.0.0.1", serving.port, PATH) for _ in range(number)]
    halves: list[bytes] = []
    for visitor in visitors:
        await visitor.__aenter__()
        _, page = await visitor.ask("GET", PATH)
        body = b"&".join((answers(page, random.Random(1)), *(b"%s=%s" % pair for pair in HIDDEN.findall(page))))
        head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        visitor.writer.write(f"{head}Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        assert (await visitor.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")  # it has begun to read
        visitor.writer.write(body[:500])
        halves.append(body[500:])
    serving.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.5)
    statuses = []
    for visitor, rest in zip(visitors, halves, strict=True):
        visitor.writer.write(rest)
        answer = await visitor.reader.read()  # the server closes when it has answered
        statuses.append(int(answer[9:12]) if b'id="receipt"' in answer else 0)
        visitor.writer.close()
    return statuses


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stopped_server_answers_and_stores_what_it_has_begun_to_read(bench: Town, workers: str) -> None:
    before = stored(bench)
    with bench.serving("--workers", workers) as serving:
        statuses = asyncio.run(slow_posts(serving, 12))
        assert serving.ended() == 0
    assert statuses == [200] * 12
    assert stored(bench) - before == 12
    assert serving.said == [f"Ready: http://localhost:{serving.port}/"]
    assert "Traceback" not in serving.log


def invited(town: Town) -> str:
    """The code of somebody who is invited to answer."""
    key, token = invitations.key(secret_key(Settings(data=town.data))), invitations.random_token()

    async def issue(dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        survey = await connection.fetchval("select id from survey where slug = 'bench'")
        hash_ = invitations.hashed(key, survey, token)
        await connection.execute("insert into open_token (hash, survey) values ($1, $2)", hash_, survey)
        await connection.close()

    with embedded.start(town.data) as server:
        asyncio.run(issue(server.dsn))
    return token


async def at_once(serving: Serving, token: str, number: int) -> list[int]:
    """Post the forms of one invitation from many connections at the same moment; give the statuses."""
    visitors = [Visitor("127.0.0.1", serving.port, PATH) for _ in range(number)]
    bodies = []
    for visitor in visitors:
        await visitor.__aenter__()
        _, page = await visitor.ask("GET", f"{PATH}/i/{token}")
        bodies.append(b"&".join((answers(page, random.Random(1)), *(b"%s=%s" % pair for pair in HIDDEN.findall(page)))))
    asked = (visitor.ask("POST", PATH, body) for visitor, body in zip(visitors, bodies, strict=True))
    statuses = [status for status, _ in await asyncio.gather(*asked)]
    for visitor in visitors:
        visitor.writer.close()
    return statuses


def test_two_processes_store_one_answer_of_an_invitation(bench: Town) -> None:
    before = stored(bench)
    with bench.serving("--workers", "2") as serving:
        statuses = asyncio.run(at_once(serving, invited(bench), 50))
    assert sorted(statuses) == [200] + [409] * 49
    assert stored(bench) - before == 1


def test_a_taken_port_is_said(bench: Town) -> None:
    with bench.serving() as serving:
        second = bench.consult("serve", "--port", str(serving.port))
        assert second.returncode == 1
        assert second.stderr.splitlines()[-1].startswith(f"Port {serving.port} at 127.0.0.1 is in use.")
        assert second.stdout == ""
        assert serving.stop(signal.SIGINT) == 0


def gauges(process: int) -> list[Path]:
    """The files in which a web process keeps what holds while it lives."""
    return list(Path(tempfile.gettempdir()).glob(f"consult-metrics-*/gauge_live*_{process}.db"))


OF_A_COPY = {"consult_replica_up", "consult_replica_behind_seconds"}
"""Told only where there is a copy of the database: tests/storage/test_replica.py has one."""


def test_metrics_are_for_the_machine_and_trusted_networks_only(bench: Town) -> None:
    with bench.serving("--workers", "2", CONSULT_TRUSTED_PROXIES="127.0.0.0/8") as serving:
        httpx.get(serving.url + "/en/", timeout=60)
        told = httpx.get(serving.url + "/metrics", timeout=60)
        assert told.status_code == 200
        names = set(re.findall(r"^(consult_[a-z_]+)", told.text, re.MULTILINE)) | OF_A_COPY
        wanted = {file.name: set(METRIC.findall(file.read_text())) - names for file in WATCHING}
        assert wanted == {file.name: set() for file in WATCHING}
        assert (
            httpx.get(serving.url + "/metrics", headers={"x-forwarded-for": "127.0.0.1"}, timeout=60).status_code == 404
        )
        killed = next(one for one in family(serving.process.pid)[1:] if gauges(one))
        os.kill(killed, signal.SIGKILL)
        end = time.monotonic() + 60
        while gauges(killed) and time.monotonic() < end:
            time.sleep(0.02)
        assert not gauges(killed)


def client_seen_by(settings: Settings, peer: str) -> str:
    """Whom the application believes to talk to, when peer passes a request of 203.0.113.7 on."""
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"][0])

    config = uvicorn.Config(app, **_server_options(settings))  # type: ignore[arg-type]
    config.load()
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", b"203.0.113.7")], "scheme": "http"}
    asyncio.run(config.loaded_app(scope, None, None))
    return seen[0]


def test_only_a_trusted_proxy_tells_the_address_of_a_client() -> None:
    settings = Settings.from_env({"CONSULT_TRUSTED_PROXIES": "10.0.0.0/8"})
    assert client_seen_by(settings, "10.1.2.3") == "203.0.113.7"
    assert client_seen_by(settings, "198.51.100.1") == "198.51.100.1"
    assert client_seen_by(Settings(), "10.1.2.3") == "10.1.2.3"


@pytest.fixture
def own_town() -> Iterator[Town]:
    """An installation whose server nobody else uses, so that it may be killed."""
    folder = Path(tempfile.mkdtemp(prefix="consult-cli-"))
    made = Town(folder)
    assert made.consult("migrate").returncode == 0
    yield made
    shutil.rmtree(folder)


def wait_for(url: str, status: int, headers: dict[str, str] | None = None) -> httpx.Response:
    end = time.monotonic() + 60
    while (answer := httpx.get(url, headers=headers, timeout=30)).status_code != status:
        assert time.monotonic() < end, f"{url} never gave {status}"
        time.sleep(0.02)
    return answer


def test_a_killed_database_is_told_politely_and_started_again(own_town: Town) -> None:
    cluster = own_town.data / "database" / "cluster"
    with own_town.serving() as serving:
        assert httpx.get(serving.url + "/readyz", timeout=60).status_code == 200
        running = Postmaster.of(cluster)
        assert running is not None
        os.kill(running.process, signal.SIGKILL)
        headers = {"cookie": "lang=ka; visitor=marzipan", "x-forwarded-for": "203.0.113.7"}
        away = wait_for(serving.url + "/ka/?from=marmalade", 503, headers)
        assert away.headers["retry-after"]
        assert 'lang="ka"' in away.text
        assert wait_for(serving.url + "/readyz", 200).status_code == 200
        assert httpx.get(serving.url + "/ka/", timeout=60).status_code == 200
        assert serving.stop() == 0
    assert "started again" in serving.log
    assert not any(word in serving.log for word in ("marzipan", "marmalade", "203.0.113.7", "Traceback"))
    assert Postmaster.of(cluster) is None
