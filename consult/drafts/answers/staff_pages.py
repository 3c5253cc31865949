"""Staff pages of answers: one comment with the answer to it, and the release of all answers of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.consultations.forms import text_of
from consult.drafts import queries as drafts
from consult.drafts.answers import operations
from consult.drafts.answers.answer import DECISION_NAMES
from consult.drafts.comments import queries as comments
from consult.drafts.comments.comment import Comment
from consult.errors import Invalid, NotFound, Problem
from consult.i18n import Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.web import Form, page, read_form, shell

AnyRequest = Request[Any, Any, Any]
ONE = "/staff/{language:str}/answers/{number:str}"
ANSWERS = [requires("moderator")]


@get(ONE, guards=ANSWERS)
async def answer(request: AnyRequest, number: FromPath[str], locale: NamedDependency[Locale]) -> Response[bytes]:
    """A comment and the form of its answer, with what was prepared before."""
    found = await _comment(number)
    return await _answer_page(request, found, _answer_form(found))


@post(ONE, guards=ANSWERS)
async def answer_comment(
    request: AnyRequest,
    number: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    found = await _comment(number)
    form = await read_form(request)
    try:
        await operations.answer_comment(
            found.id, decision=form.get("decision"), reason=text_of(form, "reason"), actor=person.id, at=now
        )
    except Invalid as invalid:
        return await _answer_page(request, found, form, invalid.problems, status=422)
    return Redirect(f"/staff/{locale.code}/comments/{number}", status_code=303)


@post("/staff/{language:str}/drafts/{slug:str}/release", guards=ANSWERS)
async def release_answers(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Redirect:
    draft = await drafts.draft(slug)
    if draft is None:
        raise NotFound
    await operations.release_answers(draft.id, base_url=shell(request).settings.base_url, actor=person.id, at=now)
    return Redirect(f"/staff/{locale.code}/drafts/{slug}", status_code=303)


async def _answer_page(
    request: AnyRequest, found: Comment, form: Form, problems: Sequence[Problem] = (), *, status: int = 200
) -> Response[bytes]:
    draft = await drafts.draft_by_id(found.draft)
    if draft is None:
        raise NotFound
    return page(
        request,
        "drafts/staff_answer.html",
        status=status,
        comment=found,
        draft=draft,
        values=form,
        problems=problems,
        decisions=list(DECISION_NAMES.items()),
        offered=(found.language, *(code for code in languages() if code != found.language)),
    )


def _answer_form(found: Comment) -> Form:
    if found.answer is None:
        return Form()
    fields = {f"reason-{language}": [words] for language, words in found.answer.reason.items()}
    return Form({"decision": [found.answer.decision.value], **fields})


async def _comment(number: str) -> Comment:
    found = await comments.comment_by_number(number)
    if found is None:
        raise NotFound
    return found


nav = ()
routes = [answer, answer_comment, release_answers]
