"""The composition of the web application: the only place, with domains.py, cli/ and demo/, that sees every domain."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin

from consult import i18n
from consult.columns.folder import configure as column_store
from consult.columns.frame import flagged
from consult.domains import ACTS, API, PUBLIC, STAFF
from consult.errors import N_, ConsultError
from consult.fieldwork import queries as contacts_queries
from consult.forums.desk import desk
from consult.forums.parts import Providers
from consult.jobs import measures as job_measures
from consult.mail import measures as mail_measures
from consult.mail.delivery import configure as post_office
from consult.people import guards, oidc_pages, trail
from consult.proceedings import jobs as proceedings_jobs
from consult.profile import Profile
from consult.reports import jobs as report_jobs
from consult.results.downloads.operations import configure as exports_folder
from consult.results.opendata.queries import configure as open_data_source
from consult.settings import Settings
from consult.storage import AWAY, STORED_TWICE, connect, disconnect
from consult.storage import measures as storage_measures
from consult.storage.measures import sampling
from consult.surveys.answering import survey_pages
from consult.surveys.definition import municipality
from consult.surveys.responses import daily_totals, inserts
from consult.surveys.responses import measures as survey_measures
from consult.web import AnyRequest, NavItem, Shell, site
from consult.web.dependencies import dependencies
from consult.web.failures import (
    ADVICE,
    ForeignPost,
    failure,
    on_bug,
    on_consult_error,
    on_database_error,
    on_http_error,
    on_stored_twice,
)
from consult.web.guard import App, Guard
from consult.web.shortcuts import Shortcuts

LOCK_PATIENCE_S = 15  # a page that waits longer for somebody else's lock says that it is busy

PUBLIC_NAV = (
    NavItem(N_("Home"), ""),
    NavItem(N_("Open now"), "open"),
    NavItem(N_("Results"), "results"),
    NavItem(N_("Meetings"), "forums"),
    NavItem(N_("How it works"), "how-it-works"),
)


@dataclass(frozen=True, slots=True)
class Application:
    """The guarded ASGI application, and the Litestar one inside it (tests list its routes)."""

    asgi: Guard
    litestar: Litestar


def system_clock() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def without_database(_: Litestar) -> AsyncIterator[None]:
    """The life of an application whose caller brings the database."""
    yield


def routes(lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]] = without_database) -> Litestar:
    """Every way in, not furnished yet: this takes most of the time that `build` takes."""
    return Litestar(
        route_handlers=[route for module in (*PUBLIC, *STAFF, *API) for route in module.routes],
        dependencies=dependencies | guards.dependencies,
        exception_handlers={
            ConsultError: on_consult_error,
            HTTPException: on_http_error,
            **dict.fromkeys(AWAY, on_database_error),
            STORED_TWICE: on_stored_twice,
            Exception: on_bug,
            **guards.exception_handlers,
        },
        lifespan=[lifespan],
        include_in_schema=False,
        openapi_config=OpenAPIConfig(
            title="Consult", version="1", path="/api", render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()]
        ),
        # Pages compress themselves (web.pages): only /api/ is left to the middleware.
        compression_config=CompressionConfig(backend="gzip", exclude="^/(?!api(/|$))."),
        request_max_body_size=None,  # web.forms has its own limits, with pages that say so
        logging_config=None,
    )


def _answering(app: Litestar, status: int, advice: str) -> App:
    """A page that says no before the application's own routes are asked."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        scope.update(app=app, litestar_app=app, path_params={})
        scope.setdefault("state", {})
        request: AnyRequest = Request(scope, receive, send)
        await failure(request, status, advice).to_asgi_response(app=None, request=request)(scope, receive, send)

    return answer


def configure(settings: Settings, profile: Profile) -> None:
    """Tell every domain where this installation keeps things and whose it is: for web processes and workers alike."""
    i18n.configure(profile)
    municipality.configure(profile)
    post_office(settings, profile.name)
    column_store(settings.data)
    exports_folder(settings)
    report_jobs.configure(settings, profile)
    proceedings_jobs.configure(profile)
    open_data_source(settings, profile.name)


def _note_waiting() -> None:
    survey_measures.WAITING.set(inserts.responses.size)


def _working(dsn: str) -> AbstractAsyncContextManager[object]:
    """Background work in a web process, as the demo does it; the others do not load what it takes."""
    from consult.jobs import worker

    return worker.running(dsn)


def _with_database(
    dsn: str, replica: str | None, *, works: bool
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await connect(dsn, min_size=2, max_size=10, replica=replica, lock_patience_s=LOCK_PATIENCE_S, must_answer=False)
        try:
            gc.collect()
            gc.freeze()  # what is loaded by now stays: looking through it again and again would cost every request
            async with sampling(_note_waiting), _working(dsn) if works else nullcontext():
                yield
        finally:
            await inserts.drain()
            await desk.drain()
            await daily_totals.drain()
            await disconnect()

    return lifespan


def build(
    settings: Settings,
    profile: Profile,
    *,
    dsn: str | None = None,
    clock: Callable[[], datetime] = system_clock,
    is_demo: bool = False,
    works: bool = False,
    bare: Litestar | None = None,
) -> Application:
    """Put the application together.

    dsn None leaves the database to the caller (tests connect their own); works=True does the background work in this
    process too, as the demo does. bare: what `routes` made before, to be furnished anew (tests make it once).
    """
    configure(settings, profile)

    shell = Shell(
        settings=settings,
        profile=profile,
        clock=clock,
        public_nav=PUBLIC_NAV,
        staff_nav=tuple(item for module in STAFF for item in module.nav),
        is_demo=is_demo,
        theme_url=site.theme_url(profile),
    )
    app = bare or routes(without_database if dsn is None else _with_database(dsn, settings.replica_url, works=works))
    for name in app.state.dict():
        del app.state[name]
    app.state.shell = shell
    app.state.sign_in_service = oidc_pages.service_of(settings)
    app.state.vocabulary = trail.Vocabulary.of(*((module.KINDS, module.WORDS) for module in ACTS))
    app.state.forum_parts = Providers.of(PUBLIC, STAFF)
    app.state.flagged = flagged
    app.state.who_answered = contacts_queries.who_answered
    app.state.measures = (storage_measures.measured, job_measures.measured, mail_measures.measured)
    app.state.waiting = tuple(one for module in STAFF for one in getattr(module, "waiting_providers", ()))

    guard = Guard(
        Shortcuts(app, {"surveys": survey_pages.serve}),
        base_url=settings.base_url,
        refuse=_answering(app, 403, ForeignPost.message),
        unknown=_answering(app, 404, ADVICE[404]),
    )
    return Application(guard, app)
