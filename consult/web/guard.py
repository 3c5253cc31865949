"""What happens to every request before a handler sees it, and to every answer before it leaves.

One ASGI wrapper around the whole application: security headers on every answer, cross-site posts refused, an overlong
address refused, requests counted; what failed, was refused or was slow is logged, without addresses, cookies or
content.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

from prometheus_client import Counter, Histogram

from consult import refusals

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

LONGEST_PATH = 1_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
REQUESTS = Counter("consult_requests", "Requests answered.", ["method", "status"])
SECONDS = Histogram(
    "consult_request_seconds", "Time to the end of an answer.", buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 2, 10)
)
SLOW_S = 2.0
MEANT = "consult.meant"  # in a scope: this refusal is no fault, and would fill the log when very many come
log = logging.getLogger("consult.requests")


def content_security_policy(*, style: str = "", frame_ancestors: str = "'none'", frames: str = "") -> str:
    """Return the one policy of all pages.

    Chart pages add a style hash, embedded surveys their listed ancestors, pages that show a preview their own frames.
    """
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'{' ' + style if style else ''}; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors}; manifest-src 'self'{'; frame-src ' + frames if frames else ''}"
    )


def permissions(*, geolocation: str = "()", camera: str = "()") -> str:
    """What pages may ask of a device: nothing, but surveys that ask where somebody is, and the door of a meeting."""
    return f"camera={camera}, microphone=(), geolocation={geolocation}, payment=(), usb=(), interest-cohort=()"


HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", content_security_policy().encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", permissions().encode()),
    (b"x-frame-options", b"DENY"),
)
HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
OVERRIDABLE = {b"content-security-policy", b"x-frame-options", b"referrer-policy", b"permissions-policy"}


def is_cross_site(headers: dict[bytes, bytes], path: str, own_origin: bytes) -> bool:
    """Tell whether a state-changing request came from another site's page.

    Sec-Fetch-Site decides where a browser sends it; else an Origin must be ours (the configured one, or the host that
    was asked). With neither header, public forms accept it (old browsers, benchmarks), /staff does not.
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in {b"same-origin", b"none"}
    origin = headers.get(b"origin")
    if origin is not None:
        return origin != own_origin and origin.partition(b"://")[2] != headers.get(b"host", b"-")
    return path.startswith("/staff")


def without_nul(scope: Scope) -> None:
    """Let no NUL through in an address: PostgreSQL takes none, so nothing can have such a name."""
    if "\0" in scope["path"]:
        scope["path"] = scope["path"].replace("\0", "\ufffd")
    if b"%00" in scope["query_string"]:
        scope["query_string"] = scope["query_string"].replace(b"%00", b"")


class Guard:
    """Wrap an ASGI application.

    refuse is the application's own answer to a cross-site post, unknown the one to an address longer than any page's.
    A HEAD is answered as the GET without its body, so that no route needs to know about it.
    """

    def __init__(self, app: App, *, base_url: str, refuse: App, unknown: App) -> None:
        self.app = app
        self.refuse = refuse
        self.unknown = unknown
        self.own_origin = base_url.encode()
        self.headers = (*HEADERS, HSTS) if base_url.startswith("https://") else HEADERS

    def besides(self, own: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
        """The headers that an answer still needs besides its own ones.

        X-Frame-Options cannot name sites: where a policy lets some in, the header would contradict it in old browsers.
        """
        policy = own.get(b"content-security-policy", b"frame-ancestors 'none'")
        given = set(own) if b"frame-ancestors 'none'" in policy else {*own, b"x-frame-options"}
        return [pair for pair in self.headers if pair[0] not in given]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        without_nul(scope)
        begin = time.perf_counter()
        status = 500
        method = scope["method"]
        is_head = method == "HEAD"
        if is_head:
            scope = {**scope, "method": "GET"}

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                own = {name: value for name, value in headers if name in OVERRIDABLE}
                message["headers"] = [*headers, *(self.besides(own) if own else self.headers)]
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        app = self.app
        if method not in SAFE_METHODS and is_cross_site(dict(scope["headers"]), scope["path"], self.own_origin):
            app = self.refuse
        elif len(scope["path"]) > LONGEST_PATH:
            app = self.unknown
        try:
            await app(scope, receive, send_guarded)
        finally:
            took = time.perf_counter() - begin
            count(method, status).inc()
            SECONDS.observe(took)
            if status >= 400:
                note_refusal(scope, status, is_foreign=app is self.refuse)
            if (status >= 500 and MEANT not in scope) or took > SLOW_S:
                log.warning(
                    "request",
                    extra={"method": method, "route": route_of(scope), "status": status, "ms": round(took * 1000, 1)},
                )


def note_refusal(scope: Scope, status: int, *, is_foreign: bool) -> None:
    why = "another site's form" if is_foreign else refusals.why(scope["method"], status)
    if why is not None:
        person = scope.get("state", {}).get("person")
        account = {} if person is None else {"account": str(person.id)}
        refusals.note(why, method=scope["method"], route=route_of(scope), status=status, **account)


@lru_cache(maxsize=500)
def count(method: str, status: int) -> Counter:
    """The counter of one kind of answer: looking it up by its labels costs as much as a small handler."""
    return REQUESTS.labels(method if method in {"GET", "POST", "HEAD"} else "other", status)


def route_of(scope: Scope) -> str:
    """Return the pattern that was matched, never the address itself: links in mails hold secrets."""
    template = scope.get("path_template")
    return template if isinstance(template, str) else "-"
