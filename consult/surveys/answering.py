"""What a posted page of a survey leads to: its problems, the next page, or the receipt; everything typed is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request

from consult.errors import N_, Problem, Unavailable
from consult.surveys import forms, inserts, queries, uploads
from consult.surveys.calls import AnyRequest, Call, accepts_gzip, face_of, one, read_post, send_response, take_files
from consult.surveys.copies import Copier
from consult.surveys.flow import Decoded
from consult.surveys.inserts import Outcome, Row
from consult.surveys.rendering import packed
from consult.surveys.survey import State, Survey, receipt_code
from consult.surveys.tokens import Issued, minute_of
from consult.web.pages import page

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


async def post(call: Call, survey: Survey, *, is_taking: bool) -> None:
    posted = await read_post(call)
    fields, is_whole = posted.fields, posted.is_whole
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
    elif compiled.file_questions and (refused := await take_files(call, posted)):
        await refuse_files(call, fields, current, issued, refused)
    elif wish == "stay":
        await show(call, fields, current, issued=issued)
    elif wish == "back":
        before = compiled.decode(fields, upto=current)
        await show(call, fields, compiled.page_before(current, before) or 0, issued=issued)
    else:
        await step(call, fields, current, issued)


async def refuse_files(
    call: Call, fields: forms.Fields, current: int, issued: Issued, refused: list[Problem]
) -> None:  # fmt: skip
    """Say what is wrong with files, together with whatever else is wrong on that page."""
    page_of = call.face.compiled.page_of
    number = page_of.get(refused[0].place, current)
    places = {problem.place for problem in refused}
    others = call.face.compiled.decode(known(call, fields), number).problems
    told = [*refused, *(p for p in others if p.place not in places and page_of.get(p.place) == number)]
    await show(call, fields, number, issued=issued, problems=told, status=422)


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
        files=uploads.files_in(face.compiled, decoded.answers),
    )
    batcher = inserts.test_responses if face.is_test else inserts.responses
    try:
        outcome = await batcher.store(row)
    except Unavailable as away:
        wait = {b"retry-after": str(away.retry_after_s).encode()}
        await show(call, fields, current, issued=issued, problems=[Problem("", BUSY)], status=503, more=wait)
        return
    if outcome is Outcome.FILE_GONE:
        gone = await uploads.gone(face.compiled, decoded.answers)
        for problem in gone:
            fields.pop(problem.place, None)
        await refuse_files(call, fields, current, issued, gone)
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
