"""The door of every staff page: who is there, and may they come in."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler

from consult.errors import NotAllowed
from consult.people import queries, sessions
from consult.people.devices import device_of
from consult.people.person import Awaited, Person, network_of
from consult.people.places import KEPT, Browser, larger_network
from consult.people.queries import Session
from consult.people.second_factor import Vault
from consult.people.sessions import SignedIn
from consult.settings import secret_key
from consult.web import AnyRequest, see_other
from consult.web.failures import language_of
from consult.web.keeping import NEVER_KEPT, SIGNED_IN
from consult.web.pages import shell

COOKIE = "staff"
PUBLIC: dict[str, bool] = {"public": True, **NEVER_KEPT}
"""`opt=PUBLIC` on a route under /staff says: open to everybody, on purpose. Every other one needs a guard."""
MOST_LATELY = 2_000
_lately: OrderedDict[bytes, None] = OrderedDict()
"""Hashes of the sessions that this process saw: so a form of staff is kept though the database is away."""

Connection = ASGIConnection[Any, Any, Any, Any]


class SignInNeeded(Exception):
    """Nobody is signed in here; the answer is the way to the sign-in page."""


class SecondFactorNeeded(Exception):
    """The password was right, and a code or setting up a second factor comes before anything else."""

    def __init__(self, awaits: Awaited) -> None:
        self.awaits = awaits


class requires:  # noqa: N801 - reads as a word in guards=[requires("moderator")]
    """A guard that lets in whoever has one of these roles; administrators always, without roles anybody signed in.

    arriving: lets in also who still has to enter a code ("code"), or to set a second factor up ("enrol").
    """

    def __init__(self, *roles: str, arriving: tuple[Awaited, ...] = ()) -> None:
        self.roles = frozenset(roles)
        self.arriving = frozenset(arriving)

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        session = await session_of(connection)
        if session is None:
            raise SignInNeeded
        if session.awaits is not None and session.awaits not in self.arriving:
            raise SecondFactorNeeded(session.awaits)
        if not session.person.may(*self.roles):
            raise NotAllowed


async def session_of(connection: Connection) -> Session | None:
    """The session of a request, even if only half of one; whole ones set `state.person` for the layout."""
    token = connection.cookies.get(cookie_name(connection), "")
    if not 20 <= len(token) <= 100:
        return None
    at = shell(connection).clock()
    lately = sha256(token.encode()).digest()
    if lately in _lately:
        connection.scope[SIGNED_IN] = True  # type: ignore[literal-required]
    session = await queries.session(token, at)
    _note(connection, lately, is_whole=session is not None and session.awaits is None)
    if session is not None:
        await sessions.touch(session, at)
        state = connection.scope.setdefault("state", {})
        state["session"] = session
        if session.awaits is None:
            state["person"] = session.person
    return session


def _note(connection: Connection, lately: bytes, *, is_whole: bool) -> None:
    _lately.pop(lately, None)
    connection.scope.pop(SIGNED_IN, None)  # type: ignore[misc]
    if is_whole:
        connection.scope[SIGNED_IN] = True  # type: ignore[literal-required]
        _lately[lately] = None
        if len(_lately) > MOST_LATELY:
            _lately.popitem(last=False)


async def signed_in(connection: Connection) -> Session | None:
    """The whole session of a request; None for strangers and for those who are still arriving."""
    session = await session_of(connection)
    return session if session is not None and session.awaits is None else None


async def provide_person(request: AnyRequest) -> Person:
    person: Person = request.scope["state"]["person"]
    return person


async def provide_session(request: AnyRequest) -> Session:
    session: Session = request.scope["state"]["session"]
    return session


STEPS: dict[Awaited, str] = {"code": "code", "enrol": "second-factor"}
"""Where each half session goes on, below /staff/{language}/."""


def to_sign_in(request: AnyRequest, _: SignInNeeded) -> Response[Any]:
    """Send a stranger to the sign-in page, and back to this one afterwards (a page, never a post)."""
    return _by_way_of(request, "sign-in")


def to_second_factor(request: AnyRequest, needed: SecondFactorNeeded) -> Response[Any]:
    return _by_way_of(request, STEPS[needed.awaits])


def _by_way_of(request: AnyRequest, place: str) -> Response[Any]:
    spoken = language_of(request).code
    target = f"/staff/{spoken}/{place}"
    path = request.scope["path"]
    if request.method == "GET" and path.rstrip("/") != f"/staff/{spoken}":
        query = request.scope["query_string"].decode("latin-1")
        target += "?next=" + quote(path + (f"?{query}" if query else ""), safe="")
    return see_other(target)


def network(request: AnyRequest) -> str:
    """The client's network, as sign-in limits count it."""
    return network_of(request.client.host if request.client else "")


def browser(request: AnyRequest) -> Browser:
    """What somebody signs in with: its name, the mark it was given, its larger network."""
    address = request.client.host if request.client else ""
    return Browser(
        device_of(request.headers.get("user-agent", "")),
        request.cookies.get(mark_name(request), ""),
        larger_network(address, secret_key(shell(request).settings)),
    )


def is_secure(connection: Connection) -> bool:
    return shell(connection).settings.base_url.startswith("https://")


def cookie_name(connection: Connection) -> str:
    """Over HTTPS the prefix makes browsers refuse a cookie of this name that came without it."""
    return f"__Secure-{COOKIE}" if is_secure(connection) else COOKIE


def set_cookie(answer: Response[Any], request: AnyRequest, token: str) -> None:
    """Give the browser its session: for this browser session only, unreadable for scripts, for staff pages alone."""
    answer.set_cookie(
        cookie_name(request), token, path="/staff", secure=is_secure(request), httponly=True, samesite="strict"
    )


def let_in(answer: Response[Any], request: AnyRequest, signed: SignedIn) -> None:
    """Give the browser its session, and the mark by which the next sign-in knows it again."""
    set_cookie(answer, request, signed.token)
    mark_browser(answer, request, signed.mark)


def mark_browser(answer: Response[Any], request: AnyRequest, mark: str) -> None:
    """Opens nothing; it only says that somebody signed in with this browser before."""
    if mark:
        answer.set_cookie(
            mark_name(request),
            mark,
            max_age=int(KEPT.total_seconds()),
            path="/staff",
            secure=is_secure(request),
            httponly=True,
            samesite="strict",
        )


def mark_name(connection: Connection) -> str:
    return f"{cookie_name(connection)}-browser"


def drop_cookie(answer: Response[Any], request: AnyRequest) -> None:
    _lately.pop(sha256(request.cookies.get(cookie_name(request), "").encode()).digest(), None)
    answer.set_cookie(
        cookie_name(request), "", max_age=0, path="/staff", secure=is_secure(request), httponly=True, samesite="strict"
    )


def enforced(request: AnyRequest) -> frozenset[str]:
    """The roles that need a second factor here: the profile's; none in a demonstration, whose passwords are printed."""
    made = shell(request)
    return frozenset() if made.is_demo else frozenset(made.profile.staff.second_factor)


def vault(request: AnyRequest) -> Vault:
    return Vault(secret_key(shell(request).settings))


dependencies = {"person": Provide(provide_person), "session": Provide(provide_session)}
exception_handlers: dict[int | type[Exception], Any] = {
    SignInNeeded: to_sign_in,
    SecondFactorNeeded: to_second_factor,
}
