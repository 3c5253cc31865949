"""The questionnaire on paper, in each language; the page that offers it is letter_pages'."""

from __future__ import annotations

import datetime as dt

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.documents import pdf
from consult.errors import NotFound
from consult.fieldwork import questionnaire
from consult.i18n import Locale, languages
from consult.i18n import locale as locale_of
from consult.people.guards import requires
from consult.profile import Profile
from consult.settings import Settings
from consult.surveys import queries
from consult.web import absolute

SEE = ("designer", "clerk")


@get("/staff/{language:str}/surveys/{slug:str}/paper/{spoken:str}/questionnaire.pdf", guards=[requires(*SEE)])
async def questionnaire_pdf(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    spoken: FromPath[str],
    profile: NamedDependency[Profile],
    settings: NamedDependency[Settings],
    now: NamedDependency[dt.datetime],
) -> Response[bytes]:
    """The newest published version to print; before the first one the working copy. Raises NotFound."""
    survey = await queries.survey(slug)
    copy = None if survey.version else await queries.working_copy(survey.id)
    definition = copy.definition if copy else (await queries.version(survey.id)).definition
    if spoken not in definition.languages or spoken not in languages():
        raise NotFound
    address = absolute(settings, f"/s/{survey.code}").partition("://")[2]
    sheet = questionnaire.Sheet(definition, locale_of(spoken))
    made = await pdf.pdf(questionnaire.TEMPLATE, sheet.data(survey, profile, address), made_at=now)
    headers = {
        "content-disposition": f'inline; filename="{survey.slug}-{spoken}.pdf"', "cache-control": "no-store"
    }  # fmt: skip
    return Response(made, media_type="application/pdf", headers=headers)


routes = [questionnaire_pdf]
nav: list[object] = []
