"""The door of every staff page: who is there, and may they come in."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from consult.errors import NotAllowed
from consult.people import queries, sessions
from consult.people.person import Person, network_of
from consult.people.queries import Session
from consult.web.failures import language_of
from consult.web.pages import shell

COOKIE = "staff"
PUBLIC: dict[str, bool] = {"public": True}
"""`opt=PUBLIC` on a route under /staff says: open to everybody, on purpose. Every other one needs a guard."""

AnyRequest = Request[Any, Any, Any]
Connection = ASGIConnection[Any, Any, Any, Any]


class SignInNeeded(Exception):
    """Nobody is signed in here; the answer is the way to the sign-in page."""


class requires:  # noqa: N801 - reads as a word in guards=[requires("moderator")]
    """A guard that lets in whoever has one of these roles; administrators always, without roles anybody signed in."""

    def __init__(self, *roles: str) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        session = await signed_in(connection)
        if session is None:
            raise SignInNeeded
        if not session.person.may(*self.roles):
            raise NotAllowed


async def signed_in(connection: Connection) -> Session | None:
    """The session of a request, and from here on `state.person` for the layout; None for strangers."""
    token = connection.cookies.get(COOKIE, "")
    if not 20 <= len(token) <= 100:
        return None
    at = shell(connection).clock()
    session = await queries.session(token, at)
    if session is not None:
        await sessions.touch(session, at)
        state = connection.scope.setdefault("state", {})
        state["person"] = session.person
        state["session"] = session
    return session


async def provide_person(request: AnyRequest) -> Person:
    person: Person = request.scope["state"]["person"]
    return person


async def provide_session(request: AnyRequest) -> Session:
    session: Session = request.scope["state"]["session"]
    return session


def to_sign_in(request: AnyRequest, _: SignInNeeded) -> Response[Any]:
    """Send a stranger to the sign-in page, and back to this one afterwards (a page, never a post)."""
    spoken = language_of(request).code
    target = f"/staff/{spoken}/sign-in"
    path = request.scope["path"]
    if request.method == "GET" and path.rstrip("/") != f"/staff/{spoken}":
        query = request.scope["query_string"].decode("latin-1")
        target += "?next=" + quote(path + (f"?{query}" if query else ""), safe="")
    return Redirect(target, status_code=303, headers={"cache-control": "no-store"})


def network(request: AnyRequest) -> str:
    """The client's network, as sign-in limits count it."""
    return network_of(request.client.host if request.client else "")


def set_cookie(answer: Response[Any], request: AnyRequest, token: str) -> None:
    """Give the browser its session: for this browser session only, unreadable for scripts, for staff pages alone."""
    secure = shell(request).settings.base_url.startswith("https://")
    answer.set_cookie(COOKIE, token, path="/staff", secure=secure, httponly=True, samesite="strict")


def drop_cookie(answer: Response[Any]) -> None:
    answer.delete_cookie(COOKIE, path="/staff")


dependencies = {"person": Provide(provide_person), "session": Provide(provide_session)}
exception_handlers: dict[int | type[Exception], Any] = {SignInNeeded: to_sign_in}
