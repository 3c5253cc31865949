"""The tab “Checks and publishing”: everything there is to say about the working copy, and the button."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import AUTONYMS, Locale, languages, pick
from consult.people.guards import requires
from consult.people.person import Person
from consult.studio import publishing
from consult.studio.certificates import browser_of, read_decisions
from consult.studio.checking import Finding, findings
from consult.studio.differences import compare
from consult.studio.vectors import NUMBER, told
from consult.studio.wording import difference
from consult.surveys import queries
from consult.surveys.answers.flow import Compiled
from consult.surveys.authoring import ledger
from consult.surveys.authoring.checks import check as find_faults
from consult.surveys.conditions.terms import WORDS
from consult.surveys.definition import duration
from consult.surveys.definition.schema import AnyQuestion, Definition, Page
from consult.surveys.survey import Survey, content_hash
from consult.web import AnyRequest, Form, page, read_form, to_staff

BUILD = ("designer",)


async def working_copy(survey: Survey) -> Definition:
    """Raises NotFound."""
    copy = await queries.working_copy(survey.id)
    if copy is None:
        raise NotFound
    return copy.definition


def needs_approval(request: AnyRequest) -> bool:
    asked: bool = request.app.state.shell.profile.surveys.translation_approval
    return asked


async def view(
    request: AnyRequest, locale: Locale, slug: str, *, problems: tuple[Problem, ...] = (), status: int = 200,
    form: Form | None = None,
) -> Response[bytes]:  # fmt: skip
    survey = await queries.survey(slug)
    definition = await working_copy(survey)
    versions = await queries.versions(survey.id)
    made = await ledger.ledger(survey.id, needs_approval=needs_approval(request))
    found = findings(definition, made, languages(), [version.definition for version in versions])
    digest = content_hash(definition)
    is_faulty = any(one.level == "error" for one in found)
    return page(
        request,
        "studio/checks.html",
        status=status,
        survey=survey,
        findings=[(one, place_name(one, definition, locale), spoken(one.parameters, locale)) for one in found],
        is_faulty=is_faulty,
        minutes=[(language, duration.seconds(definition, language) / 60) for language in definition.languages],
        autonyms=AUTONYMS,
        versions=versions,
        is_new=not versions or versions[0].content_hash != digest,
        parts=compare(versions[0].definition, definition) if versions else [],
        difference=difference,
        digest=digest,
        number=NUMBER,
        has_conditions=not is_faulty and publishing.needs_certificate(definition),
        problems=problems,
        form=form or Form(),
    )


def spoken(parameters: object, locale: Locale) -> dict[str, object]:
    """The same, with words such as “a number” in the reader's language and numbers as it writes them."""
    words = set(WORDS.values())
    said = dict(parameters) if isinstance(parameters, dict) else {}
    if "language" in said:
        said["language"] = locale.babel.languages.get(str(said["language"]), said["language"])
    return {
        name: locale.gettext(value) if isinstance(value, str) and value in words else value
        for name, value in said.items()
    }


def place_name(finding: Finding, definition: Definition, locale: Locale) -> str:
    """Where a finding is, as the editor's outline says it: the page or the question with its number and words."""
    kind, _, key = finding.anchor.partition("-")
    parts: tuple[Page | AnyQuestion, ...] = definition.pages if kind == "page" else definition.questions
    for number, part in enumerate(parts, start=1):
        if part.key == key:
            message = N_("Page %(number)s") if kind == "page" else N_("Question %(number)s")
            text = part.title if isinstance(part, Page) else getattr(part, "text", {})
            words = pick(text, locale.code, definition.languages)[0]
            return ": ".join(filter(None, (locale.gettext(message, number=locale.number(number)), words)))
    return locale.gettext(N_("Settings"))


@get("/staff/{language:str}/surveys/{slug:str}/checks", guards=[requires(*BUILD)])
async def checks(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    return await view(request, locale, slug)


@get("/staff/{language:str}/surveys/{slug:str}/checks/answer-sets", guards=[requires(*BUILD)])
async def answer_sets(locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """What certificate.js decides. Raises NotFound while the working copy has faults."""
    definition = await working_copy(await queries.survey(slug))
    if find_faults(definition):
        raise NotFound
    body = msgspec.json.encode(told(Compiled(definition), content_hash(definition)))
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


@post("/staff/{language:str}/surveys/{slug:str}/checks", guards=[requires(*BUILD)])
async def publish(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    form = await read_form(request)
    survey = await queries.survey(slug)
    try:
        await publishing.publish(
            survey_id=survey.id,
            at=now,
            person=person.id,
            languages=languages(),
            needs_approval=needs_approval(request),
            seen_hash=form.get("hash"),
            decided=read_decisions(form.get("decisions")),
            browser=browser_of(request.headers.get("user-agent", "")),
            without=form.flag("without"),
        )
    except Invalid as refused:
        return await view(request, locale, slug, problems=refused.problems, status=422, form=form)
    except Refused as refused:
        problem = refused.problem()
        return await view(request, locale, slug, problems=(problem,), status=409, form=form)
    return to_staff(locale, "surveys", slug, "versions", done="published")


routes = [checks, answer_sets, publish]
nav: list[object] = []
