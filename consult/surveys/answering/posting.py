"""What a posted page of a survey leads to: its problems, the next page, the review, the receipt; what is typed is kept.

Hidden fields of the form's own (OWN) travel from page to page with the answers:

    _t        the invitation
    _website  what nobody sees and only programs fill in
    _edit     the key of the response that is being changed
    _saved    the link under which these answers were saved for later
    _seen     the pages shown so far, in surveys with a review
    _return   that the review is to follow
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from consult.errors import N_, NotFound, Problem
from consult.i18n import Text
from consult.surveys import queries
from consult.surveys.admission.admitting import Used, admitted, spent, used_up
from consult.surveys.answering import saving
from consult.surveys.answering.database_away import BUSY, FAULTS, is_busy, kept, retry_s
from consult.surveys.answers import forms
from consult.surveys.answers.flow import Decoded
from consult.surveys.answers.in_words import Copier
from consult.surveys.answers.ordering import variant_in, variant_of
from consult.surveys.definition.schema import Quota
from consult.surveys.files import uploads
from consult.surveys.pages import side_pages
from consult.surveys.pages.calls import (
    Call,
    Posted,
    accepts_gzip,
    face_of,
    one,
    read_post,
    take_files,
)
from consult.surveys.pages.patterns import ended_page, page_of, review_page
from consult.surveys.pages.rendering import packed
from consult.surveys.responses import saved_answers
from consult.surveys.responses.inserts import Outcome
from consult.surveys.responses.response_ids import Issued, second_of
from consult.surveys.responses.submissions import Sender, full_quota, replacing, submit
from consult.surveys.survey import State, Survey, receipt_code

OWN = ("_t", "_website", "_edit", "_saved", "_seen", "_return")
REVIEW = "_review"

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
CHANGED_MEANWHILE = N_(
    "These answers were changed in another window meanwhile, so nothing was stored now. "
    "Open your own link again to see what stands."
)


@dataclass(slots=True, eq=False)  # not frozen: see submissions.Sender
class Form:
    """What was posted. issued None: the form was altered or is too old; plan: the pages in this respondent's order."""

    fields: forms.Fields
    issued: Issued | None
    variant: int
    plan: tuple[int, ...]

    @property
    def seen(self) -> list[str]:
        return one(self.fields, "_seen").split()

    @property
    def is_returning(self) -> bool:
        return bool(one(self.fields, "_return"))


async def post(call: Call, survey: Survey, *, is_taking: bool) -> None:
    """Answer a posted page. While the database is away the answer is 503, with everything that came kept in it."""
    posted = await read_post(call)
    try:
        await taken(call, survey, posted, is_taking=is_taking)
    except FAULTS as fault:
        if not is_busy(fault):
            raise
        await kept(call, posted, retry_s(fault))


async def taken(call: Call, survey: Survey, posted: Posted, *, is_taking: bool) -> None:
    fields, is_whole = posted.fields, posted.is_whole
    call = await with_version(call, survey, one(fields, "_version"))
    face, compiled = call.face, call.face.compiled
    if not is_taking:
        await closed(call, survey.state(call.now), compiled.decode(known(call, fields)).answers)
        return
    issued = face.signer.read(one(fields, "_id"), second_of(call.now))
    variant = variant_of(issued.id) if issued is not None else 0
    form = Form(fields, issued, variant, compiled.plan(variant))
    wish, named = one(fields, "_go"), one(fields, "_page")
    current = compiled.number_of.get(named, 0)
    if issued is None or not is_whole:
        problem = Problem("", BROKEN_TEXT if issued is not None else ALTERED)
        await show(call, form, current, problems=[problem], status=400 if issued else 422)
    elif compiled.file_questions and (refused := await take_files(call, posted)):
        await refuse_files(call, form, current, refused)
    elif wish in ("save", "keep") and compiled.definition.resume and not face.is_test:
        await saving.save(call, fields, wish, own(form))
    elif wish.startswith("to:"):
        again = replace(form, fields={**fields, "_return": ["1"]})
        await show(call, again, compiled.number_of.get(wish[3:], 0))
    elif named == REVIEW and compiled.definition.review:
        await reviewed(call, form, wish)
    elif wish == "stay":
        await show(call, form, current)
    elif wish == "back":
        before = compiled.decode(fields, current, form.plan)
        await show(call, form, compiled.page_before(current, before) or 0)
    else:
        await step(call, form, current)


async def refuse_files(call: Call, form: Form, current: int, refused: list[Problem]) -> None:
    """Say what is wrong with files, together with whatever else is wrong on that page."""
    page_of = call.face.compiled.page_of
    number = page_of.get(refused[0].place, current)
    places = {problem.place for problem in refused}
    others = call.face.compiled.decode(known(call, form.fields), number, form.plan).problems
    told = [*refused, *(p for p in others if p.place not in places and page_of.get(p.place) == number)]
    await show(call, form, number, problems=told, status=422)


async def step(call: Call, form: Form, current: int) -> None:
    """Go on: to the problems, to the next page, to the review, or to the receipt."""
    compiled = call.face.compiled
    is_single = len(compiled.pages) == 1
    decoded = compiled.decode(form.fields, None if is_single else current, form.plan)
    if decoded.problems:
        await faulty(call, form, decoded)
        return
    sender_of(call, form).count("page_posted", compiled.pages[current].page.key)
    if compiled.can_end_early and await ended(call, form, decoded, current):
        return
    if not is_single and not form.is_returning:
        following = compiled.page_after(current, decoded, form.plan)
        if following is not None:
            if compiled.pages[following].ends:
                await screened_out(call, form, following, decoded)
            else:
                await show(call, form, following)
            return
    if compiled.definition.review:
        await review(call, form)
        return
    if not is_single:
        decoded = compiled.decode(form.fields, plan=form.plan)
    await store(call, form, current, decoded)


async def reviewed(call: Call, form: Form, wish: str) -> None:
    """What was wished on the page with all answers."""
    compiled = call.face.compiled
    decoded = compiled.decode(form.fields, plan=form.plan)
    if wish == "stay":
        await review(call, form)
    elif wish == "back" and decoded.pages:
        await show(call, replace(form, fields={**form.fields, "_return": []}), decoded.pages[-1])
    else:
        await store(call, form, decoded.pages[-1] if decoded.pages else 0, decoded)


async def review(call: Call, form: Form) -> None:
    """All answers, page by page; first what changed answers have opened and nobody has seen yet."""
    compiled = call.face.compiled
    decoded = compiled.decode(form.fields, plan=form.plan)
    unseen = next((n for n in decoded.pages if compiled.pages[n].page.key not in form.seen), None)
    if decoded.screened is not None:
        await screened_out(call, form, decoded.screened, decoded)
    elif unseen is not None:
        await show(call, form, unseen)
    elif decoded.problems:
        await faulty(call, form, decoded)
    else:
        assert form.issued is not None  # noqa: S101 - post answers altered forms itself
        face, spoken = call.face, call.locale
        shown = side_pages.review_of(face, spoken, form.fields, decoded)
        body, is_packed = review_page(
            face, spoken, shown,
            token=one(form.fields, "_id"), own=own(form, _return=""), accepts_gzip=accepts_gzip(call.scope),
        )  # fmt: skip
        await call.answer(body, is_packed=is_packed)


async def faulty(call: Call, form: Form, decoded: Decoded) -> None:
    await show(call, form, decoded.first_faulty_page or 0, problems=decoded.problems, status=422)


async def ended(call: Call, form: Form, decoded: Decoded, current: int) -> bool:
    """Whether a page that screens out, or a quota that is full, ends the survey here; that is shown."""
    if decoded.screened is not None:
        await screened_out(call, form, decoded.screened, decoded)
        return True
    compiled = call.face.compiled
    met = compiled.quotas_met(decoded, current, form.plan)
    if not met:
        return False
    full = await full_quota(await changing(call, form), met)
    if full is not None:
        await turned_away(call, form, full, decoded)
    return full is not None


async def screened_out(call: Call, form: Form, number: int, decoded: Decoded) -> None:
    page = call.face.compiled.definition.pages[number]
    is_used = await let_go(call, form, "screened_out", page.key)
    await end(call, page.title, page.screen_out, decoded, is_used=is_used)


async def turned_away(call: Call, form: Form, quota: Quota, decoded: Decoded) -> None:
    is_used = await let_go(call, form, "quota_full", quota.key)
    await end(call, {}, quota.text, decoded, is_used=is_used)


async def let_go(call: Call, form: Form, event: Literal["screened_out", "quota_full"], key: str) -> bool:
    """Count somebody whose answers are not needed, an invited one once; whether an invitation is used up."""
    used = await used_up(call, form.fields)
    if used is Used.NOW or (used is Used.NONE and call.face.survey.access.takes_everybody):
        sender_of(call, form).count(event, key)
    return used is not Used.NONE


async def end(call: Call, title: Text, text: Text, decoded: Decoded, *, is_used: bool) -> None:
    packs = accepts_gzip(call.scope)
    body, is_packed = ended_page(call.face, call.locale, title, text, decoded, is_used=is_used, accepts_gzip=packs)
    await call.answer(body, is_packed=is_packed)


def sender_of(call: Call, form: Form) -> Sender:
    assert form.issued is not None  # noqa: S101 - post answers altered forms itself
    return Sender(
        id=form.issued.id,
        survey=call.face.survey,
        version=call.face.version,
        language=call.locale.code,
        at=call.now,
        zone=call.locale.zone,
        is_test=call.face.is_test,
    )


async def changing(call: Call, form: Form) -> Sender:
    """The sender, with what is replaced where answers are being changed. Raises NotFound."""
    sender = sender_of(call, form)
    key = one(form.fields, "_edit")
    if not key:
        return sender
    older = call.face.keys.read(key)
    if older is None or not call.face.compiled.definition.editable or call.face.is_test:
        raise NotFound
    return replace(sender, supersedes=older, held=await replacing(sender.survey.id, older))


async def store(call: Call, form: Form, current: int, decoded: Decoded) -> None:
    """Keep the answers and show the receipt; problems, screening out and full quotas have their own pages."""
    face, compiled = call.face, call.face.compiled
    if decoded.problems:
        await faulty(call, form, decoded)
        return
    if decoded.screened is not None:
        await screened_out(call, form, decoded.screened, decoded)
        return
    made: list[bytes] = []  # receipts, made while the database is at work
    try:
        sender = await changing(call, form)
        assert form.issued is not None  # noqa: S101 - post answers altered forms itself
        admission = await admitted(call, form.fields, form.issued, sender, decoded)
        if admission is None:
            return
        outcome = await submit(
            admission, compiled, decoded, lambda: made.append(receipt_of(call, sender.id, sender.day, decoded.answers))
        )
    except FAULTS as fault:
        if not is_busy(fault):
            raise
        wait = {b"retry-after": str(retry_s(fault)).encode()}
        await show(call, form, current, problems=[Problem("", BUSY)], status=503, more=wait)
        return
    if outcome is Outcome.SPENT:
        await spent(call, decoded.answers)
        return
    if outcome is Outcome.FULL:
        met = compiled.quotas_met(decoded)
        await turned_away(call, form, await full_quota(sender, met, exactly=True) or met[0], decoded)
        return
    if outcome is Outcome.FILE_GONE:
        gone = await uploads.gone(compiled, decoded.answers, sender.supersedes)
        for problem in gone:
            form.fields.pop(problem.place, None)
        await refuse_files(call, form, current, gone)
        return
    if outcome is Outcome.DIFFERENT:
        code = receipt_code(sender.id)
        problem = Problem("", CHANGED_MEANWHILE if sender.supersedes else SENT_BEFORE, {"code": code})
        await show(call, form, current, problems=[problem], status=409, is_fresh=True)
        return
    if outcome is Outcome.SAME and not face.is_test:
        day = (await queries.response(sender.id)).day
        made.append(receipt_of(call, sender.id, day, decoded.answers))
    if one(form.fields, "_saved"):
        await saved_answers.forget(one(form.fields, "_saved"))
    await call.answer(made[-1], is_packed=accepts_gzip(call.scope))


def receipt_of(call: Call, response_id: UUID, day: date, answers: dict[str, Any]) -> bytes:
    """The page that says thank you."""
    page = call.face.receipt(call.locale)
    gaps = call.face.receipt_gaps(call.locale, response_id, day, answers)
    return page.gzip(*gaps) if accepts_gzip(call.scope) else page.plain(*gaps)


def own(form: Form, **changes: str) -> tuple[tuple[str, str], ...]:
    """The hidden fields of the form's own that go on to the next page."""
    values = {name: one(form.fields, name) for name in OWN if name in form.fields} | changes
    return tuple((name, value) for name, value in values.items() if value)


async def show(
    call: Call,
    form: Form,
    number: int,
    *,
    problems: list[Problem] | None = None,
    status: int = 200,
    more: Mapping[bytes, bytes] | None = None,
    is_fresh: bool = False,
) -> None:
    """A page with what was typed; an altered form, or is_fresh, gets a new id."""
    face, compiled = call.face, call.face.compiled
    token, variant, plan = one(form.fields, "_id"), form.variant, form.plan
    if form.issued is None or is_fresh:
        token = face.token(call.now)
        variant = variant_in(token)
        plan = compiled.plan(variant)
    place = plan.index(number)
    before = compiled.decode(known(call, form.fields), plan[place - 1], plan) if place else Decoded()
    changes: dict[str, str] = {}
    if compiled.definition.review:
        key = compiled.pages[number].page.key
        changes["_seen"] = " ".join((*(name for name in form.seen if name != key), key))
    hidden, is_packed = own(form, **changes), accepts_gzip(call.scope)
    if problems:
        html = face.page(
            call.locale, number, form.fields, before,
            token=token, problems=tuple(problems), variant=variant, own=hidden,
        )  # fmt: skip
        body, is_packed = packed(html.encode(), is_packed)
    else:
        body, is_packed = page_of(
            face, call.locale, number, form.fields, before,
            token=token, variant=variant, own=hidden, accepts_gzip=is_packed,
        )  # fmt: skip
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


async def closed(call: Call, state: State, answers: dict[str, Any] | None) -> None:
    copy = Copier(call.face.compiled.definition, call.locale).markup(answers) if answers else ""
    status = 200 if answers is None else 409
    await call.show("surveys/closed.html", status, is_planned=state is not State.CLOSED, copy=copy)
