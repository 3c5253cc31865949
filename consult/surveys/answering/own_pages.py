"""What a respondent alone can open: saved answers to go on with, and sent ones to read, keep and change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from litestar import route
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from consult.errors import NotFound
from consult.i18n import locale
from consult.surveys import published, queries
from consult.surveys.answering.posting import OWN, REVIEW, Form, closed, review
from consult.surveys.answers.as_fields import fields_of_answers
from consult.surveys.answers.flow import Decoded
from consult.surveys.answers.forms import Fields
from consult.surveys.answers.ordering import variant_in
from consult.surveys.files import uploads
from consult.surveys.pages import side_pages
from consult.surveys.pages.calls import Call, accepts_gzip, face_of
from consult.surveys.pages.rendering import packed
from consult.surveys.responses import saved_answers
from consult.surveys.responses.response_ids import second_of
from consult.surveys.survey import Answered, State, Survey
from consult.web.pages import Shell

BASE = "/{language:str}/surveys/{slug:str}"


@route(f"{BASE}/resume/{{link:str}}", http_method=["GET", "HEAD", "POST"])
async def resume_page() -> ASGIApp:
    return resume


@route(f"{BASE}/answers/{{key:str}}", http_method=["GET", "HEAD"])
async def answers_page() -> ASGIApp:
    return answers


@route(f"{BASE}/answers/{{key:str}}/text", http_method=["GET", "HEAD"])
async def answers_text() -> ASGIApp:
    return text


@route(f"{BASE}/answers/{{key:str}}/change", http_method=["GET", "HEAD"])
async def change_page() -> ASGIApp:
    return change


async def opened(scope: Scope, receive: Receive, send: Send) -> tuple[Call, Survey]:
    """The survey as its newest version shows it. Raises NotFound."""
    shell: Shell = scope["litestar_app"].state.shell
    now = shell.clock()
    survey = await published.survey(scope["path_params"]["slug"])
    if survey.state(now) in (State.DRAFT, State.PLANNED):
        raise NotFound
    face = await face_of(scope, shell, survey, survey.version, is_test=False)
    is_head = cast(HTTPScope, scope)["method"] == "HEAD"
    return Call(scope, receive, send, shell, locale(scope["path_params"]["language"]), face, now, is_head), survey


async def at_version(call: Call, survey: Survey, version: int) -> Call:
    """The same call for the version that was answered."""
    if version == call.face.version:
        return call
    face = await face_of(call.scope, call.shell, survey, version, is_test=False)
    return Call(call.scope, call.receive, call.send, call.shell, call.locale, face, call.now, call.is_head)


async def answer(call: Call, html: str, status: int = 200) -> None:
    body, is_packed = packed(html.encode(), accepts_gzip(call.scope))
    await call.answer(body, status=status, is_packed=is_packed)


async def resume(scope: Scope, receive: Receive, send: Send) -> None:
    """A button first; pressed, the form as it was, with a new response id."""
    call, survey = await opened(scope, receive, send)
    state = survey.state(call.now)
    if state is not State.OPEN:
        await closed(call, state, None)
        return
    link = scope["path_params"]["link"]
    found = await saved_answers.look(survey.id, link, at=call.now)
    if found is None or cast(HTTPScope, scope)["method"] != "POST":
        html = side_pages.resume(call.face, call.locale, link, is_there=found is not None)
        await answer(call, html, 200 if found else 404)
        return
    call = await at_version(call, survey, found.version)
    own = tuple((name, found.fields[name][0]) for name in OWN if found.fields.get(name))
    fields = {name: values for name, values in found.fields.items() if name not in OWN}
    if found.page == REVIEW and call.face.compiled.definition.review:
        await review(call, begun_again(call, fields, (*own, ("_saved", link))))
    else:
        await form_page(call, fields, found.page, (*own, ("_saved", link)))


def begun_again(call: Call, fields: Fields, own: tuple[tuple[str, str], ...]) -> Form:
    """A form under a new response id, with what was entered before."""
    token = call.face.token(call.now)
    variant = variant_in(token)
    given = {**fields, **{name: [value] for name, value in own}, "_id": [token]}
    issued = call.face.signer.read(token, second_of(call.now))
    return Form(given, issued, variant, call.face.compiled.plan(variant))


async def form_page(call: Call, fields: dict[str, list[str]], key: str, own: tuple[tuple[str, str], ...]) -> None:
    """A page of the survey with what was entered before, and a new response id."""
    compiled = call.face.compiled
    token = call.face.token(call.now)
    variant = variant_in(token)
    plan = compiled.plan(variant)
    number = compiled.number_of.get(key, 0)
    place = plan.index(number)
    before = compiled.decode(fields, plan[place - 1], plan) if place else Decoded()
    html = call.face.page(call.locale, number, fields, before, token=token, variant=variant, own=own)
    await answer(call, html)


async def answered(scope: Scope, receive: Receive, send: Send) -> tuple[Call, Survey, Answered]:
    """What was answered last under a key: a link stays right after its answers were changed. Raises NotFound."""
    call, survey = await opened(scope, receive, send)
    response_id = call.face.keys.read(scope["path_params"]["key"])
    if response_id is None:
        raise NotFound
    found = await queries.latest(response_id)
    call = await at_version(call, survey, found.version)
    # The database keeps answers in an order of its own; people look for them where the questions stood.
    place = {question.key: number for number, question in enumerate(call.face.compiled.definition.questions)}
    answers = dict(sorted(found.answers.items(), key=lambda one: place.get(one[0].partition(".")[0], len(place))))
    return call, survey, replace(found, answers=answers)


def can_change(call: Call, survey: Survey) -> bool:
    return call.face.compiled.definition.editable and survey.is_open(call.now)


async def answers(scope: Scope, receive: Receive, send: Send) -> None:
    call, survey, found = await answered(scope, receive, send)
    await answer(call, side_pages.answers(call.face, call.locale, found, can_change=can_change(call, survey)))


async def text(scope: Scope, receive: Receive, send: Send) -> None:
    call, survey, found = await answered(scope, receive, send)
    head = side_pages.text_head(call.face, call.locale, found)
    body = f"{head}\n\n{call.face.copier(call.locale).text(found.answers)}".encode()
    name = f"{survey.slug}-{found.code}.txt"
    await call.send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-disposition", f'attachment; filename="{name}"'.encode()),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
            ],
        }
    )
    await call.send({"type": "http.response.body", "body": b"" if call.is_head else body, "more_body": False})


async def change(scope: Scope, receive: Receive, send: Send) -> None:
    """The first page with the answers in it; what is sent then replaces them."""
    call, survey, found = await answered(scope, receive, send)
    if not can_change(call, survey):
        await closed(call, survey.state(call.now), None)
        return
    definition = call.face.compiled.definition
    tokens = await uploads.tokens_of(found.id, call.face.file_signer) if call.face.compiled.file_questions else {}
    fields: dict[str, Any] = fields_of_answers(definition, found.answers, lambda key, _: tokens.get(key))
    own = (("_edit", call.face.keys.key_of(found.id).decode()), *call.face.first_own)
    await form_page(call, fields, definition.pages[0].key, own)


routes = [resume_page, answers_page, answers_text, change_page]
