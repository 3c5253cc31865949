"""The pages of written answers: the open questions of a survey, and the answers to one of them in four views.

Designers and analysts read them, analysts code them. Forms stand in text_forms.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from numpy.typing import NDArray

from consult.coding import queries as coding
from consult.coding.agreement import agreement
from consult.coding.code import SECOND, CodeFrame, Open, open_questions
from consult.columns.united import united
from consult.errors import N_, NotFound, Problem
from consult.explorer import text_views as views
from consult.explorer.text_chart import code_chart
from consult.explorer.text_corpus import Texts, chosen, texts
from consult.explorer.text_state import VIEWS, State, state_of
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.profile import Profile
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey
from consult.web import AnyRequest, Form, page, read_query

READERS = frozenset({"analyst", "designer"})
CODERS = "analyst"
VIEW_NAMES = {
    "answers": N_("Answers"),
    "words": N_("Words"),
    "groups": N_("Alike answers"),
    "codes": N_("Codes"),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, when and in which language."""

    request: AnyRequest
    locale: Locale
    profile: Profile
    person: Person
    now: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """One open question as it is looked at."""

    survey: Survey
    question: Open
    texts: Texts
    codes: CodeFrame | None
    state: State


async def opened(slug: str, question: str, asked: Form) -> Opened:
    """What an address means. Raises NotFound."""
    survey, found = await _questions(slug)
    own = next((one for one in found if one.key == question), None)
    if own is None:
        raise NotFound
    read = await texts(survey.id, question)
    codes = await coding.code_frame(survey.id, question)
    state = state_of(
        asked,
        languages=read.corpus.languages,
        wheres=[where for where, *_ in views.choices_of_breaks(read)],
        keys=[code.key for code in codes.codes] if codes else (),
    )
    return Opened(survey, own, read, codes, state)


async def _questions(slug: str) -> tuple[Survey, tuple[Open, ...]]:
    survey = await surveys.survey(slug)
    versions = await surveys.versions(survey.id)
    if not versions:
        raise NotFound
    return survey, open_questions(united([version.definition for version in versions]))


@get("/staff/{language:str}/results/{slug:str}/texts", guards=[requires(*READERS)])
async def text_questions(request: AnyRequest, slug: FromPath[str]) -> Response[bytes]:
    """The open questions of a survey."""
    survey, found = await _questions(slug)
    return page(
        request,
        "explorer/text_questions.html",
        survey=survey,
        questions=found,
        answers=await coding.how_many(survey.id, [one.key for one in found]),
        codes=await coding.code_frames(survey.id),
    )


@get("/staff/{language:str}/results/{slug:str}/texts/{question:str}", guards=[requires(*READERS)])
async def text_answers(
    request: AnyRequest,
    slug: FromPath[str],
    question: FromPath[str],
    locale: NamedDependency[Locale],
    profile: NamedDependency[Profile],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """The answers to one question; text_state.State says what the address may ask."""
    asked = read_query(request)
    done = asked.get("done")
    visit = Visit(request, locale, profile, person, now)
    changed = int(done) if done.isdecimal() and len(done) < 8 else None
    return await shown(visit, await opened(slug, question, asked), done=changed)


async def shown(
    visit: Visit, of: Opened, *, form: Form | None = None, problems: tuple[Problem, ...] = (), status: int = 200,
    done: int | None = None,
) -> Response[bytes]:  # fmt: skip
    """One view of one question, with what was typed and what is wrong with it. done: how many answers changed."""
    is_of_codes = of.state.view == "codes"
    asked = await chosen(of.texts, State() if is_of_codes else of.state, of.codes)
    return page(
        visit.request,
        f"explorer/text_{of.state.view}.html",
        status=status,
        survey=of.survey,
        question=of.question,
        state=of.state,
        texts=of.texts,
        codes=of.codes,
        found=int(asked.sum()),
        may_code=visit.person.may(CODERS),
        breaks=views.choices_of_breaks(of.texts),
        autonyms=visit.locale.languages,
        enabled=[locale_of(code) for code in languages()],
        views=[(name, VIEW_NAMES[name]) for name in VIEWS],
        form=form or Form(),
        problems=problems,
        done=done,
        second=SECOND,
        **await _of_view(visit, of, asked),
    )


async def _of_view(visit: Visit, of: Opened, asked: NDArray[np.bool_]) -> dict[str, Any]:
    survey, read, state, codes = of.survey, of.texts, of.state, of.codes
    if state.view == "words":
        return {"counts": await views.words(read, state, asked), "most": views.WORDS_SHOWN}
    if state.view == "groups":
        wordings = await views.wordings(survey.id, read, state, asked, codes) if state.group else None
        if wordings is not None:
            return {"slice": wordings, "is_group": True}
        found = await views.groups(survey.id, read, state, asked, codes)
        return {"slice": found, "is_group": False, "is_complete": (await read.groups()).is_complete}
    if state.view == "codes":
        if codes is None:
            return {"chart": "", "agreement": None}
        chart = await code_chart(survey, read.frame, of.question, codes, visit.locale, visit.profile, visit.now)
        return {"chart": chart, "agreement": await agreement(codes)}
    return {"slice": await views.answers(survey.id, read, state, asked, codes)}


routes = [text_questions, text_answers]
nav: tuple[Any, ...] = ()
