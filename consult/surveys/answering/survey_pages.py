"""Answering a survey: the addresses for residents, and the first of the two hot paths.

A first page is bytes that wait in memory, completed by a fresh response id; what is posted goes to posting.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qsl

import msgspec
from litestar import Response, get, route
from litestar.response import Redirect
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from consult.errors import NotFound
from consult.i18n import languages, locale, negotiate
from consult.surveys import published, queries
from consult.surveys.admission.waiting_page import must_wait, note_post
from consult.surveys.answering.database_away import FAULTS, is_busy, kept_unread, retry_s
from consult.surveys.answering.posting import closed, post
from consult.surveys.answers.flow import Decoded
from consult.surveys.answers.ordering import variant_in
from consult.surveys.definition.schema import json_schema
from consult.surveys.pages.calls import Call, accepts_gzip, face_of, send_response
from consult.surveys.pages.patterns import page_of
from consult.surveys.responses.response_ids import second_of
from consult.surveys.survey import State, Survey
from consult.web import AnyRequest, see_other
from consult.web.pages import Shell
from consult.web.shortcuts import raise_again

LONGEST_QUERY = 2000
LONGEST_VALUE = 200


@route("/{language:str}/surveys/{slug:str}", http_method=["GET", "HEAD", "POST"])
async def survey_page() -> ASGIApp:
    return serve


@route("/{language:str}/surveys/{slug:str}/test/{test_key:str}", http_method=["GET", "HEAD", "POST"])
async def test_page() -> ASGIApp:
    return serve


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    raise_again(scope)
    try:
        call, state = await called(scope, receive, send)
    except FAULTS as fault:
        if cast(HTTPScope, scope)["method"] != "POST" or not is_busy(fault):
            raise
        await kept_unread(scope, receive, send, retry_s(fault))
        return
    survey, is_test = call.face.survey, call.face.is_test
    is_taking = is_test or state is State.OPEN
    if cast(HTTPScope, scope)["method"] == "POST":
        note_post(call)
        await post(call, survey, is_taking=is_taking)
    elif is_taking and not is_test and not survey.access.takes_everybody:
        door = see_other(f"{call.face.path(call.locale.code)}/code")
        await send_response(door, scope, receive, send)
    elif is_taking:
        await begin(call)
    else:
        await closed(call, state, None)


async def called(scope: Scope, receive: Receive, send: Send) -> tuple[Call, State]:
    """The request with the survey that it is about, and where that stands. Raises NotFound, Unavailable."""
    test_key = scope["path_params"].get("test_key")
    spoken = locale(scope["path_params"]["language"])
    shell: Shell = scope["litestar_app"].state.shell
    now = shell.clock()
    survey = await published.survey(scope["path_params"]["slug"])
    state = survey.state(now)
    if test_key is None:
        if state is State.DRAFT:
            raise NotFound
    elif not survey.is_testing or test_key != survey.test_key or state in (State.OPEN, State.CLOSED):
        raise NotFound
    face = await face_of(scope, shell, survey, survey.version, is_test=test_key is not None)
    return Call(scope, receive, send, shell, spoken, face, now, cast(HTTPScope, scope)["method"] == "HEAD"), state


async def begin(call: Call) -> None:
    """The first page, for somebody who comes; testers never wait."""
    face = call.face
    if not face.is_test and await must_wait(call):
        return
    token = face.signer.issue(second_of(call.now))
    if face.compiled.parameters and (given := from_link(call.scope, face.compiled.parameters)):
        await with_values(call, given, token.decode())
        return
    first = face.first_page(call.locale, variant_in(token.decode()) if face.is_shuffled else 0)
    if accepts_gzip(call.scope):
        await call.answer(first.gzip(token), is_packed=True)
    else:
        await call.answer(first.plain(token), is_packed=False)


def from_link(scope: Scope, parameters: Mapping[str, str]) -> dict[str, list[str]]:
    """What an address says for hidden questions: ?place=library."""
    query: bytes = scope["query_string"]
    if not query:
        return {}
    given = dict(parse_qsl(query[:LONGEST_QUERY].decode("ascii", "replace")))
    return {key: [given[name][:LONGEST_VALUE]] for name, key in parameters.items() if given.get(name)}


async def with_values(call: Call, given: dict[str, list[str]], token: str) -> None:
    """The first page for somebody who comes with a value in the link."""
    face = call.face
    body, is_packed = page_of(
        face, call.locale, 0, given, Decoded(),
        token=token, variant=variant_in(token), own=face.first_own, accepts_gzip=accepts_gzip(call.scope),
    )  # fmt: skip
    await call.answer(body, is_packed=is_packed)


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
