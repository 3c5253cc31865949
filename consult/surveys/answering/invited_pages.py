"""The door of a survey for those who were invited.

An invitation's link is `/{language}/surveys/{slug}/i/{token}`; the code of a letter is typed at `…/code`. Both show the
first page with the token as a hidden field, so that it stands in one address at most: the one that was sent. That page
tells other addresses nothing but the site's name (Referrer-Policy), our own log knows patterns instead of addresses,
and a proxy in front can be kept from logging by one rule for `/i/`. Opening the link spends nothing: mail scanners do.
"""

from __future__ import annotations

from typing import cast

from litestar import route
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from consult.errors import N_, NotFound, Problem
from consult.i18n import locale
from consult.surveys import published
from consult.surveys.admission import invitations
from consult.surveys.admission.admitting import QUIET, show, spent
from consult.surveys.admission.arrival_checks import gate_of
from consult.surveys.admission.invitation_operations import is_good
from consult.surveys.admission.waiting_page import must_wait
from consult.surveys.answering.posting import closed
from consult.surveys.answering.survey_pages import from_link
from consult.surveys.answers.flow import Decoded
from consult.surveys.answers.ordering import variant_in
from consult.surveys.pages.calls import Call, accepts_gzip, face_of, one, read_fields, send_response
from consult.surveys.pages.patterns import page_of
from consult.surveys.pages.rendering import INVITATION
from consult.surveys.survey import State
from consult.web import see_other
from consult.web.forms import Form, note
from consult.web.pages import Shell

MISREAD = N_("This is not a code: a letter is missing or misread. Compare it with your letter.")
UNKNOWN = N_("This code has been used, was withdrawn, or is misread. Compare it with your letter.")


@route("/{language:str}/surveys/{slug:str}/i/{token:str}", http_method=["GET", "HEAD"])
async def invited_page() -> ASGIApp:
    return serve_invited


@route("/{language:str}/surveys/{slug:str}/code", http_method=["GET", "HEAD", "POST"])
async def code_page() -> ASGIApp:
    return serve_code


async def called(scope: Scope, receive: Receive, send: Send) -> Call | None:
    """The request, if the survey takes answers now; otherwise it is answered with the page that says when it does."""
    shell: Shell = scope["litestar_app"].state.shell
    now = shell.clock()
    survey = await published.survey(scope["path_params"]["slug"])
    state = survey.state(now)
    if state is State.DRAFT:
        raise NotFound
    face = await face_of(scope, shell, survey, survey.version, is_test=False)
    method = cast(HTTPScope, scope)["method"]
    call = Call(scope, receive, send, shell, locale(scope["path_params"]["language"]), face, now, method == "HEAD")
    if state is State.OPEN:
        return call
    await closed(call, state, None)
    return None


async def serve_invited(scope: Scope, receive: Receive, send: Send) -> None:
    call = await called(scope, receive, send)
    if call is None:
        return
    token = invitations.read(scope["path_params"]["token"])
    if token is None:
        await ask_code(call, problems=(Problem("code", MISREAD),), status=404)
    elif await must_wait(call):
        return
    elif await is_open(call, token):
        await enter(call, token)
    else:
        gate_of(call).guess(call.scope, call.now)
        await spent(call, status=410)


async def serve_code(scope: Scope, receive: Receive, send: Send) -> None:
    call = await called(scope, receive, send)
    if call is None:
        return
    if not call.face.survey.access.takes_invitations:
        target = see_other(call.face.path(call.locale.code))
        await send_response(target, scope, receive, send)
        return
    if cast(HTTPScope, scope)["method"] != "POST":
        await ask_code(call)
        return
    fields, _ = await read_fields(scope, receive)
    note(scope, Form(fields))
    typed = one(fields, "code").strip()[:40]
    token = invitations.read(typed)
    if token is not None and await is_open(call, token):
        await enter(call, token)
        return
    gate_of(call).guess(call.scope, call.now)
    problem = Problem("code", MISREAD if token is None else UNKNOWN)
    await ask_code(call, typed=typed, problems=(problem,), status=422)


async def is_open(call: Call, token: str) -> bool:
    survey = call.face.survey.id
    return await is_good(survey_id=survey, hash_=invitations.hashed(gate_of(call).invitation_key, survey, token))


async def enter(call: Call, token: str) -> None:
    """The first page for somebody who was invited."""
    face, is_packed = call.face, accepts_gzip(call.scope)
    issued = face.token(call.now)
    variant = variant_in(issued)
    if face.compiled.parameters and (given := from_link(call.scope, face.compiled.parameters)):
        own = (*face.first_own, (INVITATION, token))
        body, is_packed = page_of(
            face, call.locale, 0, given, Decoded(), token=issued, variant=variant, own=own, accepts_gzip=is_packed
        )
    else:
        page = face.invited_page(call.locale, variant if face.is_shuffled else 0)
        body = (page.gzip if is_packed else page.plain)(issued.encode(), token.encode())
    await call.answer(body, is_packed=is_packed, more=QUIET)


async def ask_code(call: Call, *, typed: str = "", problems: tuple[Problem, ...] = (), status: int = 200) -> None:
    await show(call, "surveys/code.html", status, typed=typed, problems=problems)


routes = [invited_page, code_page]
