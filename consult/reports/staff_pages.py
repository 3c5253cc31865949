"""The page “Report” of a survey's results: what staff write for it, what it will have, and the file itself."""

from __future__ import annotations

from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.people.person import Person
from consult.reports import operations, queries
from consult.reports.making import FORMATS, Format
from consult.reports.writing import PARTS
from consult.results.downloads import operations as downloads
from consult.results.downloads import queries as exports
from consult.results.downloads.export import Asked, FileName
from consult.surveys import queries as surveys
from consult.web import AnyRequest, NavItem, page, read_form, to_staff
from consult.web.forms import Form

READERS = frozenset({"analyst", "designer"})
HERE = "/staff/{language:str}/results/{slug:str}/report"
CHOOSE = N_("Choose what is offered here.")
FORMAT_WORDS: dict[Format, str] = {
    "pdf": N_("PDF, for reading and printing"),
    "docx": N_("Word (DOCX), for writing on"),
    "xlsx": N_("Excel (XLSX), with numbers and charts"),
}
FILES: dict[Format, FileName] = {"pdf": "report-pdf", "docx": "report-docx", "xlsx": "report-xlsx"}
NOTICES = {"written": N_("The texts of the report are kept.")}
nav: list[NavItem] = []


@get(HERE, guards=[requires(*READERS)])
async def report_page(
    request: AnyRequest, slug: FromPath[str], now: NamedDependency[datetime]
) -> Response[bytes]:  # fmt: skip
    return await _shown(request, slug, now)


async def _shown(
    request: AnyRequest, slug: str, now: datetime, problems: tuple[Problem, ...] = (), form: Form | None = None
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    if not survey.version:
        raise NotFound
    texts = await queries.texts(survey.id)
    contents = await queries.contents(survey, at=now)
    files = [one for one in await exports.exports_of(survey.id, now) if one.asked.file.startswith("report-")]
    missing = {code: _missing(code, texts.introduction, texts.conclusions) for code in languages()}
    return page(
        request,
        "reports/report.html",
        status=422 if problems else 200,
        survey=survey,
        contents=contents,
        parts={key: title for key, title in PARTS.items() if key not in ("absent", "conclusions")},
        texts={"introduction": texts.introduction, "conclusions": texts.conclusions},
        missing=missing,
        offered=[locale_of(code) for code in languages()],
        formats=[(kind, FORMAT_WORDS[kind]) for kind in FORMATS],
        format_words={f"report-{kind}": words for kind, words in FORMAT_WORDS.items()},
        files=files,
        is_under_way=any(one.is_under_way for one in files),
        problems=problems,
        form=form,
        notice_text=NOTICES.get(request.query_params.get("done", ""), ""),
    )


def _missing(code: str, introduction: dict[str, str], conclusions: dict[str, str]) -> list[str]:
    names = {"introduction": introduction, "conclusions": conclusions}
    return [name for name, words in names.items() if not words.get(code)]


@post(HERE, guards=[requires(*READERS)])
async def ask(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    """Have the file made in the background."""
    survey = await surveys.survey(slug)
    form = await read_form(request)
    kind = next((one for one in FORMATS if one == form.get("format")), None)
    code = next((one for one in languages() if one == form.get("words")), None)
    if kind is None or code is None:
        wrong = tuple(Problem(name, CHOOSE) for name, one in (("format", kind), ("words", code)) if one is None)
        return await _shown(request, slug, now, wrong, form)
    asked = Asked(file=FILES[kind], language=code)
    await downloads.ask(survey_id=survey.id, asked=asked, person=person.id, may_see_persons=False, at=now)
    return to_staff(locale, "results", slug, "report", anchor="files")


@post(f"{HERE}/texts", guards=[requires(*READERS)])
async def write(
    request: AnyRequest,
    slug: FromPath[str],
    locale: NamedDependency[Locale],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[bytes] | Redirect:
    survey = await surveys.survey(slug)
    form = await read_form(request)
    try:
        await operations.write_texts(
            survey_id=survey.id,
            introduction={code: form.get(f"introduction-{code}") for code in languages()},
            conclusions={code: form.get(f"conclusions-{code}") for code in languages()},
            at=now,
            person=person.id,
        )
    except Invalid as refused:
        return await _shown(request, slug, now, refused.problems, form)
    return to_staff(locale, "results", slug, "report", done="written")


routes = [report_page, ask, write]
