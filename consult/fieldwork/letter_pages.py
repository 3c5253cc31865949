"""The workspace's page of paper: the questionnaire (paper_pages), and letters with codes as PDF or as a list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.documents import pdf
from consult.errors import Invalid, Problem, Refused
from consult.fieldwork import letter_operations, letters
from consult.fieldwork.letter_operations import WHO
from consult.fieldwork.letters import MOST_SHEETS, Sheet
from consult.fieldwork.links import links_of
from consult.fieldwork.staff_pages import READS, WRITES, language_options
from consult.i18n import AUTONYMS, Locale, Text, languages
from consult.i18n import locale as locale_of
from consult.people.person import Person
from consult.settings import Settings
from consult.surveys import queries as surveys
from consult.surveys.survey import State, Survey
from consult.web import AnyRequest, Form, page, plain_page, read_form

HERE = "/staff/{language:str}/surveys/{slug:str}/paper"


async def paper_view(
    request: AnyRequest, survey: Survey, now: datetime, *, form: Form | None = None, problems: tuple[Problem, ...] = ()
) -> Response[bytes]:
    key = links_of(request.app.state.shell.settings).key
    numbers = {who: len(await letter_operations.waiting(survey_id=survey.id, who=who, key=key)) for who in WHO}
    texts = letters.default_text([locale_of(code) for code in languages()])
    if form is not None and f"text-{languages()[0]}" in form:
        texts = {code: form.get(f"text-{code}") for code in languages()}
    return page(
        request,
        "fieldwork/paper.html",
        status=422 if problems else 200,
        survey=survey,
        is_closed=survey.version == 0 or survey.state(now) is State.CLOSED,
        who=WHO,
        numbers=numbers,
        most=MOST_SHEETS,
        texts={code: form.get(f"text-{code}") for code in languages()}
        if form and f"text-{languages()[0]}" in form
        else texts,
        autonyms=AUTONYMS,
        names=[(code, AUTONYMS.get(code, code)) for code in languages()],
        language_options=language_options(),
        places=["{" + name + "}" for name in letters.PLACES],
        form=form or Form(),
        problems=problems,
    )


def part_of(form: Form) -> int:
    written = form.get("part")
    return int(written) if written.isascii() and written.isdigit() and 0 < len(written) < 4 and int(written) else 1


@get(HERE, guards=READS)
async def paper(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], now: NamedDependency[datetime]
) -> Response[bytes]:
    return await paper_view(request, await surveys.survey(slug), now)


@post(f"{HERE}/letters", guards=WRITES, status_code=200)
async def print_letters(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """The letters of households as a file; it is made for this answer and kept nowhere."""
    survey = await surveys.survey(slug)
    form = await read_form(request)
    text = {code: form.get(f"text-{code}") for code in languages()}
    problems = letters.check_text(text, languages())
    if problems:
        return await paper_view(request, survey, now, form=form, problems=tuple(problems))
    try:
        sheets = await letter_operations.make_sheets(
            survey_id=survey.id, who=form.get("who"), part=part_of(form), links=links_of(settings), at=now,
            person=person.id,
        )  # fmt: skip
    except Refused as refused:
        shown = refused.problem()
        return await paper_view(request, survey, now, form=form, problems=(shown,))
    return await _file(request, survey, sheets, text, locale, now, as_list=form.get("go") == "list")


@post(f"{HERE}/loose", guards=WRITES, status_code=200)
async def print_loose(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """Letters without names."""
    survey = await surveys.survey(slug)
    form = await read_form(request)
    language = form.get("loose_language") if form.get("loose_language") in languages() else languages()[0]
    try:
        sheets = await letter_operations.make_loose_sheets(
            survey_id=survey.id, number=form.get("number"), language=language, links=links_of(settings), at=now,
            person=person.id,
        )  # fmt: skip
    except (Invalid, Refused) as refused:
        found = refused.problems if isinstance(refused, Invalid) else ()
        shown = found or (refused.problem(),)
        return await paper_view(request, survey, now, form=form, problems=shown)
    text = letters.default_text([locale_of(code) for code in languages()])
    return await _file(request, survey, sheets, text, locale, now, as_list=form.get("go") == "list")


async def _file(
    request: AnyRequest,
    survey: Survey,
    sheets: list[Sheet],
    text: Text,
    locale: Locale,
    now: datetime,
    *,
    as_list: bool,
) -> Response[bytes]:
    shell = request.app.state.shell
    day = locale.local(now).date()
    name = f"{survey.slug}-{day:%Y-%m-%d}"
    if as_list:
        headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
        return plain_page(request, letters.as_csv(sheets, locale), "text/csv; charset=utf-8", headers=headers)
    document = letters.document(
        sheets, text, survey, shell.profile, {code: locale_of(code) for code in languages()}, day=day,
        mode=(await surveys.version(survey.id)).definition.mode, short=links_of(shell.settings).short(survey),
    )  # fmt: skip
    made = await pdf.pdf(letters.TEMPLATE, document, made_at=now)
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"', "cache-control": "no-store"}
    return Response(made, media_type="application/pdf", headers=headers)


nav: list[Any] = []
routes = [paper, print_letters, print_loose]
