"""Answering a survey: the pages for residents, and the two hot paths.

Raw ASGI below the application's guard: a first page is bytes that wait in memory, completed by a fresh response id;
a post goes through forms, flow and inserts and comes back as a receipt, or as the page with everything typed kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

import msgspec
from litestar import Request, Response, get, route
from litestar.response import Redirect
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from consult.errors import N_, NotFound, Problem, Unavailable
from consult.i18n import Locale, languages, locale, negotiate
from consult.settings import secret_key
from consult.surveys import forms, inserts, published, queries
from consult.surveys.copies import Copier
from consult.surveys.definition import json_schema
from consult.surveys.flow import Decoded
from consult.surveys.inserts import Outcome, Row
from consult.surveys.rendering import Face, packed, shows_dates_of
from consult.surveys.survey import State, Survey, receipt_code
from consult.surveys.tokens import Issued, Signer, minute_of
from consult.web.forms import TooLarge, Unreadable
from consult.web.pages import Shell, page

AnyRequest = Request[Any, Any, Any]
HTML = b"text/html; charset=utf-8"
FORM = b"application/x-www-form-urlencoded"

ALTERED = N_(
    "This form was changed on its way, or it is too old. Nothing was stored. Check your answers and send again."
)
SENT_BEFORE = N_(
    "This form was sent before, with other answers (code %(code)s). Those are kept and nothing was changed. "
    "If these are another person's answers, send them now."
)
BROKEN_TEXT = N_(
    "Some letters could not be read. They stand as � or are left out. Nothing was stored yet: check and send again."
)
BUSY = N_("Your answers could not be stored at the moment. Nothing is lost: wait a minute and press the button again.")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a survey's address."""

    scope: Scope
    receive: Receive
    send: Send
    shell: Shell
    locale: Locale
    face: Face
    now: datetime
    is_head: bool = False

    async def answer(
        self, body: bytes, *, status: int = 200, is_packed: bool, more: Mapping[bytes, bytes] | None = None
    ) -> None:
        headers = [
            *common_headers(self.locale.code),
            (b"content-length", str(len(body)).encode()),
            *(more or {}).items(),
        ]
        if is_packed:
            headers.append((b"content-encoding", b"gzip"))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        content = b"" if self.is_head else body
        await self.send({"type": "http.response.body", "body": content, "more_body": False})


@cache
def common_headers(language: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"content-type", HTML),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept-encoding"),
    )


@route("/{language:str}/surveys/{slug:str}", http_method=["GET", "HEAD", "POST"])
async def survey_page() -> ASGIApp:
    return serve


@route("/{language:str}/surveys/{slug:str}/test/{test_key:str}", http_method=["GET", "HEAD", "POST"])
async def test_page() -> ASGIApp:
    return serve


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    test_key = scope["path_params"].get("test_key")
    spoken = locale(scope["path_params"]["language"])
    slug: str = scope["path_params"]["slug"]
    shell: Shell = scope["litestar_app"].state.shell
    now = shell.clock()
    survey = await published.survey(slug)
    state = survey.state(now)
    method = cast(HTTPScope, scope)["method"]
    if test_key is None:
        if state is State.DRAFT:
            raise NotFound
    elif not survey.is_testing or test_key != survey.test_key or state in (State.OPEN, State.CLOSED):
        raise NotFound
    face = await face_of(scope, shell, survey, survey.version, is_test=test_key is not None)
    call = Call(scope, receive, send, shell, spoken, face, now, is_head=method == "HEAD")
    is_taking = test_key is not None or state is State.OPEN
    if method == "POST":
        await post(call, survey, is_taking=is_taking)
    elif is_taking:
        first = face.first_page(spoken)
        token = face.signer.issue(minute_of(now))
        if accepts_gzip(scope):
            await call.answer(first.gzip(token), is_packed=True)
        else:
            await call.answer(first.plain(token), is_packed=False)
    else:
        await closed(call, survey, state, None)


async def face_of(scope: Scope, shell: Shell, survey: Survey, version: int, *, is_test: bool) -> Face:
    """The face of a version; made anew when the survey's dates have changed. Raises NotFound."""
    app_state = scope["litestar_app"].state
    faces: dict[tuple[object, int, bool], Face] | None = app_state.get("survey_faces")
    if faces is None:
        faces = app_state.survey_faces = {}
    face = faces.get((survey.id, version, is_test))
    if face is not None and shows_dates_of(face, survey):
        face.survey = survey
    else:
        compiled = await published.version(survey.id, version)
        signer = Signer(secret_key(shell.settings), survey.id, version, is_test=is_test)
        face = faces[survey.id, version, is_test] = Face(shell, survey, version, compiled, signer, is_test)
    return face


def accepts_gzip(scope: Scope) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


async def read_fields(scope: Scope, receive: Receive) -> tuple[forms.Fields, bool]:
    """The posted fields, and whether all of them could be read as they were sent. Raises Unreadable, TooLarge."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    if kind.partition(b";")[0].strip().lower() != FORM:
        raise Unreadable
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Unreadable
        part = message.get("body", b"")
        size += len(part)
        if size > forms.LARGEST_BYTES:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body"):
            break
    body = b"".join(parts) if len(parts) > 1 else parts[0]
    try:
        return forms.parse(body), True
    except forms.TooLargeForm:
        raise TooLarge from None
    except forms.UnreadableForm:
        return forms.parse(body, mend=True), False


def one(fields: forms.Fields, name: str) -> str:
    values = fields.get(name)
    return values[0] if values else ""


async def post(call: Call, survey: Survey, *, is_taking: bool) -> None:
    fields, is_whole = await read_fields(call.scope, call.receive)
    call = await with_version(call, survey, one(fields, "_version"))
    face, compiled = call.face, call.face.compiled
    if not is_taking:
        await closed(call, survey, survey.state(call.now), compiled.decode(known(call, fields)).answers)
        return
    issued = face.signer.read(one(fields, "_id"), minute_of(call.now))
    wish = one(fields, "_go")
    current = next((n for n, p in enumerate(compiled.pages) if p.page.key == one(fields, "_page")), 0)
    if issued is None or not is_whole:
        problem = Problem("", BROKEN_TEXT if issued is not None else ALTERED)
        await show(call, fields, current, issued=issued, problems=[problem], status=400 if issued else 422)
    elif wish == "stay":
        await show(call, fields, current, issued=issued)
    elif wish == "back":
        before = compiled.decode(fields, upto=current)
        await show(call, fields, compiled.page_before(current, before) or 0, issued=issued)
    else:
        await step(call, fields, current, issued)


async def step(call: Call, fields: forms.Fields, current: int, issued: Issued) -> None:
    """Go on: to the problems, to the next page, or to the receipt."""
    compiled = call.face.compiled
    is_single = len(compiled.pages) == 1
    decoded = compiled.decode(fields, upto=None if is_single else current)
    if not decoded.problems and not is_single:
        following = compiled.page_after(current, decoded)
        if following is not None:
            await show(call, fields, following, issued=issued)
            return
        decoded = compiled.decode(fields)
    if decoded.problems:
        place = decoded.first_faulty_page or 0
        await show(call, fields, place, issued=issued, problems=decoded.problems, status=422)
        return
    await store(call, fields, current, issued, decoded)


async def store(call: Call, fields: forms.Fields, current: int, issued: Issued, decoded: Decoded) -> None:
    face = call.face
    day = call.now.astimezone(call.locale.zone).date()
    row = Row(
        id=issued.id,
        survey=face.survey.id,
        version=face.version,
        language=call.locale.code,
        channel="web",
        day=day,
        submitted_at=None,
        answers=inserts.encoded(decoded.answers),
    )
    batcher = inserts.test_responses if face.is_test else inserts.responses
    try:
        outcome = await batcher.store(row)
    except Unavailable as away:
        wait = {b"retry-after": str(away.retry_after_s).encode()}
        await show(call, fields, current, issued=issued, problems=[Problem("", BUSY)], status=503, more=wait)
        return
    if outcome is Outcome.DIFFERENT:
        code = receipt_code(issued.id)
        problem = Problem("", SENT_BEFORE, {"code": code})
        await show(call, fields, current, issued=None, problems=[problem], status=409)
        return
    if outcome is Outcome.SAME and not face.is_test:
        day = (await queries.response(issued.id)).day
    receipt = face.receipt(call.locale)
    gaps = face.receipt_gaps(call.locale, issued.id, day, decoded.answers)
    if accepts_gzip(call.scope):
        await call.answer(receipt.gzip(*gaps), is_packed=True)
    else:
        await call.answer(receipt.plain(*gaps), is_packed=False)


async def show(
    call: Call,
    fields: forms.Fields,
    number: int,
    *,
    issued: Issued | None,
    problems: list[Problem] | None = None,
    status: int = 200,
    more: Mapping[bytes, bytes] | None = None,
) -> None:
    """A page with what was typed; without an issued id it gets a new one."""
    face = call.face
    before = face.compiled.decode(known(call, fields), upto=number - 1) if number else Decoded()
    token = one(fields, "_id") if issued is not None else face.token(call.now)
    html = face.page(call.locale, number, fields, before, token=token, problems=tuple(problems or ()))
    body, is_packed = packed(html.encode(), accepts_gzip(call.scope))
    await call.answer(body, status=status, is_packed=is_packed, more=more)


def known(call: Call, fields: forms.Fields) -> forms.Fields:
    return {name: values for name, values in fields.items() if name in call.face.compiled.page_of}


async def with_version(call: Call, survey: Survey, written: str) -> Call:
    """The same call for the version that the form was made from; the newest where that cannot be told."""
    number = int(written) if written.isdecimal() and len(written) < 6 else survey.version
    if number == call.face.version or not 0 < number < survey.version:
        return call
    face = await face_of(call.scope, call.shell, survey, number, is_test=call.face.is_test)
    return Call(call.scope, call.receive, call.send, call.shell, call.locale, face, call.now)


async def closed(call: Call, survey: Survey, state: State, answers: dict[str, Any] | None) -> None:
    request: AnyRequest = Request(call.scope, call.receive, call.send)
    copy = Copier(call.face.compiled.definition, call.locale).markup(answers) if answers else ""
    response = page(
        request,
        "surveys/closed.html",
        status=200 if answers is None else 409,
        headers={"cache-control": "no-store"},
        locale=call.locale,
        survey=survey,
        is_planned=state is not State.CLOSED,
        copy=copy,
    )
    await send_response(response, call.scope, call.receive, call.send)


async def send_response(response: Response[Any], scope: Scope, receive: Receive, send: Send) -> None:
    request: AnyRequest = Request(scope, receive, send)
    await response.to_asgi_response(app=None, request=request)(scope, receive, send)


@get("/s/{code:str}")
async def short_link(request: AnyRequest) -> Redirect:
    """A survey's short link, as it stands on posters; the language is the browser's."""
    from_header = request.headers.get("accept-language", "")
    survey = await queries.survey_by_code(request.path_params["code"].lower())
    language = negotiated(from_header, survey)
    return Redirect(
        f"/{language}/surveys/{survey.slug}",
        status_code=303,
        headers={"cache-control": "no-store", "vary": "accept-language"},
    )


def negotiated(header: str, survey: Survey) -> str:
    wished = negotiate(header)
    return wished if wished in survey.languages or not survey.languages else languages()[0]


@get("/schema/survey-1.json")
async def schema() -> Response[bytes]:
    """The format of survey files, for editors."""
    return Response(
        msgspec.json.encode(json_schema()),
        media_type="application/schema+json",
        headers={"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"},
    )


routes = [survey_page, test_page, short_link, schema]
