"""Addresses that belong to no domain: assets, the municipal colours, health, metrics, and `/`."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import mimetypes
import os
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from consult.errors import NotFound
from consult.i18n import negotiate
from consult.profile import Profile
from consult.settings import resource
from consult.storage import AWAY, fetchval, is_away
from consult.storage.measures import machine
from consult.web.pages import AnyRequest, plain_page, shell

FOR_EVER = "public, max-age=31536000, immutable"
READY_S = 3
SECURITY_TEXT_VALID = timedelta(days=180)
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


@lru_cache(maxsize=256)
def asset(name: str, encoding: str) -> tuple[bytes, str, str] | None:
    """Return an asset's bytes, media type and content encoding; None where there is none."""
    folder = Path(resource("static")).resolve()
    path = (folder / name).resolve()
    if folder not in path.parents or not path.is_file() or path.suffix in {".br", ".gz"}:
        return None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    for token, ending in ENCODINGS:
        packed = path.with_name(path.name + ending)
        if token in encoding and packed.is_file():
            return packed.read_bytes(), kind, token
    return path.read_bytes(), kind, ""


@get("/static/{name:path}")
async def static_file(request: AnyRequest, name: FromPath[Path]) -> Response[bytes]:
    accepted = request.headers.get("accept-encoding", "")
    found = asset(str(name).lstrip("/"), ",".join(token for token, _ in ENCODINGS if token in accepted))
    if found is None:
        raise NotFound
    body, kind, encoding = found
    headers = {"cache-control": FOR_EVER, "vary": "accept-encoding"}
    if encoding:
        headers["content-encoding"] = encoding
    return Response(body, media_type=kind, headers=headers)


def theme(profile: Profile) -> bytes:
    """The municipality's colours as the variables that the style sheets use."""
    colours = profile.colours
    return (
        f":root{{--c-brand:{colours.brand};--c-brand-deep:{colours.deep};--c-brand-tint:{colours.tint};--c-bar:{colours.bar}}}"
    ).encode()


def theme_url(profile: Profile) -> str:
    return f"/theme.css?v={hashlib.blake2b(theme(profile), digest_size=4).hexdigest()}"


@get("/theme.css")
async def theme_file(request: AnyRequest, profile: NamedDependency[Profile]) -> Response[bytes]:
    return plain_page(request, theme(profile), "text/css; charset=utf-8", headers={"cache-control": FOR_EVER})


@get("/")
async def front_door(request: AnyRequest) -> Redirect:
    """The only address that negotiates a language."""
    language = negotiate(request.headers.get("accept-language", ""))
    return Redirect(f"/{language}/", status_code=303, headers={"vary": "accept-language", "cache-control": "no-store"})


@get("/.well-known/security.txt")
async def security_text(request: AnyRequest, profile: NamedDependency[Profile]) -> Response[bytes]:
    """Whom to tell of a weakness (RFC 9116): the town's address, which knows what to do (deploy/security.md)."""
    made = shell(request)
    lines = {
        "Contact": f"mailto:{profile.contact.email}",
        "Expires": (made.clock() + SECURITY_TEXT_VALID).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Preferred-Languages": ", ".join(profile.languages),
        "Canonical": f"{made.settings.base_url}/.well-known/security.txt",
    }
    body = "".join(f"{name}: {value}\n" for name, value in lines.items()).encode()
    return Response(body, media_type="text/plain", headers={"cache-control": "public, max-age=86400"})


@get("/healthz")
async def healthz() -> Response[bytes]:
    """The process answers."""
    return Response(b"ok\n", media_type="text/plain", headers={"cache-control": "no-store"})


@get("/readyz")
async def readyz() -> Response[bytes]:
    """The process answers and reaches its database; 503 otherwise."""
    try:
        async with asyncio.timeout(READY_S):
            await fetchval("select 1")
    except AWAY as fault:
        if not is_away(fault):
            raise
        return Response(
            b"database away\n",
            status_code=503,
            media_type="text/plain",
            headers={"retry-after": "5", "cache-control": "no-store"},
        )
    return Response(b"ready\n", media_type="text/plain", headers={"cache-control": "no-store"})


@get("/metrics")
async def metrics(request: AnyRequest) -> Response[bytes]:
    """Prometheus metrics of all web processes; only for the machine itself and the trusted networks.

    While the database is away what it would have told is left out, and consult_database_up is 0.
    """
    if not is_near(request):
        raise NotFound
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    beside = CollectorRegistry()
    beside.register(Told([*await told_by_database(request), *machine(shell(request).settings.data)]))
    body = generate_latest(registry) + generate_latest(beside)
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"cache-control": "no-store"})


class Told(Collector):
    """Figures that are looked up when they are asked for."""

    def __init__(self, found: list[Metric]) -> None:
        self.found = found

    def collect(self) -> list[Metric]:
        return self.found


async def told_by_database(request: AnyRequest) -> list[Metric]:
    found: list[Metric] = []
    try:
        async with asyncio.timeout(READY_S):
            for measured in request.app.state.get("measures", ()):
                found += await measured()
    except AWAY as fault:
        if not is_away(fault):
            raise
        found = []
        is_up = 0
    else:
        is_up = 1
    return [*found, GaugeMetricFamily("consult_database_up", "Whether the database answers.", is_up)]


def is_near(request: AnyRequest) -> bool:
    """Whether a request comes from this machine or a trusted network, and by no proxy: that speaks for others."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    if request.client is None:  # a unix socket
        return True
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    return address.is_loopback or any(address in network for network in shell(request).settings.trusted_proxies)


routes = [static_file, theme_file, front_door, security_text, healthz, readyz, metrics]
