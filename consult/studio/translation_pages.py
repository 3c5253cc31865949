"""The tab “Translations”: source and translations side by side, progress, approval, files out and in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from consult.errors import N_, Invalid, NotFound, Problem, Refused
from consult.i18n import AUTONYMS, Locale, languages
from consult.people import queries as people
from consult.people.guards import requires
from consult.people.person import Person
from consult.storage import Slice
from consult.studio import translation_operations as operations
from consult.studio.translation import SHOWN, Wish, entries, kind_of, mark, owner_of
from consult.studio.wording import difference
from consult.surveys import queries
from consult.surveys.authoring import ledger
from consult.surveys.authoring.translations import STATE_NAMES, Ledger, Line, Progress, State
from consult.surveys.definition.schema import Definition
from consult.surveys.survey import Survey
from consult.web import AnyRequest, Form, page, read_form, to_staff

TRANSLATE = ("designer", "translator")
SIZE = 40
MOST_TARGETS = 2
NOTICES = {
    "saved": N_("The translations are saved."),
    "same": N_("Nothing has changed."),
    "confirmed": N_("The translation is marked as up to date."),
    "approved": N_("The translations are approved."),
    "imported": N_("The translations of the file are taken over."),
}
FILTERS = {
    "open": N_("To do"),
    "stale": N_("Out of date"),
    "missing": N_("Missing"),
    "waiting": N_("To be approved"),
    "all": N_("All"),
}
TAG_KINDS = {State.FRESH: "ok", State.WAITING: "part", State.STALE: "part", State.MISSING: "no"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A survey with its ledger, and which languages are worked on."""

    survey: Survey
    definition: Definition
    made: Ledger
    targets: tuple[str, ...]
    needs_approval: bool

    @property
    def source(self) -> str:
        return self.definition.languages[0]

    @property
    def wanted(self) -> tuple[str, ...]:
        """All languages of the survey and of the installation, the authentic one first."""
        return tuple(dict.fromkeys((*self.definition.languages, *languages())))

    @property
    def lines(self) -> list[Line]:
        return list(self.made.lines(self.definition, self.wanted))

    @property
    def progress(self) -> list[Progress]:
        return self.made.progress(self.definition, self.wanted)


async def desk_of(request: AnyRequest, slug: str, wanted: list[str]) -> Desk:
    """Raises NotFound, also where there is nothing to translate yet."""
    survey = await queries.survey(slug)
    copy = await queries.working_copy(survey.id)
    if copy is None or not copy.definition.languages:
        raise NotFound
    needs_approval = request.app.state.shell.profile.surveys.translation_approval
    made = await ledger.ledger(survey.id, needs_approval=needs_approval)
    offered = [
        code
        for code in dict.fromkeys((*copy.definition.languages, *languages()))
        if code != copy.definition.languages[0]
    ]
    chosen = [code for code in offered if code in wanted] or offered
    return Desk(survey, copy.definition, made, tuple(chosen[:MOST_TARGETS]), needs_approval)


def filter_of(form: Form) -> str:
    show = form.get("show")
    return show if show in SHOWN else "open"


def back(locale: Locale, slug: str, form: Form, done: str) -> Redirect:
    chosen = [code for code in form.list("to") if code in languages()]
    return to_staff(locale, "surveys", slug, "translate", done=done, show=filter_of(form), to=chosen)


async def view(
    request: AnyRequest, desk: Desk, form: Form, *, show: str, number: int = 1, problems: tuple[Problem, ...] = (),
    status: int = 200, notice: str = "",
) -> Response[bytes]:  # fmt: skip
    lines = desk.lines
    found = entries(lines, desk.targets, show)
    posted = {name for name in form if name.startswith("t.")}
    if posted:  # what was typed comes back, whatever its state is now
        found = [
            entry
            for entry in entries(lines, desk.targets, "all")
            if any(f"t.{line.language}.{line.place}" in posted for line in entry.lines)
        ]
    last = max(1, -(-len(found) // SIZE))
    number = min(number, last)
    shown = found if posted else found[(number - 1) * SIZE : number * SIZE]
    names = await people.names(
        person for line in lines if line.made for person in (line.made.made_by, line.made.approved_by)
    )
    counts = {
        name: sum(line.state in states for line in lines if line.language in desk.targets)
        for name, states in SHOWN.items()
    }
    return page(
        request,
        "studio/translate.html",
        status=status,
        survey=desk.survey,
        desk=desk,
        progress=desk.progress,
        slice=Slice(shown, number=number, total=len(found), size=max(SIZE, len(shown))),
        show=show,
        filters=[
            (name, label, counts[name]) for name, label in FILTERS.items() if name != "waiting" or desk.needs_approval
        ],
        form=form,
        problems=problems,
        notice=notice,
        names=names,
        autonyms=AUTONYMS,
        state_names=STATE_NAMES,
        tag_kinds=TAG_KINDS,
        difference=difference,
        kind_of=kind_of,
        owner_of=owner_of,
        mark=mark,
    )


@get("/staff/{language:str}/surveys/{slug:str}/translate", guards=[requires(*TRANSLATE)])
async def translations(request: AnyRequest, locale: NamedDependency[Locale], slug: FromPath[str]) -> Response[bytes]:
    """?show=open|stale|missing|waiting|all, ?to=ka (twice for two languages), ?page=2."""
    query = Form({name: request.query_params.getall(name) for name in request.query_params})
    desk = await desk_of(request, slug, query.list("to"))
    notice = NOTICES.get(query.get("done"), "")
    return await view(request, desk, Form(), show=filter_of(query), number=query.page_number(), notice=notice)


def wishes_of(form: Form) -> list[Wish]:
    """Fields t.LANGUAGE.PLACE with the marks s.LANGUAGE.PLACE and v.LANGUAGE.PLACE."""
    found = []
    for name in form:
        head, _, rest = name.partition(".")
        language, _, place = rest.partition(".")
        if head == "t" and place:
            found.append(Wish(place, language, form.get(name), form.get(f"s.{rest}"), form.get(f"v.{rest}")))
    return found


def named(form: Form, name: str) -> list[tuple[str, str]]:
    """(place, language) of a button whose value is LANGUAGE.PLACE."""
    language, _, place = form.get(name).partition(".")
    return [(place, language)] if place else []


@post("/staff/{language:str}/surveys/{slug:str}/translate", guards=[requires(*TRANSLATE)])
async def save(
    request: AnyRequest,
    locale: NamedDependency[Locale],
    slug: FromPath[str],
    person: NamedDependency[Person],
    now: NamedDependency[dt.datetime],
) -> Response[Any]:
    """Save what was typed; the button `right` confirms a stale translation, `approve` approves one or all waiting."""
    form = await read_form(request)
    desk = await desk_of(request, slug, form.list("to"))
    confirmed = named(form, "right")
    try:
        changed = await operations.translate(
            survey_id=desk.survey.id,
            wishes=wishes_of(form),
            languages=languages(),
            at=now,
            person=person.id,
            confirmed=confirmed,
        )
        approved = await approved_by(desk, form, person, now)
    except Invalid as refused:
        return await view(request, desk, form, show=filter_of(form), problems=refused.problems, status=422)
    except Refused as refused:
        problem = refused.problem()
        return await view(request, desk, form, show=filter_of(form), problems=(problem,), status=409)
    done = "approved" if approved else "saved" if changed else "confirmed" if confirmed else "same"
    return back(locale, slug, form, done)


async def approved_by(desk: Desk, form: Form, person: Person, now: dt.datetime) -> int:
    if not desk.needs_approval or not form.get("approve"):
        return 0
    wanted = named(form, "approve") or await operations.waiting(survey_id=desk.survey.id, languages=desk.targets)
    return await operations.approve(survey_id=desk.survey.id, wanted=wanted, at=now, person=person.id)


routes = [translations, save]
nav: list[object] = []
