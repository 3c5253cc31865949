"""The kiosk of a survey: its document, ids for the time without a network, and where answers arrive."""

from __future__ import annotations

import datetime as dt
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_, NotFound, Problem
from consult.fieldwork import keying, kiosk
from consult.i18n import AUTONYMS, Locale
from consult.settings import Settings, resource, secret_key
from consult.surveys import published, queries
from consult.surveys.access import is_kiosk_key
from consult.surveys.answers.flow import Compiled
from consult.surveys.answers.forms import Fields
from consult.surveys.pages.views import spoken
from consult.surveys.responses import submissions
from consult.surveys.responses.inserts import Outcome
from consult.surveys.responses.response_ids import Signer, second_of
from consult.surveys.survey import Survey, receipt_code
from consult.web import AnyRequest, page, read_form
from consult.web.templating import static

ANSWER_IT = N_("This question needs an answer.")


async def survey_of(slug: str, key: str, settings: Settings, now: dt.datetime) -> Survey:
    """The survey whose kiosk is switched on. Raises NotFound."""
    survey = await queries.survey(slug)
    if not survey.access.kiosk or not is_kiosk_key(secret_key(settings), survey.id, key) or not survey.is_open(now):
        raise NotFound
    return survey


def signer_of(settings: Settings, survey: Survey, version: int) -> Signer:
    return Signer(secret_key(settings), survey.id, version, is_test=False)


@get("/{language:str}/surveys/{slug:str}/kiosk/{key:str}")
async def kiosk_page(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    key: FromPath[str],
    settings: NamedDependency[Settings],
    now: NamedDependency[dt.datetime],
) -> Response[bytes]:
    survey = await survey_of(slug, key, settings, now)
    compiled = await published.version(survey.id, survey.version)
    obstacles = kiosk.obstacles(compiled.definition)
    if obstacles:
        return page(request, "fieldwork/kiosk-cannot.html", status=409, survey=survey, obstacles=obstacles)
    screens = kiosk.screens(compiled, survey.version, locale)
    return page(
        request,
        "fieldwork/kiosk.html",
        headers={"cache-control": "no-cache"},
        survey=survey,
        key=key,
        definition=compiled.definition,
        screens=screens,
        scripts=sorted({script for screen in screens for script in screen.view.scripts}),
        conditions=kiosk.conditions(compiled),
        required=kiosk.required(compiled.definition, locale.gettext(ANSWER_IT)),
        autonyms=AUTONYMS,
        idle_s=survey.access.kiosk_idle_s,
    )


@get("/{language:str}/surveys/{slug:str}/kiosk/{key:str}/ids")
async def kiosk_ids(
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    key: FromPath[str],
    settings: NamedDependency[Settings],
    now: NamedDependency[dt.datetime],
) -> Response[dict[str, Any]]:
    """Signed ids to come, good for two weeks."""
    survey = await survey_of(slug, key, settings, now)
    signer = signer_of(settings, survey, survey.version)
    ids = [signer.issue(second_of(now)).decode() for _ in range(kiosk.POOL)]
    return Response({"version": survey.version, "ids": ids}, headers={"cache-control": "no-store"})


@post("/{language:str}/surveys/{slug:str}/kiosk/{key:str}/answers", status_code=200)
async def kiosk_answers(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    key: FromPath[str],
    settings: NamedDependency[Settings],
    now: NamedDependency[dt.datetime],
) -> Response[dict[str, Any]]:
    """Take one visitor's answers; `_late` says that the visitor has gone, so that nobody can be asked again."""
    survey = await survey_of(slug, key, settings, now)
    form = await read_form(request)
    written = form.get("_version")
    version = int(written) if written.isdecimal() and len(written) < 6 else survey.version
    issued = signer_of(settings, survey, version).read(form.get("_id"), second_of(now))
    if issued is None or not 0 < version <= survey.version:
        return told({"state": "refused"}, 409)
    sender = submissions.Sender(
        id=issued.id, survey=survey, version=version, language=locale.code, at=now, zone=locale.zone, channel="kiosk"
    )
    fields = {name: form.list(name) for name in form if not name.startswith("_")}
    stored = await submissions.store_response(sender, fields)
    if stored.problems and form.get("_late"):
        stored = await late(sender, await published.version(survey.id, version), fields)
    if stored.problems:
        problems = spoken(stored.problems, locale)
        return told({"state": "problems", "problems": [said(problem, locale) for problem in problems]}, 422)
    done = "screened" if stored.is_screened_out else "full" if stored.outcome is Outcome.FULL else "stored"
    return told({"state": done, "code": stored.code if done == "stored" else ""}, 200)


async def late(sender: submissions.Sender, compiled: Compiled, fields: Fields) -> submissions.Stored:
    """Store what can be kept of a visitor who has gone: an answer that the survey does not take counts as skipped."""
    lenient = Compiled(keying.relaxed(compiled.definition))
    faulty = {problem.place for problem in lenient.decode(fields).problems}
    sound = {name: values for name, values in fields.items() if name not in faulty and name in lenient.page_of}
    decoded = lenient.decode(sound)
    if decoded.problems:
        return submissions.Stored(None, decoded)
    outcome = await submissions.submit(sender, lenient, decoded)
    return submissions.Stored(outcome, decoded, receipt_code(sender.id))


def said(problem: Problem, locale: Locale) -> dict[str, str]:
    return {"place": problem.place, "message": locale.gettext(problem.message, **problem.parameters)}


def told(what: dict[str, Any], status: int) -> Response[dict[str, Any]]:
    return Response(what, status_code=status, headers={"cache-control": "no-store"})


@get("/kiosk-worker.js", media_type="text/javascript")
async def kiosk_worker() -> Response[bytes]:
    """The worker that keeps the kiosk's document for the time without a network."""
    built = resource("static", static("kiosk-worker.js").rpartition("/")[2]).read_bytes()
    headers = {"cache-control": "no-cache", "service-worker-allowed": "/"}
    return Response(built, media_type="text/javascript", headers=headers)


routes = [kiosk_page, kiosk_ids, kiosk_answers, kiosk_worker]
