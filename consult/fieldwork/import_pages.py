"""Taking contacts in from a file: choose it, match its columns, look at what it would bring, take it in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.documents import sheets
from consult.errors import N_, Invalid, Problem
from consult.fieldwork import operations, queries
from consult.fieldwork.contact import FIELDS, Taken, guess
from consult.fieldwork.operations import NotInOrder
from consult.fieldwork.staff_pages import HERE, WRITES, language_options
from consult.i18n import Locale, languages
from consult.people.person import Person
from consult.surveys import queries as surveys
from consult.surveys.survey import Survey
from consult.web import AnyRequest, Form, page, read_files, read_form, to_staff

SHOWN = 4
MOST_LISTED = 100


def choice_view(request: AnyRequest, survey: Survey, form: Form, problems: tuple[Problem, ...] = ()) -> Response[bytes]:
    status = 422 if problems else 200
    return page(
        request, "fieldwork/staff-file.html", status=status, survey=survey, form=form, problems=problems,
        most=sheets.MOST_ROWS, days=operations.KEPT.days,
    )  # fmt: skip


@get(f"{HERE}/file", guards=WRITES)
async def choose_file(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    return choice_view(request, await surveys.survey(slug), Form())


@post(f"{HERE}/file", guards=WRITES)
async def send_file(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    survey = await surveys.survey(slug)
    form = await read_files(request)
    upload = form.files.get("file")
    content = upload.content if upload is not None and upload.content else form.get("table").encode()
    if not content.strip():
        problem = Problem("file", N_("Choose a file, or paste the table below."))
        return choice_view(request, survey, form, (problem,))
    try:
        sheet = await sheets.read(content)
    except Invalid as refused:
        return choice_view(request, survey, form, refused.problems)
    name = upload.name if upload is not None and upload.content else ""
    upload_id = await operations.keep_upload(survey_id=survey.id, name=name, sheet=sheet, at=now, person=person.id)
    return to_staff(locale, "surveys", slug, "contacts", "file", str(upload_id))


def matching(
    request: AnyRequest, survey: Survey, upload: queries.Upload, form: Form, *, taken: Taken | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response[bytes]:  # fmt: skip
    columns = chosen(form, upload) if "language" in form else guess(upload.head)
    household = form.flag("one_per_household") if "language" in form else "household" in columns
    return page(
        request,
        "fieldwork/staff-columns.html",
        status=422 if problems or (taken is not None and taken.faults) else 200,
        survey=survey,
        upload=upload,
        columns=columns,
        fields=FIELDS,
        samples=[[row[place] for row in upload.rows[:SHOWN] if row[place]] for place in range(len(upload.head))],
        language=form.get("language") or languages()[0],
        language_options=language_options(),
        one_per_household=household,
        without_faulty=form.flag("without_faulty"),
        taken=taken,
        shown=MOST_LISTED,
        problems=problems,
    )


def chosen(form: Form, upload: queries.Upload) -> list[str]:
    found = [form.get(f"column-{place}") for place in range(len(upload.head))]
    return [key if key in FIELDS else "" for key in found]


@get(f"{HERE}/file/{{upload_id:uuid}}", guards=WRITES)
async def match_columns(
    request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str], upload_id: FromPath[UUID]
) -> Response[bytes]:
    survey = await surveys.survey(slug)
    return matching(request, survey, await queries.upload(survey.id, upload_id), Form())


@post(f"{HERE}/file/{{upload_id:uuid}}", guards=WRITES)
async def take_in(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    upload_id: FromPath[UUID],
    person: NamedDependency[Person],
    now: NamedDependency[datetime],
) -> Response[Any]:
    """Look through the file with these columns, or take it in."""
    survey = await surveys.survey(slug)
    upload = await queries.upload(survey.id, upload_id)
    form = await read_form(request)
    choice: dict[str, Any] = {
        "columns": chosen(form, upload),
        "language": form.get("language") if form.get("language") in languages() else languages()[0],
        "enabled": languages(),
        "one_per_household": form.flag("one_per_household"),
    }
    try:
        if form.get("go") != "take":
            return matching(request, survey, upload, form, taken=await operations.look_through(upload=upload, **choice))
        await operations.take_in(
            upload_id=upload_id, survey_id=survey.id, without_faulty=form.flag("without_faulty"), at=now,
            person=person.id, **choice,
        )  # fmt: skip
    except NotInOrder as refused:
        return matching(request, survey, upload, form, taken=refused.taken)
    except Invalid as refused:
        return matching(request, survey, upload, form, problems=refused.problems)
    return to_staff(locale, "surveys", slug, "contacts", done="taken")


@post(f"{HERE}/file/{{upload_id:uuid}}/forget", guards=WRITES)
async def forget_file(locale: NamedDependency[Locale], slug: FromPath[str], upload_id: FromPath[UUID]) -> Redirect:
    await queries.upload((await surveys.survey(slug)).id, upload_id)
    await operations.forget_upload(upload_id=upload_id)
    return to_staff(locale, "surveys", slug, "contacts")


nav: list[Any] = []
routes = [choose_file, send_file, match_columns, take_in, forget_file]
