"""The workspace's page on the ways into a survey: who may answer, links and QR codes, sites, kiosk, limits."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_, Invalid, Problem
from consult.i18n import AUTONYMS, Locale, languages
from consult.people.guards import requires
from consult.people.person import Person
from consult.settings import Settings, secret_key
from consult.surveys import access as rules
from consult.surveys import queries
from consult.surveys.access import DEFAULTS, WHO, Access
from consult.surveys.admission.invitation_operations import open_count
from consult.surveys.staff import access_operations
from consult.surveys.survey import Survey
from consult.web import AnyRequest, Form, absolute, page, read_form, to_staff

SEE = ("designer", "translator", "clerk", "analyst")
POSTER_PX = 1600


async def view(
    request: AnyRequest, survey: Survey, form: Form | None = None, problems: tuple[Problem, ...] = (), status: int = 200
) -> Response[bytes]:
    settings: Settings = request.app.state.shell.settings
    links = [
        (code, AUTONYMS.get(code, code), absolute(settings, f"/{code}/surveys/{survey.slug}"))
        for code in survey.languages
    ]
    return page(
        request,
        "surveys/staff-access.html",
        status=status,
        survey=survey,
        access=survey.access,
        defaults=DEFAULTS,
        form=form or filled(survey.access),
        problems=problems,
        links=links,
        short_link=absolute(settings, f"/s/{survey.code}"),
        kiosk=_kiosk(settings, survey),
        invitations=await open_count(survey.id),
        is_saved=request.query_params.get("done") == "saved",
    )


def _kiosk(settings: Settings, survey: Survey) -> str:
    """Where the kiosk is opened, in the first language; nothing while it is switched off."""
    if not survey.access.kiosk:
        return ""
    language = (survey.languages or languages())[0]
    key = rules.kiosk_key(secret_key(settings), survey.id)
    return absolute(settings, f"/{language}/surveys/{survey.slug}/kiosk/{key}")


def filled(access: Access) -> Form:
    """The form as the settings stand."""
    numbers = {limit.name: [str(getattr(access, limit.name))] for limit in rules.LIMITS}
    kiosk = {"kiosk": ["1"]} if access.kiosk else {}
    return Form({"who": [access.who], "sites": ["\n".join(access.sites)], **kiosk, **numbers})


def read(form: Form) -> Access:
    """The settings that a form says. Raises Invalid with all problems at once."""
    sites, problems = rules.origins(form.get("sites"))
    numbers, more = rules.numbers({limit.name: form.get(limit.name) for limit in rules.LIMITS})
    problems += more
    who = form.get("who")
    if who not in WHO:
        problems.insert(0, Problem("who", N_("Choose who may answer.")))
    if problems:
        raise Invalid(problems)
    return Access(who=who, sites=sites, kiosk=bool(form.get("kiosk")), **numbers)  # type: ignore[arg-type]


@get("/staff/{language:str}/surveys/{slug:str}/access", guards=[requires("designer")])
async def access_page(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    return await view(request, await queries.survey(slug))


@post("/staff/{language:str}/surveys/{slug:str}/access", guards=[requires("designer")])
async def set_access(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await queries.survey(slug)
    try:
        await access_operations.set_access(survey_id=survey.id, access=read(form), at=now, person=person.id)
    except Invalid as refused:
        return await view(request, survey, form, refused.problems, 422)
    return to_staff(locale, "surveys", slug, "access", done="saved")


@get("/staff/{language:str}/surveys/{slug:str}/qr.svg", guards=[requires(*SEE)])
async def qr_svg(
    locale: NamedDependency[Locale], slug: FromPath[str], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """The short link as a drawing that a printer can make as large as a house."""
    survey = await queries.survey(slug)
    return picture(survey, settings, "svg", "image/svg+xml")


@get("/staff/{language:str}/surveys/{slug:str}/qr.png", guards=[requires(*SEE)])
async def qr_png(
    locale: NamedDependency[Locale], slug: FromPath[str], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """The short link as a picture, sharp on paper up to some 13 cm."""
    survey = await queries.survey(slug)
    return picture(survey, settings, "png", "image/png")


def picture(survey: Survey, settings: Settings, kind: str, media_type: str) -> Response[bytes]:
    code = segno.make(absolute(settings, f"/s/{survey.code}"), error="m")
    drawn = BytesIO()
    if kind == "svg":
        code.save(drawn, kind="svg", scale=8, border=4, xmldecl=True, svgclass=None, lineclass=None, light="#ffffff")
    else:
        scale = -(-POSTER_PX // code.symbol_size(border=4)[0])
        code.save(drawn, kind="png", scale=scale, border=4, dpi=300)
    headers = {"cache-control": "no-store", "content-disposition": f'inline; filename="{survey.slug}.{kind}"'}
    return Response(drawn.getvalue(), media_type=media_type, headers=headers)


routes = [access_page, set_access, qr_svg, qr_png]
nav: list[Any] = []
