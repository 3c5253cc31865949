"""Running the platform: demo, serve, worker, migrate."""

from __future__ import annotations

import asyncio
import http.client
import logging
import os
import shlex
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import click
import uvicorn

from consult.cli.connections import Connection, many_connections
from consult.cli.context import Installation, installation
from consult.cli.ending import ends_in_order
from consult.cli.listening import BACKLOG, keep, listening
from consult.cli.logs import configure as configure_logs
from consult.cli.logs import dictionary as log_configuration
from consult.cli.memory import keep_what_stays
from consult.cli.supervising import Ready, Supervisor
from consult.errors import ConsultError
from consult.settings import Settings
from consult.storage.embedded import Embedded
from consult.storage.migrate import migrate as run_migrations

DRAIN_S = 20
WATCH_S = 1.0
log = logging.getLogger("consult.running")


@click.command()
def migrate() -> None:
    """Bring the database up to this version; every change or none. Several may run it at once."""
    with installation() as site:
        done = asyncio.run(run_migrations(site.dsn))
    click.echo(f"{len(done)} migrations done." if done else "The database is up to date.")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of CONSULT_PORT.")
@click.option("--workers", type=click.IntRange(1), help="Web processes, instead of CONSULT_WORKERS.")
def serve(port: int | None, workers: int | None) -> None:
    """Serve the pages. Background work needs `consult worker` beside it."""
    settings = _with_port(Settings.from_env(), port)
    settings = replace(settings, workers=workers or settings.workers)
    configure_logs()
    with ends_in_order(), listening(settings) as listener, installation(settings) as site:
        site.run(_nothing)
        keep(listener)
        if not settings.abuse:
            click.echo(
                "CONSULT_ABUSE=off: limits against abuse are switched off. Use this for benchmarks only.", err=True
            )
        with ExitStack() as stack:
            if settings.workers > 1:
                # Each process counts into a file here; whichever is asked for /metrics adds them up.
                counters = stack.enter_context(tempfile.TemporaryDirectory(prefix="consult-metrics-"))
                os.environ["PROMETHEUS_MULTIPROC_DIR"] = counters
            _web(site, listener).run()


def _web(site: Installation, listener: socket.socket) -> Supervisor:
    """The web processes: the application is put together once, and each of them serves it."""
    from consult.app import build  # after PROMETHEUS_MULTIPROC_DIR is set: the counters look for it at once
    from consult.i18n import languages, locale
    from consult.web.templating import preload

    settings = site.settings
    logging.getLogger("consult").setLevel(logging.INFO)
    application = build(settings, site.profile, dsn=site.dsn)
    preload(locale(code) for code in languages())
    config = uvicorn.Config(application.asgi, **_server_options(settings))  # type: ignore[arg-type]

    def work(ready: Ready) -> None:
        many_connections()
        keep_what_stays()
        _Server(config, ready).run(sockets=[listener])

    def announce() -> None:
        print(f"Ready: {settings.base_url}/", flush=True)

    return Supervisor(work, settings.workers, watch=_Watch(site.server), ready=announce, ended=_uncount)


def _uncount(process: int) -> None:
    """Leave a process that has died out of the gauges; what it counted still counts."""
    from prometheus_client.multiprocess import mark_process_dead

    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(process)  # type: ignore[no-untyped-call]


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Ready) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Instead of CONSULT_PORT.")
@click.option("--profile", "profile_name", help="The municipality: skopje or telavi.")
def demo(port: int | None, profile_name: str | None) -> None:
    """Run the platform with demonstration data, everything in one process. Ctrl-C stops it.

    It sends no mail, whatever the settings say: letters are written into the folder of the data.
    """
    from consult.demo import seed  # `serve` needs none of it

    settings = _with_port(Settings.from_env(), port)
    name = profile_name or settings.profile
    folder = settings.data if "CONSULT_DATA" in os.environ else settings.data / name
    settings = replace(settings, profile=name, data=folder, workers=1, smtp_host=None)
    configure_logs(logging.WARNING)
    with ends_in_order(), listening(settings) as listener, installation(settings) as site:
        asyncio.run(run_migrations(site.dsn))
        accounts = site.run(lambda: seed.seed(site.settings, site.profile, progress=click.echo))
        click.echo("These data are a demonstration. Staff sign in at /staff with:")
        for account in accounts:
            click.echo(f"  {account.role:<12} {account.email:<32} {account.password}")
        click.echo("Here the password is enough; a second factor can be tried under My account.")
        click.echo("Commands act on these data, in another terminal, after:")
        click.echo(
            f"  export CONSULT_DATA={shlex.quote(str(folder))} CONSULT_PROFILE={name} CONSULT_PORT={settings.port}"
        )
        _announce(settings)
        with _kept_running(site.server):
            _demo_server(site).run(sockets=[listener])


def _demo_server(site: Installation) -> uvicorn.Server:
    from consult.app import build

    application = build(site.settings, site.profile, dsn=site.dsn, is_demo=True, works=True)
    return uvicorn.Server(uvicorn.Config(application.asgi, **_server_options(site.settings, logging.WARNING)))  # type: ignore[arg-type]


@click.command()
@click.option("--concurrency", type=click.IntRange(1), default=4, show_default=True, help="Jobs at the same time.")
def worker(concurrency: int) -> None:
    """Send mail and do other background work, until stopped; what has begun is finished."""
    from consult import app  # every domain registers its background work there
    from consult.jobs import worker as job_worker

    configure_logs()
    with ends_in_order(), installation() as site:
        app.configure(site.settings, site.profile)
        site.run(_nothing)

        def work(ready: Ready) -> None:
            ready()
            site.run(lambda: job_worker.run(site.dsn, concurrency=concurrency))

        Supervisor(work, 1, watch=_Watch(site.server), ready=lambda: None).run()


def _with_port(settings: Settings, port: int | None) -> Settings:
    if port is None:
        return settings
    own = f"http://localhost:{settings.port}"
    return replace(
        settings, port=port, base_url=f"http://localhost:{port}" if settings.base_url == own else settings.base_url
    )


async def _nothing() -> None:
    """Connecting alone tells whether the schema fits."""


class _Watch:
    """Looks after our own database server: killed from outside, it is started again."""

    def __init__(self, server: Embedded | None) -> None:
        self.server = server
        self.next = 0.0

    def __call__(self) -> None:
        if self.server is None or time.monotonic() < self.next:
            return
        self.next = time.monotonic() + WATCH_S
        try:
            if self.server.process is None and self.server.revive():
                log.warning("the embedded database had gone and was started again")
        except (ConsultError, OSError) as fault:
            log.error("the embedded database does not start: %s", fault)


@contextmanager
def _kept_running(server: Embedded | None) -> Iterator[None]:
    """Look after our own database server from a thread, in a program that is a single process."""
    look = _Watch(server)
    ending = threading.Event()

    def watch() -> None:
        while not ending.wait(WATCH_S):
            look()

    watcher = threading.Thread(target=watch, name="database-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ending.set()
        watcher.join()


def _server_options(settings: Settings, level: int = logging.INFO) -> dict[str, object]:
    return {
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "loop": "uvloop",
        "http": Connection,
        "log_config": log_configuration(level),
        "access_log": False,
        "server_header": False,
        "date_header": True,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": [str(network) for network in settings.trusted_proxies],
        "timeout_graceful_shutdown": DRAIN_S,
        "timeout_keep_alive": 30,
        "lifespan": "on",
        "backlog": BACKLOG,
    }


def _announce(settings: Settings) -> None:
    """Print one line when the first page can be had."""

    def watch() -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
        while True:
            with suppress(OSError, http.client.HTTPException):
                asked = http.client.HTTPConnection(host, settings.port, timeout=2)
                asked.request("GET", "/healthz")
                if asked.getresponse().status == 200:
                    break
            time.sleep(0.05)
        print(f"Ready: {settings.base_url}/", flush=True)

    threading.Thread(target=watch, daemon=True).start()
