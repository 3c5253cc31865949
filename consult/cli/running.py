"""Running the platform: demo, serve, worker, migrate."""

from __future__ import annotations

import asyncio
import http.client
import logging
import os
import threading
import time
from dataclasses import replace

import click
import uvicorn

from consult.app import build
from consult.cli.context import Installation, installation
from consult.cli.logs import configure as configure_logs
from consult.demo import seed
from consult.jobs import worker as job_worker
from consult.settings import Settings
from consult.storage.migrate import migrate as run_migrations

DRAIN_S = 20


@click.command()
def migrate() -> None:
    """Bring the database up to this version; every change or none. Several may run it at once."""
    with installation() as site:
        done = asyncio.run(run_migrations(site.dsn))
    click.echo(f"{len(done)} migrations done." if done else "The database is up to date.")


@click.command()
@click.option("--port", type=int, help="Instead of CONSULT_PORT.")
@click.option("--workers", type=int, help="Web processes, instead of CONSULT_WORKERS.")
def serve(port: int | None, workers: int | None) -> None:
    """Serve the pages. Background work needs `consult worker` beside it."""
    settings = _with_port(Settings.from_env(), port)
    configure_logs()
    with installation(replace(settings, workers=workers or settings.workers)) as site:
        site.run(_nothing)
        if not site.settings.abuse:
            click.echo(
                "CONSULT_ABUSE=off: limits against abuse are switched off. Use this for benchmarks only.", err=True
            )
        _announce(site.settings)
        _export(site)
        uvicorn.run(
            "consult.app:from_environment",
            factory=True,
            workers=site.settings.workers if site.settings.workers > 1 else None,
            **_server_options(site.settings),  # type: ignore[arg-type]  # one dict for two calls
        )


@click.command()
@click.option("--port", type=int, help="Instead of CONSULT_PORT.")
@click.option("--profile", "profile_name", help="The municipality: skopje or telavi.")
def demo(port: int | None, profile_name: str | None) -> None:
    """Run the platform with demonstration data, everything in one process. Ctrl-C stops it."""
    settings = _with_port(Settings.from_env(), port)
    name = profile_name or settings.profile
    folder = settings.data if "CONSULT_DATA" in os.environ else settings.data / name
    configure_logs(logging.WARNING)
    with installation(replace(settings, profile=name, data=folder)) as site:
        asyncio.run(run_migrations(site.dsn))
        accounts = site.run(lambda: seed.seed(site.settings, site.profile, progress=click.echo))
        click.echo("These data are a demonstration. Staff sign in at /staff with:")
        for account in accounts:
            click.echo(f"  {account.role:<12} {account.email:<32} {account.password}")
        _announce(site.settings)
        asyncio.run(_demo_server(site))


def _with_port(settings: Settings, port: int | None) -> Settings:
    if port is None:
        return settings
    own = f"http://localhost:{settings.port}"
    return replace(
        settings, port=port, base_url=f"http://localhost:{port}" if settings.base_url == own else settings.base_url
    )


async def _nothing() -> None:
    """Connecting alone tells whether the schema fits."""


async def _demo_server(site: Installation) -> None:
    application = build(site.settings, site.profile, dsn=site.dsn, is_demo=True, works=True)
    await uvicorn.Server(uvicorn.Config(application.asgi, **_server_options(site.settings))).serve()  # type: ignore[arg-type]


def _server_options(settings: Settings) -> dict[str, object]:
    return {
        "host": settings.host,
        "port": settings.port,
        "loop": "uvloop",
        "http": "httptools",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": True,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": ",".join(str(network) for network in settings.trusted_proxies) or None,
        "timeout_graceful_shutdown": DRAIN_S,
        "timeout_keep_alive": 30,
        "limit_concurrency": None,
        "lifespan": "on",
    }


def _export(site: Installation) -> None:
    """Hand the installation on to the web processes: they read the environment again."""
    settings = site.settings
    os.environ.update(
        CONSULT_DATABASE_URL=site.dsn,
        CONSULT_PORT=str(settings.port),
        CONSULT_BASE_URL=settings.base_url,
        CONSULT_DATA=str(settings.data),
        CONSULT_PROFILE=settings.profile,
    )


def _announce(settings: Settings) -> None:
    """Print one line when the first page can be had."""

    def watch() -> None:
        host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - compared, not bound
        while True:
            try:
                asked = http.client.HTTPConnection(host, settings.port, timeout=2)
                asked.request("GET", "/healthz")
                if asked.getresponse().status == 200:
                    break
            except OSError:
                time.sleep(0.05)
        print(f"Ready: {settings.base_url}/", flush=True)

    threading.Thread(target=watch, daemon=True).start()


@click.command()
@click.option("--concurrency", default=4, show_default=True, help="Jobs at the same time.")
def worker(concurrency: int) -> None:
    """Send mail and do other background work, until stopped; what has begun is finished."""
    configure_logs()
    with installation() as site:
        site.run(lambda: job_worker.run(site.dsn, concurrency=concurrency))
